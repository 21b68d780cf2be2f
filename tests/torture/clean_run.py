"""A life without kills, in which every part of it comes once or twice: what it crosses are the points."""

from __future__ import annotations

import tempfile
from pathlib import Path

from demo.homeserver import Homeserver
from tests.torture.episode import Episode
from tests.torture.points import Counts
from tests.torture.stage import Stage
from tests.torture.tally import Tally


async def discover() -> dict[str, Counts]:
    """Phase -> point -> how often it was crossed. Raises Broken when even that does not go well."""
    with tempfile.TemporaryDirectory(prefix="torture-") as directory:
        async with Homeserver(limits="off") as homeserver, Stage(homeserver, Path(directory), "clean") as stage:
            return await _live(stage, Episode(stage, Tally()))


async def _live(stage: Stage, episode: Episode) -> dict[str, Counts]:
    crossed: dict[str, Counts] = {}
    await episode.found(watch_steps=True)
    crossed["empty"] = await stage.victim.counts()
    await episode.settle_down(watch_steps=True)
    crossed["rooms"] = await stage.victim.counts()
    await episode.begin()
    await stage.victim.counts()
    await episode.round("day", "none")
    crossed["first day"] = await stage.victim.counts()
    await episode.restart(watch_steps=True)
    crossed["boot"] = await stage.victim.counts()
    for _ in range(2):
        await episode.round("evening", "two days")
        _keep_least(crossed, "evening", await stage.victim.counts())
        await episode.round("day", "none")
        _keep_least(crossed, "day", await stage.victim.counts())
    await episode.round("month", "month")
    crossed["month"] = await stage.victim.counts()
    await episode.administrator.update((), watch_steps=True)
    crossed["migration"] = await stage.victim.counts()
    await episode.administrator.move((), watch_steps=True)
    crossed["new device"] = await stage.victim.counts()
    return crossed | episode.administrator.crossed


def _keep_least(crossed: dict[str, Counts], phase: str, counts: Counts) -> None:
    """How often something comes varies a little; a last crossing that seldom comes could seldom be tried."""
    before = crossed.get(phase, counts)
    crossed[phase] = {one: min(count, before.get(one, count)) for one, count in (before | counts).items()}
