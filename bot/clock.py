"""What time it is, and the tick. The only file that imports APScheduler, which only ticks: what is due is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class FromNowOn(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """The next tick is one interval from now, whenever the last one was.

    APScheduler's own interval counts every tick that was missed, one by one: after a machine that woke up in 1970
    heard from NTP what year it is, that takes minutes and gigabytes.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, _previous: Any, now: datetime) -> datetime:
        """When to tick next, on the machine's clock."""
        return now + self._interval


class Ticker:
    """Calls `tick` every `seconds`, never twice at once; ticks that were missed count as one."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._interval = timedelta(seconds=seconds)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._job = self._scheduler.add_job(
            tick, FromNowOn(self._interval), max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._looking: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()
        self._look()

    def stop(self) -> None:
        """No further tick; one that is under way is cancelled, and its transaction rolled back."""
        if self._looking is not None:
            self._looking.cancel()
        self._scheduler.shutdown(wait=False)

    def _look(self) -> None:
        """APScheduler waits for a time of day: when the clock is put back a day, it would not tick for a day.

        The event loop's own timer counts seconds that nobody can put back.
        """
        if self._job.next_run_time > now() + self._interval:
            self._job.reschedule(FromNowOn(self._interval))
        self._looking = asyncio.get_running_loop().call_later(self._interval.total_seconds(), self._look)
