"""A telephone: the leanest client that speaks to a bot in an encrypted room and reads what it answers.

It gives its room key to the bot alone (nobody else has to read it), and it loses nothing: where a sync has a gap, it
pages back. Made for hundreds of them on one machine, where an ordinary client each would be what is measured.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import vodozemac

from benchmarks.device import Device, log_in, vouch
from benchmarks.keyring import Keyring
from bot.chat import TryLater
from bot.matrix.wire import Wire, path

FILTER = json.dumps({"room": {"timeline": {"limit": 100}, "state": {"types": []}}, "presence": {"types": []}})
POLL_MS = 20_000


@dataclass(frozen=True)
class Shown:
    """One message as this telephone got it: `at` by `time.perf_counter`, `sent_ms` by the homeserver's clock."""

    event_id: str
    room_id: str
    sender: str
    body: str
    at: float
    sent_ms: int
    reply_to: str | None
    replaces: str | None
    mentions: frozenset[str]


class Phone:
    """One person with one cross-signed device."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.user_id = device.user_id
        self.shown: list[Shown] = []
        self.unread: dict[str, dict[str, Any]] = {}  # by event id: what cannot be read (yet)
        self._wire = device.wire
        self._keyring = Keyring(device)
        self._since: str | None = None
        self._known: set[str] = set()
        self._news = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, homeserver: str, localpart: str, password: str) -> Self:
        """Log in as a new device, upload its keys and vouch for it. Raises ChatError."""
        wire = Wire(homeserver)
        device = await log_in(wire, localpart, password)
        await device.upload(10)
        await vouch([device])
        return cls(device)

    async def close(self) -> None:
        """Put it away; the account and its device stay on the server."""
        await self.rest()
        await self._wire.close()

    async def move(self, homeserver: str) -> None:
        """From now on the homeserver is found there."""
        await self._wire.close()
        self._wire = Wire(homeserver)
        self._wire.token = self.device.token

    async def call(self, method: str, where: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Any request as this device. Raises ChatError."""
        return await self._wire.call(method, where, body)

    async def join(self, room_id: str) -> None:
        """Accept the invitation to a room."""
        await self.call("POST", path("v3", "join", room_id), {})

    async def meet(self, bot_id: str, room_id: str) -> None:
        """Give every device of the bot the key with which this telephone will speak in the room."""
        key = self._keyring.speak(room_id)
        answer = await self.call("POST", path("v3", "keys", "query"), {"device_keys": {bot_id: []}})
        devices = answer["device_keys"][bot_id]
        wanted = {bot_id: dict.fromkeys(devices, "signed_curve25519")}
        claimed = await self.call("POST", path("v3", "keys", "claim"), {"one_time_keys": wanted})
        messages = {}
        for device_id, keys in claimed["one_time_keys"].get(bot_id, {}).items():
            (one_time_key,) = keys.values()
            messages[device_id] = self._keyring.for_device(devices[device_id], one_time_key["key"], key)
        where = path("v3", "sendToDevice", "m.room.encrypted", secrets.token_hex(8))
        await self.call("PUT", where, {"messages": {bot_id: messages}})

    async def say(self, room_id: str, text: str) -> str:
        """Send a text, encrypted; with as much patience as the homeserver asks for. Returns the event id."""
        content = self._keyring.close(room_id, {"msgtype": "m.text", "body": text})
        where = path("v3", "rooms", room_id, "send", "m.room.encrypted", secrets.token_hex(8))
        while True:
            try:
                return str((await self.call("PUT", where, content))["event_id"])
            except TryLater as later:
                if later.after is None:
                    raise
                await asyncio.sleep(later.after)

    async def listen(self) -> None:
        """From now on show what is said, as it comes; what was said before is not shown."""
        if self._since is None:
            await self._sync(0, silent=True)
        self._listening = asyncio.create_task(self._listen())

    async def rest(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None

    async def catch_up(self) -> None:
        """Ask once for what was said since the last time. The first time, nothing of it is shown."""
        await self._sync(0, silent=self._since is None)

    async def wait_for(self, wanted: Callable[[Shown], bool], *, within: float = 30.0) -> Shown:
        """The first message shown that is `wanted`; TimeoutError after `within` seconds."""
        found: list[Shown] = []
        seen = 0

        def look() -> bool:
            nonlocal seen
            found.extend(filter(wanted, self.shown[seen:]))
            seen = len(self.shown)
            return bool(found)

        await self.wait_until(look, within=within)
        return found[0]

    async def wait_until(self, condition: Callable[[], bool], *, within: float = 30.0) -> None:
        """Return as soon as `condition` holds, looking after every sync; TimeoutError after `within` seconds."""
        listening = self._listening
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: condition() or (listening is not None and listening.done()))
        if listening is not None and listening.done():
            listening.result()

    async def _listen(self) -> None:
        try:
            while True:
                try:
                    await self._sync(POLL_MS, silent=False)
                except TryLater:
                    await asyncio.sleep(0.2)
        finally:
            async with self._news:  # who waits shall hear that nothing more will come
                self._news.notify_all()

    async def _sync(self, poll_ms: int, *, silent: bool) -> None:
        query = {"filter": FILTER, "timeout": str(poll_ms)}
        if self._since is not None:
            query["since"] = self._since
        answer = await self._wire.call("GET", path("v3", "sync", **query), patience=poll_ms / 1000 + 60)
        for event in answer.get("to_device", {}).get("events", []):
            with suppress(vodozemac.OlmDecryptionException):  # it was read before a rest that cut this answer short
                self._keyring.take(event)
        for room_id, joined in answer.get("rooms", {}).get("join", {}).items():
            timeline = joined["timeline"]
            events = timeline["events"]
            if timeline.get("limited") and self._since is not None:
                events = [*await self._gap(room_id, timeline["prev_batch"]), *events]
            if not silent:
                self._show(room_id, events)
        self._since = answer["next_batch"]
        self._show_late()
        async with self._news:
            self._news.notify_all()

    async def _gap(self, room_id: str, before: str) -> list[dict[str, Any]]:
        newest_first: list[dict[str, Any]] = []
        while True:
            query = {"dir": "b", "from": before, "to": self._since or "", "limit": "100"}
            page = await self.call("GET", path("v3", "rooms", room_id, "messages", **query))
            newest_first += page["chunk"]
            if not page["chunk"] or "end" not in page:
                return newest_first[::-1]
            before = page["end"]

    def _show(self, room_id: str, events: list[dict[str, Any]]) -> None:
        for event in events:
            new = event["event_id"] not in self._known
            if event["type"] == "m.room.encrypted" and event["sender"] != self.user_id and new:
                self._known.add(event["event_id"])
                self._read(room_id, event)

    def _show_late(self) -> None:
        waiting, self.unread = self.unread, {}
        for event in waiting.values():
            self._read(event["room_id"], event)

    def _read(self, room_id: str, event: dict[str, Any]) -> None:
        content = self._keyring.open(event["content"])
        if content is None:
            self.unread[event["event_id"]] = {**event, "room_id": room_id}
            return
        relation = content.get("m.relates_to", {})
        self.shown.append(
            Shown(
                event_id=event["event_id"],
                room_id=room_id,
                sender=event["sender"],
                body=content.get("body", ""),
                at=time.perf_counter(),
                sent_ms=event["origin_server_ts"],
                reply_to=relation.get("m.in_reply_to", {}).get("event_id"),
                replaces=relation.get("event_id") if relation.get("rel_type") == "m.replace" else None,
                mentions=frozenset(content.get("m.mentions", {}).get("user_ids", ())),
            )
        )
