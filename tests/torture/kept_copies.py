"""Copies of the bot's database, in a backup or put aside before a migration: whole, and with all that was known."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from storage.schema import KEPT_FOR
from storage.seal import Seal, WrongKey
from storage.sealed_stream import PIECE, NotWhole, SealedReader
from tests.torture import books
from tests.torture.books import Books
from tests.torture.judge import Finding
from tests.torture.stage import Stage


def judge_backup(stage: Stage, known: Books) -> list[Finding]:
    """The backup opens to its last byte, and holds what was known when it was begun."""
    with tempfile.TemporaryDirectory(prefix="opened-") as directory:
        try:
            _unpack(stage.chest, Seal(stage.seal_key), Path(directory))
        except (NotWhole, WrongKey, tarfile.TarError, OSError) as error:
            return [Finding("wrong", f"the backup is not whole: {error!r}")]
        crypto = _damage(Path(directory) / "matrix" / "crypto.db")
        return [*crypto, *_compared(Path(directory) / "schakelbot.db", known, "the backup")]


def judge_aside(stage: Stage, known: Books, before: str, revision: str) -> list[Finding]:
    """The database is migrated, and the copy from before stands beside it."""
    database = stage.data / "schakelbot.db"
    aside = database.with_name(f"{database.name}.before-{revision}")
    found = [Finding("wrong", f"{one.name} lies about") for one in stage.data.glob("*.new")]
    found += [*_damage(database), *_of(database, revision)]
    if aside.exists():
        return [*found, *_of(aside, before), *_compared(aside, known, aside.name)]
    if stage.ahead < KEPT_FOR:  # a bot whose clock is so far ahead takes it for an old one
        found.append(Finding("lost", f"there is no {aside.name}"))
    return found


def left_over(stage: Stage) -> list[Finding]:
    """Nothing stays of the attempts that were cut short."""
    files = [*stage.chest.parent.glob(".*"), *stage.data.glob("backup/copies")]
    return [Finding("wrong", f"{file.name} lies about after a backup") for file in files]


def revision_of(database: Path) -> str:
    """Which migration it has seen last."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision)


def _unpack(file: Path, seal: Seal, directory: Path) -> None:
    with file.open("rb") as source:
        reader = SealedReader(source, seal)
        with tarfile.open(mode="r|gz", fileobj=cast(Any, reader)) as archive:
            archive.extractall(directory, filter="data")
        while reader.read(PIECE):
            continue


def _of(database: Path, wanted: str) -> list[Finding]:
    found = revision_of(database)
    return [] if found == wanted else [Finding("wrong", f"{database.name} is of {found}, not {wanted}")]


def _damage(database: Path) -> list[Finding]:
    with closing(sqlite3.connect(database)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return [] if verdict == "ok" else [Finding("wrong", f"{database.name} is damaged: {verdict}")]


def _compared(database: Path, known: Books, name: str) -> list[Finding]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        kept = books.read(connection)
    found = _damage(database)
    for token in known.zorgvragen.keys() - kept.zorgvragen.keys():
        found.append(Finding("lost", f"{token} is not in {name}"))
    for event_id in known.seen - kept.seen:
        found.append(Finding("lost", f"that {event_id} was seen is not in {name}"))
    said = {row["id"] for row in known.outbox if row["done_at"]} - {row["id"] for row in kept.outbox if row["done_at"]}
    return [*found, *(Finding("lost", f"that letter {one} was said is not in {name}") for one in said)]
