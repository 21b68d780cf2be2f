"""Rooms that are upgraded, and invitations: when we go into another room. Who is welcome is for the house to say."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.chat import Moved
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.reading import origin
from bot.matrix.rooms import Room, RoomBook
from bot.matrix.wire import Refused, Wire, path

log = logging.getLogger(__name__)

MayJoin = Callable[[str, str], Awaitable[bool]]


class Moves:
    """Follows tombstones and answers invitations.

    A tombstone is followed if its sender had the power for it; if the successor needs an invitation that has not
    come yet, the move is remembered until it comes. Any other invitation is taken when it is to a direct room and
    `may_join(room id, inviter)` says yes, and declined when it says no.
    """

    def __init__(self, wire: Wire, store: CryptoStore, book: RoomBook, may_join: MayJoin) -> None:
        self._wire = wire
        self._store = store
        self._book = book
        self._may_join = may_join

    async def follow(self, room: Room, event: Mapping[str, Any]) -> None:
        """Go into the successor that this tombstone names; `completed` tells of it. Raises TryLater."""
        successor = event["content"].get("replacement_room")
        who = origin(room.room_id, event)
        if not isinstance(successor, str) or successor == room.room_id or event.get("state_key") != "":
            return
        if room.power(who["sender"]) < room.needs("m.room.tombstone"):
            log.warning("tombstone %s ignored: its sender has not the power", who["event_id"])
            return
        row = (successor, room.room_id, who["event_id"], who["sender"], event["origin_server_ts"])
        self._store.run("INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?)", *row)
        server = who["sender"].partition(":")[2]
        try:
            await self._wire.call("POST", path("v3", "join", successor, via=server), {})
        except Refused as refused:
            log.info("the successor %s does not let us in yet: %s", successor, refused)

    async def invited(self, room_id: str, events: list[Any]) -> None:
        """Answer an invitation. Raises ChatError."""
        invitation = next((event for event in events if self._is_ours(event)), None)
        if invitation is None:
            return
        expected = bool(self._store.rows("SELECT 1 FROM moves WHERE successor = ?", room_id))
        direct = invitation["content"].get("is_direct") is True
        welcome = expected or (direct and await self._may_join(room_id, invitation["sender"]))
        answer = "join" if welcome else "leave"
        log.info("invitation to %s by %s: %s", room_id, invitation["sender"], answer)
        await self._wire.call("POST", path("v3", "rooms", room_id, answer), {})

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

    def _is_ours(self, event: object) -> bool:
        match event:
            case {"type": "m.room.member", "state_key": key, "sender": str(), "content": {"membership": "invite"}}:
                return bool(key == self._book.us)
        return False
