"""What the house may ask of the chat: to be heard. Every word goes encrypted, or not at all."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bot.chat import NotEncrypted, TryLater
from bot.matrix.house_rooms import HouseRooms
from bot.matrix.reading import TXN_ID
from bot.matrix.rooms import Room, RoomBook
from bot.matrix.sharing import Sharing
from bot.matrix.wire import Refused, Wire, path
from bot.servers import Servers


class MatrixChat(HouseRooms):
    """The Protocols `Chat` and `Rooms` of bot.chat, on a real homeserver."""

    def __init__(self, wire: Wire, book: RoomBook, servers: Servers, sharing: Sharing) -> None:
        super().__init__(wire, book, servers)
        self._sharing = sharing
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(self, room_id: str, content: Mapping[str, Any], txn_id: str) -> str:
        """Encrypt and send one `m.room.message`; the same `txn_id` gives the same event id. Raises ChatError."""
        room = await self._encrypted_room(room_id)
        # Held until the server has it: two messages of one room arrive in the order in which they were sent.
        async with self._locks[room_id]:
            outbound = await self._sharing.ready(room)
            encrypted = outbound.encrypt("m.room.message", content) | {TXN_ID: txn_id}
            where = path("v3", "rooms", room_id, "send", "m.room.encrypted", txn_id)
            try:
                return _event_id(await self._wire.call("PUT", where, encrypted))
            except Refused:
                await self._learn(room_id)  # perhaps we were put out, and our sync has yet to tell
                raise

    async def redact(self, room_id: str, event_id: str, txn_id: str) -> str:
        """Remove what somebody said from the room; returns the redaction's event id. Raises ChatError.

        The one thing that is done in a room that is not encrypted (any more) as well: it says nothing and takes away.
        """
        where = path("v3", "rooms", room_id, "redact", event_id, txn_id)
        return _event_id(await self._wire.call("PUT", where, {}))

    async def cannot_read(self, room_id: str) -> list[str]:
        """The user ids of members and invited people who have no device that may read what we say there.

        Who is on a homeserver that does not answer is not among them. Raises ChatError.
        """
        return await self._sharing.cannot_read(await self._encrypted_room(room_id))

    async def _encrypted_room(self, room_id: str) -> Room:
        room = await self._known(room_id)
        if not room.encrypted:
            raise NotEncrypted("the room is not encrypted")
        return room


def _event_id(answer: Mapping[str, Any]) -> str:
    if not isinstance(answer.get("event_id"), str):
        raise TryLater("an answer without an event id")
    return str(answer["event_id"])
