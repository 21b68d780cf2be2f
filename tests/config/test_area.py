"""The area file: what it gives, and every problem in it as one line with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from config.area import AreaError, read_area
from domain.care import Urgency
from domain.people import Member, Organisation, Policy, PostcodeRange, Region, Role, Team
from tests.config.wrong_areas import LEAST, LIVIO, REGION, TEAM, WRONG_AREAS, ZUID

EXAMPLE = Path(__file__).parents[2] / "area.example.toml"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of an area file."""

    def writer(text: str) -> Path:
        file = tmp_path / "area.toml"
        file.write_text(text, "utf-8")
        return file

    return writer


def complaints(file: Path) -> list[str]:
    with pytest.raises(AreaError) as caught:
        read_area(file)
    assert str(caught.value).splitlines() == list(caught.value.lines)
    return list(caught.value.lines)


def test_the_example_loads() -> None:
    area = read_area(EXAMPLE)
    assert [region.name for region in area.regions] == ["Noord", "Oost-Twente"]
    assert [team.id for team in area.teams] == ["buurtzorg-noord", "buurtzorg-oldenzaal", "livio-roombeek"]
    fatima = Member(
        "@fatima:livio.example",
        "noord",
        frozenset({Role.COORDINATOR, Role.TEAM_LEAD}),
        "Fatima Yilmaz",
        "livio-roombeek",
    )
    assert fatima in area.members


def test_the_policy_in_the_example_is_the_default() -> None:
    assert [region.policy for region in read_area(EXAMPLE).regions] == [Policy(), Policy()]


def test_the_least_area_is_one_region_with_postcodes(write: Write) -> None:
    area = read_area(write('[[region]]\nname = "Noord"\npostcodes = [7531]\n'))
    assert area.regions == (Region("noord", "Noord", (PostcodeRange("7531", "7531"),)),)
    assert (area.organisations, area.teams, area.members) == ((), (), ())


def test_a_policy_is_read_whole(write: Write) -> None:
    policy = """
    [region.policy]
    quiet_hours = "23:30 – 6:00"
    digest_at = 07:45:00
    erase_after = "never"
    lights_stale_after = "2w"
    [region.policy.steps]
    spoed = ["30m", "1u"]
    "binnen 24 uur" = ["1d"]
    """
    area = read_area(write('[[region]]\nname = "Noord"\npostcodes = ["7531"]\n' + policy))
    assert area.regions[0].policy == Policy(
        steps={
            Urgency.SPOED: (timedelta(minutes=30), timedelta(hours=1)),
            Urgency.BINNEN_24: (timedelta(days=1),),
            Urgency.BINNEN_48: (timedelta(hours=48),),
            Urgency.GEPLAND: (timedelta(hours=48),),
        },
        quiet_from=time(23, 30),
        quiet_until=time(6),
        digest_at=time(7, 45),
        erase_after=None,
        lights_stale_after=timedelta(weeks=2),
    )


def test_never_quiet_means_that_no_time_is_quiet(write: Write) -> None:
    file = write('[[region]]\nname = "Noord"\npostcodes = ["7531"]\npolicy.quiet_hours = "never"\n')
    policy = read_area(file).regions[0].policy
    assert not any(policy.is_quiet(time(hour)) for hour in range(24))


def test_ids_come_from_names_and_names_or_ids_can_be_referred_to(write: Write) -> None:
    area = read_area(write(LEAST + '[[team]]\nname = "Én & Twee"\norganisation = "LIVIO"\nregion = "noord"\n'))
    assert area.organisations == (Organisation("livio", "Livio"),)
    assert area.teams[0] == Team("livio-en-twee", "Én & Twee", "livio", "noord")


def test_the_order_in_the_file_does_not_matter(write: Write) -> None:
    tables = EXAMPLE.read_text("utf-8").split("\n[[")
    head, *rest = tables
    assert read_area(write("\n[[".join([head, *reversed(rest)]))) == read_area(EXAMPLE)


def test_one_person_may_work_in_several_regions_and_be_more_than_one_thing_there(write: Write) -> None:
    anna = '{ id = "@anna:zorg.test", name = "Anna" }'
    text = f"""
    [[region]]
    name = "Noord"
    postcodes = ["7531"]
    coordinators = [{anna}]
    [[region]]
    name = "Zuid"
    postcodes = ["7541"]
    [[organisation]]
    name = "Livio"
    [[team]]
    name = "Een"
    organisation = "Livio"
    region = "Noord"
    team_leads = [{anna}]
    nurses = [{anna}]
    [[team]]
    name = "Twee"
    organisation = "Livio"
    region = "Zuid"
    nurses = [{anna}]
    """
    assert read_area(write(text)).members == (
        Member("@anna:zorg.test", "noord", frozenset(Role), "Anna", "livio-een"),
        Member("@anna:zorg.test", "zuid", frozenset({Role.NURSE}), "Anna", "livio-twee"),
    )


@pytest.mark.parametrize(("text", "complaint"), WRONG_AREAS)
def test_what_is_wrong_is_one_line_with_its_place(write: Write, text: str, complaint: str) -> None:
    assert complaints(write(text)) == [f"area.toml: {line}" for line in complaint.splitlines()]


def test_all_problems_are_told_at_once(write: Write) -> None:
    nurses = 'nurses = [{ id = "anna", name = "Anna" }]\n'
    text = REGION + ZUID + "x = 1\n" + LIVIO + TEAM.replace("Livio", "Livo") + TEAM + nurses
    lines = complaints(write(text))
    places = [line.split(": ")[1] for line in lines]
    assert places == ['region "Zuid" (2nd)', 'team "Roombeek" (2nd)', 'team "Roombeek" (1st)']


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone.toml"
    assert complaints(gone) == [f"{gone}: cannot be read (No such file or directory)"]
