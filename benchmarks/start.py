"""A cold start: from nothing to the answer to what was said while the bot was away."""

from __future__ import annotations

import time

from benchmarks.figures import Figure, middle
from benchmarks.stage import Stage


async def measure(stage: Stage, rounds: int) -> list[Figure]:
    """Each bot is ended, asked something, and started again on the data that it has; in turns."""
    speaker = stage.nurses[0]
    await speaker.listen()
    ours, nio = [], []
    for number in range(rounds):
        ours.append(await _schakelbot(stage))
        nio.append(await _echo(stage, f"wakker {number}"))
    await speaker.rest()
    return [Figure("from a cold start to the first answer", "s", middle(ours), middle(nio))]


async def _schakelbot(stage: Stage) -> float:
    speaker, number = stage.nurses[0], stage.number()
    await stage.bot.stop()
    await speaker.say(stage.region_room, f"!oppakken {number}")
    begin = time.perf_counter()
    await stage.start_schakelbot()
    return (await speaker.wait_for(lambda one: f"✅ Noord-{number} is opgepakt" in one.body)).at - begin


async def _echo(stage: Stage, text: str) -> float:
    speaker = stage.nurses[0]
    await stage.echo.stop()
    await speaker.say(stage.echo_room, text)
    begin = time.perf_counter()
    await stage.start_echo()
    return (await speaker.wait_for(lambda one: one.body == f"echo {text}", within=60)).at - begin
