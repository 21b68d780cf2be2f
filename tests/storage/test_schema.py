"""The schema: migrations and tables say the same, and moments come back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import StatementError

from storage.seal import Seal
from storage.tables import metadata
from storage.work import Store, open_store
from tests.storage.shelf import NOW, opened


async def test_the_migrations_give_exactly_the_tables(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async with store._engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_partial_indexes_cover_only_what_waits(store: Store) -> None:
    """Alembic does not compare the condition of an index, so this test does."""
    async with store._engine.connect() as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'outbox' AND sql LIKE '%WHERE done_at IS NULL'"
        names = {row.name for row in await connection.execute(text(query))}
    declared = metadata.tables["outbox"].indexes
    assert names == {index.name for index in declared if index.dialect_options["sqlite"]["where"] is not None}
    assert len(names) == 3


async def test_opening_a_database_twice_changes_nothing(store: Store, file: Path, seal: Seal) -> None:
    await opened(store)
    again = await open_store(file, seal)
    async with again.look() as work:
        assert len(await work.zorgvragen.open_in("noord")) == 1
    await again.close()


async def test_answers_survive_a_power_cut_because_every_connection_is_told_so(store: Store) -> None:
    """Whoever writes and whoever reads meanwhile have connections of their own; FULL is 2."""
    async with store.work() as writing, store.look() as reading, store.look() as reading_too:
        for work in (writing, reading, reading_too):
            pragmas = [
                (await work.inbox._connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert pragmas == ["wal", 2, 1]


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=45))])
async def test_a_moment_comes_back_as_the_same_moment_in_utc(store: Store, zone: timezone) -> None:
    moment = datetime(2026, 10, 25, 2, 30, 1, 234_567, tzinfo=zone)
    zorgvraag = await opened(store, moment)
    async with store.look() as work:
        found = await work.zorgvragen.get(zorgvraag.id)
    assert found.submitted_at == moment
    assert found.submitted_at.utcoffset() == timedelta(0)


async def test_a_moment_without_a_zone_is_refused_rather_than_guessed(store: Store) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await opened(store, NOW.replace(tzinfo=None))
