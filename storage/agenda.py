"""What the clock has set off already: rounds of a zorgvraag and daily digests. Primary keys make doubles impossible.

And what it wrote wherever a moment is kept, when it was ahead and was put back.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_once
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.zorgvraag import Zorgvraag
from storage import tables as t

DAY = timedelta(days=1)


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

    async def seems_behind(self, now: datetime) -> bool:
        """Whether it is rather this clock that is wrong than the one that wrote what lies ahead of `now`.

        A clock that was ahead for a while wrote little beside what was written since; for one that lost years (its
        battery was empty), all that was written of late lies ahead.
        """
        journal = t.journal.c
        ahead = select(func.count(), func.min(journal.id)).where(journal.at > now)
        count, first = (await self._connection.execute(ahead)).one()
        if count == 0:
            return False
        last: int = (await self._connection.execute(select(func.max(journal.id)))).scalar_one()
        return bool(2 * count > last - first + 1)  # no row of it is ever removed

    async def bring_back(self, now: datetime) -> None:
        """What was handled, said in a list, posted again or lit later than `now` was so now: its time begins to run."""
        handled, letter = t.zorgvragen.c, t.outbox.c
        moments = (handled.submitted_at, handled.opened_at, handled.claimed_at, handled.ended_at)
        at_last = {at: case((at > now, now), else_=at) for at in moments}
        of_none = letter.zorgvraag_id.is_(None)  # the others are kept for as long as their zorgvraag
        for statement in (
            update(t.zorgvragen).where(or_(*(at > now for at in moments))).values(at_last),
            update(t.outbox).where(of_none, letter.done_at > now).values(done_at=now),
            update(t.rounds).where(t.rounds.c.at > now).values(at=now),
            update(t.lights).where(t.lights.c.set_at > now).values(set_at=now, until=None),
        ):
            await self._connection.execute(statement)

    async def wait_since(self, now: datetime) -> None:
        """What waits to be said since later than `now` waits since now."""
        waits = (t.outbox.c.done_at.is_(None), t.outbox.c.created_at > now)
        await self._connection.execute(update(t.outbox).where(*waits).values(created_at=now))

    async def is_first_digest(self, region_id: str, day: date, now: datetime) -> bool:
        """Record the digest of one local day; False when it was recorded before.

        While one of a day after the next stands, this clock is not believed yet, or that one is about to be forgotten.
        """
        later = select(t.digests.c.day).where(t.digests.c.region_id == region_id, t.digests.c.day > day + DAY)
        if (await self._connection.execute(later.limit(1))).first() is not None:
            return False
        added = await self._connection.execute(
            insert_once(t.digests).values(region_id=region_id, day=day, at=now).on_conflict_do_nothing()
        )
        return added.rowcount == 1
