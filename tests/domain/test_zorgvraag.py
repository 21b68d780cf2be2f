"""The life of a zorgvraag: every transition, by a table of who does what in which state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.announcements import Claimed, Closed, Reopened, Restored, Resumed, Withdrawn
from domain.care import Care, Kind, Urgency
from domain.people import Member, PostcodeRange, Region, Role
from domain.refusals import (
    AlreadyClaimed,
    DetailsOfAnother,
    NotClaimed,
    NotEnded,
    NotOpen,
    NotYours,
    NotYoursToRestore,
    Refusal,
)
from domain.zorgvraag import State, Zorgvraag

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
REGION = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))

FATIMA = Member("@fatima:x", "noord", frozenset({Role.NURSE}), "Fatima", "roombeek")
JAN = Member("@jan:x", "noord", frozenset({Role.TEAM_LEAD}), "Jan", "centrum")
CARLA = Member("@carla:x", "noord", frozenset({Role.COORDINATOR}), "Carla")

ACTS: dict[str, Callable[[Zorgvraag, Member], object]] = {
    "claim": lambda zorgvraag, who: zorgvraag.claim(who, LATER),
    "release": lambda zorgvraag, who: zorgvraag.release(who, "ziek", REGION, LATER),
    "close": lambda zorgvraag, who: zorgvraag.close(who, LATER),
    "withdraw": lambda zorgvraag, who: zorgvraag.withdraw(who, "opname", LATER),
    "undo": lambda zorgvraag, who: zorgvraag.undo_end(who, REGION, LATER),
    "details": lambda zorgvraag, who: zorgvraag.give_details_to(who),
}


def in_state(state: State) -> Zorgvraag:
    """A zorgvraag that Fatima claimed, unless it is open, and that came so far."""
    zorgvraag = Zorgvraag(
        id=7,
        region_id="noord",
        number=42,
        care=Care("7523", (Kind.WONDZORG,)),
        submitted_by=CARLA.user_id,
        submitted_at=NOW,
        opened_at=NOW,
        due_at=NOW + timedelta(hours=48),
    )
    if state is not State.OPEN:
        zorgvraag.claim(FATIMA, NOW)
    if state is State.CLOSED:
        zorgvraag.close(FATIMA, NOW)
    if state is State.WITHDRAWN:
        zorgvraag.withdraw(CARLA, None, NOW)
    return zorgvraag


ALLOWED = [
    (State.OPEN, "claim", FATIMA, State.CLAIMED, Claimed(7, "@fatima:x", LATER)),
    (State.OPEN, "withdraw", CARLA, State.WITHDRAWN, Withdrawn(7, "@carla:x", "opname")),
    (State.CLAIMED, "release", FATIMA, State.OPEN, Reopened(7, "@fatima:x", "@fatima:x", "ziek")),
    (State.CLAIMED, "release", CARLA, State.OPEN, Reopened(7, "@fatima:x", "@carla:x", "ziek")),
    (State.CLAIMED, "close", FATIMA, State.CLOSED, Closed(7, "@fatima:x")),
    (State.CLAIMED, "close", CARLA, State.CLOSED, Closed(7, "@carla:x")),
    (State.CLAIMED, "withdraw", CARLA, State.WITHDRAWN, Withdrawn(7, "@carla:x", "opname")),
    (State.CLAIMED, "details", FATIMA, State.CLAIMED, None),
    (State.CLOSED, "details", FATIMA, State.CLOSED, None),
    (State.CLOSED, "undo", FATIMA, State.CLAIMED, Resumed(7, "@fatima:x", "@fatima:x")),
    (State.CLOSED, "undo", CARLA, State.CLAIMED, Resumed(7, "@fatima:x", "@carla:x")),
    (State.WITHDRAWN, "undo", CARLA, State.OPEN, Restored(7, "@carla:x")),
]

REFUSED: list[tuple[State, str, Member, type[Refusal]]] = [
    (State.OPEN, "release", FATIMA, NotClaimed),
    (State.OPEN, "release", CARLA, NotClaimed),
    (State.OPEN, "close", FATIMA, NotClaimed),
    (State.CLAIMED, "claim", JAN, AlreadyClaimed),
    (State.CLAIMED, "claim", FATIMA, AlreadyClaimed),
    (State.CLAIMED, "release", JAN, NotYours),
    (State.CLAIMED, "close", JAN, NotYours),
    (State.OPEN, "undo", CARLA, NotEnded),
    (State.CLAIMED, "undo", FATIMA, NotEnded),
    (State.CLOSED, "undo", JAN, NotYours),
    (State.WITHDRAWN, "undo", FATIMA, NotYoursToRestore),
    (State.OPEN, "details", FATIMA, NotClaimed),
    (State.CLAIMED, "details", JAN, DetailsOfAnother),
    (State.CLAIMED, "details", CARLA, DetailsOfAnother),
    (State.CLOSED, "details", CARLA, DetailsOfAnother),
    (State.WITHDRAWN, "details", FATIMA, NotOpen),
    *(
        (ended, act, who, NotOpen)
        for ended in (State.CLOSED, State.WITHDRAWN)
        for act in ("claim", "release", "close", "withdraw")
        for who in (FATIMA, CARLA)
    ),
]


@pytest.mark.parametrize(("state", "act", "who", "after", "told"), ALLOWED)
def test_what_is_allowed_changes_the_state_and_says_so(
    state: State, act: str, who: Member, after: State, told: object
) -> None:
    zorgvraag = in_state(state)
    assert ACTS[act](zorgvraag, who) == told
    assert zorgvraag.state is after


@pytest.mark.parametrize(("state", "act", "who", "refusal"), REFUSED)
def test_what_is_refused_changes_nothing(state: State, act: str, who: Member, refusal: type[Refusal]) -> None:
    zorgvraag = in_state(state)
    before = vars(zorgvraag).copy()
    with pytest.raises(refusal):
        ACTS[act](zorgvraag, who)
    assert vars(zorgvraag) == before


def test_the_two_tables_name_every_state_and_every_act() -> None:
    """Whoever adds a state or an act finds this test red until the tables know it."""
    named = {(state, act) for state, act, *_ in (*ALLOWED, *REFUSED)}
    assert named == {(state, act) for state in State for act in ACTS}


def test_the_loser_hears_who_won_and_when() -> None:
    with pytest.raises(AlreadyClaimed) as lost:
        in_state(State.CLAIMED).claim(JAN, LATER)
    assert (lost.value.zorgvraag_id, lost.value.by, lost.value.at) == (7, "@fatima:x", NOW)


@pytest.mark.parametrize("state", [State.CLAIMED, State.CLOSED, State.WITHDRAWN])
def test_only_what_is_open_has_a_step_that_falls_due(state: State) -> None:
    zorgvraag = in_state(state)
    assert zorgvraag.due_at is None
    assert zorgvraag.repost(REGION, NOW + timedelta(days=30)) is None


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN])
def test_an_end_is_dated_and_its_claimant_stays_known(state: State) -> None:
    zorgvraag = in_state(state)
    assert zorgvraag.ended_at == NOW
    assert zorgvraag.claimed_by == FATIMA.user_id


def test_what_was_given_back_starts_its_48_hours_anew() -> None:
    zorgvraag = in_state(State.CLAIMED)
    zorgvraag.release(FATIMA, None, REGION, LATER)
    assert (zorgvraag.claimed_by, zorgvraag.claimed_at) == (None, None)
    assert zorgvraag.opened_at == LATER
    assert zorgvraag.due_at == LATER + timedelta(hours=48)


def test_what_was_closed_by_mistake_is_as_it_was_before() -> None:
    zorgvraag = in_state(State.CLAIMED)
    before = vars(zorgvraag).copy()
    zorgvraag.close(FATIMA, LATER)
    zorgvraag.undo_end(FATIMA, REGION, LATER)
    assert vars(zorgvraag) == before


def test_what_was_closed_is_open_when_who_had_it_has_left() -> None:
    zorgvraag = in_state(State.CLOSED)
    assert zorgvraag.undo_end(CARLA, REGION, LATER, has_left=True) == Restored(7, "@carla:x")
    assert (zorgvraag.state, zorgvraag.claimed_by) == (State.OPEN, None)


def test_what_was_withdrawn_by_mistake_starts_its_48_hours_anew() -> None:
    zorgvraag = in_state(State.WITHDRAWN)
    zorgvraag.undo_end(CARLA, REGION, LATER)
    assert (zorgvraag.claimed_by, zorgvraag.ended_at, zorgvraag.reason) == (None, None, None)
    assert (zorgvraag.opened_at, zorgvraag.due_at) == (LATER, LATER + timedelta(hours=48))
    assert zorgvraag.round == 1


def test_giving_back_counts_as_a_round_so_that_each_post_has_its_own() -> None:
    zorgvraag = in_state(State.CLAIMED)
    zorgvraag.release(FATIMA, None, REGION, LATER)
    again = zorgvraag.repost(REGION, LATER + timedelta(hours=48))
    assert again is not None
    assert (again.round, zorgvraag.round) == (2, 2)


def test_nothing_is_posted_again_a_moment_too_early() -> None:
    zorgvraag = in_state(State.OPEN)
    assert zorgvraag.repost(REGION, NOW + timedelta(hours=48, microseconds=-1)) is None
    assert zorgvraag.round == 0


def test_after_48_hours_it_is_posted_again_and_after_96_the_coordinators_hear_it() -> None:
    zorgvraag = in_state(State.OPEN)
    first = zorgvraag.repost(REGION, NOW + timedelta(hours=48))
    assert first is not None
    assert (first.waited_hours, first.escalated, first.loud) == (48, False, True)
    second = zorgvraag.repost(REGION, NOW + timedelta(hours=96))
    assert second is not None
    assert (second.waited_hours, second.escalated, second.round) == (96, True, 2)


def test_spoed_is_posted_again_after_two_hours_and_goes_to_the_coordinators_after_four() -> None:
    zorgvraag = in_state(State.OPEN)
    zorgvraag.care = Care("7523", (Kind.WONDZORG,), urgency=Urgency.SPOED)
    zorgvraag.due_at = NOW + timedelta(hours=2)
    steps = [zorgvraag.repost(REGION, NOW + timedelta(hours=hours)) for hours in (2, 4, 8)]
    assert [step and (step.waited_hours, step.escalated) for step in steps] == [(2, False), (4, True), (8, True)]


def test_a_week_of_outage_gives_one_post_and_the_next_one_lies_ahead() -> None:
    zorgvraag = in_state(State.OPEN)
    now = NOW + timedelta(days=7)
    again = zorgvraag.repost(REGION, now)
    assert again is not None
    assert (again.round, again.escalated) == (1, True)
    assert zorgvraag.repost(REGION, now) is None
    assert zorgvraag.due_at == NOW + timedelta(hours=192)


def test_at_night_it_is_posted_but_wakes_nobody() -> None:
    zorgvraag = in_state(State.OPEN)
    zorgvraag.due_at = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)  # half past eleven in Amsterdam
    again = zorgvraag.repost(REGION, zorgvraag.due_at)
    assert again is not None
    assert not again.loud
