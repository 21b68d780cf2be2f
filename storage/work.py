"""One transaction: `async with store.work() as work`. Commits when the block ends well, rolls back when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.agenda import Agenda
from storage.capacity import Lights
from storage.contacts import Contacts
from storage.inbox import Inbox
from storage.journal import Journal
from storage.outbox import Outbox
from storage.people import People
from storage.references import References
from storage.rooms import RoomBook
from storage.schema import bring_up_to_date
from storage.seal import Seal
from storage.zorgvragen import Zorgvragen


class CannotKeep(Exception):
    """The database cannot be read or written now: locked, full or gone. Nothing was kept; later it may be."""


@dataclass(frozen=True)
class Work:
    """What one transaction can reach; each part is a noun of its own file."""

    people: People
    zorgvragen: Zorgvragen
    contacts: Contacts
    references: References
    lights: Lights
    agenda: Agenda
    rooms: RoomBook
    inbox: Inbox
    outbox: Outbox
    journal: Journal


class Store:
    """The database. SQLite with write-ahead log and full durability: what was answered survives a power cut."""

    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self._engine = engine
        self._seal = seal
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A transaction that may write. One at a time: SQLite has one writer, and waiting here is cheaper.

        Raises CannotKeep.
        """
        with _told_apart():
            async with self._writer, self._engine.begin() as connection:
                yield self._parts(connection)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """The same, for reading only: whatever it does is rolled back. Raises CannotKeep."""
        with _told_apart():
            async with self._engine.connect() as connection:
                await connection.execution_options(schakelbot_reads=True)
                yield self._parts(connection)
                await connection.rollback()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()

    def _parts(self, connection: AsyncConnection) -> Work:
        return Work(
            people=People(connection),
            zorgvragen=Zorgvragen(connection),
            contacts=Contacts(connection, self._seal),
            references=References(connection),
            lights=Lights(connection),
            agenda=Agenda(connection),
            rooms=RoomBook(connection),
            inbox=Inbox(connection),
            outbox=Outbox(connection, self._seal),
            journal=Journal(connection),
        )


async def open_store(file: Path, seal: Seal) -> Store:
    """The database in `file`, created or migrated to today's schema first."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}", connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _set_up_connection)
    event.listen(engine.sync_engine, "begin", _begin)
    await bring_up_to_date(engine)
    return Store(engine, seal)


@contextmanager
def _told_apart() -> Iterator[None]:
    """The database's own troubles, in a word that the other rooms may know; never with the values of a statement."""
    try:
        yield
    except (OperationalError, NoConnection):
        raise CannotKeep("the database cannot be read or written now") from None


def _set_up_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    """Take the write lock at the start: a transaction that reads first must not fail halfway."""
    reads = connection.get_execution_options().get("schakelbot_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
