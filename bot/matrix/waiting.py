"""Events that cannot be read yet: kept over restarts, and no more than so many. Deciding is timeline.py's.

Those of which the sender was told that they cannot be read are kept on, with a `since_ms` below zero: minus the moment
at which that was told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.matrix.crypto_store import CryptoStore

MOST, MOST_OF_ONE = 1000, 100  # events, and events of one sender
WEEK_MS = 7 * 24 * 60 * 60 * 1000


class Waiting:
    """The room where unreadable events wait for their key or for their sender to be believed."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store

    def add(self, room_id: str, event: Mapping[str, Any], now_ms: int) -> bool:
        """Keep an event; one that is kept already keeps its age. False when there is no room left."""
        count = "SELECT count(*), count(*) FILTER (WHERE sender = ?) FROM waiting WHERE since_ms >= 0"
        ((everybodys, senders),) = self._store.rows(count, event["sender"])
        if everybodys >= MOST or senders >= MOST_OF_ONE:
            return bool(self._store.rows("SELECT 1 FROM waiting WHERE event_id = ?", event["event_id"]))
        row = (event["event_id"], room_id, event["sender"], json.dumps(event), now_ms)
        self._store.run("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?, ?, ?)", *row)
        return True

    def since(self, latest_ms: int, now_ms: int) -> list[tuple[str, dict[str, Any], int]]:
        """(room id, event, waiting since in ms) of what waits since `latest_ms` or longer, in the order they came.

        What waits since a moment after `now_ms` (the clock was put back) waits since now.
        """
        self._store.run("UPDATE waiting SET since_ms = ? WHERE since_ms > ?", now_ms, now_ms)
        return self._rows("since_ms BETWEEN 0 AND ? ORDER BY rowid", latest_ms)

    def told(self) -> list[tuple[str, dict[str, Any], int]]:
        """The same of what was told to be unreadable, the longest ago first."""
        return self._rows("since_ms < ? ORDER BY since_ms DESC, rowid", 0)

    def was_told(self, event_id: str) -> bool:
        """Whether its sender heard that it cannot be read."""
        return bool(self._store.rows("SELECT 1 FROM waiting WHERE event_id = ? AND since_ms < 0", event_id))

    def tell(self, event_id: str, now_ms: int) -> None:
        """Its sender heard that it cannot be read. Such events are kept for a week, and no more than MOST of them."""
        # What was told later than now (the clock was put back) was told now.
        told = "UPDATE waiting SET since_ms = ?1 WHERE event_id = ?2 OR since_ms < ?1"
        self._store.run(told, -now_ms, event_id)
        self._store.run("DELETE FROM waiting WHERE since_ms < 0 AND since_ms > ?", WEEK_MS - now_ms)
        older = "SELECT event_id FROM waiting WHERE since_ms < 0 ORDER BY since_ms LIMIT -1 OFFSET ?"
        self._store.run(f"DELETE FROM waiting WHERE event_id IN ({older})", MOST)  # noqa: S608  # our own words

    def remove(self, event_id: str) -> None:
        """It is dealt with."""
        self._store.run("DELETE FROM waiting WHERE event_id = ?", event_id)

    def _rows(self, which: str, value: int) -> list[tuple[str, dict[str, Any], int]]:
        query = f"SELECT room_id, event, since_ms FROM waiting WHERE {which}"  # noqa: S608  # our own words
        rows = self._store.rows(query, value)
        return [(room_id, json.loads(event), since_ms) for room_id, event, since_ms in rows]
