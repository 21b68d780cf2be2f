"""The room keys that others gave us, each with the device that says it made it; no more than so many. No network.

Whether it did, and whether we believe it, is decided when something is read with the key: decrypt.py.
"""

from __future__ import annotations

import logging
from typing import Any

from nio.crypto import InboundGroupSession

from bot.matrix.crypto_store import CryptoStore

log = logging.getLogger(__name__)

MEGOLM = "m.megolm.v1.aes-sha2"
# Room keys of one device: anyone can send us keys, and an ordinary device makes a few hundred in a year.
KEPT, MOST = 1000, 2000
LONGEST_ID = 255  # characters. Source: Matrix specification, appendices, "Identifier Grammar"
FORGET = """
DELETE FROM room_keys WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, row_number() OVER (PARTITION BY sender_key ORDER BY rowid DESC) AS age FROM room_keys)
    WHERE age > ?)"""


class RoomKeys:
    """In the crypto store. Two devices that claim to have made the same key are two keys."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store
        store.run(FORGET, KEPT)

    def of(self, room_id: str, session_id: str) -> list[Any]:
        """The keys with this id, one for each device that claims to have made it."""
        query = "SELECT pickle, fp_key, sender_key FROM room_keys WHERE (room_id, session_id) = (?, ?)"
        return [
            InboundGroupSession.from_pickle(pickle.encode(), fp_key, sender_key, room_id, self._store.pickle_key)
            for pickle, fp_key, sender_key in self._store.rows(query, room_id, session_id)
        ]

    def keep(self, sender_key: str, fp_key: str, content: object) -> tuple[str, str] | None:
        """Keep what this content of `m.room_key` brings; (room id, session id), or None when that is nothing.

        One that reaches further back is never replaced by one that does not.
        """
        match content:
            case {
                "algorithm": algorithm,
                "room_id": str(room_id),
                "session_id": str(session_id),
                "session_key": str(key),
            } if algorithm == MEGOLM and len(room_id) <= LONGEST_ID:
                try:
                    session = InboundGroupSession(key, fp_key, sender_key, room_id)
                except ValueError:  # vodozemac's errors are
                    return None
                return (room_id, session_id) if session.id == session_id and self._add(session) else None
        return None

    def _add(self, session: Any) -> bool:
        known = [key for key in self.of(session.room_id, session.id) if key.sender_key == session.sender_key]
        if known and known[0].first_known_index <= session.first_known_index:
            return True
        ((count,),) = self._store.rows("SELECT count(*) FROM room_keys WHERE sender_key = ?", session.sender_key)
        if count >= MOST:
            log.warning("a room key was refused: one device has %d of them", count)
            return False
        pickle = session.pickle(self._store.pickle_key).decode()
        row = (session.room_id, session.id, session.sender_key, session.ed25519, pickle)
        self._store.run("INSERT OR REPLACE INTO room_keys VALUES (?, ?, ?, ?, ?)", *row)
        return True
