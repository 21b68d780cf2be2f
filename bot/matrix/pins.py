"""Pinned master keys: who somebody was when we first met them. In the crypto database; no network, and no judging."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.chat import NotKept
from bot.matrix.crypto_store import CryptoStore
from storage.errors import reason_of


class Pins:
    """The master key that each person had at first sight, or that an administrator accepted later."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store

    def agrees(self, user_id: str, master: str) -> bool:
        """Whether this is the person's pinned master key; at first sight it becomes that."""
        pins = self._store.rows("SELECT master FROM pins WHERE user_id = ?", user_id)
        if not pins:
            self._store.run("INSERT INTO pins (user_id, master) VALUES (?, ?)", user_id, master)
        return not pins or bool(pins[0][0] == master)

    def pin(self, user_id: str, master: str) -> None:
        """Whatever was pinned or reported before: this is the person's master key."""
        self._store.run("INSERT OR REPLACE INTO pins (user_id, master) VALUES (?, ?)", user_id, master)

    def is_reported(self, user_id: str, master: str) -> bool:
        """Whether this new master key was told of before."""
        return bool(self._store.rows("SELECT 1 FROM pins WHERE (user_id, reported) = (?, ?)", user_id, master))

    def keep_reported(self, user_id: str, master: str) -> None:
        """Somebody was told that this person has this master key now."""
        self._store.run("UPDATE pins SET reported = ? WHERE user_id = ?", master, user_id)

    def newly_accepted(self) -> list[str]:
        """The people whose new identity an administrator accepted since this was last asked."""
        users = [user_id for (user_id,) in self._store.rows("SELECT user_id FROM accepted")]
        for user_id in users:
            self._store.run("DELETE FROM accepted WHERE user_id = ?", user_id)
        return users


def accept_new_identity(directory: Path, user_id: str) -> str | None:
    """Pin the master key that was reported for this person, and no other; returns it, or None when none was.

    It may be called beside a running bot, which then finds a note. Raises NotKept when the file cannot be written.
    """
    file = directory / "crypto.db"
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(file, timeout=30)) as database, database:
            query = "SELECT reported FROM pins WHERE user_id = ? AND reported IS NOT NULL AND reported != master"
            found = database.execute(query, [user_id]).fetchone()
            if found is None:
                return None
            database.execute("UPDATE pins SET master = reported, reported = NULL WHERE user_id = ?", [user_id])
            database.execute("INSERT OR IGNORE INTO accepted VALUES (?)", [user_id])
            return str(found[0])
    except sqlite3.Error as error:
        raise NotKept(f"{file}: {reason_of(error) or type(error).__name__}") from error
