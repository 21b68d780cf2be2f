"""What is still to be said. A letter holds a kind and ids; what it says is looked up when it is said.

A letter waits (`done_at` is empty), is in a batch (which fixes its transaction id) at the latest when it is taken, and
ends as "sent" or with the code of the error that made it undeliverable. Sent letters stay: through them a reply or a
reaction finds its zorgvraag.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Update, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.announcements import Opened, Post, PostChanged, Priority, Superseded
from domain.audience import Audience, Room
from domain.refusals import NotUnderstood, Refusal
from storage import tables as t
from storage.codec import from_json, to_json
from storage.letters import AUDIENCES, KINDS, OFFERS, POSTS, WORDLESS, Batch, Letter, Message, Sent
from storage.seal import Seal, WrongKey
from storage.taking import new_batch, next_in_line, told_with, unsaid_in

_PUT = insert(t.outbox)
_WAITS = t.outbox.c.done_at.is_(None)
# Asked for every word that we say, and made once: making one takes as long as asking it.
_NEWEST_POST = (
    select(t.outbox.c.room_id, t.outbox.c.event_id)
    .where(
        t.outbox.c.zorgvraag_id == bindparam("its_id"),
        t.outbox.c.kind.in_(POSTS),
        t.outbox.c.event_id.is_not(None),
    )
    .order_by(t.outbox.c.id.desc())
    .limit(1)
)
_SAID = update(t.outbox).where(t.outbox.c.batch == bindparam("txn_id"), t.outbox.c.event_id.is_(None))
_ENDED = update(t.outbox).where(t.outbox.c.batch == bindparam("txn_id"), _WAITS)


class Outbox:
    """All letters, within one transaction."""

    def __init__(self, connection: AsyncConnection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    async def put(
        self,
        audience: Audience,
        message: Message,
        now: datetime,
        *,
        region_id: str | None = None,
        asked_by: str | None = None,
        reply_to: str | None = None,
        secret: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Say `message` to `audience`, as soon as may be. `secret` is kept sealed, and only until it was said."""
        (address,) = vars(audience).values()
        row = {
            "audience": type(audience).__name__,
            "address": address,
            "region_id": region_id or getattr(audience, "region_id", None),
            "kind": type(message).__name__,
            "facts": to_json(type(message), message),
            "sealed": None if secret is None else self._seal.close(secret.encode()),
            "priority": Priority.ANSWER if isinstance(message, Refusal) else message.priority,
            "merge_key": message.merge_key(),
            "zorgvraag_id": getattr(message, "zorgvraag_id", None),
            "asked_by": asked_by,
            "reply_to": reply_to,
            # What is told by itself has its transaction id now, so that nothing has to be written before it is said.
            "batch": None if message.merge_key() else new_batch(),
            "created_at": now,
            "not_before": not_before or now,
            "attempts": 0,
        }
        await self._connection.execute(_PUT, row)

    async def take(self, now: datetime) -> Batch | None:
        """What is to be said next: the most important letter, with all that merge into it; None: nothing now.

        Within one audience order is kept: while its first letter waits for another try, so do the others. One that
        cannot be read, since another version wrote it, ends here and holds up nobody.
        """
        while (first := await next_in_line(self._connection, now)) is not None:
            rows = await told_with(self._connection, first)
            try:
                return self._batch(rows)
            except (KeyError, ValueError, WrongKey):
                await self._end(_ENDED, rows[0].batch, now, "unreadable")
        return None

    async def arrived(self, txn_id: str, event: Sent, now: datetime) -> Sequence[Letter]:
        """We heard it in the room ourselves: what waits for its answer need not. Returns what we had given up."""
        rows = await unsaid_in(self._connection, txn_id)
        if not rows:
            return ()
        batch = self._batch(rows)
        await self.sent(batch, event, now)
        given_up = {row.id for row in rows if row.done_at is not None}
        return [letter for letter in batch.letters if letter.id in given_up]

    async def sent(self, batch: Batch, event: Sent, now: datetime) -> None:
        """It stands in the room. An older post of the same zorgvraag will be made to point to a new one."""
        latest = batch.letters[-1]
        older = await self.newest_post(latest.zorgvraag_id) if latest.zorgvraag_id is not None else None
        row = {"room_id": event.room_id, "event_id": event.event_id, **_cleared(batch)}
        posted = any(isinstance(letter.message, Post) for letter in batch.letters)
        if event.anew and not posted and isinstance(latest.message, PostChanged):  # it is the post from now on
            row |= {"kind": Opened.__name__, "facts": to_json(Opened, Opened(latest.message.zorgvraag_id))}
        if not await self._end(_SAID, batch.txn_id, now, "sent", **row):
            return  # we heard it in the room before its answer came
        if posted and older is not None and latest.zorgvraag_id is not None:
            newest = await self.newest_post(latest.zorgvraag_id)
            old = event if newest == older else older  # what was given up may be heard after a newer one
            note = Superseded(latest.zorgvraag_id, old.event_id)
            await self.put(Room(old.room_id), note, now, region_id=latest.region_id)

    async def gave_up(self, batch: Batch, code: str, now: datetime) -> None:
        """It can never be said; `code` says why."""
        await self._end(_ENDED, batch.txn_id, now, code, **_cleared(batch))

    async def postpone(self, batch: Batch, until: datetime) -> None:
        """Not now: try again at `until`, under the same transaction id."""
        await self._connection.execute(
            update(t.outbox)
            .where(t.outbox.c.batch == batch.txn_id)
            .values(not_before=until, attempts=t.outbox.c.attempts + 1)
        )

    async def hurry(self, now: datetime) -> None:
        """The homeserver is back: what was tried before is tried again at once."""
        await self._connection.execute(update(t.outbox).where(_WAITS, t.outbox.c.attempts > 0).values(not_before=now))

    async def bring_forward(self, now: datetime, latest: datetime) -> None:
        """The clock was put back: nothing waits until after `latest`."""
        await self._connection.execute(
            update(t.outbox).where(_WAITS, t.outbox.c.not_before > latest).values(not_before=now)
        )

    async def newest_post(self, zorgvraag_id: int) -> Sent | None:
        """The message in the region's room that stands for the zorgvraag now."""
        row = (await self._connection.execute(_NEWEST_POST, {"its_id": zorgvraag_id})).one_or_none()
        return row and Sent(row.room_id, row.event_id)

    async def said_about(self, zorgvraag_id: int, kind: type[Message] | None = None) -> list[Sent]:
        """Everything that we said about the zorgvraag in any room, edits included, or one kind of it; oldest first."""
        query = (
            select(t.outbox.c.room_id, t.outbox.c.event_id)
            .where(t.outbox.c.zorgvraag_id == zorgvraag_id, t.outbox.c.event_id.is_not(None))
            .group_by(t.outbox.c.room_id, t.outbox.c.event_id)
            .order_by(func.min(t.outbox.c.id))
        )
        if kind is not None:
            query = query.where(t.outbox.c.kind == kind.__name__)
        return [Sent(row.room_id, row.event_id) for row in (await self._connection.execute(query)).all()]

    async def forget_facts(self, zorgvraag_id: int) -> None:
        """Drop the facts, reasons among them, of every letter about it that was told; where it stood stays known."""
        told = (t.outbox.c.zorgvraag_id == zorgvraag_id, t.outbox.c.done_at.is_not(None))
        await self._connection.execute(update(t.outbox).where(*told).values(facts={}))

    async def take_old_lists(self, region_id: str, said_before: datetime, limit: int) -> list[Sent]:
        """Lists, digests and answers about no single zorgvraag, said long ago; each is handed out once."""
        query = (
            select(t.outbox.c.id, t.outbox.c.room_id, t.outbox.c.event_id)
            .where(
                t.outbox.c.region_id == region_id,
                t.outbox.c.zorgvraag_id.is_(None),
                t.outbox.c.outcome == "sent",
                t.outbox.c.done_at < said_before,
                t.outbox.c.kind.not_in(WORDLESS),
            )
            .limit(limit)
        )
        rows = (await self._connection.execute(query)).all()
        ids = [row.id for row in rows]
        await self._connection.execute(update(t.outbox).where(t.outbox.c.id.in_(ids)).values(outcome="erased"))
        return [Sent(row.room_id, row.event_id) for row in rows]

    async def zorgvraag_at(self, event_id: str) -> int | None:
        """Which zorgvraag our event is about; None for somebody else's event, or about something else."""
        query = select(t.outbox.c.zorgvraag_id).where(t.outbox.c.event_id == event_id).limit(1)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def is_offer(self, event_id: str) -> bool:
        """Whether our event is one under which its zorgvraag may be taken; False for a notice of what became of it."""
        query = select(t.outbox.c.id).where(t.outbox.c.event_id == event_id, t.outbox.c.kind.in_(OFFERS)).limit(1)
        return (await self._connection.execute(query)).scalar_one_or_none() is not None

    async def oldest_waiting(self) -> datetime | None:
        """Since when (UTC) the oldest letter waits; None when all was said."""
        query = select(func.min(t.outbox.c.created_at)).where(t.outbox.c.done_at.is_(None))
        oldest: datetime | None = (await self._connection.execute(query)).scalar_one()
        return oldest

    async def _end(self, how: Update, txn_id: str, now: datetime, outcome: str, **row: Any) -> bool:
        """End the letters of a batch, as far as `how` finds them; False when it finds none."""
        done = {"txn_id": txn_id, "done_at": now, "outcome": outcome, "sealed": None, **row}
        return (await self._connection.execute(how, done)).rowcount > 0

    def _batch(self, rows: Sequence[Row[Any]]) -> Batch:
        letters = sorted((self._letter(row) for row in rows), key=lambda letter: letter.id)
        return Batch(rows[0].batch, tuple(letters))

    def _letter(self, row: Row[Any]) -> Letter:
        return Letter(
            id=row.id,
            audience=AUDIENCES[row.audience](row.address),
            region_id=row.region_id,
            message=from_json(KINDS[row.kind], row.facts),
            zorgvraag_id=row.zorgvraag_id,
            asked_by=row.asked_by,
            reply_to=row.reply_to,
            created_at=row.created_at,
            attempts=row.attempts,
            secret=None if row.sealed is None else self._seal.open(row.sealed).decode(),
        )


def _cleared(batch: Batch) -> dict[str, Any]:
    """Words as somebody typed them, one to one perhaps, are dropped when the answer to them was said."""
    return {"facts": {}} if any(isinstance(letter.message, NotUnderstood) for letter in batch.letters) else {}
