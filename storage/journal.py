"""Who did what, when, to which zorgvraag: the log of NEN 7513 (Staatscourant 2019-38007), kept at least five years.

Never a body, a name or a reason: ids only.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t

_WRITE = insert(t.journal)


class Journal:
    """Append-only, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def write(
        self,
        what: str,
        user_id: str,
        now: datetime,
        *,
        region_id: str | None = None,
        zorgvraag_id: int | None = None,
    ) -> None:
        """`user_id` ("@...", "source:...", "clock", "apply") did `what` ("claim", "claim refused: AlreadyClaimed")."""
        row = {"at": now, "user_id": user_id, "what": what, "region_id": region_id, "zorgvraag_id": zorgvraag_id}
        await self._connection.execute(_WRITE, row)
