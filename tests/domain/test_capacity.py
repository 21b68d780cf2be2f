"""The stoplicht: how long a light holds, and which teams have room for what is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capacity import Colour, Light, teams_with_room
from domain.care import Dagdeel

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
DAY = timedelta(hours=24)
GROEN, ORANJE, ROOD = Colour.GROEN, Colour.ORANJE, Colour.ROOD
OCHTEND, AVOND = Dagdeel.OCHTEND, Dagdeel.AVOND


def light(team: str, dagdeel: Dagdeel, colour: Colour, age: timedelta = timedelta(0)) -> Light:
    """What a team said `age` ago."""
    return Light(team, dagdeel, colour, NOW - age, "@lead:x")


@pytest.mark.parametrize(
    ("age", "stale"),
    [(timedelta(0), False), (DAY - timedelta(microseconds=1), False), (DAY, True), (DAY * 2, True)],
)
def test_a_light_is_stale_from_24_hours_on_to_the_instant(age: timedelta, stale: bool) -> None:
    assert light("noord", AVOND, GROEN, age).is_stale(NOW, DAY) is stale


@pytest.mark.parametrize(
    ("until", "stale"),
    [(NOW + timedelta(microseconds=1), False), (NOW, True), (NOW + DAY * 5, False), (NOW - DAY, True)],
)
def test_a_light_with_an_end_holds_until_then_however_old_it_is(until: datetime, stale: bool) -> None:
    old = Light("noord", AVOND, ROOD, NOW - DAY * 3, "@lead:x", until=until)
    assert old.is_stale(NOW, DAY) is stale


ROOM = [
    ("green in all that is asked", {OCHTEND: GROEN, AVOND: GROEN}, [OCHTEND, AVOND], GROEN),
    (
        "orange in one and green in the other counts as orange",
        {OCHTEND: ORANJE, AVOND: GROEN},
        [OCHTEND, AVOND],
        ORANJE,
    ),
    ("red in one of two asked is no room", {OCHTEND: GROEN, AVOND: ROOD}, [OCHTEND, AVOND], None),
    ("red in what is not asked does not matter", {OCHTEND: GROEN, AVOND: ROOD}, [OCHTEND], GROEN),
    ("nothing said of an asked dagdeel is no room", {OCHTEND: GROEN}, [OCHTEND, AVOND], None),
    ("nothing asked: any room counts, the best of it", {OCHTEND: ORANJE, AVOND: GROEN}, [], GROEN),
    ("nothing asked and all red is no room", {OCHTEND: ROOD, AVOND: ROOD}, [], None),
]


@pytest.mark.parametrize(("lights", "asked", "room"), [row[1:] for row in ROOM], ids=[row[0] for row in ROOM])
def test_which_teams_have_room(lights: dict[Dagdeel, Colour], asked: list[Dagdeel], room: Colour | None) -> None:
    said = [light("noord", dagdeel, colour) for dagdeel, colour in lights.items()]
    assert teams_with_room(said, asked, NOW, DAY) == ({} if room is None else {"noord": room})


def test_a_stale_green_light_promises_nothing() -> None:
    assert teams_with_room([light("noord", AVOND, GROEN, DAY)], [AVOND], NOW, DAY) == {}


def test_green_teams_are_named_before_orange_ones() -> None:
    said = [light("a", AVOND, ORANJE), light("b", AVOND, GROEN), light("c", AVOND, ORANJE), light("d", AVOND, GROEN)]
    assert list(teams_with_room(said, [AVOND], NOW, DAY)) == ["b", "d", "a", "c"]


LIGHTS = st.lists(
    st.builds(
        light,
        st.sampled_from("abc"),
        st.sampled_from(Dagdeel),
        st.sampled_from(Colour),
        st.sampled_from([timedelta(0), DAY]),
    ),
    unique_by=lambda one: (one.team_id, one.dagdeel),
)


@given(LIGHTS, st.sets(st.sampled_from(Dagdeel), min_size=1))
def test_a_team_with_room_has_a_fresh_light_that_is_not_red_in_every_asked_dagdeel(
    lights: list[Light], asked: set[Dagdeel]
) -> None:
    found = teams_with_room(lights, asked, NOW, DAY)
    for team in "abc":
        fresh = {one.dagdeel: one.colour for one in lights if one.team_id == team and one.set_at == NOW}
        colours = [fresh.get(dagdeel, ROOD) for dagdeel in asked]
        assert (team in found) is (ROOD not in colours)
        if team in found:
            assert found[team] is (ORANJE if ORANJE in colours else GROEN)
