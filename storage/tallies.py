"""Counting what is stored, for whoever watches over the bot: numbers only, never who or what.

What cannot change any more is counted once: whoever counts again gives the sums of the last time, and is given those
of now. No row of journal or outbox is ever removed, and a new one has the highest id. So what counting costs grows with
what came since the last time, and with the letters since the oldest one that waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t

OPENS, CLAIMS = ("zorgvraag", "vrijgeven", "heropenen"), "oppakken"  # as the journal calls them


@dataclass(frozen=True)
class Waits:
    """Of all claims: how many came `within` each of the bounds that were asked for, how many there are, and the sum."""

    within: tuple[int, ...]
    count: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Done:
    """How often each thing was done or refused, and how long zorgvragen waited, in the journal as far as `upto`."""

    waits: Waits
    times: Mapping[str, int] = field(default_factory=dict)
    upto: int = 0


@dataclass(frozen=True)
class Said:
    """How the letters as far as `upto` ended, none of which waits, and how often one of them was tried again.

    An outcome is "sent" (also what was erased later), "needless", or an error's code.
    """

    outcomes: Mapping[str, int] = field(default_factory=dict)
    retries: int = 0
    upto: int = 0


class Tallies:
    """Totals over all regions, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def done(self, before: Done, bounds: Sequence[float]) -> Done:
        """What was done since the database was made; `before` is what this gave earlier, with the same bounds.

        `bounds` are in seconds.
        """
        journal = t.journal.c
        fresh = select(journal.what, func.count().label("times"), func.max(journal.id).label("last"))
        rows = (await self._connection.execute(fresh.where(journal.id > before.upto).group_by(journal.what))).all()
        if not rows:
            return before
        waits = await self._waits(before.upto, bounds)
        within = tuple(map(sum, zip(before.waits.within, waits.within, strict=True)))
        seconds = round(before.waits.seconds + waits.seconds, 3)
        return Done(
            Waits(within, before.waits.count + waits.count, seconds),
            Counter(before.times) + Counter({row.what: row.times for row in rows}),
            max(row.last for row in rows),
        )

    async def states(self) -> dict[str, int]:
        """How many zorgvragen there are in each state."""
        query = select(t.zorgvragen.c.state, func.count()).group_by(t.zorgvragen.c.state)
        return {row[0]: row[1] for row in (await self._connection.execute(query)).all()}

    async def settled(self, before: Said) -> Said:
        """All letters before the first one that waits; `before` is what this gave earlier."""
        # Two aggregates, because the lowest id alone would be looked for from the first row on.
        waiting = select(func.min(t.outbox.c.id), func.count()).where(t.outbox.c.done_at.is_(None))
        first: int | None = (await self._connection.execute(waiting)).one()[0]
        newest = await self._connection.execute(select(func.coalesce(func.max(t.outbox.c.id), 0)))
        upto: int = newest.scalar_one() if first is None else first - 1
        fresh, _ = await self._said(t.outbox.c.id > before.upto, t.outbox.c.id <= upto)
        return Said(Counter(before.outcomes) + Counter(fresh.outcomes), before.retries + fresh.retries, upto)

    async def letters(self, settled: Said) -> tuple[Said, int]:
        """All letters, those that wait among the retries, and how many wait; `settled` is what that gave just now."""
        rest, waiting = await self._said(t.outbox.c.id > settled.upto)
        outcomes = Counter(settled.outcomes) + Counter(rest.outcomes)
        return Said(outcomes, settled.retries + rest.retries, settled.upto), waiting

    async def _said(self, *where: ColumnElement[bool]) -> tuple[Said, int]:
        outcome = case((t.outbox.c.outcome == "erased", "sent"), else_=t.outbox.c.outcome).label("outcome")
        sums = select(outcome, func.count().label("letters"), func.sum(t.outbox.c.attempts).label("retries"))
        rows = (await self._connection.execute(sums.where(*where).group_by(outcome))).all()
        ended: dict[str | None, int] = {row.outcome: row.letters for row in rows}
        waiting = ended.pop(None, 0)
        return Said({str(how): n for how, n in ended.items()}, sum(row.retries for row in rows)), waiting

    async def _waits(self, after: int, bounds: Sequence[float]) -> Waits:
        """From opening (or opening again) to claim, of the claims in the journal after this row.

        Counted by the database: nobody waits while years of claims become objects.
        """
        claim, earlier = t.journal.alias("claim"), t.journal.alias("earlier")
        same = earlier.c.zorgvraag_id == claim.c.zorgvraag_id
        opened = (
            select(func.julianday(earlier.c.at))
            .where(same, earlier.c.id < claim.c.id, earlier.c.what.in_((*OPENS, CLAIMS)))
            .order_by(earlier.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        days = func.julianday(claim.c.at) - opened
        steps = (
            select(func.max(func.round(days * 86400, 3), 0.0).label("seconds"))
            .where(claim.c.id > after, claim.c.what == CLAIMS)
            .cte("steps")
            .prefix_with("MATERIALIZED")  # else each bound looks for the opening again
        )
        seconds = steps.c.seconds
        counted = [func.count().filter(seconds <= bound) for bound in bounds]
        query = select(*counted, func.count(), func.coalesce(func.sum(seconds), 0.0)).where(seconds.is_not(None))
        *within, count, total = (await self._connection.execute(query)).one()
        return Waits(tuple(within), count, total)
