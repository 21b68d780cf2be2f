"""What the clock has set off already: rounds of a zorgvraag and daily digests. Primary keys make doubles impossible."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_once
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.zorgvraag import Zorgvraag
from storage import tables as t


class Agenda:
    """Clock-driven facts, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record_round(self, zorgvraag: Zorgvraag, now: datetime) -> None:
        """This round was posted at `now`. Raises sqlalchemy.exc.IntegrityError when it was already."""
        await self._connection.execute(
            insert(t.rounds).values(zorgvraag_id=zorgvraag.id, round=zorgvraag.round, at=now)
        )

    async def is_erased(self, zorgvraag: Zorgvraag) -> bool:
        """Whether its posts and the client's details were taken away, so that it can never be of use again."""
        query = select(t.zorgvragen.c.erased_at).where(t.zorgvragen.c.id == zorgvraag.id)
        return (await self._connection.execute(query)).scalar_one() is not None

    async def forget_digests_after(self, region_id: str, day: date) -> None:
        """The clock was ahead: the digests of later days than `day` are still to come."""
        await self._connection.execute(
            delete(t.digests).where(t.digests.c.region_id == region_id, t.digests.c.day > day)
        )

    async def is_first_digest(self, region_id: str, day: date, now: datetime) -> bool:
        """Record the digest of one local day; False when it was recorded before."""
        added = await self._connection.execute(
            insert_once(t.digests).values(region_id=region_id, day=day, at=now).on_conflict_do_nothing()
        )
        return added.rowcount == 1
