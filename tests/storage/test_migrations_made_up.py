"""How any migration is run, shown with made-up ones: copied before, all or nothing, and no table empties another."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.errors import CannotKeep, Unusable
from storage.schema import MIGRATIONS, Guard, bring_up_to_date, forget_old_copies
from storage.work import open_store
from tests.storage.example import SCHEMAS, SEAL
from tests.storage.test_migrations import lay_down

Migrate = Callable[..., None]

REBUILD = 'with op.batch_alter_table("teams", recreate="always") as t: t.add_column(sa.Column("motto", sa.String()))'
HARMLESS = "op.execute('CREATE TABLE fresh (id INTEGER)')"
FAILING = "op.execute('CREATE TABLE fresh (id INTEGER)'); op.execute('DELETE FROM outbox'); op.execute('nonsense')"
DANGLING = "op.execute('DELETE FROM zorgvragen')"
ENDLESS = "op.execute('PRAGMA max_page_count=1'); op.execute('INSERT INTO cursors VALUES (1, hex(zeroblob(99999)))')"


@pytest.fixture
def migrate(tmp_path: Path, file: Path) -> Migrate:
    """Bring the database to a schema with these migrations after 0001."""
    lay_down(SCHEMAS / "0001.sql", file)
    migrations = tmp_path / "migrations"
    ignored = shutil.ignore_patterns("__pycache__", "000[2-9]*")
    shutil.copytree(MIGRATIONS, migrations, ignore=ignored)

    def run(*bodies: str, guard: Guard = nullcontext) -> None:
        for number, body in enumerate(bodies, 2):
            (migrations / "versions" / f"{number:04}_made_up.py").write_text(
                "import sqlalchemy as sa\nfrom alembic import op\n"
                f"revision, down_revision = '{number:04}', '{number - 1:04}'\n"
                f"def upgrade():\n    {body}\n"
            )
        bring_up_to_date(file, patience=0.1, migrations=migrations, guard=guard)

    return run


class SomebodyIsIn(Exception):
    """Another process works with the database."""


def refuse() -> AbstractContextManager[None]:
    """A guard that lets nobody in."""
    raise SomebodyIsIn


def ask(file: Path, query: str) -> list[Any]:
    """All rows."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def contents(file: Path) -> list[str]:
    """The whole database as SQL."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def copies(file: Path) -> list[str]:
    """What lies beside the database."""
    return sorted(one.name.removeprefix(f"{file.name}.") for one in file.parent.glob(f"{file.name}.*"))


def test_the_guard_is_held_only_while_the_schema_changes_and_when_it_refuses_nothing_does(
    migrate: Migrate, file: Path
) -> None:
    """So `apply` of a newer version cannot change the database under a running bot of an older one."""
    before = contents(file)
    with pytest.raises(SomebodyIsIn):
        migrate(HARMLESS, guard=refuse)
    assert contents(file) == before
    assert copies(file) == []
    migrate(HARMLESS)
    migrate(HARMLESS, guard=refuse)  # there is nothing to do any more
    assert ask(file, "SELECT version_num FROM alembic_version") == [("0002",)]


def test_copies_from_before_an_update_go_after_two_weeks(migrate: Migrate, file: Path) -> None:
    """They hold what was erased since."""
    migrate(HARMLESS)
    now = datetime.now(UTC)
    forget_old_copies(file, now + timedelta(days=13))
    assert copies(file) == ["before-0002"]
    forget_old_copies(file, now + timedelta(days=15))
    assert copies(file) == []


def test_rebuilding_a_table_does_not_empty_the_ones_that_hang_on_it(migrate: Migrate, file: Path) -> None:
    """With foreign keys on, SQLite would delete every light when the old teams are dropped."""
    migrate(REBUILD)
    assert ask(file, "SELECT motto FROM teams") == [(None,)]
    assert ask(file, "SELECT count(*) FROM lights") == [(1,)]
    assert ask(file, "PRAGMA foreign_key_check") == []


def test_the_copy_from_before_is_whole_and_readable_by_us_alone(migrate: Migrate, file: Path) -> None:
    before = contents(file)
    migrate(HARMLESS)
    aside = file.with_name("schakelbot.db.before-0002")
    assert contents(aside) == before
    assert aside.stat().st_mode & 0o777 == 0o600
    assert copies(file) == ["before-0002"]


def test_the_copies_of_the_last_three_migrations_stay(migrate: Migrate, file: Path) -> None:
    for number in range(2, 7):
        migrate(*[f"op.execute('CREATE TABLE t{n} (id INTEGER)')" for n in range(2, number + 1)])
    assert copies(file) == ["before-0004", "before-0005", "before-0006"]
    assert ask(file.with_name("schakelbot.db.before-0006"), "SELECT version_num FROM alembic_version") == [("0005",)]


def test_nothing_new_means_no_copy_and_no_change(migrate: Migrate, file: Path) -> None:
    before = file.read_bytes()
    migrate()
    assert copies(file) == []
    assert file.read_bytes() == before


@pytest.mark.parametrize("bodies", [(FAILING,), (HARMLESS, FAILING), (DANGLING,)])
def test_a_failed_migration_leaves_everything_as_it_was_and_may_be_tried_again(
    migrate: Migrate, file: Path, bodies: tuple[str, ...]
) -> None:
    before = contents(file)
    with pytest.raises(Unusable) as told:
        migrate(*bodies)
    assert contents(file) == before
    assert "\n" not in str(told.value)
    assert str(file) in str(told.value)
    migrate(HARMLESS, "pass")
    assert ask(file, "SELECT version_num FROM alembic_version") == [("0003",)]
    assert copies(file) == ["before-0002"]


def test_a_disk_that_fills_up_during_a_migration_leaves_the_old_database(migrate: Migrate, file: Path) -> None:
    before = contents(file)
    with pytest.raises(CannotKeep, match="the disk is full"):
        migrate(ENDLESS)
    assert contents(file) == before


def test_a_database_of_a_newer_version_is_left_alone(migrate: Migrate, file: Path) -> None:
    migrate(HARMLESS)
    before = file.read_bytes()
    with pytest.raises(Unusable, match=r"newer Schakelbot .*schema 0002; this one knows up to 0001"):
        bring_up_to_date(file, patience=0.1)
    assert file.read_bytes() == before


def test_somebody_elses_database_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    before = file.read_bytes()
    with pytest.raises(Unusable, match="not a database of Schakelbot"):
        bring_up_to_date(file, patience=0.1)
    assert file.read_bytes() == before


async def test_a_new_database_is_readable_by_us_alone(file: Path) -> None:
    store = await open_store(file, SEAL)
    async with store.work() as work:
        await work.inbox.move_cursor("sync", "s1")
    modes = {one.name: oct(one.stat().st_mode & 0o777) for one in file.parent.glob(f"{file.name}*")}
    assert set(modes) >= {"schakelbot.db", "schakelbot.db-wal"}
    assert set(modes.values()) == {"0o600"}
    await store.close()
