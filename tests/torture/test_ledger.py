"""The model knows what a jump of the clock must bring: one post for each step that is passed, however many at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.people import PostcodeRange, Region
from tests.torture.jumps import span_of
from tests.torture.ledger import Ledger, Request

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "reposts"),
    [
        ((49, 49), (2, 2)),
        ((744,), (1, 1)),  # a month at once is one step
        ((20, 20, 20), (1, 1)),
        ((49, -3, 3), (1, 1)),  # what the clock was ahead of once does not come again
        ((49, -3, 55), (2, 2)),
        ((48,), (0, 1)),  # at the step itself it may be a moment early or late
        ((1, -3), (0, 0)),
    ],
)
def test_an_open_zorgvraag_is_posted_again_once_for_each_time_that_a_step_is_passed(
    hours: tuple[int, ...], reposts: tuple[int, int]
) -> None:
    request = Request("token", opened=NOON, is_touched=False)
    ledger, now = Ledger(requests=[request]), NOON
    for span in hours:
        ledger.time_passed(now, now + span * HOUR)
        now += span * HOUR
    assert (request.least_reposts, request.most_reposts) == reposts


def test_what_somebody_is_just_doing_may_be_posted_again_or_not() -> None:
    """Nobody knows what came first, the claim or the clock."""
    claimed, fresh = Request("claimed", opened=NOON), Request("fresh")
    Ledger(requests=[claimed, fresh]).time_passed(NOON, NOON + 49 * HOUR)
    assert [(one.least_reposts, one.most_reposts) for one in (claimed, fresh)] == [(0, 1), (0, 1)]


def test_after_a_month_only_what_had_ended_by_then_is_erased() -> None:
    ended, ending, open_ = (
        Request("ended", state="closed", is_touched=False),
        Request("ending", state="closed"),
        Request("open", is_touched=False),
    )
    Ledger(requests=[ended, ending, open_]).month_passed()
    assert [one.is_erased for one in (ended, ending, open_)] == [True, False, False]


@pytest.mark.parametrize(("hour", "span"), [(6, 65), (7, 24 * 60 + 5), (12, 19 * 60 + 5)])
def test_a_morning_is_a_little_after_the_next_digest(hour: int, span: int) -> None:
    """Given in UTC and minutes; in Amsterdam it is an hour later."""
    region = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
    assert span_of("morning", region, NOON.replace(hour=hour)) == timedelta(minutes=span)
