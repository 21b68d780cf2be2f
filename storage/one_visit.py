"""The way to SQLite: each statement is one visit to the thread in which its connection lives. No schema, no SQL.

The driver's own cursor goes there four times: to be made, to execute, to fetch and to be closed. Those visits are what
a transaction costs, more than its statements. For the same reason its beginning goes along with its first statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiosqlite

CHUNK = 64  # rows that the driver would fetch at a time; we fetch all


class Statement:
    """What SQLAlchemy takes for a cursor: executes one statement, and holds all that came of it."""

    arraysize = 1

    def __init__(self, visit: Callable[..., Awaitable[Any]]) -> None:
        self._visit = visit
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        """Run it and fetch its rows. Raises sqlite3.Error."""
        return await self._run(sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> Self:
        """Run it once for each of the parameters. Raises sqlite3.Error."""
        return await self._run(sqlite3.Cursor.executemany, sql, parameters)

    async def fetchall(self) -> list[Any]:
        """All rows that there were."""
        return self._rows

    async def close(self) -> None:
        """Nothing to do: it was closed in the same visit."""

    async def _run(self, how: Callable[..., Any], sql: str, parameters: Any) -> Self:
        self._rows, self.description, self.rowcount, self.lastrowid = await self._visit(how, sql, parameters)
        return self


class Connection(aiosqlite.Connection):
    """One connection to a database that is there, in a thread that does not keep the process alive."""

    def __init__(self, file: Path, patience: float) -> None:
        uri = f"{file.absolute().as_uri()}?mode=rw"
        # SQLAlchemy sets the isolation level from outside the thread.
        connect = partial(sqlite3.connect, uri, uri=True, timeout=patience, check_same_thread=False)
        super().__init__(connect, CHUNK)
        self._thread.daemon = True
        self._opening: str | None = None

    def cursor(self) -> Statement:  # type: ignore[override]  # all that SQLAlchemy asks of a cursor
        """A statement to be executed."""
        return Statement(partial(self._execute, self._visit))

    def begin(self, opening: str) -> None:
        """Begin a transaction with this statement: the next one takes it along. Without a next one nothing began."""
        self._opening = opening

    def _visit(self, how: Callable[..., Any], sql: str, parameters: Any) -> tuple[list[Any], Any, int, int | None]:
        cursor = self._conn.cursor()
        try:
            if self._opening is not None:
                opening, self._opening = self._opening, None
                cursor.execute(opening)
            how(cursor, sql, parameters)
            rows = cursor.fetchall() if cursor.description else []
            return rows, cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
