"""What time it is, and the tick. The only file that imports APScheduler, which only ticks: what is due is stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Ticker:
    """Calls `tick` every `seconds`, never twice at once; ticks that were missed count as one."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            tick, "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """No further tick; one that is under way goes on."""
        self._scheduler.shutdown(wait=False)
