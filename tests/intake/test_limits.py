"""Token buckets, with time as an argument."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.intake import limits
from bot.intake.limits import Buckets
from tests.intake.door import MONDAY

SECOND = timedelta(seconds=1)


def test_a_minutes_worth_may_come_at_once_and_then_one_at_a_time() -> None:
    """Sixty a minute: sixty at once, then one a second."""
    buckets = Buckets(60)
    assert [buckets.take("a", MONDAY) for _ in range(60)] == [0.0] * 60
    assert buckets.take("a", MONDAY) == 1.0
    assert buckets.take("a", MONDAY + SECOND) == 0.0
    assert buckets.take("a", MONDAY + SECOND) > 0


def test_one_key_leaves_another_alone() -> None:
    """Every source has its own bucket."""
    buckets = Buckets(1)
    assert buckets.take("a", MONDAY) == 0.0
    assert buckets.take("b", MONDAY) == 0.0
    assert buckets.take("a", MONDAY) == 60.0


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    """After the clock was put back, nobody waits longer than before."""
    buckets = Buckets(1)
    buckets.take("a", MONDAY)
    assert buckets.take("a", MONDAY - timedelta(hours=1)) == 60.0
    assert buckets.take("a", MONDAY - timedelta(minutes=59)) == 0.0


def test_ever_new_strangers_cannot_fill_the_memory() -> None:
    """The oldest bucket makes room; the one in use stays."""
    buckets = Buckets(1)
    for number in range(2 * limits.MOST_KEYS):
        buckets.take(f"stranger-{number}", MONDAY)
        buckets.take("busy", MONDAY)
    assert len(buckets._buckets) == limits.MOST_KEYS
    assert buckets.take("busy", MONDAY) > 0


@given(st.integers(1, 600), st.lists(st.floats(0, 120), max_size=300))
def test_never_more_than_was_promised(per_minute: int, pauses: list[float]) -> None:
    """However requests are spread, no more pass than a full bucket and what flowed in since."""
    buckets, now, passed = Buckets(per_minute), MONDAY, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        passed += buckets.take("a", now) == 0.0
    assert passed <= per_minute + (now - MONDAY).total_seconds() * per_minute / 60 + 1e-6


@given(st.integers(1, 600), st.integers(0, 700))
def test_who_waits_as_long_as_told_may_come_in(per_minute: int, before: int) -> None:
    """Retry-After is true."""
    buckets = Buckets(per_minute)
    for _ in range(before):
        buckets.take("a", MONDAY)
    wait = buckets.take("a", MONDAY)
    assert wait == 0.0 or buckets.take("a", MONDAY + timedelta(seconds=wait + 0.001)) == 0.0
