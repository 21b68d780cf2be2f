"""One transaction: `async with store.work() as work`. Commits when the block ends well, rolls back when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.agenda import Agenda
from storage.audit import Audit
from storage.capacity import Lights
from storage.contacts import Contacts
from storage.errors import CannotKeep as CannotKeep
from storage.errors import told_apart
from storage.happened import Happened
from storage.inbox import Inbox
from storage.journal import Journal
from storage.one_visit import Connection
from storage.outbox import Outbox
from storage.people import People
from storage.references import References
from storage.rooms import RoomBook
from storage.schema import Guard, bring_up_to_date, forget_old_copies
from storage.seal import Seal
from storage.tallies import Tallies
from storage.zorgvragen import Zorgvragen

PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Work:
    """What one transaction can reach; each part is a noun of its own file."""

    people: People
    zorgvragen: Zorgvragen
    happened: Happened
    contacts: Contacts
    references: References
    lights: Lights
    agenda: Agenda
    rooms: RoomBook
    inbox: Inbox
    outbox: Outbox
    journal: Journal
    tallies: Tallies
    audit: Audit


class Store:
    """The database. SQLite with write-ahead log and full durability: what was answered survives a power cut."""

    def __init__(self, engine: AsyncEngine, seal: Seal, file: Path) -> None:
        self._file = file
        self._engine = engine
        self._seal = seal
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A transaction that may write. One at a time: SQLite has one writer, and waiting here is cheaper.

        Raises CannotKeep.
        """
        with told_apart():
            async with self._writer, self._engine.begin() as connection:
                yield self._parts(connection)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Work]:
        """The same, for reading only: whatever it does is rolled back. Raises CannotKeep."""
        with told_apart():
            async with self._engine.connect() as connection:
                await connection.execution_options(schakelbot_reads=True)
                yield self._parts(connection)
                await connection.rollback()

    async def tidy(self, now: datetime) -> None:
        """Remove copies of the database from before an update that are too old to go back to."""
        await asyncio.to_thread(forget_old_copies, self._file, now)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()

    def _parts(self, connection: AsyncConnection) -> Work:
        return Work(
            people=People(connection),
            zorgvragen=Zorgvragen(connection),
            happened=Happened(connection),
            contacts=Contacts(connection, self._seal),
            references=References(connection),
            lights=Lights(connection),
            agenda=Agenda(connection),
            rooms=RoomBook(connection),
            inbox=Inbox(connection),
            outbox=Outbox(connection, self._seal),
            journal=Journal(connection),
            tallies=Tallies(connection),
            audit=Audit(connection),
        )


async def open_store(file: Path, seal: Seal, *, patience: float = PATIENCE, guard: Guard = nullcontext) -> Store:
    """The database in `file`, created or migrated to today's schema first.

    `patience` is how many seconds to wait for another process that holds it. Whoever may not be alone with the
    database gives the `guard` that is held while its schema changes. Raises StorageError, what `guard` raises, or
    WrongKey when what lies sealed in it is not sealed with this key.
    """
    await asyncio.to_thread(bring_up_to_date, file, patience=patience, guard=guard)
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=lambda: Connection(file, patience),
        poolclass=AsyncAdaptedQueuePool,
        hide_parameters=True,
        pool_reset_on_return=None,  # `work` and `look` end every transaction themselves
    )
    event.listen(engine.sync_engine, "connect", _set_up_connection)
    event.listen(engine.sync_engine, "begin", _begin)
    store = Store(engine, seal, file)
    try:
        async with store.look() as work:
            await work.contacts.try_key()
    except BaseException:
        await store.close()
        raise
    return store


def _set_up_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    """Take the write lock at the start: a transaction that reads first must not fail halfway."""
    reads = connection.get_execution_options().get("schakelbot_reads", False)
    connection.connection.driver_connection.begin("BEGIN" if reads else "BEGIN IMMEDIATE")
