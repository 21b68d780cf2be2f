"""A homeserver that refuses what is asked about many: who is not meant has no harm of it, and it is not pestered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import NobodyReads
from bot.matrix import halving
from bot.matrix.halving import MOST_REFUSALS, in_halves
from bot.matrix.wire import Refused
from tests.matrix.test_sharing import Desk

STEPS = ["/keys/query", "/keys/claim", "/m.room.encrypted/", "/m.room_key.withheld/"]
AN_HOUR = 3_600_000
FEW = 6  # requests in one second
MALLORY = "@nurse117:zorg.test"
NO = Refused(400, "M_INVALID_PARAM", {})

unhurried = pytest.mark.usefixtures("_unhurried")


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits between requests, but those that are about that."""
    monkeypatch.setattr(halving, "REST", 0.0)


class Picky:
    """A homeserver that refuses every request in which one of these numbers stands."""

    def __init__(self, bad: Collection[int]) -> None:
        self.bad = bad
        self.asked = 0
        self.taken: list[int] = []

    async def ask(self, some: Sequence[int]) -> None:
        """One request."""
        self.asked += 1
        if any(one in self.bad for one in some):
            raise NO
        self.taken += some


@unhurried
@given(st.sets(st.integers(0, 249), max_size=2), st.integers(1, 250), st.integers(1, 250))
def test_up_to_two_bad_names_are_found_and_all_others_are_taken_once(bad: set[int], many: int, at_once: int) -> None:
    picky = Picky(bad)
    refused = asyncio.run(in_halves("numbers", range(many), max(at_once, many // 4), picky.ask))
    assert set(refused) == bad & set(range(many))
    assert sorted(picky.taken + refused) == list(range(many))


@unhurried
async def test_who_refuses_everything_is_asked_no_oftener_for_many_and_one_line_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for many in (200, 2_000):
        caplog.clear()
        picky = Picky(range(many))
        with caplog.at_level(logging.INFO):
            refused = await in_halves("numbers", range(many), 100, picky.ask)
        assert picky.asked == MOST_REFUSALS
        assert sorted(refused) == list(range(many))
        told = f"the homeserver refused numbers for {many} of {many}: 400 M_INVALID_PARAM"
        assert [line.getMessage() for line in caplog.records] == [told]


@pytest.mark.parametrize("bad", [range(200), [117]], ids=["all", "one"])
async def test_who_refuses_is_asked_a_few_times_in_a_second(bad: Collection[int]) -> None:
    picky, began = Picky(bad), time.monotonic()
    await in_halves("numbers", range(200), 100, picky.ask)
    assert picky.asked > FEW
    assert picky.asked / (time.monotonic() - began) <= FEW


def refusing(step: str, names: Collection[str]) -> Callable[[str, Any], Refused | None]:
    """A homeserver that refuses whatever of this step concerns one of these people."""
    return lambda where, body: NO if step in where and any(f"'{name}'" in str(body) for name in names) else None


def a_desk(directory: Path, step: str) -> Desk:
    """One with 200 people, whose devices their owners have signed unless the step is about others."""
    desk = Desk(directory, people=200)
    if "withheld" in step:
        desk.crowd.answer["master_keys"].clear()
    return desk


def told(desk: Desk) -> set[str]:
    """Whoever was given a key, or told why there is none."""
    return desk.crowd.told("m.room.encrypted") | desk.crowd.told("m.room_key.withheld")


@unhurried
@pytest.mark.parametrize("step", STEPS)
async def test_one_name_that_the_homeserver_refuses_costs_199_others_nothing(tmp_path: Path, step: str) -> None:
    desk = a_desk(tmp_path, step)
    desk.crowd.refuse = refusing(step, [MALLORY])
    await desk.say()
    assert told(desk) == set(desk.crowd.devices) - {MALLORY}
    desk.store.close()


@unhurried
@pytest.mark.parametrize("step", STEPS)
async def test_a_homeserver_that_refuses_everything_is_left_alone_and_asked_again_later(
    tmp_path: Path, step: str
) -> None:
    desk = a_desk(tmp_path, step)
    desk.crowd.refuse = refusing(step, desk.crowd.devices)
    for _ in range(3):
        with nullcontext() if "withheld" in step else pytest.raises(NobodyReads):
            await desk.say()
    assert len([where for where in desk.crowd.asked if step in where]) == MOST_REFUSALS
    assert told(desk) == set()
    desk.crowd.refuse = lambda _, __: None
    desk.now_ms += AN_HOUR
    await desk.say()
    assert told(desk) == set(desk.crowd.devices)
    desk.store.close()


@unhurried
@pytest.mark.parametrize("step", STEPS)
async def test_a_clock_that_was_put_back_leaves_nobody_alone_for_longer(tmp_path: Path, step: str) -> None:
    desk = a_desk(tmp_path, step)
    desk.now_ms += 24 * AN_HOUR
    desk.crowd.refuse = refusing(step, [MALLORY])
    await desk.say()
    desk.crowd.refuse = lambda _, __: None
    desk.now_ms -= 24 * AN_HOUR
    await desk.say()
    assert MALLORY in told(desk)
    desk.store.close()
