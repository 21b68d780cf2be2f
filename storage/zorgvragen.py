"""Rows of zorgvragen to `domain.zorgvraag.Zorgvraag` and back; what they were posted with lies in files of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.care import Care, Urgency
from domain.people import Region
from domain.picture import SHOWN, Few
from domain.zorgvraag import State, Zorgvraag
from storage import tables as t
from storage.codec import from_json, to_json

Conditions = tuple[ColumnElement[bool], ...]


class Overtaken(Exception):
    """Somebody else saved this zorgvraag between our reading and our saving; nothing of ours was saved."""


class Zorgvragen:
    """The zorgvragen of all regions, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, region: Region, care: Care, submitted_by: str, now: datetime) -> Zorgvraag:
        """Open a new one under the region's next number."""
        counter = (
            update(t.regions)
            .where(t.regions.c.id == region.id)
            .values(last_number=t.regions.c.last_number + 1)
            .returning(t.regions.c.last_number)
        )
        number = (await self._connection.execute(counter)).scalar_one()
        zorgvraag = Zorgvraag(
            id=0,
            region_id=region.id,
            number=number,
            care=care,
            submitted_by=submitted_by,
            submitted_at=now,
            opened_at=now,
            due_at=region.policy.next_step(care.urgency, now, now),
        )
        added = await self._connection.execute(insert(t.zorgvragen).values(_to_row(zorgvraag)))
        (zorgvraag.id,) = added.inserted_primary_key or (0,)
        return zorgvraag

    async def save(self, zorgvraag: Zorgvraag) -> None:
        """Compare and set on `version`. Raises Overtaken when somebody was first."""
        row = _to_row(zorgvraag) | {"version": zorgvraag.version + 1}
        saved = await self._connection.execute(
            update(t.zorgvragen)
            .where(t.zorgvragen.c.id == zorgvraag.id, t.zorgvragen.c.version == zorgvraag.version)
            .values(row)
        )
        if saved.rowcount != 1:
            raise Overtaken(zorgvraag.id)
        zorgvraag.version += 1

    async def get(self, zorgvraag_id: int) -> Zorgvraag:
        """The zorgvraag with this id. Raises sqlalchemy.exc.NoResultFound."""
        return _from_row((await self._select(t.zorgvragen.c.id == zorgvraag_id)).one())

    async def find(self, region_id: str, number: int) -> Zorgvraag | None:
        """The zorgvraag with this number in the region."""
        rows = await self._select(t.zorgvragen.c.region_id == region_id, t.zorgvragen.c.number == number)
        row = rows.one_or_none()
        return row and _from_row(row)

    async def open_in(self, region_id: str) -> list[Zorgvraag]:
        """All that is open in the region, oldest first."""
        return await self._many(*_open_in(region_id))

    async def few_open_in(self, region_id: str) -> Few:
        """The same, as a list that is told: spoed stands before all else."""
        return await self._few(*_open_in(region_id), order=_SPOED_FIRST)

    async def claimed_by(self, user_id: str, region_id: str) -> list[Zorgvraag]:
        """All that this person has claimed in the region and not yet finished, oldest first."""
        return await self._many(*_claimed_by(user_id, region_id))

    async def few_claimed_by(self, user_id: str, region_id: str) -> Few:
        """The same, as a list that is told."""
        return await self._few(*_claimed_by(user_id, region_id))

    async def orphans(self, region_id: str) -> list[Zorgvraag]:
        """All that somebody has claimed who is no member of the region, oldest first."""
        known = select(t.members.c.user_id).where(t.members.c.region_id == region_id)
        return await self._many(
            t.zorgvragen.c.region_id == region_id,
            t.zorgvragen.c.state == State.CLAIMED,
            t.zorgvragen.c.claimed_by.not_in(known),
        )

    async def due(self, now: datetime, limit: int) -> list[Zorgvraag]:
        """Open ones whose step is due at `now`, the longest overdue first."""
        return await self._many(
            t.zorgvragen.c.state == State.OPEN,
            t.zorgvragen.c.due_at <= now,
            limit=limit,
            order=t.zorgvragen.c.due_at,
        )

    async def due_after(self, region_id: str, moment: datetime) -> list[Zorgvraag]:
        """Open ones whose step comes after `moment`."""
        return await self._many(*_open_in(region_id), t.zorgvragen.c.due_at > moment)

    async def to_erase(self, region_id: str, ended_before: datetime, limit: int) -> list[Zorgvraag]:
        """Ended ones whose posts are to be taken away."""
        return await self._many(
            t.zorgvragen.c.region_id == region_id,
            t.zorgvragen.c.ended_at <= ended_before,
            t.zorgvragen.c.erased_at.is_(None),
            limit=limit,
        )

    async def mark_erased(self, zorgvraag: Zorgvraag, now: datetime) -> None:
        """Its posts are taken away, and what people wrote in their own words is dropped; the rest is figures."""
        care = to_json(Care, zorgvraag.care.without_free_text())
        where = t.zorgvragen.c.id == zorgvraag.id
        await self._connection.execute(update(t.zorgvragen).where(where).values(care=care, reason=None, erased_at=now))

    async def submitted_since(self, region_id: str, since: datetime) -> int:
        """How many came in after `since`."""
        counted = await self._connection.execute(
            select(func.count()).where(t.zorgvragen.c.region_id == region_id, t.zorgvragen.c.submitted_at > since)
        )
        return counted.scalar_one()

    async def claimed_since(self, region_id: str, since: datetime) -> Few:
        """Those that were claimed after `since` and have not been given back."""
        return await self._few(t.zorgvragen.c.region_id == region_id, t.zorgvragen.c.claimed_at > since)

    async def waits_until_claim(self, region_id: str, since: datetime) -> list[timedelta]:
        """How long each of those was open."""
        query = select(t.zorgvragen.c.opened_at, t.zorgvragen.c.claimed_at).where(
            t.zorgvragen.c.region_id == region_id, t.zorgvragen.c.claimed_at > since
        )
        return [row.claimed_at - row.opened_at for row in (await self._connection.execute(query)).all()]

    async def closed_since(self, region_id: str, since: datetime) -> Few:
        """Those whose care started after `since`."""
        return await self._few(
            t.zorgvragen.c.region_id == region_id,
            t.zorgvragen.c.state == State.CLOSED,
            t.zorgvragen.c.ended_at > since,
        )

    async def reposted_since(self, region_id: str, since: datetime) -> Few:
        """Those that were posted again after `since`."""
        again = select(t.rounds.c.zorgvraag_id).where(t.rounds.c.at > since)
        return await self._few(t.zorgvragen.c.region_id == region_id, t.zorgvragen.c.id.in_(again))

    async def _select(self, *conditions: ColumnElement[bool]) -> Any:
        return await self._connection.execute(select(t.zorgvragen).where(*conditions))

    async def _few(self, *conditions: ColumnElement[bool], order: ColumnElement[Any] = t.zorgvragen.c.id) -> Few:
        counted = await self._connection.execute(select(func.count()).select_from(t.zorgvragen).where(*conditions))
        return Few(tuple(await self._many(*conditions, limit=SHOWN, order=order)), counted.scalar_one())

    async def _many(
        self,
        *conditions: ColumnElement[bool],
        limit: int | None = None,
        order: ColumnElement[Any] = t.zorgvragen.c.submitted_at,
    ) -> list[Zorgvraag]:
        query = select(t.zorgvragen).where(*conditions).order_by(order, t.zorgvragen.c.id).limit(limit)
        rows: Sequence[Row[Any]] = (await self._connection.execute(query)).all()
        return [_from_row(row) for row in rows]


_SPOED_FIRST = case((t.zorgvragen.c.care["urgency"].as_string() == Urgency.SPOED.value, 0), else_=1)


def _open_in(region_id: str) -> Conditions:
    return (t.zorgvragen.c.region_id == region_id, t.zorgvragen.c.state == State.OPEN)


def _claimed_by(user_id: str, region_id: str) -> Conditions:
    return (
        t.zorgvragen.c.claimed_by == user_id,
        t.zorgvragen.c.state == State.CLAIMED,
        t.zorgvragen.c.region_id == region_id,
    )


def _to_row(zorgvraag: Zorgvraag) -> dict[str, Any]:
    row = {name: value for name, value in vars(zorgvraag).items() if name != "id"}
    return row | {"care": to_json(Care, zorgvraag.care), "state": zorgvraag.state.value}


def _from_row(row: Row[Any]) -> Zorgvraag:
    stored = row._asdict()
    del stored["erased_at"]
    return Zorgvraag(**stored | {"care": from_json(Care, stored["care"]), "state": State(stored["state"])})
