"""A clock that jumps, a laptop that sleeps, a tick that is late, and two ticks at once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.matrix.memory import REMEMBERED_MS
from bot.tick import BELIEVED_AFTER, Tick
from domain.announcements import Digest, Erase, Overview, Reposted
from domain.audience import RegionRoom
from domain.care import Urgency
from tests.time.conftest import DAY, HOUR, Days, wall

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("late", [HOUR, 5 * HOUR, 3 * DAY, 40 * DAY, 400 * DAY], ids=str)
async def test_however_late_the_tick_it_is_one_repost_and_one_digest(days: Days, late: timedelta) -> None:
    """A laptop that slept, a machine that was off: what was missed is not made up for."""
    days.now = start = wall(2026, 11, 23, 10)
    await days.submit()
    await days.at(start + MINUTE)
    woken = start + 48 * HOUR + late
    for minute in range(5):
        await days.at(woken + minute * MINUTE)
    assert days.reposts() == [woken]
    assert [at for at in days.digests() if at >= woken] == [woken]
    (repost,) = [told for _, told in days.said if isinstance(told, Reposted)]
    assert repost.waited_hours == (48 * HOUR + late) // HOUR


async def test_two_ticks_at_the_same_moment_do_no_more_than_one(days: Days) -> None:
    """The one of the clock and the one of the start, or of two processes that should not be there."""
    for _ in range(60):
        await days.submit()
    await days.say()
    days.now += 49 * HOUR
    others = [Tick(days.store, lambda: days.now, lambda: None) for _ in range(3)]
    await asyncio.gather(*(tick() for tick in (days.tick, days.tick, *others)))
    await days.say()
    assert len(days.reposts()) == 60
    assert len(days.digests()) == 1


@pytest.mark.parametrize("back", [HOUR, DAY], ids=["an hour", "a day"])
async def test_a_clock_put_back_after_a_repost_and_a_digest_repeats_neither(days: Days, back: timedelta) -> None:
    """NTP, or somebody who sets the clock. The next step comes at most so much later."""
    days.now = start = wall(2026, 11, 21, 8, 5)
    await days.submit()
    await days.at(start)
    await days.at(wall(2026, 11, 22, 8, 5))
    await days.at(wall(2026, 11, 23, 8, 5))
    assert (len(days.reposts()), len(days.digests())) == (1, 3)
    await days.at(days.now - back)
    await days.through(wall(2026, 11, 23, 8, 15), 5 * MINUTE)
    assert (len(days.reposts()), len(days.digests())) == (1, 3)
    await days.through(wall(2026, 11, 25, 8, 4), HOUR)
    await days.at(wall(2026, 11, 25, 8, 5))
    assert days.reposts()[1:] == [wall(2026, 11, 25, 8, 5)]


@pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("urgency", [Urgency.SPOED, Urgency.GEPLAND])
@pytest.mark.parametrize("ahead", [10 * DAY, 3650 * DAY], ids=["ten days", "ten years"])
async def test_what_was_planned_by_a_clock_that_was_ahead_does_not_wait_until_then(
    days: Days, ahead: timedelta, urgency: Urgency, restart: bool
) -> None:
    """The clock ran ahead for a tick; then it was put right. One came in before, one while it was ahead."""
    days.now = start = wall(2026, 11, 23, 10)
    await days.submit(urgency)
    await days.at(start + ahead)
    await days.submit(urgency)
    days.now = start + MINUTE
    if restart:
        days.started_anew()
    await days.believed(right := start + MINUTE)
    days.said.clear()
    step = 2 * HOUR if urgency is Urgency.SPOED else 48 * HOUR
    await days.through(right + step, MINUTE if urgency is Urgency.SPOED else 30 * MINUTE)
    await days.at(right + step + 6 * MINUTE)
    told = [told.zorgvraag_id for _, told in days.said if isinstance(told, Reposted)]
    assert sorted(told) == [1, 2]


@pytest.mark.parametrize("back", [HOUR, DAY, 365 * DAY], ids=str)
async def test_what_waits_to_be_said_does_not_wait_for_a_clock_that_was_put_back(days: Days, back: timedelta) -> None:
    """Letters say from when they may be said; by the clock of then."""
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), Overview(), days.now)
        batch = await work.outbox.take(days.now)
        assert batch is not None
        await work.outbox.postpone(batch, days.now + MINUTE)
        await work.outbox.put(RegionRoom("noord"), Overview(), days.now)
    await days.at(days.now)
    await days.at(days.now - back)
    assert [type(told) for _, told in days.said].count(Overview) == 2


async def test_a_welcome_still_waits_its_seconds_when_the_clock_is_put_back_a_little(days: Days) -> None:
    """Only what lies further ahead than anything is ever put off is brought forward."""
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), Overview(), days.now, not_before=days.now + 10 * MINUTE / 60)
    await days.at(days.now)
    await days.at(days.now - MINUTE)
    assert not [told for _, told in days.said if isinstance(told, Overview)]
    await days.at(days.now + 2 * MINUTE)
    assert [told for _, told in days.said if isinstance(told, Overview)]


async def test_a_clock_put_back_before_the_start_of_all_skips_no_day(days: Days) -> None:
    """Better one digest too many, of a day that we were not there, than silence for as long as the clock was ahead."""
    days.now = wall(2036, 1, 1, 9)  # the battery was empty
    await days.at(days.now)
    await days.believed(wall(2026, 11, 24, 7, 50))
    for day in (24, 25, 26):
        await days.at(wall(2026, 11, day, 8))
    assert days.digests()[1:] == [wall(2026, 11, day, 8) for day in (24, 25, 26)]


async def erased(days: Days) -> int:
    """How often something was taken away from the rooms, after the clock has gone long enough to be believed."""
    for _ in range(BELIEVED_AFTER + 1):
        await days.at(days.now)
    return len([told for _, told in days.said if isinstance(told, Erase)])


async def withdrawn(days: Days) -> None:
    """One zorgvraag, which was posted and is withdrawn now."""
    await days.submit()
    await days.say()
    async with days.store.work() as work:
        zorgvraag = await work.zorgvragen.get(1)
        zorgvraag._end(type(zorgvraag.state).WITHDRAWN, None, days.now)
        await work.zorgvragen.save(zorgvraag)
        await work.inbox.is_new("$command", days.now)


async def test_nothing_is_erased_twice_or_before_its_month_has_passed(days: Days) -> None:
    """Thirty days of elapsed time after its end, over the long night."""
    days.now = wall(2026, 10, 1, 12)
    await withdrawn(days)
    days.now = wall(2026, 10, 31, 10, 59)
    assert await erased(days) == 0
    days.now = wall(2026, 10, 31, 11)
    assert await erased(days) == 1
    assert await erased(days) == 1


async def test_what_was_dealt_with_is_known_for_as_long_as_it_may_be_told_again(days: Days) -> None:
    """A homeserver that was restored from an older backup tells a week once more."""
    async with days.store.work() as work:
        assert await work.inbox.is_new("$command", days.now)
    days.now += timedelta(milliseconds=REMEMBERED_MS)
    await erased(days)
    async with days.store.work() as work:
        assert not await work.inbox.is_new("$command", days.now)


@pytest.mark.parametrize("restarts", [False, True], ids=["running", "started anew with each tick"])
async def test_a_clock_that_is_ahead_for_a_few_minutes_erases_nothing(days: Days, restarts: bool) -> None:
    """A machine that starts with a wrong clock, until NTP puts it right: what is erased could not be brought back."""
    days.now = start = wall(2026, 11, 23, 10)
    await withdrawn(days)
    await erased(days)
    for tick in range(BELIEVED_AFTER):
        if restarts:
            days.started_anew()
        await days.at(start + 40 * DAY + tick * MINUTE / 2)
    days.now = start + 6 * MINUTE
    assert await erased(days) == 0
    async with days.store.work() as work:
        assert not await work.inbox.is_new("$command", days.now)  # and what was dealt with is still known
    days.now = start + 30 * DAY + 6 * MINUTE
    assert await erased(days) == 2  # the post, and the digest of that day


async def test_after_a_jump_of_a_day_nothing_is_erased_for_ten_ticks(days: Days) -> None:
    """Five minutes, in which a machine that started with a wrong clock hears what time it is."""
    await withdrawn(days)
    days.now += 29 * DAY
    assert await erased(days) == 0
    jumped = days.now + DAY + MINUTE
    for tick in range(10):
        await days.at(jumped + tick * MINUTE / 2)
    assert not [told for _, told in days.said if isinstance(told, Erase)]
    await days.at(jumped + 5 * MINUTE)
    assert [told for _, told in days.said if isinstance(told, Erase)]


async def test_a_digest_of_a_day_that_a_clock_was_ahead_to_comes_on_that_day_as_well(days: Days) -> None:
    """It was told by a clock that ran ten days ahead; on the day itself somebody waits for it."""
    days.now = start = wall(2026, 11, 23, 10)
    await days.at(start)
    await days.at(start + 10 * DAY)
    await days.at(start + MINUTE)
    assert len(days.digests()) == 2
    await days.through(wall(2026, 12, 5, 12), HOUR)
    told = [told.day for _, told in days.said if isinstance(told, Digest)]
    assert told[2:] == [date(2026, 11, 24) + day * DAY for day in range(12)]


async def test_a_clock_that_was_behind_for_one_tick_posts_nothing_too_early_and_no_digest_twice(days: Days) -> None:
    """A machine that says the day before yesterday until NTP tells it the time, a moment later."""
    days.now = start = wall(2026, 11, 23, 8, 5)
    await days.at(start)
    await days.submit()
    await days.at(start + MINUTE)
    await days.at(start - 2 * DAY)
    await days.at(start + 2 * MINUTE)
    digests = [told for _, told in days.said if isinstance(told, Digest)]
    assert days.reposts() == []
    assert digests == [Digest(date(2026, 11, 23))]
