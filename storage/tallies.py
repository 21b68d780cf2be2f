"""Counting what is stored, for whoever watches over the bot: numbers only, never who or what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t

OPENS, CLAIMS = ("zorgvraag", "vrijgeven", "heropenen"), "oppakken"  # as the journal calls them


@dataclass(frozen=True)
class Waits:
    """Of all claims: how many came `within` each of the bounds that were asked for, how many there are, and the sum."""

    within: tuple[int, ...]
    count: int
    seconds: float


class Tallies:
    """Totals over all regions, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def journal(self) -> dict[str, int]:
        """How often each thing was done or refused, since the database was made."""
        query = select(t.journal.c.what, func.count()).group_by(t.journal.c.what)
        return await self._counts(query)

    async def states(self) -> dict[str, int]:
        """How many zorgvragen there are in each state."""
        query = select(t.zorgvragen.c.state, func.count()).group_by(t.zorgvragen.c.state)
        return await self._counts(query)

    async def waits(self, bounds: Sequence[float]) -> Waits:
        """From opening (or opening again) to claim, in seconds, of every claim that was ever made.

        Counted by the database: nobody waits while years of claims become objects.
        """
        day = func.julianday(t.journal.c.at)
        before = func.lag(day).over(partition_by=t.journal.c.zorgvraag_id, order_by=t.journal.c.id)
        steps = (
            select(t.journal.c.what, func.max(func.round((day - before) * 86400, 3), 0.0).label("seconds"))
            .where(t.journal.c.zorgvraag_id.is_not(None), t.journal.c.what.in_((*OPENS, CLAIMS)))
            .subquery()
        )
        seconds = steps.c.seconds
        counted = [func.count().filter(seconds <= bound) for bound in bounds]
        query = select(*counted, func.count(), func.coalesce(func.sum(seconds), 0.0))
        claims = query.where(steps.c.what == CLAIMS, seconds.is_not(None))
        *within, count, total = (await self._connection.execute(claims)).one()
        return Waits(tuple(within), count, round(total, 3))

    async def letters(self) -> dict[str, int]:
        """How many letters ended in each way: "sent" (also what was erased later), "needless", or an error's code."""
        outcome = case((t.outbox.c.outcome == "erased", "sent"), else_=t.outbox.c.outcome)
        query = select(outcome, func.count()).where(t.outbox.c.done_at.is_not(None)).group_by(outcome)
        return await self._counts(query)

    async def waiting(self) -> int:
        """How many letters are still to be said."""
        query = select(func.count()).select_from(t.outbox).where(t.outbox.c.done_at.is_(None))
        return (await self._connection.execute(query)).scalar_one()

    async def retries(self) -> int:
        """How often a letter had to be tried again."""
        query = select(func.coalesce(func.sum(t.outbox.c.attempts), 0))
        total: int = (await self._connection.execute(query)).scalar_one()
        return total

    async def _counts(self, query: Select[str, int]) -> dict[str, int]:
        return {row[0]: row[1] for row in (await self._connection.execute(query)).all()}
