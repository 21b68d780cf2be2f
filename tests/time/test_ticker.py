"""The tick itself: it goes on when the machine's clock is put back or forward, and never runs twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from bot import clock

FAST = 0.02  # seconds between ticks


class MachineClock(datetime):
    """The clock of the machine, as an administrator or NTP puts it."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # an ordinary one, moved
        return datetime.now(tz) + cls.ahead


@pytest.fixture
def machine_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[MachineClock]]:
    """The machine's clock, movable, for APScheduler and for us."""
    for module in (base, clock):
        monkeypatch.setattr(module, "datetime", MachineClock)
    yield MachineClock
    MachineClock.ahead = timedelta(0)


JUMPS = {"an hour back": timedelta(hours=-1), "a day back": timedelta(days=-1), "from 1970": timedelta(days=20_000)}


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
async def test_the_tick_goes_on_when_the_machines_clock_jumps(
    machine_clock: type[MachineClock], jump: timedelta
) -> None:
    ticks = 0
    ticked = asyncio.Event()

    async def tick() -> None:
        nonlocal ticks
        ticks += 1
        ticked.set()

    ticker = clock.Ticker(tick, FAST)
    ticker.start()
    try:
        await asyncio.wait_for(ticked.wait(), 5)
        machine_clock.ahead = jump
        await asyncio.sleep(2 * FAST)  # one that was under way
        ticked.clear()
        await asyncio.wait_for(ticked.wait(), 5)
        before = ticks
        await asyncio.sleep(5 * FAST)
        assert 0 < ticks - before <= 7
    finally:
        ticker.stop()


async def test_a_slow_tick_is_not_joined_by_a_second_one() -> None:
    running = most = ticks = 0
    thrice = asyncio.Event()

    async def tick() -> None:
        nonlocal running, most, ticks
        running, ticks = running + 1, ticks + 1
        most = max(most, running)
        if ticks == 3:
            thrice.set()
        try:
            await asyncio.sleep(4 * FAST)
        finally:
            running -= 1

    ticker = clock.Ticker(tick, FAST)
    ticker.start()
    await asyncio.wait_for(thrice.wait(), 10)
    ticker.stop()
    await asyncio.sleep(5 * FAST)
    assert (most, running) == (1, 0)
