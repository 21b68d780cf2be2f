"""A campaign: a clean run that finds the points, then episode after episode until all was tried and it is enough."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from itertools import count
from multiprocessing.connection import wait
from pathlib import Path

from rich.console import Console

from demo.homeserver import Homeserver
from demo.people import PersonError
from tests.torture.endurance import Broken
from tests.torture.episode import Episode
from tests.torture.judge import Finding
from tests.torture.plan import Plan, Script
from tests.torture.points import Counts
from tests.torture.stage import Stage
from tests.torture.tally import Tally

HOMESERVER_FOR = 40  # episodes; after so many regions a homeserver on SQLite grows slow
EPISODE_SECONDS = 600.0  # far above what one takes: a hang of the harness itself

Say = Callable[[str], None]


class Campaign:
    """Kills at least `kills` times and until nothing of its plan is left, or until `seconds` have passed.

    Logs of episodes that broke are kept in `keep`.
    """

    def __init__(self, kills: int, seconds: float, say: Say, keep: Path | None = None) -> None:
        self.tally = Tally()
        self._kills = kills
        self._until = time.monotonic() + seconds
        self._say = say
        self._keep = keep
        self._numbers = count(1)

    async def run(self, plan: Plan) -> Tally:
        """On homeservers of its own."""
        while not self._is_done(plan):
            async with Homeserver(limits="off") as homeserver:
                for number, script in zip(range(HOMESERVER_FOR), plan.scripts(), strict=False):
                    if self._is_done(plan):
                        break
                    await self.suffer(homeserver, script, plan)
                    whole = self.tally.total
                    self._say(
                        f"episode {number + 1}: {whole.kills} kills, {self.tally.missed} not reached, {plan.owed} to "
                        f"come, lost {whole.lost}, doubled {whole.doubled}, wrong {whole.wrong}, longest silence "
                        f"{whole.silence:.1f} s"
                    )
        return self.tally

    async def suffer(self, homeserver: Homeserver, script: Script, plan: Plan | None = None) -> None:
        """One episode, which ends early when something was found; the plan gets back what came to nothing."""
        name = f"{os.getpid()}-{next(self._numbers)}"
        with tempfile.TemporaryDirectory(prefix="torture-") as directory:
            try:
                stage = Stage(homeserver, Path(directory), name, empty=not script.has_region)
                async with asyncio.timeout(EPISODE_SECONDS), stage:
                    episode = Episode(stage, self.tally)
                    await self._play(episode, script)
                if plan is not None:
                    plan.take_back(episode.endurance.missed, episode.endurance.unused)
            except (Broken, PersonError, TimeoutError) as broken:
                self._say(f"episode {name} broke: {broken!r}")
                if not isinstance(broken, Broken):
                    self.tally.found([], [Finding("wrong", f"episode {name} could not go on: {broken!r}")])
                if self._keep is not None:
                    shutil.copytree(directory, self._keep / f"episode-{name}")

    async def _play(self, episode: Episode, script: Script) -> None:
        await episode.found(script.empty)
        if not script.has_region:
            return
        await episode.settle_down(script.rooms)
        if not script.cases:
            return
        await episode.begin()
        await episode.round("day", "none", script.first_day)
        for case in script.cases:
            if time.monotonic() > self._until:
                return
            await episode.play(case)

    def _is_done(self, plan: Plan) -> bool:
        is_enough = self.tally.total.kills >= self._kills and plan.owed == 0
        return is_enough or time.monotonic() > self._until


def run_campaign(
    kills: int, seconds: float, keep: Path | None, crossed: Mapping[str, Counts], workers: int, seed: int, worker: int
) -> Tally:
    """What one worker does, perhaps in a process of its own."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    console = Console()

    def say(line: str) -> None:
        console.print(f"worker {worker}: {line}", highlight=False, soft_wrap=True)

    plan = Plan(crossed, random.Random(seed * 1000 + worker), worker, workers)
    return asyncio.run(Campaign(-(-kills // workers), seconds, say, keep).run(plan))


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would go on for hours."""
    wait([parent])
    os._exit(1)
