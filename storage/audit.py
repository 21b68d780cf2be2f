"""What an auditor asks: per region, since when something should have happened and did not. Only questions here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.announcements import Alarm, Priority, Redact
from domain.audience import Coordinators, RegionRoom, Room
from domain.zorgvraag import State
from storage import tables as t
from storage.codec import to_json

# One person may leave her room, and what is said there is refused: that is everyday life.
_IN_A_SHARED_ROOM = or_(
    t.outbox.c.audience.in_([RegionRoom.__name__, Coordinators.__name__]),
    and_(
        t.outbox.c.audience == Room.__name__,
        t.outbox.c.address.in_(select(t.rooms.c.room_id).where(not_(t.rooms.c.purpose.startswith("direct:")))),
    ),
)


@dataclass(frozen=True)
class GivenUp:
    """A letter to a shared room that was given up at `at` (UTC); `stands`: what it would have taken out is there."""

    region_id: str | None
    at: datetime
    stands: bool


class Audit:
    """Questions about all regions, within one transaction. Times are UTC."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def late(self, before: datetime) -> dict[str, datetime]:
        """Region id -> since when the step of an open zorgvraag is due, where that was before `before`.

        An open one without a step would be silent for ever: it counts from its opening.
        """
        due = func.coalesce(t.zorgvragen.c.due_at, t.zorgvragen.c.opened_at)
        query = (
            select(t.zorgvragen.c.region_id, func.min(due, type_=t.Utc).label("since"))
            .where(t.zorgvragen.c.state == State.OPEN, due < before)
            .group_by(t.zorgvragen.c.region_id)
        )
        return {row.region_id: row.since for row in (await self._connection.execute(query)).all()}

    async def unsaid(self, before: datetime) -> dict[str | None, datetime]:
        """Region id (None: of no region) -> since when a letter waits, where that was before `before`.

        Alarms do not count (one that waits may not raise the next), nor does what may wait for hours, as welcomes.
        """
        query = (
            select(t.outbox.c.region_id, func.min(t.outbox.c.created_at, type_=t.Utc).label("since"))
            .where(
                t.outbox.c.done_at.is_(None),
                t.outbox.c.created_at < before,
                t.outbox.c.kind != Alarm.__name__,
                t.outbox.c.priority < Priority.LATER,
            )
            .group_by(t.outbox.c.region_id)
        )
        return {row.region_id: row.since for row in (await self._connection.execute(query)).all()}

    async def given_up(self, since: datetime, until: datetime) -> list[GivenUp]:
        """Every letter to a shared room that ended between these moments without being said, the first one first.

        Alarms do not count: one that was refused may not raise the next.
        """
        query = (
            select(t.outbox.c.region_id, t.outbox.c.done_at, t.outbox.c.kind)
            .where(
                t.outbox.c.event_id.is_(None),  # there is an index of it, and few of all years have none
                t.outbox.c.done_at.between(since, until),
                t.outbox.c.outcome != "needless",
                t.outbox.c.kind != Alarm.__name__,
                _IN_A_SHARED_ROOM,
            )
            .order_by(t.outbox.c.done_at)
        )
        rows = (await self._connection.execute(query)).all()
        return [GivenUp(row.region_id, row.done_at, stands=row.kind == Redact.__name__) for row in rows]

    async def was_told(self, region_id: str, alarm: Alarm) -> bool:
        """Whether this very alarm was ever put in the outbox for the region's coordinators."""
        told = select(t.outbox.c.id).where(
            t.outbox.c.zorgvraag_id.is_(None),  # for an alarm it always is, and there is an index of it and the kind
            t.outbox.c.kind == Alarm.__name__,
            t.outbox.c.audience == Coordinators.__name__,
            t.outbox.c.address == region_id,
            t.outbox.c.facts == to_json(Alarm, alarm),
        )
        return (await self._connection.execute(told.limit(1))).scalar_one_or_none() is not None
