"""Which chat room serves which purpose: a region, its coordinators, or one person. Room ids are opaque."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.audience import Audience, Coordinators, Person, RegionRoom, Room
from storage import tables as t

KINDS: dict[str, type[RegionRoom | Coordinators | Person]] = {
    "region": RegionRoom,
    "coordinators": Coordinators,
    "direct": Person,
}

# Asked for every command and every answer, and made once.
_ROOM_OF = select(t.rooms.c.room_id).where(t.rooms.c.purpose == bindparam("purpose"))
_PURPOSE_OF = select(t.rooms.c.purpose).where(t.rooms.c.room_id == bindparam("room_id"))


def purpose(audience: Audience) -> str:
    """The key under which the audience's room is kept. A plain `Room` has none: it is where it is."""
    match audience:
        case RegionRoom(region_id):
            return f"region:{region_id}"
        case Coordinators(region_id):
            return f"coordinators:{region_id}"
        case Person(user_id):
            return f"direct:{user_id}"
        case Room():
            raise ValueError("a room that was asked in has no purpose of its own")


class RoomBook:
    """The rooms of the house, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def room_of(self, audience: Audience) -> str | None:
        """The room id for this audience, or None when it was not made yet."""
        if isinstance(audience, Room):
            return audience.room_id
        return (await self._connection.execute(_ROOM_OF, {"purpose": purpose(audience)})).scalar_one_or_none()

    async def audience_in(self, room_id: str) -> Audience | None:
        """Whom one speaks to in this room; None for a room that is not ours."""
        found = (await self._connection.execute(_PURPOSE_OF, {"room_id": room_id})).scalar_one_or_none()
        if found is None:
            return None
        kind, _, name = found.partition(":")
        return KINDS[kind](name)

    async def put(self, audience: Audience, room_id: str) -> None:
        """From now on this room serves this audience."""
        await self._connection.execute(delete(t.rooms).where(t.rooms.c.purpose == purpose(audience)))
        await self._connection.execute(insert(t.rooms).values(purpose=purpose(audience), room_id=room_id))

    async def move(self, room_id: str, successor: str) -> None:
        """The room was upgraded: whatever it served, its successor serves."""
        await self._connection.execute(update(t.rooms).where(t.rooms.c.room_id == room_id).values(room_id=successor))

    async def invited(self, room_purpose: str) -> set[str]:
        """Who was invited for this purpose; somebody who left again is not invited twice."""
        query = select(t.invitations.c.user_id).where(t.invitations.c.purpose == room_purpose)
        return set((await self._connection.execute(query)).scalars())

    async def keep_invited(self, room_purpose: str, user_id: str) -> None:
        """They were invited, or were in already."""
        row = insert(t.invitations).values(purpose=room_purpose, user_id=user_id)
        await self._connection.execute(row.on_conflict_do_nothing())

    async def forget_invited(self, room_purpose: str, user_id: str) -> None:
        """They were removed: should they come back to the area file, they are invited again."""
        where = (t.invitations.c.purpose == room_purpose, t.invitations.c.user_id == user_id)
        await self._connection.execute(delete(t.invitations).where(*where))
