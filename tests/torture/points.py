"""Points: places that the bot crosses while it works, found by watching it and not by a list. It patches nothing."""

from __future__ import annotations

import ast
import linecache
import os
import re
import signal
import sys
import threading
from collections import Counter
from functools import cache
from inspect import CO_COROUTINE
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
Counts = dict[str, int]  # how often each point was crossed, in the order of the first crossings

# Of the first, coroutines alone: those that boot the bot. Of the others every function.
BOOT = ("bot/house.py", "bot/matrix/connect.py", "bot/matrix/session.py", "bot/matrix/identity.py")
KEEPING = ("bot/backup.py", "bot/half_restored.py", "bot/matrix/moving.py", "storage/copies.py", "storage/schema.py")


class Points:
    """Counts every crossing, and ends this process with SIGKILL at the one that was asked for."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._armed: str | None = None
        self._left = 0

    def arm(self, point: str, nth: int) -> None:
        """Die at the `nth` crossing of `point` from now on."""
        self._left, self._armed = nth, point

    def disarm(self) -> None:
        """Live on."""
        self._armed = None

    def take(self) -> Counts:
        """How often each point was crossed since the last time, in the order of the first crossings."""
        counts, self._counts = self._counts, Counter()
        return dict(counts)

    def cross(self, point: str) -> None:
        """The bot is at this point now."""
        self._counts[point] += 1
        if point != self._armed:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class StepWatch:
    """Makes each statement that boots, copies, migrates or restores a point. It slows the process down a little."""

    def __init__(self, points: Points) -> None:
        self._points = points

    def start(self) -> None:
        """Watch this thread, and every one that is started from now on."""
        threading.settrace(self._called)
        sys.settrace(self._called)

    def _called(self, frame: FrameType, _event: str, _: Any) -> Any:
        return self._stepped if _is_watched(frame.f_code) else None

    def _stepped(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            step = _step(frame.f_code, frame.f_lineno)
            if step is not None:
                self._points.cross(step)
        return self._stepped


@cache
def _is_watched(code: CodeType) -> bool:
    place = place_of(code.co_filename)
    return place in KEEPING or (place in BOOT and bool(code.co_flags & CO_COROUTINE))


@cache
def _step(code: CodeType, lineno: int) -> str | None:
    """The statement that begins in this line; None inside of one."""
    if lineno not in _beginnings(code.co_filename):
        return None
    text = linecache.getline(code.co_filename, lineno).strip()
    return f"step {place_of(code.co_filename)}:{lineno} {text[:60]}"


@cache
def _beginnings(filename: str) -> frozenset[int]:
    tree = ast.parse(Path(filename).read_text())
    return frozenset(node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt))


@cache
def place_of(filename: str) -> str:
    """The file as it is called in this repository, or its whole name."""
    path = Path(filename)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else filename


def caller(frame: FrameType | None, *, beyond: str = "") -> str:
    """The first frame of our own code that does not stand in the file `beyond`, as `bot/postman.py:62 carry_one`."""
    while frame is not None:
        place = place_of(frame.f_code.co_filename)
        if not place.startswith(("/", "tests/", ".venv")) and place != beyond:
            return f"{place}:{frame.f_lineno} {frame.f_code.co_qualname}"
        frame = frame.f_back
    return "?"


def shape(where: str) -> str:
    """A request's path without what is different each time: `rooms/*/send/m.room.encrypted/*`."""
    bare = re.sub(r"^/_matrix/client/(v\d+/)?", "", where.partition("?")[0])
    return "/".join(part if re.fullmatch(r"[A-Za-z_.]+", part) else "*" for part in bare.split("/"))
