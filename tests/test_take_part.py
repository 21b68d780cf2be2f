"""The prompt after the demo: what is typed is said, an empty Enter is nothing, "stop" or the end of input ends it."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from demo.stage import CAST, Stage
from demo.take_part import take_part

ROOM = "!room"


class Telephone:
    """A client that nobody answers."""

    def __init__(self, name: str, said: list[tuple[str, str]]) -> None:
        self.client = SimpleNamespace(rooms={})
        self._name = name
        self._said = said

    async def say(self, room: str, text: str) -> None:
        """Remember it."""
        assert room == ROOM
        self._said.append((self._name, text))


async def said_after(typed: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who said what, when this was typed and the terminal then closed."""
    said: list[tuple[str, str]] = []
    people: Any = {name: Telephone(name, said) for name in CAST}
    stage = cast(Stage, SimpleNamespace(people=people, room=ROOM))
    reading, writing = os.pipe()
    os.write(writing, typed.encode())
    os.close(writing)
    with os.fdopen(reading, buffering=1) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        await take_part(stage, lambda _who, _message: None)
    return said


async def test_an_empty_line_is_nothing_and_the_end_of_input_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    said = await said_after("\n!open\n   \ncarla: !overzicht\n", monkeypatch)
    assert said == [("fatima", "!open"), ("carla", "!overzicht")]


async def test_stop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await said_after("!open\nstop\n!mijn\n", monkeypatch) == [("fatima", "!open")]
