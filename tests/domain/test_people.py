"""Regions and the people in them: which postcode belongs where, whose day it is, and who may do what."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people import Member, Policy, PostcodeRange, Region, Role, Team

REGION = Region("noord", "Noord", (PostcodeRange("7520", "7529"), PostcodeRange("7541", "7541")))
PC4 = st.integers(1000, 9999).map(str)


@given(PC4, PC4, PC4)
def test_a_range_holds_both_its_ends_and_what_lies_between(one: str, other: str, pc4: str) -> None:
    first, last = sorted((one, other))
    assert (pc4 in PostcodeRange(first, last)) is (int(first) <= int(pc4) <= int(last))


@pytest.mark.parametrize("wrong", ["", "752", "75231", "7523AB", "O523", 7523, None])
def test_what_is_no_pc4_lies_in_no_range(wrong: object) -> None:
    assert wrong not in PostcodeRange("7520", "7529")


@pytest.mark.parametrize(
    ("pc4", "covered"), [("7519", False), ("7520", True), ("7529", True), ("7530", False), ("7541", True)]
)
def test_a_region_covers_every_one_of_its_ranges(pc4: str, covered: bool) -> None:
    assert REGION.covers(pc4) is covered


def test_a_team_without_postcodes_works_in_the_whole_region() -> None:
    assert Team("a", "A", "o", "noord").covers("7523")
    assert not Team("a", "A", "o", "noord", (PostcodeRange("7520", "7521"),)).covers("7523")


@pytest.mark.parametrize(
    ("now", "yesterday"),
    [
        ("2026-03-29T06:00", "2026-03-28T07:00"),  # the night was short: 23 hours
        ("2026-10-25T07:00", "2026-10-24T06:00"),  # the night was long: 25 hours
        ("2026-11-23T07:00", "2026-11-22T07:00"),
        ("2026-11-23T23:30", "2026-11-23T07:00"),  # past midnight in Amsterdam, so "yesterday" is the 23rd
        ("2026-01-01T07:00", "2025-12-31T07:00"),
        ("2028-03-01T07:00", "2028-02-29T07:00"),
    ],
)
def test_the_day_before_begins_at_eight_on_the_wall_also_when_the_clock_changed(now: str, yesterday: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert REGION.day_before(moment) == datetime.fromisoformat(yesterday).replace(tzinfo=UTC)


@given(st.dates(date(2024, 1, 2), date(2030, 1, 1)))
def test_two_digests_in_a_row_count_every_moment_once(day: date) -> None:
    """Each digest counts from where the one before it stood: no hour is missed or counted twice."""
    digest_at, amsterdam = REGION.policy.digest_at, ZoneInfo(REGION.timezone)
    before = datetime.combine(day - timedelta(days=1), digest_at, amsterdam)
    today = datetime.combine(day, digest_at, amsterdam)
    assert REGION.day_before(today.astimezone(UTC)) == before.astimezone(UTC)


def test_a_digest_in_the_hour_that_the_clock_skips_still_comes() -> None:
    odd = Region("x", "X", (), policy=Policy(digest_at=time(2, 30)))
    since = odd.day_before(datetime(2026, 3, 30, 6, tzinfo=UTC))
    assert since == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_region_abroad_has_its_own_clock() -> None:
    bonaire = Region("bonaire", "Bonaire", (), timezone="America/Kralendijk")
    assert bonaire.local(datetime(2026, 7, 1, 12, tzinfo=UTC)).hour == 8


def test_somebody_may_have_several_roles() -> None:
    both = Member("@a:x", "noord", frozenset({Role.NURSE, Role.COORDINATOR}), "A")
    assert both.is_any([Role.COORDINATOR])
    assert both.is_any([Role.NURSE, Role.TEAM_LEAD])
    assert not both.is_any([Role.TEAM_LEAD])
    assert not both.is_any([])
