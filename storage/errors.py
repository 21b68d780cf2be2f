"""What can be wrong with the database, told apart by SQLite's own codes. Never a statement, never its values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection


class StorageError(Exception):
    """Root of what can be wrong with the database; the text is one line for administrators.

    StorageError
    ├── CannotKeep   it cannot be read or written now: full, locked, read-only, gone. Nothing was kept; later it may be
    └── Unusable     not before somebody mends it: damaged, written by a newer version, not ours
    """


class CannotKeep(StorageError):
    """The database cannot be read or written now. Nothing was kept; the same may succeed later."""


class Unusable(StorageError):
    """This database cannot be worked with; the text says what can be done. It was left as it was."""


# Source: sqlite.org/rescode.html. Any other code is a mistake in our own SQL, which waiting does not mend.
REASONS = {
    sqlite3.SQLITE_BUSY: "another process holds the database",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_LOCKED: "another connection holds the database",
    sqlite3.SQLITE_NOTADB: "the database is damaged",
    sqlite3.SQLITE_PERM: "the database may not be read or written",
    sqlite3.SQLITE_PROTOCOL: "another process holds the database",
    sqlite3.SQLITE_READONLY: "the database cannot be written: it is read-only",
}


@contextmanager
def told_apart() -> Iterator[None]:
    """The database's own troubles become CannotKeep; whatever else is raised inside stays what it is."""
    try:
        yield
    except NoConnection:
        raise CannotKeep("every connection with the database is in use") from None
    except (DBAPIError, sqlite3.Error) as error:
        reason = reason_of(error.orig if isinstance(error, DBAPIError) else error)
        if reason is None:
            raise
        raise CannotKeep(reason) from None


def reason_of(error: BaseException | None) -> str | None:
    """What SQLite means by this error, in words; None when it is no trouble of disk or file."""
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else REASONS.get(extended & 0xFF)
