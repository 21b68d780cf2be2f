"""People with an ordinary Matrix client of their own (nio, used as its manual says), to live in the demo and in tests.

They see only what their client decrypted from the room, never what the bot thinks that it sent. No bot here.
"""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nio import (
    AsyncClient,
    AsyncClientConfig,
    BadEvent,
    EncryptionError,
    Event,
    InviteMemberEvent,
    LoginResponse,
    MegolmEvent,
    UnknownBadEvent,
)

from bot.matrix.identity import Identity
from bot.matrix.wire import Wire
from storage.seal import Seal

PATIENCE = 60.0  # seconds; it mostly takes less than one, but the machine may be busy with something else
SYNC_FILTER = {"room": {"timeline": {"limit": 100}}, "presence": {"types": []}}


class PersonError(Exception):
    """The homeserver refused something that a person did; the text names it."""


@dataclass(frozen=True)
class Message:
    """One message as a person's client shows it, with its last edit applied."""

    event_id: str
    sender: str
    body: str
    html: str | None = None
    edited: bool = False
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    mentions_room: bool = False


class Person:
    """Somebody with an account, one device and a client that is open: `async with Person(...) as jan`.

    Joins every room that they are invited to. With `cross_signed=False` the owner never verified this device.
    """

    def __init__(self, homeserver: str, localpart: str, password: str, *, cross_signed: bool = True) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="person-")
        config = AsyncClientConfig(store_sync_tokens=False, encryption_enabled=True, request_timeout=60)
        self.client = AsyncClient(homeserver, localpart, store_path=self._directory.name, config=config)
        self._password = password
        self._cross_signed = cross_signed
        self._shown: dict[str, dict[str, Message]] = {}
        self._edits: dict[str, Message] = {}  # by the event that they edit
        self._taken_back: set[str] = set()
        self._unread: dict[str, Any] = {}  # events whose key has not come yet
        self._news = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    @property
    def user_id(self) -> str:
        """As `@jan:zorg.test`."""
        return str(self.client.user_id)

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the client and forget its device's keys. The account stays."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self.client.close()
        if self.client.store is not None:
            self.client.store.database.close()
        self._directory.cleanup()

    async def say(self, room_id: str, text: str, *, reply_to: str | None = None, thread: str | None = None) -> str:
        """Send a text, perhaps as an answer or in a thread; returns its event id."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        relation: dict[str, Any] = {}
        if thread is not None:
            relation = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": reply_to is None}
        if reply_to is not None or thread is not None:
            relation["m.in_reply_to"] = {"event_id": reply_to or thread}
            content["m.relates_to"] = relation
        return await self.send(room_id, "m.room.message", content)

    async def edit(self, room_id: str, event_id: str, text: str) -> str:
        """Change an earlier message; returns the event id of the edit."""
        content = {
            "msgtype": "m.text",
            "body": f"* {text}",
            "m.new_content": {"msgtype": "m.text", "body": text},
            "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
        }
        return await self.send(room_id, "m.room.message", content)

    async def react(self, room_id: str, event_id: str, emoji: str) -> str:
        """Put an emoji under a message; returns the reaction's event id."""
        relation = {"rel_type": "m.annotation", "event_id": event_id, "key": emoji}
        return await self.send(room_id, "m.reaction", {"m.relates_to": relation})

    async def take_back(self, room_id: str, event_id: str) -> str:
        """Redact an own message or reaction; returns the redaction's event id."""
        return _event_id(await self.client.room_redact(room_id, event_id), "redact")

    async def send(self, room_id: str, kind: str, content: dict[str, Any]) -> str:
        """Send any event; encrypted if the room is and the kind is not a reaction. Returns its event id."""
        answer = await self.client.room_send(room_id, kind, content, ignore_unverified_devices=True)
        return _event_id(answer, "send")

    def read(self, room_id: str) -> list[Message]:
        """The room as this person's client shows it: edits applied, what was taken back gone, oldest first."""
        self._try_unread()
        shown = self._shown.get(room_id, {}).values()
        return [self._as_edited(message) for message in shown if message.event_id not in self._taken_back]

    def unread(self, room_id: str) -> list[str]:
        """The ids of the messages of which this client has no key."""
        self._try_unread()
        return [event_id for event_id, event in self._unread.items() if event.room_id == room_id]

    async def wait_for(self, room_id: str, wanted: Callable[[Message], bool], *, within: float = PATIENCE) -> Message:
        """The first message of the room, as it is shown now, that is `wanted`; TimeoutError after `within` seconds."""

        def found() -> Message | None:
            return next(filter(wanted, self.read(room_id)), None)

        await self.wait_until(lambda: found() is not None, within=within)
        message = found()
        assert message is not None  # noqa: S101  # it was there one line ago, and nothing ran in between
        return message

    async def wait_until(self, condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Return as soon as `condition` holds, looking after every sync; TimeoutError after `within` seconds."""
        listening = self._listening
        if listening is None:
            raise PersonError("the client is not open")
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: listening.done() or condition())
        if listening.done():
            listening.result()

    async def wait_joined(self, room_id: str) -> None:
        """Return when this client is in the room."""
        await self.wait_until(lambda: room_id in self.client.rooms)

    async def _start(self) -> None:
        answer = await self.client.login(self._password, device_name="Person")
        if not isinstance(answer, LoginResponse):
            raise PersonError(f"login: {answer}")
        await self.client.keys_upload()
        if self._cross_signed:
            await self._cross_sign()
        self.client.add_event_callback(self._invited, InviteMemberEvent)
        # nio calls some events bad that are good, such as a redaction in a room of version 11 and later.
        self.client.add_event_callback(self._happened, (Event, BadEvent, UnknownBadEvent))
        self.client.add_response_callback(self._synced)
        self._listening = asyncio.create_task(self._listen())
        async with asyncio.timeout(60):
            await self.client.synced.wait()

    async def _listen(self) -> None:
        try:
            await self.client.sync_forever(timeout=30_000, full_state=True, sync_filter=SYNC_FILTER)
        finally:
            await self._synced(None)  # who waits shall hear that nothing more will come

    async def _cross_sign(self) -> None:
        wire = Wire(self.client.homeserver)
        wire.token = self.client.access_token
        try:
            seal = Seal(Seal.new_key())
            identity = Identity(wire, seal, Path(self._directory.name), self.user_id, self.client.device_id)
            state = await identity.ensure(self._password)
        finally:
            await wire.close()
        if not state.trusted:
            raise PersonError(f"cross-signing: {state.status}")

    async def _invited(self, room: Any, event: InviteMemberEvent) -> None:
        if event.membership == "invite" and event.state_key == self.user_id:
            await self.client.join(room.room_id)

    async def _happened(self, room: Any, event: Any) -> None:
        if isinstance(event, MegolmEvent):
            self._unread[event.event_id] = event
        else:
            self._show(room.room_id, event.source)

    async def _synced(self, _: object) -> None:
        async with self._news:
            self._news.notify_all()

    def _try_unread(self) -> None:
        for event_id, event in list(self._unread.items()):
            try:
                opened = self.client.decrypt_event(event)
            except EncryptionError:
                continue
            del self._unread[event_id]
            self._show(event.room_id, opened.source)

    def _show(self, room_id: str, source: dict[str, Any]) -> None:
        content, event_id = source.get("content", {}), source["event_id"]
        relation = content.get("m.relates_to", {})
        if source["type"] == "m.room.redaction":
            self._taken_back.add(str(content.get("redacts") or source.get("redacts")))
        elif source["type"] != "m.room.message" or "body" not in content:
            return
        elif relation.get("rel_type") == "m.replace":
            self._edits[relation["event_id"]] = _message(source, content.get("m.new_content", {}))
        else:
            self._shown.setdefault(room_id, {})[event_id] = _message(source, content)

    def _as_edited(self, message: Message) -> Message:
        edit = self._edits.get(message.event_id)
        if edit is None or edit.sender != message.sender or edit.event_id in self._taken_back:
            return message
        return replace(edit, event_id=message.event_id, edited=True, reply_to=message.reply_to)


def _message(source: dict[str, Any], content: dict[str, Any]) -> Message:
    mentions = content.get("m.mentions", {})
    return Message(
        event_id=source["event_id"],
        sender=source["sender"],
        body=content.get("body", ""),
        html=content.get("formatted_body"),
        reply_to=content.get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id"),
        mentions=tuple(mentions.get("user_ids", ())),
        mentions_room=mentions.get("room") is True,
    )


def _event_id(answer: Any, what: str) -> str:
    if not hasattr(answer, "event_id"):
        raise PersonError(f"{what}: {answer}")
    return str(answer.event_id)
