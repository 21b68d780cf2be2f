"""Events that cannot be read yet: kept over restarts, and no more than so many. Deciding is timeline.py's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.matrix.crypto_store import CryptoStore

MOST, MOST_OF_ONE = 1000, 100  # events, and events of one sender


class Waiting:
    """The room where unreadable events wait for their key or for their sender to be believed."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store

    def add(self, room_id: str, event: Mapping[str, Any], now_ms: int) -> bool:
        """Keep an event; one that is kept already keeps its age. False when there is no room left."""
        count = "SELECT count(*), count(*) FILTER (WHERE sender = ?) FROM waiting"
        ((everybodys, senders),) = self._store.rows(count, event["sender"])
        if everybodys >= MOST or senders >= MOST_OF_ONE:
            return bool(self._store.rows("SELECT 1 FROM waiting WHERE event_id = ?", event["event_id"]))
        row = (event["event_id"], room_id, event["sender"], json.dumps(event), now_ms)
        self._store.run("INSERT OR IGNORE INTO waiting VALUES (?, ?, ?, ?, ?)", *row)
        return True

    def since(self, latest_ms: int) -> list[tuple[str, dict[str, Any], int]]:
        """(room id, event, waiting since in ms) of what waits since `latest_ms` or longer, the longest first."""
        query = "SELECT room_id, event, since_ms FROM waiting WHERE since_ms <= ? ORDER BY since_ms, rowid"
        rows = self._store.rows(query, latest_ms)
        return [(room_id, json.loads(event), since_ms) for room_id, event, since_ms in rows]

    def remove(self, event_id: str) -> None:
        """It is dealt with."""
        self._store.run("DELETE FROM waiting WHERE event_id = ?", event_id)
