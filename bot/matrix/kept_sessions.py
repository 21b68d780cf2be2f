"""The Olm sessions that we have, by whose device they are with: in the crypto store, no more than so many. No network.

A session belongs to a person and an identity key together: anyone can publish somebody else's identity key as their
own, and must not get at what we have with its owner.
"""

from __future__ import annotations

import vodozemac

from bot.matrix.crypto_store import CryptoStore

# Anyone can make sessions with us. The least recently used ones may go, and at least four for each device should stay.
# Source: Matrix specification, client-server API, "m.olm.v1.curve25519-aes-sha2".
MOST_OF_DEVICE = 8
MOST_DEVICES = 100  # identity keys of one person

FORGET_SESSIONS = """
DELETE FROM olm WHERE number IN (
    SELECT number FROM olm WHERE (user_id, curve25519) = (?, ?) ORDER BY number DESC LIMIT -1 OFFSET ?)"""
OLDEST_DEVICES = """
SELECT curve25519 FROM olm WHERE user_id = ? GROUP BY curve25519 ORDER BY max(number) DESC LIMIT -1 OFFSET ?"""
FORGET_ROOM_KEYS = (
    "DELETE FROM room_keys WHERE sender_key = ?1 AND NOT EXISTS (SELECT 1 FROM olm WHERE curve25519 = ?1)"
)


class KeptSessions:
    """Every method may raise StoreError; call those that write inside the store's batch when more belongs to it."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store

    def of(self, user_id: str, curve25519: str) -> list[vodozemac.Session]:
        """The sessions with a person's device, the one that was last begun or heard from first."""
        query = "SELECT pickle FROM olm WHERE (user_id, curve25519) = (?, ?) ORDER BY number DESC"
        return [self._opened(pickle) for (pickle,) in self._store.rows(query, user_id, curve25519)]

    def newest(self, user_id: str, curve25519: str) -> vodozemac.Session:
        """The session to write with, of a device with which one `exists`."""
        query = "SELECT pickle FROM olm WHERE (user_id, curve25519) = (?, ?) ORDER BY number DESC LIMIT 1"
        ((pickle,),) = self._store.rows(query, user_id, curve25519)
        return self._opened(pickle)

    def exists(self, user_id: str, curve25519: str) -> bool:
        """Whether there is a session with this device."""
        return bool(self._store.rows("SELECT 1 FROM olm WHERE (user_id, curve25519) = (?, ?)", user_id, curve25519))

    def put_first(self, user_id: str, curve25519: str, session: vodozemac.Session) -> None:
        """Keep a session that was begun or heard from just now; what is too much goes, the longest unused first."""
        pickle = session.pickle(self._store.pickle_bytes)
        statement = "INSERT OR REPLACE INTO olm (user_id, curve25519, session_id, pickle) VALUES (?, ?, ?, ?)"
        self._store.run(statement, user_id, curve25519, session.session_id, pickle)
        self._store.run(FORGET_SESSIONS, user_id, curve25519, MOST_OF_DEVICE)
        for (oldest,) in self._store.rows(OLDEST_DEVICES, user_id, MOST_DEVICES):
            self._store.run("DELETE FROM olm WHERE (user_id, curve25519) = (?, ?)", user_id, oldest)
            self._store.run(FORGET_ROOM_KEYS, oldest)

    def save(self, user_id: str, curve25519: str, session: vodozemac.Session) -> None:
        """Write the new state of a session that was written with."""
        statement = "UPDATE olm SET pickle = ? WHERE (user_id, curve25519, session_id) = (?, ?, ?)"
        self._store.run(statement, session.pickle(self._store.pickle_bytes), user_id, curve25519, session.session_id)

    def _opened(self, pickle: str) -> vodozemac.Session:
        return vodozemac.Session.from_pickle(pickle, self._store.pickle_bytes)
