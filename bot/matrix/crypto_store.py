"""The crypto database: nio's table for the account, and our own beside it in the same file.

One file, one connection: what belongs together is written in one transaction. No secrets in the clear and no clock.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nio.crypto.sessions import derive_pickle_key
from nio.store import SqliteStore
from nio.store.database import SqliteDatabase
from peewee import DatabaseError  # type: ignore[import-untyped]  # ships no types

from bot.chat import NotKept
from storage.errors import Unusable, reason_of

TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pins (user_id TEXT PRIMARY KEY, master TEXT NOT NULL, reported TEXT) STRICT;
CREATE TABLE IF NOT EXISTS accepted (user_id TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS room_keys (
    room_id TEXT NOT NULL, session_id TEXT NOT NULL, sender_key TEXT NOT NULL, fp_key TEXT NOT NULL,
    pickle TEXT NOT NULL, PRIMARY KEY (room_id, session_id, sender_key)) STRICT;
CREATE INDEX IF NOT EXISTS room_keys_by_sender ON room_keys (sender_key);
CREATE TABLE IF NOT EXISTS outbound (
    room_id TEXT PRIMARY KEY, pickle TEXT NOT NULL, born_ms INTEGER NOT NULL, messages INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS shares (
    session_id TEXT NOT NULL, user_id TEXT NOT NULL, device_id TEXT NOT NULL, device_key TEXT NOT NULL,
    withheld INTEGER NOT NULL, PRIMARY KEY (session_id, user_id, device_id)) STRICT;
CREATE TABLE IF NOT EXISTS read_positions (
    session_id TEXT NOT NULL, sender_key TEXT NOT NULL, position INTEGER NOT NULL, event_id TEXT NOT NULL,
    PRIMARY KEY (session_id, sender_key, position)) STRICT;
CREATE TABLE IF NOT EXISTS olm (
    number INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, curve25519 TEXT NOT NULL,
    session_id TEXT NOT NULL, pickle TEXT NOT NULL, UNIQUE (user_id, curve25519, session_id)) STRICT;
CREATE TABLE IF NOT EXISTS olm_seen (number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT UNIQUE NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS waiting (
    event_id TEXT PRIMARY KEY, room_id TEXT NOT NULL, sender TEXT NOT NULL, event TEXT NOT NULL,
    since_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS invitations (
    room_id TEXT PRIMARY KEY, inviter TEXT NOT NULL, direct INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS moves (
    successor TEXT PRIMARY KEY, room_id TEXT NOT NULL, event_id TEXT NOT NULL, sender TEXT NOT NULL,
    at_ms INTEGER NOT NULL) STRICT;
"""


class StoreError(NotKept):
    """The crypto database cannot be read or written now: the disk is full, or somebody else holds it."""


class CryptoStore(SqliteStore):  # type: ignore[misc]  # nio ships no types
    """nio's store, durable, with a `batch()`, and with tables in which nobody can overwrite what is another's.

    nio keeps received room keys by session id alone and lets a later sender of the same id replace the pickle of an
    earlier one, and it keeps Olm sessions by an identity key that anyone may call their own. Here it is part of the
    key whose they are.
    """

    def __init__(self, user_id: str, device_id: str, directory: Path, pickle_key: str) -> None:
        file = directory / "crypto.db"
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))  # before SQLite makes it with another mode
        try:
            super().__init__(user_id, device_id, str(directory), pickle_key=pickle_key, database_name=file.name)
            for statement in TABLES.split(";\n"):
                self.run(statement)
            sound = self.rows("PRAGMA quick_check(1)") == [("ok",)]
        except (DatabaseError, StoreError) as error:
            raise Unusable(f"{file}: {_reason(error)}") from None
        if not sound:
            raise Unusable(f"{file}: the database is damaged: stop the bot, keep the file, and restore a backup")
        self.pickle_bytes: bytes = derive_pickle_key(pickle_key)

    def _create_database(self) -> Any:
        # synchronous=FULL: a ratchet that a power cut turns back would encrypt two messages with one key.
        pragmas = {"foreign_keys": 1, "secure_delete": 1, "journal_mode": "wal", "synchronous": "full"}
        return SqliteDatabase(self.database_path, pragmas=pragmas)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """All that is written inside becomes one transaction. Never await inside: others write here as well.

        Raises StoreError, as all methods do.
        """
        with _told_apart(), self.database.atomic():
            yield

    def run(self, statement: str, *values: object) -> None:
        """Execute one statement of SQL: outside a batch, a transaction by itself."""
        with _told_apart():
            self.database.execute_sql(statement, values)

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute one statement for many rows, in one transaction."""
        with self.batch():
            for row in rows:
                self.database.execute_sql(statement, row)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with _told_apart():
            return list(self.database.execute_sql(query, values).fetchall())

    def fact(self, name: str) -> str | None:
        """One small remembered thing, or None."""
        found = self.rows("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else None

    def remember(self, name: str, value: str) -> None:
        """Keep one small thing under its name."""
        self.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def close(self) -> None:
        """Close the file."""
        self.database.close()


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise StoreError(f"the crypto store: {_reason(error)}") from error


def _reason(error: BaseException | None) -> str:
    """What is wrong, in words. peewee wraps SQLite's own error, which knows, and we wrap peewee's."""
    while error is not None:
        known = reason_of(error)
        if known is not None:
            return known
        error = error.__context__
    return "an error that SQLite has no name for"
