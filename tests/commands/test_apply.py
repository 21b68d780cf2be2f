"""Applying an area: a plan that tells what changes, in a real database, and nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from commands.apply import carry_out, plan, stored_area
from config.area import read_area
from domain.announcements import Departed, DetailsTaken, LeftBehind
from domain.area import Area
from domain.audience import Audience, Coordinators, Person, RegionRoom
from domain.capacity import Colour, Light
from domain.care import Care, Contact, Dagdeel, Kind
from domain.people import Organisation, Policy, PostcodeRange, Region, Role, Team
from storage.letters import Message
from storage.work import Store, Work
from tests.commands.areas import ANNA, ELS, LIVIO, NOORD, ROOMBEEK, SMALL, areas

EXAMPLE = Path(__file__).parents[2] / "area.example.toml"
MORNING = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)  # 07:30 in Amsterdam, before the digest
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
CARE = Care("7523", (Kind.WONDZORG,))


async def apply(area: Area, store: Store, now: datetime = NOON) -> list[str]:
    """Plan and carry out, as an administrator does."""
    async with store.work() as work:
        made = await plan(area, work)
        await carry_out(made, work, now)
    return made.lines()


def in_order(area: Area) -> Area:
    """The same area; what stands in which place of a tuple means nothing."""
    return Area(
        regions=tuple(sorted(area.regions, key=lambda one: one.id)),
        organisations=tuple(sorted(area.organisations, key=lambda one: one.id)),
        teams=tuple(sorted(area.teams, key=lambda one: one.id)),
        members=tuple(sorted(area.members, key=lambda one: (one.region_id, one.user_id))),
    )


async def test_a_first_area_is_told_line_by_line(store: Store) -> None:
    assert await apply(SMALL, store) == [
        "+ region Noord: postcodes 7520-7529",
        "+ organisation Livio",
        "+ team Roombeek of Livio in Noord: postcodes 7523",
        "+ @anna:livio.test joins Noord: nurse, team Roombeek",
        "+ @els:zorg.test joins Noord: coordinator",
    ]


async def test_the_second_time_nothing_changes(store: Store) -> None:
    area = read_area(EXAMPLE)
    assert await apply(area, store) != []
    async with store.look() as work:
        again = await plan(area, work)
        assert again.is_empty
        assert again.lines() == []
        assert in_order(await stored_area(work)) == area


async def test_a_plan_alone_changes_nothing(store: Store) -> None:
    async with store.work() as work:
        assert not (await plan(SMALL, work)).is_empty
    async with store.look() as work:
        assert await stored_area(work) == Area((), (), (), ())


ZUID = Region("zuid", "Zuid", (PostcodeRange("7541", "7541"),))
BUURTZORG = Organisation("buurtzorg", "Buurtzorg")
OTHER = Team("other", "Other", "livio", "noord")
CHANGES = [
    (
        replace(SMALL, regions=(replace(NOORD, name="Enschede Noord", timezone="Europe/Brussels"),)),
        ["~ region Noord: name Noord -> Enschede Noord; timezone Europe/Amsterdam -> Europe/Brussels"],
    ),
    (
        replace(
            SMALL, regions=(replace(NOORD, postcodes=(PostcodeRange("7520", "7525"), PostcodeRange("7531", "7531"))),)
        ),
        ["~ region Noord: postcodes 7520-7529 -> 7520-7525, 7531"],
    ),
    (
        replace(
            SMALL, regions=(replace(NOORD, policy=Policy(quiet_from=time(1), quiet_until=time(1), erase_after=None)),)
        ),
        ["~ region Noord: quiet_hours 22:00-07:00 -> never; erase_after 30d -> never"],
    ),
    (
        replace(SMALL, regions=(NOORD, ZUID)),
        ["+ region Zuid: postcodes 7541"],
    ),
    (
        replace(SMALL, organisations=(replace(LIVIO, name="Livio Thuis"), BUURTZORG)),
        ["+ organisation Buurtzorg", "~ organisation Livio: name Livio -> Livio Thuis"],
    ),
    (
        replace(SMALL, teams=(replace(ROOMBEEK, postcodes=(), expertise=("infuus", "stoma")),)),
        ["~ team Roombeek: postcodes 7523 -> the whole region; expertise none -> infuus, stoma"],
    ),
    (
        replace(SMALL, organisations=(BUURTZORG,), teams=(replace(ROOMBEEK, organisation_id="buurtzorg"),)),
        ["+ organisation Buurtzorg", "- organisation Livio", "~ team Roombeek: organisation Livio -> Buurtzorg"],
    ),
    (
        replace(SMALL, teams=(OTHER,), members=(replace(ANNA, team_id="other"), ELS)),
        [
            "+ team Other of Livio in Noord: postcodes the whole region",
            "- team Roombeek of Livio",
            "~ @anna:livio.test in Noord: team Roombeek -> Other",
        ],
    ),
    (
        replace(SMALL, members=(replace(ANNA, name="Anna B", roles=frozenset(Role)), ELS)),
        ["~ @anna:livio.test in Noord: name Anna -> Anna B; roles nurse -> nurse and team lead and coordinator"],
    ),
    (
        replace(SMALL, members=(ANNA,)),
        ["- @els:zorg.test leaves Noord"],
    ),
    (
        Area((ZUID,), (), (), (replace(ELS, region_id="zuid"),)),
        [
            "+ region Zuid: postcodes 7541",
            "- region Noord",
            "- organisation Livio",
            "- team Roombeek of Livio",
            "+ @els:zorg.test joins Zuid: coordinator",
            "- @anna:livio.test leaves Noord",
            "- @els:zorg.test leaves Noord",
        ],
    ),
]


@pytest.mark.parametrize(("area", "told"), CHANGES)
async def test_each_change_is_told_and_done(store: Store, area: Area, told: list[str]) -> None:
    await apply(SMALL, store)
    assert await apply(area, store) == told
    async with store.look() as work:
        assert in_order(await stored_area(work)) == in_order(area)


async def test_regions_can_trade_names(store: Store) -> None:
    await apply(Area((NOORD, ZUID), (), (), ()), store)
    traded = Area((replace(NOORD, name="Zuid"), replace(ZUID, name="Noord")), (), (), ())
    assert await apply(traded, store) == ["~ region Noord: name Noord -> Zuid", "~ region Zuid: name Zuid -> Noord"]


async def test_a_name_is_free_again_when_its_region_has_gone(store: Store) -> None:
    await apply(Area((NOORD,), (), (), ()), store)
    await apply(Area((replace(NOORD, id="new"),), (), (), ()), store)
    async with store.look() as work:
        assert [region.id for region in await work.people.regions()] == ["new"]
        assert (await work.people.region("noord")).name == "Noord"


async def test_the_numbers_of_a_region_that_comes_back_go_on(store: Store) -> None:
    await apply(SMALL, store)
    async with store.work() as work:
        await work.zorgvragen.add(NOORD, CARE, ELS.user_id, NOON)
    await apply(Area((ZUID,), (), (), ()), store)
    await apply(SMALL, store)
    async with store.work() as work:
        assert (await work.zorgvragen.add(NOORD, CARE, ELS.user_id, NOON)).number == 2


async def claim_two(store: Store) -> None:
    """Anna has Noord-1, with details of the client, and Noord-2."""
    async with store.work() as work:
        for _ in range(2):
            zorgvraag = await work.zorgvragen.add(NOORD, CARE, ELS.user_id, MORNING)
            zorgvraag.claim(ANNA, MORNING)
            await work.zorgvragen.save(zorgvraag)
        await work.contacts.keep(1, Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000"))


async def waiting(store: Store) -> list[tuple[Audience, Message]]:
    """Everything that is to be said, in its order."""
    told: list[tuple[Audience, Message]] = []
    async with store.work() as work:
        while (batch := await work.outbox.take(NOON)) is not None:
            told += [(letter.audience, letter.message) for letter in batch.letters]
            await work.outbox.gave_up(batch, "seen", NOON)
    return told


async def test_what_somebody_who_leaves_had_is_open_again_and_the_coordinators_hear_it_once(store: Store) -> None:
    await apply(SMALL, store)
    await claim_two(store)
    gone = replace(SMALL, members=(ELS,))
    assert await apply(gone, store) == [
        "- @anna:livio.test leaves Noord",
        "! @anna:livio.test leaves Noord-1, Noord-2 behind: open again, and the coordinators hear it",
    ]
    await apply(gone, store)
    assert await waiting(store) == [
        (Person(ANNA.user_id), DetailsTaken(1)),
        (Coordinators("noord"), Departed((1, 2), "nurse", "Livio")),
        (RegionRoom("noord"), LeftBehind(1)),
        (RegionRoom("noord"), LeftBehind(2)),
    ]
    async with store.look() as work:
        assert [(one.opened_at, one.round) for one in await work.zorgvragen.open_in("noord")] == [(NOON, 1)] * 2


async def test_the_organisation_that_leaves_with_its_people_is_still_named(store: Store) -> None:
    await apply(SMALL, store)
    await claim_two(store)
    await apply(Area((NOORD,), (), (), (ELS,)), store)
    assert (Coordinators("noord"), Departed((1, 2), "nurse", "Livio")) in await waiting(store)


async def test_a_claim_that_was_left_behind_before_is_found_by_the_next_apply(store: Store) -> None:
    await apply(SMALL, store)
    await claim_two(store)
    async with store.work() as work:
        await work.people.remove_member(ANNA.user_id, "noord")
    assert await apply(replace(SMALL, members=(ELS,)), store) == []
    assert (Coordinators("noord"), Departed((1, 2))) in await waiting(store)


async def test_who_only_changes_keeps_what_they_have(store: Store) -> None:
    await apply(SMALL, store)
    await claim_two(store)
    await apply(replace(SMALL, members=(replace(ANNA, name="Anna B", team_id=None), ELS)), store)
    assert await waiting(store) == []
    async with store.look() as work:
        assert len(await work.zorgvragen.claimed_by(ANNA.user_id, "noord")) == 2


async def test_where_a_region_goes_only_the_details_come_back(store: Store) -> None:
    await apply(SMALL, store)
    await claim_two(store)
    told = await apply(Area((ZUID,), (), (), ()), store)
    assert "! @anna:livio.test leaves Noord-1, Noord-2 behind: nobody has it now, and nobody is asked" in told
    assert await waiting(store) == [(Person(ANNA.user_id), DetailsTaken(1))]


async def test_a_region_that_goes_with_open_zorgvragen_is_told(store: Store) -> None:
    await apply(SMALL, store)
    async with store.work() as work:
        await work.zorgvragen.add(NOORD, CARE, ELS.user_id, NOON)
    assert "! region Noord goes and still has 1 open" in await apply(Area((ZUID,), (), (), ()), store)


async def test_a_team_that_changes_keeps_its_lights(store: Store) -> None:
    await apply(SMALL, store)
    async with store.work() as work:
        await work.lights.set(Light(ROOMBEEK.id, Dagdeel.AVOND, Colour.GROEN, NOON, ANNA.user_id))
    await apply(replace(SMALL, teams=(replace(ROOMBEEK, name="Roombeek-Oost"),)), store)
    async with store.look() as work:
        assert len(await work.lights.in_region("noord")) == 1


@pytest.mark.parametrize(("now", "is_first"), [(MORNING, True), (NOON, False)])
async def test_a_new_region_gets_no_digest_for_an_hour_that_passed(store: Store, now: datetime, is_first: bool) -> None:
    await apply(SMALL, store, now)
    async with store.work() as work:
        assert await work.agenda.is_first_digest("noord", TODAY, now) is is_first


async def test_a_region_that_only_changes_keeps_its_digest(store: Store) -> None:
    await apply(SMALL, store, MORNING)
    await apply(replace(SMALL, regions=(replace(NOORD, name="Noordrand"),)), store, NOON)
    async with store.work() as work:
        assert await work.agenda.is_first_digest("noord", TODAY, NOON)


class _Undo(Exception):
    """Ends a transaction that must leave nothing behind."""


@asynccontextmanager
async def undone(store: Store) -> AsyncIterator[Work]:
    try:
        async with store.work() as work:
            yield work
            raise _Undo
    except _Undo:
        pass


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=areas(), second=areas())
async def test_whatever_was_before_what_is_applied_is_what_is(store: Store, first: Area, second: Area) -> None:
    async with undone(store) as work:
        for area in (first, second, first, second):
            made = await plan(area, work)
            await carry_out(made, work, NOON)
            assert in_order(await stored_area(work)) == in_order(area)
            assert (made.lines() == []) is made.is_empty
            assert (await plan(area, work)).is_empty
