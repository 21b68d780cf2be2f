"""How long to wait: longer with every failure, never the same for all, never not at all."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.backoff import FIRST, LONGEST, Backoff
from bot.keep import keep_house
from domain.announcements import Unread
from domain.audience import Person as OneToOne
from tests.network import faults
from tests.network.conftest import Far
from tests.network.proxy import Fault

FEW = 6  # requests in one second
NONSENSE = {"429": faults.limited_at_once, "500": faults.broken, "nothing new": faults.nothing_new}


def test_it_doubles_up_to_a_minute_and_begins_anew_when_something_worked() -> None:
    backoff = Backoff()
    waits = [backoff.failed() for _ in range(12)]
    for number, wait in enumerate(waits, 1):
        longest = min(LONGEST, FIRST * 2**number)
        assert longest / 2 <= wait <= longest
    backoff.worked()
    assert backoff.failed() <= 2 * FIRST


def test_no_two_bots_wait_equally_long() -> None:
    """Many wait for one homeserver: they may not come back at one moment."""
    waits = []
    for _ in range(50):
        backoff = Backoff()
        waits.append(tuple(backoff.failed() for _ in range(3)))
    assert len(set(waits)) == 50


@pytest.mark.parametrize(("after", "least"), [(0.0, FIRST / 2), (0.001, FIRST / 2), (4.5, 4.5), (3600.0, 3600.0)])
def test_what_the_homeserver_asks_for_is_given_and_never_less_than_a_moment(after: float, least: float) -> None:
    backoff = Backoff()
    for _ in range(20):
        assert least <= backoff.failed(after) <= max(least, FIRST)


@pytest.mark.parametrize("fault", NONSENSE.values(), ids=NONSENSE)
async def test_a_start_with_a_homeserver_that_answers_nonsense_at_once_pesters_nobody(far: Far, fault: Fault) -> None:
    """Also one that limits us and says that we may come back in no time at all."""
    await far.coordinator()
    await far.start()
    await far.stop()
    began = time.monotonic()
    trouble = far.proxy.spoil(fault)
    house = asyncio.create_task(keep_house(far.settings, far.clock.now))
    await asyncio.sleep(3)
    house.cancel()
    await asyncio.gather(house, return_exceptions=True)
    assert trouble.happened
    assert far.proxy.most_in_a_second(began) <= FEW


async def test_a_room_that_may_be_made_at_once_again_is_not_asked_for_at_once_again(far: Far) -> None:
    """The limit on making rooms holds up nothing else, so nobody rests for it."""
    fatima = await far.nurse("Fatima")
    await far.start()
    began = time.monotonic()
    trouble = far.proxy.spoil(faults.limited_at_once, "POST", "/createRoom")
    async with far.house.store.work() as work:
        await work.outbox.put(OneToOne(fatima.user_id), Unread(fatima.user_id), far.clock.now(), region_id="noord")
    await asyncio.sleep(3)
    assert trouble.happened > 1
    assert far.proxy.most_in_a_second(began) <= FEW
