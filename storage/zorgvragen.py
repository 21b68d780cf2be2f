"""Rows of zorgvragen to `domain.zorgvraag.Zorgvraag` and back; what they were posted with lies in files of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.care import Care, Urgency
from domain.people import Region
from domain.picture import SHOWN, Few
from domain.wanted import EVERYTHING, Wanted
from domain.zorgvraag import State, Zorgvraag
from storage import tables as t
from storage.codec import from_json, to_json

Conditions = tuple[ColumnElement[bool], ...]
Order = tuple[ColumnElement[Any], ...]

_IS_SPOED = t.zorgvragen.c.care["urgency"].as_string() == Urgency.SPOED.value
_SPOED_FIRST: Order = (case((_IS_SPOED, 0), else_=1), t.zorgvragen.c.opened_at)
_OLDEST_FIRST: Order = (t.zorgvragen.c.submitted_at,)

# A claim's own, made once: making one takes as long as asking it.
_GET = select(t.zorgvragen).where(t.zorgvragen.c.id == bindparam("zorgvraag_id"))
_FIND = select(t.zorgvragen).where(
    t.zorgvragen.c.region_id == bindparam("region_id"), t.zorgvragen.c.number == bindparam("number")
)
_SAVE = update(t.zorgvragen).where(
    t.zorgvragen.c.id == bindparam("its_id"), t.zorgvragen.c.version == bindparam("read_version")
)


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
        which = {"its_id": zorgvraag.id, "read_version": zorgvraag.version}
        saved = await self._connection.execute(_SAVE, row | which)
        if saved.rowcount != 1:
            raise Overtaken(zorgvraag.id)
        zorgvraag.version += 1

    async def get(self, zorgvraag_id: int) -> Zorgvraag:
        """The zorgvraag with this id. Raises sqlalchemy.exc.NoResultFound."""
        return _from_row((await self._connection.execute(_GET, {"zorgvraag_id": zorgvraag_id})).one())

    async def find(self, region_id: str, number: int) -> Zorgvraag | None:
        """The zorgvraag with this number in the region."""
        found = await self._connection.execute(_FIND, {"region_id": region_id, "number": number})
        row: Row[Any] | None = found.one_or_none()
        return row and _from_row(row)

    async def open_in(self, region_id: str) -> list[Zorgvraag]:
        """All that is open in the region, oldest first."""
        return await self._many(*_open_in(region_id))

    async def few_open_in(self, region_id: str, wanted: Wanted = EVERYTHING) -> Few:
        """What is wanted of it, as a list that is told: spoed first, and what is open longest before the rest."""
        return await few(self._connection, *_open_in(region_id), *_fits(wanted), order=_SPOED_FIRST)

    async def open_ids(self, region_id: str, wanted: Wanted = EVERYTHING) -> tuple[int, ...]:
        """Which zorgvragen that whole list holds, in the same order."""
        query = select(t.zorgvragen.c.id).where(*_open_in(region_id), *_fits(wanted))
        rows = await self._connection.execute(query.order_by(*_SPOED_FIRST, t.zorgvragen.c.id))
        return tuple(rows.scalars())

    async def still_open(self, ids: Sequence[int]) -> Few:
        """Those of these that are still open, all of them, in that order too."""
        found = await _many(
            self._connection, t.zorgvragen.c.id.in_(ids), t.zorgvragen.c.state == State.OPEN, order=_SPOED_FIRST
        )
        return Few(tuple(found), len(found))

    async def claimed_by(self, user_id: str, region_id: str) -> list[Zorgvraag]:
        """All that this person has claimed in the region and not yet finished, oldest first."""
        return await self._many(*_claimed_by(user_id, region_id))

    async def few_claimed_by(self, user_id: str, region_id: str) -> Few:
        """The same, as a list that is told."""
        return await few(self._connection, *_claimed_by(user_id, region_id))

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
            order=(t.zorgvragen.c.due_at,),
        )

    async def ahead(self, region: Region, now: datetime) -> list[Zorgvraag]:
        """Of what has not ended: what was handled later than `now`, or whose step lies further off than steps do."""
        columns = t.zorgvragen.c
        later = [at > now for at in (columns.submitted_at, columns.opened_at, columns.claimed_at)]
        far = [
            (columns.due_at > region.policy.furthest_step(urgency, now))
            & (columns.care["urgency"].as_string() == urgency.value)
            for urgency in region.policy.steps
        ]
        lives = columns.state.in_((State.OPEN, State.CLAIMED))
        return await self._many(columns.region_id == region.id, lives, or_(*later, *far))

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

    async def _many(
        self, *conditions: ColumnElement[bool], limit: int | None = None, order: Order = _OLDEST_FIRST
    ) -> list[Zorgvraag]:
        return await _many(self._connection, *conditions, limit=limit, order=order)


async def few(connection: AsyncConnection, *conditions: ColumnElement[bool], order: Order = ()) -> Few:
    """The first few that meet these conditions, in `order` and then as they came in, and how many there are."""
    counted = await connection.execute(select(func.count()).select_from(t.zorgvragen).where(*conditions))
    return Few(tuple(await _many(connection, *conditions, limit=SHOWN, order=order)), counted.scalar_one())


async def _many(
    connection: AsyncConnection, *conditions: ColumnElement[bool], limit: int | None = None, order: Order = ()
) -> list[Zorgvraag]:
    query = select(t.zorgvragen).where(*conditions).order_by(*order, t.zorgvragen.c.id).limit(limit)
    rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return [_from_row(row) for row in rows]


def _fits(wanted: Wanted) -> Conditions:
    care = t.zorgvragen.c.care
    pc4, kinds = care["pc4"].as_string(), care["kinds"].as_string()  # the second is a list, as JSON
    areas = [pc4.between(postcodes.first, postcodes.last) for postcodes in wanted.postcodes]
    asked = [kinds.contains(f'"{kind.value}"') for kind in wanted.kinds]
    spoed = [_IS_SPOED] if wanted.spoed else []
    return tuple(or_(*any_of) for any_of in (areas, asked, spoed) if any_of)


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
