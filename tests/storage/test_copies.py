"""Copies of databases that are being written: of one moment, whole, and readable by us alone."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage.copies import at_one_moment, copy
from storage.errors import CannotKeep, Unusable


def database(file: Path) -> Path:
    """A counter that stands at 0, kept as our databases are."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE counter (value INTEGER)")
        connection.execute("INSERT INTO counter VALUES (0)")
        connection.commit()
    return file


def value(file: Path) -> int:
    """Where the counter stands."""
    with closing(sqlite3.connect(file)) as connection:
        (stands,) = connection.execute("SELECT value FROM counter").fetchone()
    return int(stands)


def test_databases_are_copied_as_they_were_at_one_moment_while_they_are_written(tmp_path: Path) -> None:
    """One writer raises the first counter and then the last: at every moment they are equal, or one apart.

    The ones in between make it take a while to begin reading them all.
    """
    files = [database(tmp_path / f"{number}.db") for number in range(30)]
    ended = threading.Event()

    def count() -> None:
        with closing(_counter(files[0])) as first, closing(_counter(files[-1])) as last:
            while not ended.is_set():
                first.execute("UPDATE counter SET value = value + 1")
                last.execute("UPDATE counter SET value = value + 1")

    writer = threading.Thread(target=count)
    writer.start()
    seen = []
    try:
        for number in range(20):
            with at_one_moment(*files) as (first, *_, last):
                copy(first, tmp_path / f"first-{number}")
                copy(last, tmp_path / f"last-{number}")
            seen.append((value(tmp_path / f"first-{number}"), value(tmp_path / f"last-{number}")))
    finally:
        ended.set()
        writer.join()
    assert all(0 <= ahead - behind <= 1 for ahead, behind in seen)
    assert seen[0][0] < seen[-1][0], "the writer went on meanwhile"


def _counter(file: Path) -> sqlite3.Connection:
    """Somebody in a hurry, who waits when it is locked."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def test_a_copy_stands_alone_and_is_ours_alone(tmp_path: Path) -> None:
    source = database(tmp_path / "source")
    with at_one_moment(source) as (one,):
        copy(one, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.glob("copy*")] == ["copy"]
    assert value(tmp_path / "copy") == 0


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    source = database(tmp_path / "source")
    whole = source.read_bytes()
    source.write_bytes(whole[:4096] + b"\xff" * len(whole[4096:]))
    with at_one_moment(source) as (one,), pytest.raises(Unusable, match="damaged"):
        copy(one, tmp_path / "copy")


def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(CannotKeep, match="cannot be opened"), at_one_moment(tmp_path / "nowhere"):
        pass
    assert list(tmp_path.iterdir()) == []
