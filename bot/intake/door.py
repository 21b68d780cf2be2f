"""Who may come in, and how often: bearer tokens of the sources, and the patience with strangers."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from math import ceil

from bot.intake.limits import Buckets
from bot.intake.problems import refused
from config.settings import SourceSettings
from texts import intake as texts

STRANGERS_PER_MINUTE = 30


class Door:
    """Knows the sources by the SHA-256 of their tokens."""

    def __init__(self, sources: Sequence[SourceSettings], per_minute: int, now: Callable[[], datetime]) -> None:
        self._known = [(one.name, bytes.fromhex(one.token_hash.removeprefix("sha256:"))) for one in sources]
        self._sources = Buckets(per_minute)
        self._strangers = Buckets(STRANGERS_PER_MINUTE)
        self._now = now

    def admit(self, token: str | None, address: str) -> str:
        """The name of the source with this token. Raises Refused: 401 for a stranger, 429 for who knocks too often.

        The token is looked at first: a stranger who shares an address with a source (a proxy's) must not be able
        to lock it out. Guessing does not become easier by that, because a token is 32 random bytes.
        """
        name = None if token is None else self._owner(token)
        if name is None:
            self._count(self._strangers, address)
            raise refused(401, texts.UNAUTHORISED, {"WWW-Authenticate": "Bearer"})
        self._count(self._sources, name)
        return name

    def _owner(self, token: str) -> str | None:
        """Compares with every hash, each in constant time, so that the time taken tells nothing."""
        given = sha256(token.encode()).digest()
        owners = [name for name, known in self._known if hmac.compare_digest(given, known)]
        return owners[0] if owners else None

    def _count(self, buckets: Buckets, key: str) -> None:
        wait = buckets.take(key, self._now())
        if wait > 0:
            raise refused(429, texts.TOO_MANY, {"Retry-After": str(ceil(wait))})
