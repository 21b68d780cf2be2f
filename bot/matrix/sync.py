"""Listening to the homeserver: our own loop with our own cursor, which moves when a whole batch is dealt with.

What comes twice after a kill does no harm; what is missing between two answers is asked for. One event: timeline.py.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.chat import NotKept, TryLater
from bot.matrix.decrypt import Decryptor
from bot.matrix.gap import Gap, Heard
from bot.matrix.key_requests import KeyRequests
from bot.matrix.key_supply import KeySupply
from bot.matrix.machine import Machine, NotForUs
from bot.matrix.memory import REMEMBERED_MS, ends_before
from bot.matrix.moves import Moves
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.rooms import RoomBook
from bot.matrix.timeline import Timeline
from bot.matrix.trust import Trust
from bot.matrix.wire import LoggedOut, Wire, path
from bot.reach import Reach
from bot.servers import Servers

log = logging.getLogger(__name__)

LoadCursor = Callable[[], Awaitable[str | None]]
SaveCursor = Callable[[str], Awaitable[None]]

LONG_POLL_MS = 30_000
FIRST_PATIENCE = 600.0  # seconds; the first answer holds the state of all rooms
AT_LEAST = 1.0  # seconds that an answer without news takes
LONGEST_PAUSE = 60.0  # seconds between two attempts when the homeserver is away
FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": 100},
            "state": {"lazy_load_members": False},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
        },
    }
)


class Sync:
    """The sync loop of one device."""

    def __init__(
        self,
        wire: Wire,
        machine: Machine,
        trust: Trust,
        supply: KeySupply,
        olm: OlmSessions,
        book: RoomBook,
        moves: Moves,
        decryptor: Decryptor,
        requests: KeyRequests,
        timeline: Timeline,
        load_cursor: LoadCursor,
        save_cursor: SaveCursor,
        now_ms: Callable[[], int],
        servers: Servers,
        reach: Reach,
    ) -> None:
        self._wire = wire
        self._machine = machine
        self._trust = trust
        self._supply = supply
        self._olm = olm
        self._book = book
        self._moves = moves
        self._decryptor = decryptor
        self._requests = requests
        self._timeline = timeline
        self._load_cursor = load_cursor
        self._save_cursor = save_cursor
        self._now_ms = now_ms
        self._servers = servers
        self._reach = reach
        self._gap = Gap(wire, book.us)
        self._know_rooms = False
        self.was_away = True  # and may have come back with an older memory
        self._worth_retrying = True  # something came that may make a waiting event readable

    async def run(self) -> None:
        """Listen until cancelled. Raises LoggedOut when our token is no longer valid, and nothing else."""
        failures = 0
        while True:
            try:
                began = time.monotonic()
                heard = await self.once()
                failures = 0
                self._reach.worked()
                if not heard and time.monotonic() - began < AT_LEAST:  # it should have waited for something to tell
                    await asyncio.sleep(AT_LEAST * random.uniform(0.5, 1))
            except LoggedOut:
                raise
            except Exception as error:  # noqa: BLE001  # the ear of the house: whatever fails, it listens again
                failures += 1
                is_ours = isinstance(error, NotKept)
                self.was_away = self.was_away or not is_ours
                after = getattr(error, "after", None) or 0.0
                pause = max(after, min(LONGEST_PAUSE, 0.5 * 2 ** min(failures, 10)) * random.uniform(0.5, 1))
                if isinstance(error, TryLater) and not is_ours:
                    self._reach.failed(error)
                else:
                    log.error("sync failed (%s), again in %.1f s", type(error).__name__, pause)
                await asyncio.sleep(pause)

    async def once(self) -> bool:
        """One request and all that follows from it; whether it brought any news.

        The first one of a process asks for the state of all rooms, and so does one to a homeserver that was restored.

        Raises ChatError, and what the cursor's callbacks raise; the cursor has then not moved.
        """
        cursor = await self._load_cursor()
        heard = None if cursor is None else Heard(cursor)
        if cursor is not None and self.was_away and await ends_before(self._wire, cursor):
            heard = self._forget()
        answer = await self._ask(None if heard is None else heard.since)
        await self._take(answer, heard)
        self._decryptor.save_read()
        await self._save_cursor(answer["next_batch"])  # also when nothing happened: that is news to the house as well
        self.was_away = False
        await self._keep_house()
        news = (("to_device", "events"), ("device_lists", "changed"), ("device_lists", "left"))
        told = bool(_dict(answer, "rooms")) or any(_list(answer, *part) for part in news)
        return told and answer["next_batch"] != cursor  # from where we were before, it tells the same once more

    async def _ask(self, since: str | None) -> dict[str, Any]:
        first = not self._know_rooms
        query = {"filter": FILTER, "timeout": "0" if first else str(LONG_POLL_MS)}
        if first:
            query["full_state"] = "true"
        if since is not None:
            query["since"] = since
        patience = FIRST_PATIENCE if first else LONG_POLL_MS / 1000 + self._wire.patience
        answer = await self._wire.call("GET", path("v3", "sync", **query), patience=patience)
        if not isinstance(answer.get("next_batch"), str):
            raise TryLater("a sync without next_batch")
        return answer

    async def _take(self, answer: Mapping[str, Any], heard: Heard | None) -> None:
        self._supply.counted(answer)
        await self._to_device(_list(answer, "to_device", "events"))
        changed = [*_list(answer, "device_lists", "changed"), *_list(answer, "device_lists", "left")]
        self._trust.changed({user_id for user_id in changed if isinstance(user_id, str)})
        self._worth_retrying = self._worth_retrying or bool(changed)
        rooms = _dict(answer, "rooms")
        for room_id in (*_dict(rooms, "leave"), *_dict(rooms, "knock")):
            self._book.forget(room_id)
        for room_id, joined in _dict(rooms, "join").items():
            self._book.learn(room_id, _list(joined, "state", "events"))
            self._book.learn(room_id, _list(joined, "timeline", "events"))
        self._know_rooms = True
        self._invitations(_dict(rooms, "invite"))
        await self._timeline.retry(everything=self._worth_retrying)
        self._worth_retrying = False
        if heard is not None:  # at a first start, what was said before is not for us, and there is no key for it
            for room_id, joined in _dict(rooms, "join").items():
                await self._timeline.play(room_id, await self._gap.since(heard, room_id, joined))
            for room_id, left in _dict(rooms, "leave").items():
                await self._timeline.put_out(room_id, _list(left, "timeline", "events"))
        await self._timeline.tell_moves()
        await self._requests.answer()

    async def _to_device(self, events: list[Any]) -> None:
        for event in events:
            try:
                if not self._servers.allow(event["sender"]):
                    raise NotForUs("from a homeserver that may not take part")
                if event["type"] == "m.room.encrypted" and self._machine.open(event) is not None:
                    self._worth_retrying = True
                elif event["type"] == "m.room_key_request":
                    self._requests.note(event)
            except TryLater:
                raise
            except NotForUs as reason:
                log.info("a to-device message was not read: %s", reason)
            except Exception as error:  # noqa: BLE001  # anyone can send one; it may not cost the next
                log.warning("a to-device message was refused: %s", type(error).__name__)
            await asyncio.sleep(0)  # each one is a transaction; other tasks get their turn in between

    def _invitations(self, invitations: Mapping[str, Any]) -> None:
        for room_id, invited in invitations.items():
            try:
                self._moves.invited(room_id, _list(invited, "invite_state", "events"))
            except TryLater:
                raise
            except Exception as error:  # noqa: BLE001  # as above
                log.warning("an invitation was refused: %s", type(error).__name__)

    def _forget(self) -> Heard:
        """What we know of a homeserver that was restored: nothing. What the house heard, it knows by its id.

        Our room keys stay in use: new ones would not reach those who have yet to ask it anything, and who then drop
        what lies before its present as we would have done.
        """
        log.warning("the homeserver was restored from an older backup")
        for room in self._book.joined():
            self._trust.changed(room.members("join", "invite"))
            self._book.forget(room.room_id)
        self._know_rooms = False
        return Heard(None, self._now_ms() - REMEMBERED_MS)

    async def _keep_house(self) -> None:
        """What has to be done now and then and may fail: then it is done after the next answer."""
        for chore in (self._late, self._supply.fill, self._olm.mend, self._moves.go):
            try:
                await chore()
            except LoggedOut:
                raise
            except Exception as error:  # noqa: BLE001  # one chore may not cost the others, nor the listening
                log.warning("%s failed: %s", chore.__qualname__, type(error).__name__)

    async def _late(self) -> None:
        await self._timeline.retry(everything=self._trust.heed_accepted())


def _dict(thing: object, name: str) -> Mapping[str, Any]:
    value = thing.get(name) if isinstance(thing, dict) else None
    return value if isinstance(value, dict) else {}


def _list(thing: object, outer: str, inner: str) -> list[Any]:
    value = _dict(thing, outer).get(inner)
    return value if isinstance(value, list) else []
