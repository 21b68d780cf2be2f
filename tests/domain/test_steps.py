"""When something is due: elapsed hours, whatever the clock on the wall does, and hours in which nobody is woken."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.care import Urgency
from domain.people import DEFAULT_STEPS, Policy

OPENED = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

STEPS = st.lists(st.integers(1, 10_000), min_size=1, max_size=5, unique=True).map(
    lambda minutes: tuple(timedelta(minutes=each) for each in sorted(minutes))
)
ELAPSED = st.timedeltas(timedelta(0), timedelta(days=60))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given UTC


def policy(*steps: timedelta) -> Policy:
    """A region that wants these steps for what is planned."""
    return Policy(steps={Urgency.GEPLAND: steps})


@given(STEPS, MOMENTS, ELAPSED)
def test_the_next_step_is_never_in_the_past(steps: tuple[timedelta, ...], opened: datetime, elapsed: timedelta) -> None:
    now = opened + elapsed
    assert policy(*steps).next_step(Urgency.GEPLAND, opened, now) > now


@given(STEPS, ELAPSED)
def test_no_step_lies_between_now_and_the_next_one(steps: tuple[timedelta, ...], elapsed: timedelta) -> None:
    rules, now = policy(*steps), OPENED + elapsed
    due = rules.next_step(Urgency.GEPLAND, OPENED, now)
    just_before = due - timedelta(microseconds=1)
    assert rules.next_step(Urgency.GEPLAND, OPENED, just_before) == due
    assert rules.steps_passed(Urgency.GEPLAND, OPENED, just_before) == rules.steps_passed(Urgency.GEPLAND, OPENED, now)


@given(STEPS, ELAPSED)
def test_each_step_that_falls_due_counts_as_one_more(steps: tuple[timedelta, ...], elapsed: timedelta) -> None:
    rules, now = policy(*steps), OPENED + elapsed
    passed = rules.steps_passed(Urgency.GEPLAND, OPENED, now)
    due = rules.next_step(Urgency.GEPLAND, OPENED, now)
    assert rules.steps_passed(Urgency.GEPLAND, OPENED, due) == passed + 1


@given(STEPS)
def test_walking_from_step_to_step_first_follows_the_list(steps: tuple[timedelta, ...]) -> None:
    rules, now, walked = policy(*steps), OPENED, []
    for _ in steps:
        now = rules.next_step(Urgency.GEPLAND, OPENED, now)
        walked.append(now - OPENED)
    assert tuple(walked) == steps


def test_after_the_last_step_its_length_repeats() -> None:
    rules = Policy()
    hours = [0, 1, 2, 3, 4, 7, 8, 11, 12]
    due = [rules.next_step(Urgency.SPOED, OPENED, OPENED + timedelta(hours=each)) - OPENED for each in hours]
    assert [step.total_seconds() / 3600 for step in due] == [2, 2, 4, 4, 8, 8, 12, 12, 16]


def test_a_clock_that_went_back_skips_no_step() -> None:
    rules, before = Policy(), OPENED - timedelta(hours=5)
    assert rules.next_step(Urgency.GEPLAND, OPENED, before) == OPENED + timedelta(hours=48)
    assert rules.steps_passed(Urgency.GEPLAND, OPENED, before) == 0


def test_every_urgency_has_steps_of_its_own() -> None:
    assert set(DEFAULT_STEPS) == set(Urgency)


@pytest.mark.parametrize(
    ("opened", "wall"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM), datetime(2026, 3, 30, 13, 0, tzinfo=AMSTERDAM)),
        (datetime(2026, 10, 24, 12, 0, tzinfo=AMSTERDAM), datetime(2026, 10, 26, 11, 0, tzinfo=AMSTERDAM)),
        (datetime(2026, 11, 23, 12, 0, tzinfo=AMSTERDAM), datetime(2026, 11, 25, 12, 0, tzinfo=AMSTERDAM)),
    ],
    ids=["the short night of March", "the long night of October", "an ordinary night"],
)
def test_48_hours_are_elapsed_hours_over_both_nights_on_which_the_clock_changes(
    opened: datetime, wall: datetime
) -> None:
    start = opened.astimezone(UTC)
    assert Policy().next_step(Urgency.GEPLAND, start, start) == wall.astimezone(UTC)


@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        (time(21, 59, 59), False),
        (time(22), True),
        (time(23, 59, 59, 999_999), True),
        (time(0), True),
        (time(6, 59), True),
        (time(7), False),
        (time(12), False),
    ],
)
def test_quiet_hours_run_over_midnight(local: time, quiet: bool) -> None:
    assert Policy().is_quiet(local) is quiet


@pytest.mark.parametrize(
    ("local", "quiet"), [(time(12), False), (time(13), True), (time(13, 59), True), (time(14), False)]
)
def test_quiet_hours_may_lie_within_one_day(local: time, quiet: bool) -> None:
    assert Policy(quiet_from=time(13), quiet_until=time(14)).is_quiet(local) is quiet


@given(st.times(), st.times())
def test_quiet_hours_that_end_when_they_begin_silence_nothing(same: time, local: time) -> None:
    assert not Policy(quiet_from=same, quiet_until=same).is_quiet(local)
