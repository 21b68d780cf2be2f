"""The bot that is killed: the real one, in a process of its own, with a clock that can be moved and points to cross."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from bot.keep import keep_house
from config import logs
from config.settings import Settings
from demo.moved_bot import moved_clock
from tests.torture.points import Points, StepWatch
from tests.torture.watching import watch

Spoil = Callable[[], None]


@dataclass(frozen=True)
class Kill:
    """Die at the `nth` crossing of `point`. `phase` says in which part of a bot's life it is crossed."""

    phase: str
    point: str
    nth: int

    @property
    def is_step(self) -> bool:
        """True for a statement of the boot, for which the process must be watched more closely."""
        return self.point.startswith("step ")


@dataclass(frozen=True)
class Life:
    """What a victim is started with. `spoil` breaks the bot on purpose."""

    settings: Settings
    clock: Path
    log: Path
    kill: Kill | None
    watch_steps: bool
    spoil: Spoil | None


def live(life: Life, line: Connection) -> None:
    """Be the bot until killed. Over `line` come ("arm", point, nth), ("disarm",) and ("count",)."""
    output = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    points = Points()
    watch(points)
    if life.spoil is not None:
        life.spoil()
    if life.kill is not None:
        points.arm(life.kill.point, life.kill.nth)
    threading.Thread(target=_listen, args=(points, line), daemon=True).start()
    logs.set_up(life.settings.logging.level, life.settings.logging.format)
    steps = StepWatch(points)
    if life.watch_steps:
        steps.start()
    asyncio.run(keep_house(life.settings, moved_clock(life.clock)))


def _listen(points: Points, line: Connection) -> None:
    """Obey, and never outlive whoever holds the other end."""
    parent = multiprocessing.parent_process()
    ends: list[Connection | int] = [line]
    if parent is not None:
        ends.append(parent.sentinel)
    try:
        while line in wait(ends):
            match line.recv():
                case ("arm", str(point), int(nth)):
                    points.arm(point, nth)
                case ("disarm",):
                    points.disarm()
                case ("count",):
                    line.send(points.take())
    except (EOFError, OSError):
        pass
    os._exit(1)
