"""What makes the bot cross points: commits, requests, files, statements of a migration. It changes nothing else."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from nio.store.database import SqliteDatabase
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

from bot.matrix.sealed_file import SealedFile
from bot.matrix.wire import Wire
from storage.work import Store, Work
from tests.torture.points import Points, caller, shape

_opened_by: ContextVar[str | None] = ContextVar("opened_by", default=None)


def watch(points: Points) -> None:
    """From now on this process crosses points."""
    _watch_transactions(points)
    _watch_migrations(points)
    _watch_crypto_store(points)
    _watch_requests(points)
    _watch_files(points)
    _watch_disk(points)


def _watch_transactions(points: Points) -> None:
    """Before and after each commit, named by the code that opened the transaction."""
    begin, commit = Store.work, DefaultDialect.do_commit

    def work(store: Store) -> AbstractAsyncContextManager[Work]:
        return _named(caller(sys._getframe(1)), begin(store))

    def do_commit(dialect: Any, connection: Any) -> None:
        name = _opened_by.get() or caller(sys._getframe(1))
        points.cross(f"before commit {name}")
        commit(dialect, connection)  # type: ignore[no-untyped-call]
        points.cross(f"after commit {name}")

    Store.work = work  # type: ignore[method-assign, assignment]
    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


@asynccontextmanager
async def _named(name: str, transaction: AbstractAsyncContextManager[Work]) -> AsyncIterator[Work]:
    before = _opened_by.set(name)
    try:
        async with transaction as work:
            yield work
    finally:
        _opened_by.reset(before)


def _watch_migrations(points: Points) -> None:
    @event.listens_for(Engine, "before_cursor_execute")
    def _(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = " ".join(statement.split()[:4]).partition("(")[0].strip()
        if words.startswith(("CREATE", "ALTER", "DROP")) or ("alembic" in words and not words.startswith("SELECT")):
            points.cross(f"migration {words}")


def _watch_crypto_store(points: Points) -> None:
    """Before and after each commit that wrote something."""
    commit = SqliteDatabase.commit
    written: dict[int, int] = {}

    def commit_watched(database: Any) -> Any:
        changes = database.connection().total_changes
        if written.get(id(database)) == changes:
            return commit(database)
        written[id(database)] = changes
        name = caller(sys._getframe(1), beyond="bot/matrix/crypto_store.py")
        points.cross(f"before crypto {name}")
        answer = commit(database)
        points.cross(f"after crypto {name}")
        return answer

    SqliteDatabase.commit = commit_watched


def _watch_requests(points: Points) -> None:
    answer = Wire._answer

    async def answer_watched(wire: Wire, method: str, where: str, *rest: Any, **named: Any) -> object:
        name = f"{method} {shape(where)}"
        points.cross(f"before {name}")
        answered = await answer(wire, method, where, *rest, **named)
        points.cross(f"after {name}")
        return answered

    Wire._answer = answer_watched  # type: ignore[method-assign, assignment]


def _watch_files(points: Points) -> None:
    write = SealedFile.write

    def write_watched(file: SealedFile, content: dict[str, Any]) -> None:
        points.cross(f"before write {file.path.name}")
        write(file, content)
        points.cross(f"after write {file.path.name}")

    SealedFile.write = write_watched  # type: ignore[method-assign, assignment]


def _watch_disk(points: Points) -> None:
    """Before and after whatever makes something last, or takes it away."""
    for name in ("replace", "unlink", "rmdir"):
        setattr(os, name, _watched(points, name, getattr(os, name), lambda what: _bare(what[-1])))
    os.fsync = _watched(points, "fsync", os.fsync, lambda _: caller(sys._getframe(2)))


def _watched(
    points: Points, name: str, do: Callable[..., Any], named: Callable[[tuple[Any, ...]], str]
) -> Callable[..., Any]:
    def done(*what: Any, **how: Any) -> Any:
        where = f"{name} {named(what)}"
        points.cross(f"before {where}")
        answer = do(*what, **how)
        points.cross(f"after {where}")
        return answer

    return done


def _bare(path: Any) -> str:
    """The name of a file without the number of a migration."""
    return re.sub(r"\d+", "*", Path(path).name)
