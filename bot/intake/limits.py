"""Token buckets: how often one source or one stranger may knock. They live in memory and forget at a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MOST_KEYS = 10_000  # the bucket that was used longest ago makes room, so that strangers cannot fill the memory


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Buckets:
    """One bucket per key. It holds a minute's worth of tokens and fills at `per_minute`."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str, now: datetime) -> float:
        """Take one token. Returns 0, or the seconds until there is one; then nothing was taken."""
        bucket = self._buckets.pop(key, None) or _Bucket(self._most, now)
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.tokens = min(self._most, bucket.tokens + passed * self._per_second)
        bucket.at = now
        self._buckets[key] = bucket
        if len(self._buckets) > MOST_KEYS:
            del self._buckets[next(iter(self._buckets))]
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._per_second
        bucket.tokens -= 1
        return 0.0
