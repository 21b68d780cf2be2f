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


def test_two_databases_are_copied_as_they_were_at_one_moment_while_both_are_written(tmp_path: Path) -> None:
    """One writer raises the first counter and then the second: at every moment they are equal, or one apart."""
    first, second = database(tmp_path / "first"), database(tmp_path / "second")
    ended = threading.Event()

    def count() -> None:
        with (
            closing(sqlite3.connect(first, isolation_level=None)) as one,
            closing(sqlite3.connect(second, isolation_level=None)) as other,
        ):
            while not ended.is_set():
                one.execute("UPDATE counter SET value = value + 1")
                other.execute("UPDATE counter SET value = value + 1")

    writer = threading.Thread(target=count)
    writer.start()
    seen = []
    try:
        for number in range(30):
            with at_one_moment(first, second) as (one, other):
                copy(one, tmp_path / f"first-{number}")
                copy(other, tmp_path / f"second-{number}")
            seen.append((value(tmp_path / f"first-{number}"), value(tmp_path / f"second-{number}")))
    finally:
        ended.set()
        writer.join()
    assert all(0 <= ahead - behind <= 1 for ahead, behind in seen)
    assert seen[0][0] < seen[-1][0], "the writer was never held up for long"


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
