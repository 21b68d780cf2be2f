"""Whole copies of databases that are in use: of one moment, readable by us alone, on the disk itself on return."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from storage.errors import Unusable, told_apart

PATIENCE = 30.0  # seconds to wait for whoever writes


def refuse_damaged(connection: sqlite3.Connection) -> None:
    """Raise Unusable when the pages of this database do not hang together. It takes about 1.3 s for each GB."""
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        verdict = "malformed"
    if verdict != "ok":
        raise Unusable("the database is damaged: stop the bot, keep the file, and restore a backup")


@contextmanager
def at_one_moment(*files: Path) -> Iterator[tuple[sqlite3.Connection, ...]]:
    """Connections that see all these databases as they were at one moment, whoever writes meanwhile.

    All are locked against writing for the few milliseconds in which every reader begins. Raises CannotKeep.
    """
    with told_apart(), ExitStack() as doors:
        readers = [doors.enter_context(closing(_connect(file))) for file in files]
        with ExitStack() as locks:
            for file in files:
                locks.enter_context(closing(_connect(file))).execute("BEGIN IMMEDIATE")
            for reader in readers:
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only now it has its view
        yield tuple(readers)


def copy(source: sqlite3.Connection, target: Path) -> None:
    """Write all that `source` sees into the new file `target`. Raises CannotKeep, or Unusable when it is damaged."""
    with told_apart():
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # before SQLite chooses a mode
        with closing(sqlite3.connect(target)) as connection:
            source.backup(connection)
            connection.execute("PRAGMA journal_mode=DELETE")  # one file that stands alone
            refuse_damaged(connection)
        flush(target)


def flush(*paths: Path) -> None:
    """Return when these files (or directories: what they are called) cannot be taken back by a power cut."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _connect(file: Path) -> sqlite3.Connection:
    address = f"{file.absolute().as_uri()}?mode=rw"  # never make a file that is not there
    return sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
