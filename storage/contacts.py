"""Who the clients are: sealed rows, opened for the claimant alone. Nothing lies here in the clear."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.care import Contact
from storage import tables as t
from storage.codec import from_json, to_json
from storage.seal import Seal, WrongKey

_SEALED = select(t.contacts.c.sealed).where(t.contacts.c.zorgvraag_id == bindparam("zorgvraag_id"))


class Contacts:
    """The sealed contact details of zorgvragen, within one transaction."""

    def __init__(self, connection: AsyncConnection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    async def keep(self, zorgvraag_id: int, contact: Contact) -> None:
        """Seal the client's details away."""
        sealed = self._seal.close_json(to_json(Contact, contact))
        await self._connection.execute(insert(t.contacts).values(zorgvraag_id=zorgvraag_id, sealed=sealed))

    async def has(self, zorgvraag_id: int) -> bool:
        """True when details lie sealed for its claimant."""
        return await self._sealed(zorgvraag_id) is not None

    async def of(self, zorgvraag_id: int) -> Contact | None:
        """The client's details, unsealed; None when none were given or they are gone. Raises WrongKey."""
        sealed = await self._sealed(zorgvraag_id)
        return None if sealed is None else from_json(Contact, self._seal.open_json(sealed))

    async def forget(self, zorgvraag_id: int) -> None:
        """Nobody needs them any more."""
        await self._connection.execute(delete(t.contacts).where(t.contacts.c.zorgvraag_id == zorgvraag_id))

    async def try_key(self) -> None:
        """Open the oldest and the newest details there are. Raises WrongKey."""
        ends = select(func.min(t.contacts.c.zorgvraag_id)).union_all(select(func.max(t.contacts.c.zorgvraag_id)))
        query = select(t.contacts.c.sealed).where(t.contacts.c.zorgvraag_id.in_(ends))
        try:
            for sealed in (await self._connection.execute(query)).scalars():
                self._seal.open(sealed)
        except WrongKey:
            raise WrongKey("the details of clients in the database were sealed with another key") from None

    async def _sealed(self, zorgvraag_id: int) -> bytes | None:
        found = await self._connection.execute(_SEALED, {"zorgvraag_id": zorgvraag_id})
        sealed: bytes | None = found.scalar_one_or_none()
        return sealed
