"""What is killed: the real `python -m bot`, in a process of its own, with a clock that is moved and points to cross."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

import typer

from bot.__main__ import _carry_out
from bot.backup import back_up, restore
from bot.keep import keep_house
from config import logs
from config.settings import Settings
from demo.moved_bot import moved_clock
from storage import work
from storage.schema import bring_up_to_date
from tests.torture.points import Points, StepWatch
from tests.torture.watching import watch

Spoil = Callable[[], None]
Verb = Literal["run", "backup", "restore"]


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
    """What a victim is started with, and for which command, perhaps with a file.

    `migrations` are those of a newer version; None: our own. `spoil` breaks the bot on purpose.
    """

    verb: Verb
    file: Path | None
    settings: Settings
    clock: Path
    log: Path
    kill: Kill | None
    watch_steps: bool
    spoil: Spoil | None
    migrations: Path | None


def live(life: Life, line: Connection) -> None:
    """Be the bot until killed, or the command to its end; exits as `python -m bot` would.

    Over `line` come ("arm", point, nth), ("disarm",) and ("count",); who comes to an end says what it crossed.
    """
    output = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    points = Points()
    watch(points)
    if life.spoil is not None:
        life.spoil()
    if life.migrations is not None:
        newer = partial(bring_up_to_date, migrations=life.migrations)
        work.bring_up_to_date = newer  # type: ignore[attr-defined]
    if life.kill is not None:
        points.arm(life.kill.point, life.kill.nth)
    threading.Thread(target=_listen, args=(points, line), daemon=True).start()
    logs.set_up(life.settings.logging.level, life.settings.logging.format)
    steps = StepWatch(points)
    if life.watch_steps:
        steps.start()
    try:
        _carry_out(_asked_for(life))
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
    finally:
        line.send(points.take())


def _asked_for(life: Life) -> Coroutine[Any, Any, None]:
    now = moved_clock(life.clock)
    match life.verb, life.file:
        case "backup", Path() as file:
            return back_up(life.settings, file, now(), print)
        case "restore", Path() as file:
            return restore(life.settings, file, print)
        case _:
            return keep_house(life.settings, now)


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
