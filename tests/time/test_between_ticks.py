"""A clock that goes wrong for a while, seen by no tick or by some: what it wrote is put right at the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.announcements import Erase, OpenList, Overview, Reposted
from domain.audience import RegionRoom
from domain.capacity import Colour, Light
from domain.care import Contact, Dagdeel, Urgency
from domain.people import Member, Organisation, Role, Team
from domain.zorgvraag import State, Zorgvraag
from tests.time.conftest import DAY, HOUR, Days, wall

MINUTE = timedelta(minutes=1)
START = wall(2026, 11, 23, 10)
ELS = Member("@els:x", "noord", frozenset({Role.NURSE}), "Els", None)
CONTACT = Contact("Mevrouw Jansen", "Straat 1", "06-12345678")
AHEAD = pytest.mark.parametrize("ahead", [5 * HOUR, DAY, 3650 * DAY], ids=["hours", "a day", "ten years"])


async def went_on(days: Days, *, entries: int = 3) -> None:
    """Others do things, so that the journal says what time it is."""
    async with days.store.work() as work:
        for _ in range(entries):
            await work.journal.write("open", ELS.user_id, days.now)


async def withdraw(days: Days, number: int = 1) -> None:
    """A zorgvraag with details ends, by what the clock says now."""
    async with days.store.work() as work:
        zorgvraag = await work.zorgvragen.get(number)
        await work.contacts.keep(zorgvraag.id, CONTACT)
        zorgvraag.withdraw(replace(ELS, roles=frozenset({Role.COORDINATOR})), None, days.now)
        await work.zorgvragen.save(zorgvraag)
        await work.journal.write("withdraw", ELS.user_id, days.now, zorgvraag_id=zorgvraag.id)


async def kept(days: Days, number: int = 1) -> tuple[Zorgvraag, bool]:
    """The zorgvraag, and whether its details are still there."""
    async with days.store.look() as work:
        return await work.zorgvragen.get(number), await work.contacts.has(number)


@AHEAD
async def test_a_letter_that_was_put_off_between_two_ticks_does_not_silence_its_room(
    days: Days, ahead: timedelta
) -> None:
    """The clock was ahead for seconds, while the homeserver limited us."""
    await days.at(START)
    days.now = START + ahead
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), OpenList(), days.now)
        batch = await work.outbox.take(days.now)
        assert batch is not None
        await work.outbox.postpone(batch, days.now + 2 * MINUTE / 60)
    days.now = START + MINUTE / 2
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), Overview(), days.now)
    await days.at(days.now)
    assert [type(told) for _, told in days.said][-2:] == [OpenList, Overview]
    assert {at for at, _ in days.said[-2:]} == {days.now}


async def test_what_is_for_later_waits_while_the_clock_goes_as_it_should(days: Days) -> None:
    """A welcome waits ten seconds, a letter that was tried minutes; no tick in between brings it forward."""
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), OpenList(), days.now, not_before=days.now + 5 * MINUTE)
    start = days.now
    await days.through(start + 6 * MINUTE, MINUTE / 2)
    assert [at for at, told in days.said if isinstance(told, OpenList)] == [start + 5 * MINUTE]


async def test_what_waits_since_the_clock_was_ahead_is_told_to_be_late_like_all_else(days: Days) -> None:
    await days.at(START)
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), OpenList(), START + 3650 * DAY, region_id="noord")
    days.now = START + MINUTE
    await days.tick()
    async with days.store.look() as work:
        assert await work.audit.unsaid(START + 2 * MINUTE) == {"noord": START + MINUTE}


@AHEAD
@pytest.mark.parametrize("urgency", [Urgency.SPOED, Urgency.GEPLAND])
async def test_what_came_in_between_two_ticks_of_a_clock_that_was_ahead_comes_back_in_time(
    days: Days, ahead: timedelta, urgency: Urgency
) -> None:
    """No tick saw it ahead; its step is counted from when it was right again, and so is what people read."""
    await days.believed(START - 6 * MINUTE)
    days.now = START + ahead
    await days.submit(urgency)
    await days.at(right := START + MINUTE / 2)
    step = 2 * HOUR if urgency is Urgency.SPOED else 48 * HOUR
    await days.at(right + step - MINUTE)
    assert days.reposts() == []
    await days.at(right + step)
    (repost,) = [told for _, told in days.said if isinstance(told, Reposted)]
    assert repost.waited_hours == step // HOUR


async def test_nothing_that_is_shown_lies_ahead(days: Days) -> None:
    """A claim of a moment when the clock was ahead, of a zorgvraag from then or from before."""
    await days.believed(START - 6 * MINUTE)
    days.now = START
    await days.submit()
    days.now = START + DAY
    await days.submit()
    async with days.store.work() as work:
        for number in (1, 2):
            zorgvraag = await work.zorgvragen.get(number)
            zorgvraag.claim(ELS, days.now)
            await work.zorgvragen.save(zorgvraag)
    await days.at(right := START + MINUTE / 2)
    one, other = (await kept(days, 1))[0], (await kept(days, 2))[0]
    assert (one.submitted_at, one.opened_at, one.claimed_at) == (START, START, right)
    assert (other.submitted_at, other.opened_at, other.claimed_at) == (right, right, right)


@AHEAD
async def test_what_ended_by_a_clock_that_was_ahead_is_erased_in_its_time(days: Days, ahead: timedelta) -> None:
    """Details, post and list: thirty days after the clock was right again, and not before."""
    await days.believed(START - 6 * MINUTE)
    days.now = START + ahead
    await days.submit()
    async with days.store.work() as work:
        await work.outbox.put(RegionRoom("noord"), OpenList(), days.now, region_id="noord")
    await days.say()
    await withdraw(days)
    days.now = right = START + MINUTE
    await went_on(days)
    await days.at(right)
    days.said.clear()
    await days.believed(right + 30 * DAY - HOUR)
    assert (await kept(days))[1]
    await days.believed(right + 30 * DAY)
    assert not (await kept(days))[1]
    assert len([told for _, told in days.said if isinstance(told, Erase)]) == 3  # with the digest of the first day


@pytest.mark.parametrize("lost", [datetime(1970, 1, 1, tzinfo=UTC), START - 90 * DAY], ids=["1970", "three months"])
async def test_a_clock_that_lost_years_makes_nothing_old(days: Days, lost: datetime) -> None:
    """Its battery was empty and nobody tells it the time for a day: all that ever happened lies ahead of it."""
    days.now = START
    await days.submit()
    await days.say()
    await withdraw(days)
    await went_on(days)
    await days.believed(lost)
    days.now = lost + HOUR
    await went_on(days, entries=2)  # people go on meanwhile
    await days.through(lost + DAY, HOUR)
    await days.believed(START + HOUR)
    await days.believed(START + 30 * DAY - HOUR)
    assert (await kept(days))[1]
    await days.believed(START + 30 * DAY)
    assert not (await kept(days))[1]


async def test_a_light_and_a_figure_of_a_clock_that_was_ahead_last_no_longer_than_others(days: Days) -> None:
    """A light grows stale from when the clock was right; and yesterday's digest is not next year's as well."""
    await days.believed(START - 6 * MINUTE)
    days.now = START + 3650 * DAY
    await days.submit()
    await withdraw(days)
    async with days.store.work() as work:
        await work.people.put_organisation(Organisation("buurtzorg", "Buurtzorg"))
        await work.people.put_team(Team("roombeek", "Team Roombeek", "buurtzorg", "noord"))
        until = days.now + DAY
        await work.lights.set(Light("roombeek", Dagdeel.AVOND, Colour.GROEN, days.now, ELS.user_id, until))
        await work.agenda.record_round((await work.zorgvragen.get(1)), days.now)
    days.now = right = START + MINUTE
    await went_on(days)
    await days.at(right)
    async with days.store.look() as work:
        (light,) = await work.lights.in_region("noord")
        assert (light.set_at, light.until) == (right, None)
        figures = await work.happened.since_yesterday(days.region, right + 10 * DAY)
    assert (figures.submitted, figures.withdrawn.count, figures.reposted.count) == (0, 0, 0)
    assert (await kept(days))[0].state is State.WITHDRAWN
