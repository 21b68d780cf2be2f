"""How long until the answer stands on the nurse's telephone: a claim, an echo, and a mirror, in turns."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

from benchmarks.figures import Figure, middle, slow
from benchmarks.phone import Phone, Shown
from benchmarks.stage import Stage

TARGET = 1.1  # times the echo's
REST = 0.3  # seconds between trips, in which everybody hears what was said: one trip is not to wait for another's trail


async def measure(stage: Stage, rounds: int) -> list[Figure]:
    """One nurse speaks; who is asked first changes from round to round."""
    speaker = stage.nurses[0]
    await speaker.listen()
    mirroring = asyncio.create_task(_mirror(stage))
    trips = {"claim": _claim, "echo": _echo, "mirror": _reflect}
    taken: dict[str, list[float]] = {name: [] for name in trips}
    try:
        for number in range(rounds + 1):
            for name in random.sample(sorted(trips), len(trips)):
                seconds = await trips[name](stage, speaker, f"{name} {number}")
                await asyncio.sleep(REST)
                if number:  # the first one shares keys
                    taken[name].append(seconds * 1000)
    finally:
        mirroring.cancel()
        await asyncio.gather(mirroring, return_exceptions=True)
        await stage.mirror.rest()
        await speaker.rest()
    ours, nio, alone = (middle(taken[name]) for name in ("claim", "echo", "mirror"))
    return [
        Figure("a claim and its answer", "ms", ours, nio, alone, f"≤ {TARGET} × nio", ours <= TARGET * nio),
        Figure("the same, nine in ten", "ms", slow(taken["claim"]), slow(taken["echo"]), slow(taken["mirror"])),
    ]


async def _claim(stage: Stage, speaker: Phone, _: str) -> float:
    number = stage.number()
    answered = f"✅ Noord-{number} is opgepakt door"
    seconds = await _trip(speaker, stage.region_room, f"!oppakken {number}", lambda one: answered in one.body)
    await speaker.wait_for(lambda one: f"✅ Noord-{number} ·" in one.body)  # the post follows
    return seconds


async def _echo(stage: Stage, speaker: Phone, text: str) -> float:
    return await _trip(speaker, stage.echo_room, text, lambda one: one.body == f"echo {text}")


async def _reflect(stage: Stage, speaker: Phone, text: str) -> float:
    return await _trip(speaker, stage.mirror_room, text, lambda one: one.body == f"mirrored {text}")


async def _trip(speaker: Phone, room_id: str, text: str, answered: Callable[[Shown], bool]) -> float:
    begin = time.perf_counter()
    await speaker.say(room_id, text)
    return (await speaker.wait_for(answered)).at - begin


async def _mirror(stage: Stage) -> None:
    """Answer each text at once: two requests and nothing else."""
    await stage.mirror.listen()
    for number in range(1_000_000):
        await stage.mirror.wait_until(lambda number=number: len(stage.mirror.shown) > number, within=3600)  # type: ignore[misc]
        await stage.mirror.say(stage.mirror_room, f"mirrored {stage.mirror.shown[number].body}")
