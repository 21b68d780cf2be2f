"""The two nights on which the clock on the wall changes, leap day, and the turn of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from domain.announcements import Digest, Reposted
from tests.time.conftest import AMSTERDAM, DAY, HOUR, Days, wall

HALF = timedelta(minutes=30)
NIGHTS = {
    "short night 2026": date(2026, 3, 29),
    "long night 2026": date(2026, 10, 25),
    "short night 2027": date(2027, 3, 28),
    "leap day": date(2028, 2, 29),
    "new year": date(2027, 1, 1),
}
nights = pytest.mark.parametrize("day", NIGHTS.values(), ids=NIGHTS)


def morning(day: date, hour: int = 8) -> datetime:
    """This hour on the wall that day."""
    return wall(day.year, day.month, day.day, hour)


@nights
async def test_one_digest_a_day_at_eight_on_the_wall(days: Days, day: date) -> None:
    """From the day before to the day after, with a tick every half hour."""
    days.now = morning(day - DAY, 9)
    await days.at(days.now)
    await days.through(morning(day + DAY, 12), HALF)
    assert days.digests()[1:] == [morning(day), morning(day + DAY)]  # the first: for the day of the start, late
    told = [message.day for _, message in days.said if isinstance(message, Digest)]
    assert told == [day - DAY, day, day + DAY]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)], ids=["short night", "long night"])
@pytest.mark.parametrize("at", [time(0), time(2, 30)], ids=str)
async def test_one_digest_a_day_also_at_an_hour_that_comes_twice_or_not_at_all(days: Days, day: date, at: time) -> None:
    """Half past two does not exist on one night of the year, and happens twice on another."""
    days.region = replace(days.region, policy=replace(days.region.policy, digest_at=at))
    async with days.store.work() as work:
        await work.people.put_region(days.region)
    days.now = morning(day - DAY, 20)
    await days.at(days.now)
    await days.through(morning(day + DAY, 4), HALF)
    assert [moment.astimezone(AMSTERDAM).date() for moment in days.digests()] == [day - DAY, day, day + DAY]


@nights
async def test_forty_eight_hours_are_elapsed_hours(days: Days, day: date) -> None:
    """A zorgvraag of noon the day before comes back when 48 hours have passed, whatever the wall says."""
    days.now = start = morning(day - DAY, 12)
    await days.submit()
    await days.through(start + 49 * HOUR, HALF)
    assert days.reposts() == [start + 48 * HOUR]
    (repost,) = [told for _, told in days.said if isinstance(told, Reposted)]
    assert (repost.waited_hours, repost.loud) == (48, True)


@pytest.mark.parametrize(("hour", "loud"), [(6, False), (7, True), (21, True), (22, False)])
@nights
async def test_nobody_is_woken_before_seven_or_after_ten_on_the_wall(
    days: Days, day: date, hour: int, *, loud: bool
) -> None:
    days.now = morning(day, hour) - 48 * HOUR
    await days.submit()
    await days.at(morning(day, hour))
    (repost,) = [told for _, told in days.said if isinstance(told, Reposted)]
    assert repost.loud is loud


async def test_at_noon_plus_48_hours_the_wall_says_one_or_eleven(days: Days) -> None:
    """The two nights, in what people see."""
    assert wall(2026, 3, 28, 12) + 48 * HOUR == wall(2026, 3, 30, 13)
    assert wall(2026, 10, 24, 12) + 48 * HOUR == wall(2026, 10, 26, 11)
    assert days.region.day_before(wall(2026, 3, 29, 8)) == wall(2026, 3, 28, 8) == wall(2026, 3, 29, 8) - 23 * HOUR
    assert days.region.day_before(wall(2026, 10, 25, 8)) == wall(2026, 10, 24, 8) == wall(2026, 10, 25, 8) - 25 * HOUR
    assert days.region.day_before(wall(2028, 3, 1, 8)) == wall(2028, 2, 29, 8)


async def test_the_hour_that_comes_twice_repeats_nothing(days: Days) -> None:
    """Half past two, once more: a spoed zorgvraag and the digest are of elapsed and of local time."""
    first, second = wall(2026, 10, 25, 2, 30), wall(2026, 10, 25, 2, 30, fold=1)
    assert second - first == HOUR
    days.now = first - 2 * HOUR
    await days.submit()
    await days.through(second, HALF)
    assert days.reposts() == []


@pytest.mark.parametrize(
    ("at", "now", "is_old"),
    [
        (time(8), wall(2026, 11, 24, 8), False),
        (time(8), wall(2026, 11, 25, 7, 59), False),
        (time(8), wall(2026, 11, 25, 8), True),
        (time(8), wall(2026, 11, 26, 7), True),
        (time(23, 59), wall(2026, 11, 25, 0, 1), False),
        (time(23, 59), wall(2026, 11, 25, 23, 59), True),
        (time(8), wall(2026, 11, 23, 12), False),
    ],
)
async def test_a_digest_that_could_not_be_told_is_old_when_the_next_one_is_due(
    days: Days, at: time, now: datetime, is_old: bool
) -> None:
    """The digest of 24 November; nobody needs two on one morning, and nobody may go without."""
    region = replace(days.region, policy=replace(days.region.policy, digest_at=at))
    assert region.has_later_digest(date(2026, 11, 24), now) is is_old
