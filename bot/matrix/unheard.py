"""Rooms that the homeserver has us in and that we have not heard of: their making was not answered. It learns nothing.

Making a room has no transaction id. Whoever does not know whether it was made has to look before it is made again.
"""

from __future__ import annotations

from bot.chat import TryLater, Undeliverable
from bot.matrix.rooms import MARK, RoomBook
from bot.matrix.wire import Wire, path

FEW = 10  # rooms that are asked for one by one; of more than these the next sync tells in one answer
PAUSE = 5.0  # seconds for that sync


async def unheard(wire: Wire, book: RoomBook, purpose: str) -> list[str]:
    """The ids of rooms that we have not heard of and that are marked with `purpose`, by whomever. Raises ChatError."""
    joined = (await wire.call("GET", path("v3", "joined_rooms"))).get("joined_rooms")
    ids = [room_id for room_id in joined if isinstance(room_id, str)] if isinstance(joined, list) else []
    new = [room_id for room_id in ids if book.get(room_id) is None]
    if len(new) > FEW:
        raise TryLater("the homeserver has us in rooms that we have not heard of", PAUSE)
    return [room_id for room_id in new if await _purpose(wire, room_id) == purpose]


async def _purpose(wire: Wire, room_id: str) -> object:
    try:
        return (await wire.call("GET", path("v3", "rooms", room_id, "state", MARK, ""))).get("purpose")
    except Undeliverable:  # it has no mark, or we were just put out of it
        return None
