"""What other systems sent, under their own references: the same reference never gives a second zorgvraag."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables as t


@dataclass(frozen=True)
class Reference:
    """Under which reference a source sent what (`fingerprint` of the body), and what it became."""

    fingerprint: str
    zorgvraag_id: int


class References:
    """The references of all sources, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, source: str, reference: str) -> Reference | None:
        """What `source` sent under this reference before."""
        query = select(t.references.c.fingerprint, t.references.c.zorgvraag_id).where(
            t.references.c.source == source, t.references.c.reference == reference
        )
        row = (await self._connection.execute(query)).one_or_none()
        return row and Reference(row.fingerprint, row.zorgvraag_id)

    async def keep(self, source: str, reference: str, known: Reference) -> None:
        """Remember it. Raises sqlalchemy.exc.IntegrityError for a reference that is known already."""
        await self._connection.execute(
            insert(t.references).values(
                source=source,
                reference=reference,
                fingerprint=known.fingerprint,
                zorgvraag_id=known.zorgvraag_id,
            )
        )
