"""What happened in a region since a moment: the figures of the digest. Questions only."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.people import Region
from domain.picture import Few, Figures
from domain.zorgvraag import State
from storage import tables as t
from storage.zorgvragen import few


class Happened:
    """Questions about one region's zorgvragen, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def since_yesterday(self, region: Region, now: datetime) -> Figures:
        """What a digest at `now` (UTC) counts; what was withdrawn counts as that alone."""
        since = region.day_before(now)
        claimed = (t.zorgvragen.c.claimed_at > since, t.zorgvragen.c.state != State.WITHDRAWN)
        waits = [wait.total_seconds() for wait in await self._waits(region, *claimed)]
        again = select(t.rounds.c.zorgvraag_id).where(t.rounds.c.at > since)
        return Figures(
            since=since,
            submitted=await self._count(region, t.zorgvragen.c.submitted_at > since),
            claimed=await self._few(region, *claimed),
            closed=await self._ended(region, State.CLOSED, since),
            withdrawn=await self._ended(region, State.WITHDRAWN, since),
            reposted=await self._few(region, t.zorgvragen.c.id.in_(again)),
            median_to_claim=timedelta(seconds=median(waits)) if waits else None,
        )

    async def _waits(self, region: Region, *conditions: ColumnElement[bool]) -> list[timedelta]:
        query = select(t.zorgvragen.c.opened_at, t.zorgvragen.c.claimed_at).where(_in(region), *conditions)
        return [row.claimed_at - row.opened_at for row in (await self._connection.execute(query)).all()]

    async def _count(self, region: Region, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(t.zorgvragen).where(_in(region), *conditions)
        return (await self._connection.execute(query)).scalar_one()

    async def _ended(self, region: Region, state: State, since: datetime) -> Few:
        return await self._few(region, t.zorgvragen.c.state == state, t.zorgvragen.c.ended_at > since)

    async def _few(self, region: Region, *conditions: ColumnElement[bool]) -> Few:
        return await few(self._connection, _in(region), *conditions)


def _in(region: Region) -> ColumnElement[Any]:
    return t.zorgvragen.c.region_id == region.id
