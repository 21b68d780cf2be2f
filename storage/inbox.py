"""What was dealt with: the sync cursor, every event id that was handled, and who put which hand under what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t

_SEE = insert(t.seen).on_conflict_do_nothing()


class Inbox:
    """Incoming events that were seen, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_new(self, event_id: str, now: datetime, outcome: str = "done") -> bool:
        """Record the event id; False when it was recorded before, and the event must do nothing again."""
        added = await self._connection.execute(_SEE, {"event_id": event_id, "at": now, "outcome": outcome})
        return added.rowcount == 1

    async def forget_before(self, moment: datetime) -> None:
        """Drop ids so old that no replay can bring them back."""
        await self._connection.execute(delete(t.seen).where(t.seen.c.at < moment))

    async def cursor(self, name: str) -> str | None:
        """Where reading goes on."""
        return (
            await self._connection.execute(select(t.cursors.c.value).where(t.cursors.c.name == name))
        ).scalar_one_or_none()

    async def move_cursor(self, name: str, value: str) -> None:
        """Everything before `value` was dealt with."""
        await self._connection.execute(
            insert(t.cursors)
            .values(name=name, value=value)
            .on_conflict_do_update(index_elements=["name"], set_={"value": value})
        )

    async def keep_hand(self, event_id: str, user_id: str, zorgvraag_id: int) -> None:
        """This reaction claimed that zorgvraag: taking it back gives the zorgvraag back."""
        await self._connection.execute(
            insert(t.reactions)
            .values(event_id=event_id, user_id=user_id, zorgvraag_id=zorgvraag_id)
            .on_conflict_do_nothing()
        )

    async def hand(self, event_id: str) -> tuple[str, int] | None:
        """Who claimed what with this reaction."""
        query = select(t.reactions.c.user_id, t.reactions.c.zorgvraag_id).where(t.reactions.c.event_id == event_id)
        row = (await self._connection.execute(query)).one_or_none()
        return row and (row.user_id, row.zorgvraag_id)
