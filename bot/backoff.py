"""How long to wait before the next try: one number, no sleeping."""

from __future__ import annotations

import random

FIRST, LONGEST = 0.5, 60.0  # seconds


class Backoff:
    """Doubles with every failure in a row, never twice the same: many bots may wait for one homeserver."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest = longest
        self._failures = 0

    def worked(self) -> None:
        """The row of failures is broken."""
        self._failures = 0

    def failed(self, after: float | None = None) -> float:
        """Seconds to wait after one more failure: `after` when the homeserver said so, and never none at all."""
        self._failures += 1
        if after is not None:
            return max(after, FIRST * random.uniform(0.5, 1))
        return min(self._longest, FIRST * 2.0 ** min(self._failures, 20)) * random.uniform(0.5, 1)
