"""Counting what is stored, for whoever watches over the bot: numbers only, never who or what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t


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

    async def waits(self, since: datetime) -> list[float]:
        """Seconds from opening to claim, of what was claimed after `since` (UTC) and not given back."""
        query = select(t.zorgvragen.c.opened_at, t.zorgvragen.c.claimed_at).where(t.zorgvragen.c.claimed_at > since)
        rows = (await self._connection.execute(query)).all()
        return [(row.claimed_at - row.opened_at).total_seconds() for row in rows]

    async def letters(self) -> dict[str, int]:
        """How many letters ended in each way ("sent", "needless", an error's code), and how many are "waiting"."""
        query = select(func.coalesce(t.outbox.c.outcome, "waiting"), func.count()).group_by(t.outbox.c.outcome)
        return await self._counts(query)

    async def retries(self) -> int:
        """How often a letter had to be tried again."""
        query = select(func.coalesce(func.sum(t.outbox.c.attempts), 0))
        total: int = (await self._connection.execute(query)).scalar_one()
        return total

    async def _counts(self, query: Select[str, int]) -> dict[str, int]:
        return {row[0]: row[1] for row in (await self._connection.execute(query)).all()}
