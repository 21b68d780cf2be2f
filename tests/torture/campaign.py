"""A campaign: a homeserver, a clean run that finds the points, then episode after episode until there is enough."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import wait
from pathlib import Path

from rich.console import Console

from demo.homeserver import Homeserver
from demo.people import PersonError
from tests.torture.episode import Broken, Episode
from tests.torture.judge import Finding
from tests.torture.plan import Plan, Script
from tests.torture.points import Counts
from tests.torture.stage import Stage
from tests.torture.tally import Tally

HOMESERVER_FOR = 40  # episodes; after so many regions a homeserver on SQLite grows slow
EPISODE_SECONDS = 600.0  # far above what one takes: a hang of the harness itself

Say = Callable[[str], None]


class Campaign:
    """Kills at least `kills` times, or until `seconds` have passed. Logs of episodes that broke are kept in `keep`."""

    def __init__(self, kills: int, seconds: float, seed: int, say: Say, keep: Path | None = None) -> None:
        self.tally = Tally()
        self._kills = kills
        self._until = time.monotonic() + seconds
        self._dice = random.Random(seed)
        self._say = say
        self._keep = keep
        self._numbers = count(1)

    async def run(self) -> Tally:
        """On homeservers of its own."""
        plan: Plan | None = None
        while not self._is_done():
            async with Homeserver(limits="off") as homeserver:
                plan = plan or await self.discover(homeserver)
                await self.wear_down(homeserver, plan, HOMESERVER_FOR)
        return self.tally

    async def discover(self, homeserver: Homeserver) -> Plan:
        """A life without kills, to find the points. Raises Broken when even that does not go well."""
        crossed: dict[str, Counts] = {}
        with tempfile.TemporaryDirectory(prefix="torture-") as directory:
            async with Stage(homeserver, Path(directory), f"clean-{next(self._numbers)}") as stage:
                episode, victim = Episode(stage, self.tally), stage.victim
                await episode.found(watch_steps=True)
                crossed["empty"] = await victim.counts()
                await episode.settle_down(watch_steps=True)
                crossed["rooms"] = await victim.counts()
                await episode.begin()
                await victim.counts()
                await episode.play("day", ())
                crossed["first day"] = await victim.counts()
                await episode.restart(watch_steps=True)
                crossed["boot"] = await victim.counts()
                await episode.play("evening", ())
                crossed["evening"] = await victim.counts()
                await episode.play("day", ())
                crossed["day"] = await victim.counts()
        plan = Plan(crossed, self._dice)
        self.tally.known.update(point for counts in crossed.values() for point in counts)
        self._say(
            f"{len(self.tally.known)} points in {len(crossed)} parts of a bot's life; {plan.points} kills to try each"
        )
        return plan

    async def wear_down(self, homeserver: Homeserver, plan: Plan, episodes: int) -> None:
        """So many episodes, or fewer when it is enough."""
        for number, script in zip(range(episodes), plan.scripts(), strict=False):
            if self._is_done():
                return
            await self.suffer(homeserver, script)
            whole = self.tally.total
            self._say(
                f"episode {number + 1}: {whole.kills} kills, {self.tally.missed} not reached, lost {whole.lost}, "
                f"doubled {whole.doubled}, wrong {whole.wrong}, longest silence {whole.silence:.1f} s"
            )

    async def suffer(self, homeserver: Homeserver, script: Script) -> None:
        """One episode, which ends early when something was found."""
        name = str(next(self._numbers))
        with tempfile.TemporaryDirectory(prefix="torture-") as directory:
            try:
                async with asyncio.timeout(EPISODE_SECONDS), Stage(homeserver, Path(directory), name) as stage:
                    await self._play(Episode(stage, self.tally), script)
            except (Broken, PersonError, TimeoutError) as broken:
                self._say(f"episode {name} broke: {broken!r}")
                if not isinstance(broken, Broken):
                    self.tally.found([], [Finding("wrong", f"episode {name} could not go on: {broken!r}")])
                if self._keep is not None:
                    shutil.copytree(directory, self._keep / f"episode-{name}")

    async def _play(self, episode: Episode, script: Script) -> None:
        await episode.found(script.empty)
        await episode.settle_down(script.rooms)
        await episode.begin()
        await episode.play("day", script.first_day)
        for kind, kills in script.cases:
            if self._is_done():
                return
            await episode.play(kind, kills)

    def _is_done(self) -> bool:
        return self.tally.total.kills >= self._kills or time.monotonic() > self._until


def run_campaign(kills: int, seconds: float, keep: Path | None, work: tuple[int, int]) -> Tally:
    """What one worker does, perhaps in a process of its own; `work` is its number and its seed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    number, seed = work
    console = Console()

    def say(line: str) -> None:
        console.print(f"worker {number}: {line}", highlight=False, soft_wrap=True)

    return asyncio.run(Campaign(kills, seconds, seed, say, keep).run())


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would go on for hours."""
    wait([parent])
    os._exit(1)
