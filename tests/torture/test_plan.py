"""The plan leaves no point out."""

from __future__ import annotations

import random
from itertools import islice

from tests.torture.plan import CASES, LADDERS, Plan

PHASES = (*LADDERS, "boot", "evening", "day")


def test_every_point_is_dealt_before_long_however_early_it_comes() -> None:
    """The earliest ones too: a ladder that began with a late crossing once skipped all migrations."""
    crossed = {phase: {f"{phase} {number}": 1 + number % 3 for number in range(60)} for phase in PHASES}
    scripts = islice(Plan(crossed, random.Random(1)).scripts(), 40)
    dealt = {
        kill.point
        for script in scripts
        for kills in (script.empty, script.rooms, script.first_day, *(kills for _, kills in script.cases))
        for kill in kills
    }
    assert CASES > 1
    assert {point for counts in crossed.values() for point in counts} <= dealt
