"""Which letter comes next, and which are told with it. What becomes of them is the outbox's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t

_AHEAD = t.outbox.alias("ahead")
_HEAD = (
    select(_AHEAD.c.id)
    .where(
        _AHEAD.c.done_at.is_(None),
        _AHEAD.c.audience == t.outbox.c.audience,
        _AHEAD.c.address == t.outbox.c.address,
        # one that was tried holds the others up; one that is only for later does not
        or_(_AHEAD.c.not_before <= bindparam("now"), _AHEAD.c.attempts > 0),
    )
    .order_by(_AHEAD.c.priority, _AHEAD.c.id)
    .limit(1)
    .scalar_subquery()
)
# Asked for every word that we say, and made once: making one takes as long as asking it.
_NEXT = (
    select(t.outbox)
    .where(t.outbox.c.done_at.is_(None), t.outbox.c.not_before <= bindparam("now"), t.outbox.c.id == _HEAD)
    .order_by(t.outbox.c.priority, t.outbox.c.id)
    .limit(1)
)

_UNSAID_IN = select(t.outbox).where(t.outbox.c.batch == bindparam("txn_id"), t.outbox.c.event_id.is_(None))


def new_batch() -> str:
    """A transaction id that was never used."""
    return uuid4().hex


async def next_in_line(connection: AsyncConnection, now: datetime) -> Row[Any] | None:
    """The row of the most important letter that heads the queue of its own audience and may be tried at `now`."""
    return (await connection.execute(_NEXT, {"now": now})).one_or_none()


async def unsaid_in(connection: AsyncConnection, txn_id: str) -> Sequence[Row[Any]]:
    """All rows of this batch of which we do not know that they stand in a room, also those that were given up."""
    return (await connection.execute(_UNSAID_IN, {"txn_id": txn_id})).all()


async def told_with(connection: AsyncConnection, first: Row[Any]) -> Sequence[Row[Any]]:
    """All rows of its batch; one that has none gets one now, with the waiting ones that are told with it."""
    if first.batch:
        return [first] if first.merge_key is None else await unsaid_in(connection, first.batch)
    same = t.outbox.c.id == first.id
    if first.merge_key is not None:
        same = (
            (t.outbox.c.merge_key == first.merge_key)
            & (t.outbox.c.audience == first.audience)
            & (t.outbox.c.address == first.address)
        )
    waiting = update(t.outbox).where(same, t.outbox.c.batch.is_(None), t.outbox.c.done_at.is_(None))
    return (await connection.execute(waiting.values(batch=new_batch()).returning(*t.outbox.c))).all()
