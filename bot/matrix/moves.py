"""Rooms that are upgraded, and invitations: when we go into another room. Who is welcome is for the house to say."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.chat import Moved
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.pauses import Pauses
from bot.matrix.reading import origin
from bot.matrix.rooms import Room, RoomBook
from bot.matrix.wire import LoggedOut, Refused, Wire, path

log = logging.getLogger(__name__)

MayJoin = Callable[[str, str, bool], Awaitable[bool]]

FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 30_000, 3_600_000
PATIENCE = 10.0  # seconds for entering a room, which may be on a homeserver that is away


class Moves:
    """Follows tombstones and answers invitations.

    What has to be done is written down while the batch is read, and done afterwards: a room on a server that is away
    may not hold up the others. A successor that asks for an invitation is entered when that comes. Any other
    invitation is taken when `may_join(room id, inviter, is direct)` says yes, and declined otherwise.
    """

    def __init__(
        self, wire: Wire, store: CryptoStore, book: RoomBook, may_join: MayJoin, now_ms: Callable[[], int]
    ) -> None:
        self._wire = wire
        self._store = store
        self._book = book
        self._may_join = may_join
        self._pauses = Pauses[str](now_ms, FIRST_PAUSE_MS, LONGEST_PAUSE_MS)  # by room id

    def follow(self, room: Room, event: Mapping[str, Any]) -> None:
        """Remember to enter the successor that this tombstone names, if its sender had the power for it."""
        successor = event["content"].get("replacement_room")
        who = origin(room.room_id, event)
        if not isinstance(successor, str) or successor == room.room_id or event.get("state_key") != "":
            return
        if room.power(who["sender"]) < room.needs("m.room.tombstone"):
            log.warning("tombstone %s ignored: its sender has not the power", who["event_id"])
            return
        row = (successor, room.room_id, who["event_id"], who["sender"], event["origin_server_ts"])
        self._store.run("INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?)", *row)

    def invited(self, room_id: str, events: list[Any]) -> None:
        """Remember to answer an invitation."""
        for event in events:
            match event:
                case {"type": "m.room.member", "state_key": key, "sender": str(inviter), "content": {**content}}:
                    if key == self._book.us and content.get("membership") == "invite":
                        row = (room_id, inviter, int(content.get("is_direct") is True))
                        self._store.run("INSERT OR REPLACE INTO invitations VALUES (?, ?, ?)", *row)
                        self._pauses.end(room_id)

    async def go(self) -> None:
        """Answer invitations and enter successors; what fails now is tried again later. Raises LoggedOut only."""
        for room_id, inviter, direct in self._store.rows("SELECT * FROM invitations"):
            if room_id not in self._pauses and await self._attempt(room_id, self._answer(room_id, inviter, direct)):
                self._store.run("DELETE FROM invitations WHERE room_id = ?", room_id)
        for successor, sender in self._store.rows("SELECT successor, sender FROM moves"):
            if self._book.get(successor) is None and successor not in self._pauses:
                await self._attempt(successor, self._enter(successor, sender.partition(":")[2]))

    def completed(self) -> list[Moved]:
        """The moves whose successor we are in. Each is told again, also after a restart, until it is `done`."""
        moved = []
        for successor, room_id, event_id, sender, at_ms in self._store.rows("SELECT * FROM moves"):
            room = self._book.get(successor)
            if room is None:
                continue
            predecessor = room.content("m.room.create").get("predecessor")
            if isinstance(predecessor, dict) and predecessor.get("room_id") == room_id and room.encrypted:
                at = datetime.fromtimestamp(at_ms / 1000, UTC)
                told = Moved(event_id=event_id, room_id=room_id, sender=sender, at=at, successor=successor)
                moved.append(told)
            else:  # a stranger's room that an upgrade pretends to lead to
                log.warning("the room %s does not follow %s; the move is ignored", successor, room_id)
                self.done(successor)
        return moved

    def done(self, successor: str) -> None:
        """The house knows."""
        self._store.run("DELETE FROM moves WHERE successor = ?", successor)

    async def _attempt(self, room_id: str, attempt: Awaitable[None]) -> bool:
        """Whether it worked; if not, the next attempt waits, longer each time."""
        try:
            await attempt
        except LoggedOut:
            raise
        except Exception as error:  # noqa: BLE001  # `may_join` is the house's; one room may not hold up the next
            log.info("the room %s is not entered yet: %s", room_id, type(error).__name__)
            self._pauses.begin([room_id])
            return False
        self._pauses.end(room_id)
        return True

    async def _answer(self, room_id: str, inviter: str, direct: int) -> None:
        expected = bool(self._store.rows("SELECT 1 FROM moves WHERE successor = ?", room_id))
        welcome = expected or await self._may_join(room_id, inviter, bool(direct))
        log.info("invitation to %s by %s: %s", room_id, inviter, "taken" if welcome else "declined")
        try:
            if welcome:
                await self._enter(room_id, inviter.partition(":")[2])
            else:
                await self._wire.call("POST", path("v3", "rooms", room_id, "leave"), {}, patience=PATIENCE)
        except Refused as refused:  # the invitation was taken back, perhaps
            log.info("no answer to the invitation to %s: %s", room_id, refused)

    async def _enter(self, room_id: str, server: str) -> None:
        await self._wire.call("POST", path("v3", "join", room_id, via=server), {}, patience=PATIENCE)
