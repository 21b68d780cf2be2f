"""The plan leaves no point out, and a campaign plays all of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import nullcontext
from itertools import islice
from math import inf

import pytest

from demo.homeserver import Homeserver
from tests.torture import campaign
from tests.torture.campaign import Campaign
from tests.torture.deck import TRIES
from tests.torture.endurance import MOMENT
from tests.torture.plan import COMMANDS, ONCE, Plan, Script, cards_of
from tests.torture.victim import Kill

PHASES = (*ONCE, *COMMANDS, "migration", "month", "boot", "evening", "day")


def made_up() -> dict[str, dict[str, int]]:
    """What a clean run might find: some points cross once, others up to five times, some in two phases."""
    crossed = {phase: {f"{phase} {number}": 1 + number % 5 for number in range(30)} for phase in PHASES}
    crossed["month"] |= {f"day {number}": 1 for number in range(30)}
    crossed["rooms"] |= {f"step boot.py:{number}": 1 for number in range(5)}
    crossed["boot"] |= {f"step boot.py:{number}": 1 for number in range(5)}
    return crossed


def kills_of(script: Script) -> list[Kill]:
    """All of one episode, in order."""
    return [*script.empty, *script.rooms, *script.first_day, *(kill for case in script.cases for kill in case.kills)]


def test_every_crossing_is_dealt_before_long_however_early_it_comes() -> None:
    """The earliest ones too: a ladder that began with a late crossing once skipped all migrations."""
    crossed = made_up()
    plan = Plan(crossed, random.Random(1))
    dealt: set[Kill] = set()
    for script in islice(plan.scripts(), 250):
        dealt |= set(kills_of(script))
    assert plan.owed == 0
    assert {kill for phase in crossed for kill in cards_of(phase, crossed)} <= dealt
    assert {point for counts in crossed.values() for point in counts} <= {kill.point for kill in dealt}


def test_a_kill_that_came_to_no_turn_is_dealt_again_and_one_that_is_missed_only_so_often() -> None:
    plan = Plan(made_up(), random.Random(1))
    owed = plan.owed
    ladder = list(next(plan.scripts()).empty)
    plan.take_back([], ladder)
    assert plan.owed == owed
    assert list(next(plan.scripts()).empty) == ladder
    plan.take_back(ladder[:1], ladder[1:])
    assert plan.owed == owed
    assert ladder[0] not in next(plan.scripts()).empty  # it is to be tried alone, after the ladders


def play(plan: Plan, missed: Callable[[list[Kill]], int | None], scripts: int) -> list[list[Kill]]:
    """So many scripts; `missed` tells at which kill of a row the crossing did not come. All rows where it did not."""
    found = []
    for script in islice(plan.scripts(), scripts):
        for kills in (script.empty, script.rooms, script.first_day, *(case.kills for case in script.cases)):
            place = missed(list(kills))
            if place is not None:
                plan.take_back([kills[place]], kills[place + 1 :])
                found.append(list(kills))
    return found


def test_what_is_missed_on_a_ladder_is_tried_alone_and_only_so_often() -> None:
    plan = Plan(made_up(), random.Random(1))
    never = Kill("empty", "empty 3", 1)
    found = play(plan, lambda kills: kills.index(never) if never in kills else None, 250)
    assert plan.owed == 0
    assert [len(kills) > 1 for kills in found] == [True] + [False] * TRIES


def test_what_comes_to_no_turn_when_all_was_tried_keeps_no_campaign_going() -> None:
    """Near the end the last ladders are cut short again and again; what they held was tried before."""
    plan = Plan(made_up(), random.Random(1))
    play(plan, lambda _: None, 250)
    for script in islice(plan.scripts(), 5):
        plan.take_back([], kills_of(script))
        assert plan.owed == 0


def test_what_is_missed_again_and_again_keeps_no_campaign_going_either() -> None:
    plan = Plan(made_up(), random.Random(1))
    play(plan, lambda kills: 1 if len(kills) > 2 and kills[1].point != MOMENT else None, 1000)
    assert plan.owed == 0


class Watched(Campaign):
    """One that kills nobody, and remembers whom it should have killed."""

    def __init__(self) -> None:
        super().__init__(kills=0, seconds=inf, say=lambda _: None)
        self.played: set[Kill] = set()

    async def suffer(self, _: Homeserver, script: Script, __: Plan | None = None) -> None:
        """All goes as planned."""
        self.played |= set(kills_of(script))


async def test_a_campaign_plays_all_that_it_deals_the_last_episode_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dealt is owed no more: a campaign that asked after dealing ended with its last kills in its hand."""
    monkeypatch.setattr(campaign, "Homeserver", lambda **_: nullcontext())
    crossed, watched = made_up(), Watched()
    await watched.run(Plan(crossed, random.Random(1)))
    assert {kill for phase in crossed for kill in cards_of(phase, crossed)} <= watched.played


def test_workers_divide_the_crossings_among_them() -> None:
    plans = [Plan(made_up(), random.Random(1), worker, 2) for worker in range(2)]
    whole = Plan(made_up(), random.Random(1))
    assert sum(plan.owed for plan in plans) == whole.owed
    assert all(plan.owed > whole.owed / 3 for plan in plans)
