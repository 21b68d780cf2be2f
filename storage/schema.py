"""Bringing a database of any age to today's schema, with Alembic; before anything changes, a copy is put aside."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, NullPool, create_engine, event, inspect

from storage.copies import copy, flush, refuse_damaged
from storage.errors import StorageError, Unusable, told_apart

MIGRATIONS = Path(__file__).parent / "migrations"
KEPT = 3  # copies from before a migration
KEPT_FOR = timedelta(days=14)  # long enough to want the older version back; a copy holds what is erased meanwhile

Guard = Callable[[], AbstractContextManager[None]]


def address(driver: str, file: Path) -> URL:
    """Where SQLAlchemy finds the database; a file that is not there is never made by connecting to it."""
    return URL.create(driver, database=file.absolute().as_uri(), query={"mode": "rw", "uri": "true"})


def bring_up_to_date(file: Path, *, patience: float, migrations: Path = MIGRATIONS, guard: Guard = nullcontext) -> None:
    """Make the database in `file`, or run every migration that it has not seen: all of them or none.

    A database with something in it is first copied to `<file>.before-<migration>`; the newest three copies stay.
    `patience` is how many seconds to wait for another process. `guard` is held while a database is made or migrated,
    and not when there is nothing to do. Raises StorageError, or what `guard` raises; the database is then as it was.
    """
    try:
        with told_apart():
            _make(file)
            with closing(sqlite3.connect(file, timeout=patience)) as connection:
                refuse_damaged(connection)
            with _alone(file, patience) as alone:
                _upgrade(alone, file, migrations, guard)
    except OSError as error:
        raise Unusable(f"{file}: the database cannot be made or copied: {error.strerror}") from None
    except StorageError as error:
        raise type(error)(f"{file}: {error}") from None


def _make(file: Path) -> None:
    """An empty file that only we may read, if there is none; SQLite would let others read it."""
    os.close(os.open(file, os.O_RDONLY | os.O_CREAT, 0o600))


@contextmanager
def _alone(file: Path, patience: float) -> Iterator[Connection]:
    """One transaction that nobody writes beside, without foreign keys.

    Rebuilding a table drops the old one, and with foreign keys on that empties the tables that hang on it. SQLite
    can switch them off only before a transaction. Source: sqlite.org/lang_altertable.html, "Making Other Kinds Of
    Table Schema Changes".
    """
    engine = create_engine(
        address("sqlite", file), poolclass=NullPool, connect_args={"timeout": patience}, hide_parameters=True
    )
    event.listen(engine, "connect", _without_foreign_keys)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        yield connection


def _without_foreign_keys(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin or end transactions behind our back
    connection.execute("PRAGMA foreign_keys=OFF")


def _upgrade(connection: Connection, file: Path, migrations: Path, guard: Guard) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in scripts.walk_revisions()][::-1]
    _refuse_strange(connection, present, known)
    coming = known[known.index(present) + 1 :] if present else known
    if present:
        # It changes nothing; but where BEGIN IMMEDIATE takes a read-only file for good, this does not.
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num WHERE 0")
    if not coming:
        return
    with guard():
        if present:
            _put_aside(file, coming[0])
        _migrate(connection, config, known[-1])


def _migrate(connection: Connection, config: Config, newest: str) -> None:
    try:
        with told_apart():
            command.upgrade(config, "head")
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise Unusable("a migration left rows that point nowhere")
    except StorageError:
        raise
    except Exception as error:  # whatever a migration raises, nothing of it was kept
        raise Unusable(
            f"schema {newest} could not be reached ({type(error).__name__}); the database is as it was"
        ) from error


def _refuse_strange(connection: Connection, present: str | None, known: list[str]) -> None:
    if present is None and inspect(connection).get_table_names():
        raise Unusable("this is not a database of Schakelbot")
    if present is not None and present not in known:
        raise Unusable(
            f"a newer Schakelbot wrote this database (schema {present}; this one knows up to {known[-1]}):"
            " install the newer one, or restore a backup"
        )


def _put_aside(file: Path, migration: str) -> None:
    """Keep the database as it is, durably, under a name of its own; one of an earlier attempt is replaced."""
    aside = file.with_name(f"{file.name}.before-{migration}")
    fresh = aside.with_name(f"{aside.name}.new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        copy(connection, fresh)
    fresh.replace(aside)
    flush(file.parent)
    for old in _aside(file)[:-KEPT]:
        old.unlink()


def forget_old_copies(file: Path, now: datetime) -> None:
    """Remove the copies that were put aside more than two weeks before `now`: they hold what was erased since.

    What cannot be removed now can be at the next time.
    """
    with suppress(OSError):
        for old in _aside(file):
            if old.stat().st_mtime < (now - KEPT_FOR).timestamp():
                old.unlink()


def _aside(file: Path) -> list[Path]:
    return sorted(file.parent.glob(f"{file.name}.before-[0-9]*[0-9]"))
