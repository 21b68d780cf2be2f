"""Fallback keys: how a device can still be reached when its one-time keys have run out. No network.

vodozemac's Python binding cannot make them. A fallback key is a one-time key that is never used up, so: a copy of
the account from before it had any one-time key gets exactly one, and every message that uses it is read on a fresh
copy of that copy. (The copy is of the bare account, so that it keeps no other one-time key alive.)
"""

from __future__ import annotations

import json
from typing import Any

import vodozemac
from nio.crypto import OlmAccount

from bot.matrix.crypto_store import CryptoStore

KEPT = 2  # the current key and the one before: messages that were made with it may still be under way
# Someone who uses our keys up on purpose may not make us forget a key that others are still using.
SERVES_MS = 24 * 3_600_000


class FallbackKeys:
    """The fallback keys of one account, newest first, kept as pickles in the crypto store."""

    def __init__(self, store: CryptoStore, account: Any) -> None:
        self._store = store
        if store.fact("bare account") is None and not account.one_time_keys["curve25519"]:
            store.remember("bare account", account.pickle(store.pickle_key).decode())
        kept = json.loads(store.fact("fallback keys") or "{}")
        self._pickles: list[str] = kept.get("pickles", [])
        self._made: int = kept.get("made", 0)
        self._made_ms: int = kept.get("made_ms", 0)
        self.used = False

    def is_due(self, now_ms: int) -> bool:
        """Whether a new key must be made: there is none, or it was used and has served its time."""
        return not self._pickles or (self.used and not 0 <= now_ms - self._made_ms < SERVES_MS)

    def renew(self, now_ms: int) -> None:
        """Make a new current key, to be uploaded; the one before stays readable."""
        fresh = self._open(self._store.fact("bare account") or "")
        fresh.generate_one_time_keys(1)
        self._pickles = [fresh.pickle(self._store.pickle_key).decode(), *self._pickles][:KEPT]
        self._made, self._made_ms, self.used = self._made + 1, now_ms, False
        kept = {"pickles": self._pickles, "made": self._made, "made_ms": now_ms}
        self._store.remember("fallback keys", json.dumps(kept))

    def current(self) -> tuple[str, str]:
        """(key id, public Curve25519 key) of the current key."""
        (public,) = self._open(self._pickles[0]).one_time_keys["curve25519"].values()
        return f"fallback{self._made}", public

    def create_inbound_session(self, sender_key: str, message: Any) -> tuple[vodozemac.Session, bytes]:
        """As the account's: a session and its first plaintext. Raises SessionCreationException."""
        for pickle in self._pickles:
            try:
                session, first = self._open(pickle).create_inbound_session(sender_key, message)
            except vodozemac.SessionCreationException:
                continue
            self.used = True
            return session, first
        raise vodozemac.SessionCreationException("the message uses a one-time key that we do not have")

    def _open(self, pickle: str) -> Any:
        return OlmAccount.from_pickle(pickle.encode(), self._store.pickle_key)
