"""The bot's database as an auditor reads it: plain SQL, none of the bot's code. Nothing is judged here."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

Row = sqlite3.Row


def day(written: str) -> date:
    """A day as SQLite keeps it."""
    return date.fromisoformat(written)


def moment(written: str) -> datetime:
    """A moment as SQLite keeps it."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    """Everything that the bot has written down, at one moment."""

    zorgvragen: dict[str, list[Row]]  # by the note, which holds the token
    erased: dict[int, list[Row]]  # those without a note, by their number
    contacts: frozenset[int]  # the zorgvragen of which the details are still kept
    journal: dict[int | None, list[Row]]  # by zorgvraag, oldest first
    outbox: list[Row]
    seen: frozenset[str]
    digests: tuple[str, ...]  # days, as YYYY-MM-DD

    @property
    def waiting(self) -> list[Row]:
        """The letters that are not said yet."""
        return [row for row in self.outbox if row["done_at"] is None]

    def letters_about(self, zorgvraag_id: int, *kinds: str) -> list[Row]:
        """The letters of these kinds about one zorgvraag."""
        return [row for row in self.outbox if row["zorgvraag_id"] == zorgvraag_id and row["kind"] in kinds]


def read(connection: sqlite3.Connection) -> Books:
    """All of it, in one transaction."""

    def rows(query: str) -> Iterable[Row]:
        return connection.execute(query)

    connection.execute("BEGIN")
    zorgvragen: defaultdict[str, list[Row]] = defaultdict(list)
    erased: defaultdict[int, list[Row]] = defaultdict(list)
    journal: defaultdict[int | None, list[Row]] = defaultdict(list)
    for row in rows("SELECT id, number, state, claimed_by, opened_at, erased_at, round, care FROM zorgvragen"):
        note = json.loads(row["care"])["note"]
        (zorgvragen[note] if note else erased[row["number"]]).append(row)
    for row in rows("SELECT user_id, what, zorgvraag_id FROM journal ORDER BY id"):
        journal[row["zorgvraag_id"]].append(row)
    return Books(
        zorgvragen=dict(zorgvragen),
        erased=dict(erased),
        contacts=frozenset(row["zorgvraag_id"] for row in rows("SELECT zorgvraag_id FROM contacts")),
        journal=dict(journal),
        outbox=list(rows("SELECT * FROM outbox ORDER BY id")),
        seen=frozenset(row["event_id"] for row in rows("SELECT event_id FROM seen")),
        digests=tuple(row["day"] for row in rows("SELECT day FROM digests")),
    )
