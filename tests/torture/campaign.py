"""A campaign: a clean run that finds the points, then episode after episode until all was tried and it is enough."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import shutil
import sqlite3
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import wait
from pathlib import Path

from rich.console import Console

from demo.homeserver import Homeserver, HomeserverError
from demo.people import PersonError
from tests.torture.bad_network import suffer_network
from tests.torture.endurance import Broken
from tests.torture.episode import Episode
from tests.torture.judge import Finding
from tests.torture.plan import Case, Plan, Script
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

    async def run(self, plan: Plan, *, with_network: bool = False) -> Tally:
        """On homeservers of its own; first, perhaps, without kills and with a bad network."""
        if with_network:
            await self.endure_network()
        scripts = plan.scripts()
        while not self._is_done(plan):
            async with Homeserver(limits="off") as homeserver:
                for number in range(HOMESERVER_FOR):
                    if self._is_done(plan):  # asked before the next is dealt: what is dealt is no longer owed
                        break
                    await self.suffer(homeserver, next(scripts), plan)
                    whole = self.tally.total
                    self._say(
                        f"episode {number + 1}: {self.tally.kills} kills, {self.tally.missed} not reached, "
                        f"{plan.owed} to come, lost {whole.lost}, doubled {whole.doubled}, wrong {whole.wrong}, "
                        f"longest silence {whole.silence:.1f} s"
                    )
        return self.tally

    async def endure_network(self) -> None:
        """All faults of the network, on a homeserver of their own."""
        async with Homeserver(limits="off") as homeserver:
            with self._broken("network") as directory:
                await suffer_network(homeserver, directory, self.tally)
        self._say("the bad network is over")

    async def suffer(self, homeserver: Homeserver, script: Script, plan: Plan | None = None) -> None:
        """One episode, which ends early when something was found; the plan gets back what came to nothing."""
        name = f"{os.getpid()}-{next(self._numbers)}"
        cases = deque(script.cases)
        with self._broken(name) as directory:
            stage = Stage(homeserver, directory, name, empty=not script.has_region)
            async with asyncio.timeout(EPISODE_SECONDS), stage:
                episode = Episode(stage, self.tally)
                try:
                    await self._play(episode, script, cases)
                finally:
                    unused = [*episode.endurance.unused, *(kill for case in cases for kill in case.kills)]
                    if plan is not None:
                        plan.take_back(episode.endurance.missed, unused)

    async def _play(self, episode: Episode, script: Script, cases: deque[Case]) -> None:
        await episode.found(script.empty)
        if not script.has_region:
            return
        await episode.settle_down(script.rooms)
        if not cases:
            return
        await episode.begin()
        await episode.round("day", "none", script.first_day)
        while cases and time.monotonic() < self._until:
            await episode.play(cases.popleft())

    @contextmanager
    def _broken(self, name: str) -> Iterator[Path]:
        """A directory for one episode; when that breaks, it is told, and its remains are kept."""
        with tempfile.TemporaryDirectory(prefix="torture-") as directory:
            try:
                yield Path(directory)
            except (Broken, HomeserverError, PersonError, sqlite3.Error, TimeoutError) as broken:
                self._say(f"episode {name} broke: {broken!r}")
                if not isinstance(broken, Broken):
                    self.tally.found([], [Finding("wrong", f"episode {name} could not go on: {broken!r}")])
                if self._keep is not None:
                    shutil.copytree(directory, self._keep / f"episode-{name}")

    def _is_done(self, plan: Plan) -> bool:
        is_enough = self.tally.kills >= self._kills and plan.owed == 0
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

    campaign = Campaign(-(-kills // workers), seconds, say, keep)
    plan = Plan(crossed, random.Random(seed * 1000 + worker), worker, workers)
    return asyncio.run(campaign.run(plan, with_network=worker == 0))


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would go on for hours."""
    wait([parent])
    os._exit(1)
