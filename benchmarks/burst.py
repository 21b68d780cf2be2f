"""Many commands at once: how many stay without an answer, how long the last one takes, and what it costs in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection

from benchmarks.echo_process import most_resident, resident
from benchmarks.figures import Figure
from benchmarks.phone import Phone
from benchmarks.stage import Stage

PEOPLE, EACH = 10, 20
MIXED_PEOPLE, MIXED_EACH = 50, 10
QUIET = 15.0  # seconds without a new answer, after which what is missing counts as lost
RESIDENT_MB = 300  # what the bot may hold after all of this, ten thousand open zorgvragen included


class Heard:
    """Which answers stand in a room, and when the last one came."""

    def __init__(self, ear: Phone, expected: Collection[str], answers: Callable[[], set[str]]) -> None:
        self._ear = ear
        self._expected = set(expected)
        self._answers = answers

    async def out(self) -> tuple[int, float]:
        """Wait until all is answered, or until it is quiet: (lost, when the last answer came)."""
        count, last = -1, time.perf_counter()
        while count < len(self._expected):
            now_there = len(self._answers() & self._expected)
            if now_there > count:
                count, last = now_there, time.perf_counter()
            elif time.perf_counter() - last > QUIET:
                break
            await asyncio.sleep(0.05)
        return len(self._expected) - count, last


async def measure(stage: Stage) -> list[Figure]:
    """200 commands by 10 people at once, first to the echo bot and then to Schakelbot; memory before and after."""
    idle_nio, idle_ours = resident(stage.echo.pid), resident(stage.bot.pid)
    nurses = stage.nurses[:PEOPLE]
    ear = stage.nurses[-1]
    await ear.listen()
    texts = {nurse: [f"hallo {nurse.user_id} {number}" for number in range(EACH)] for nurse in nurses}
    all_texts = {text for said in texts.values() for text in said}
    nio = await _burst(ear, stage.echo_room, texts, all_texts, lambda: {one.body[5:] for one in ear.shown})
    numbers = {nurse: [stage.number() for _ in range(EACH)] for nurse in nurses}
    claims = {nurse: [f"!oppakken {number}" for number in own] for nurse, own in numbers.items()}
    expected = {f"Noord-{number}" for own in numbers.values() for number in own}
    ours = await _burst(ear, stage.region_room, claims, expected, lambda: _claimed(ear))
    await ear.rest()
    promised = "0"
    return [
        Figure(
            f"{len(all_texts)} commands of {PEOPLE} people at once",
            "lost",
            ours[0],
            nio[0],
            None,
            promised,
            not ours[0],
        ),
        Figure("the same, until the last answer", "s", ours[1], nio[1]),
        *_memory("memory, idle", idle_ours, idle_nio),
        *_memory("memory after that", resident(stage.bot.pid), resident(stage.echo.pid)),
    ]


async def mixed(stage: Stage) -> list[Figure]:
    """500 commands of 50 people: own claims, a contested one, questions. Each is answered, the memory is bounded."""
    nurses = stage.nurses[:MIXED_PEOPLE]
    ear = stage.carla
    contested = stage.number()
    numbers = {nurse: [stage.number() for _ in range(4)] for nurse in nurses}
    questions: set[str] = set()

    async def hurry(nurse: Phone) -> None:
        for number in numbers[nurse]:
            await nurse.say(stage.region_room, f"!oppakken {number}")
            questions.add(await nurse.say(stage.region_room, f"!status {number}"))
        await nurse.say(stage.region_room, f"!oppakken {contested}")
        questions.add(await nurse.say(stage.region_room, "!open"))

    def answered() -> set[str]:
        lost = {user for one in ear.shown if f"Noord-{contested} is net al" in one.body for user in one.mentions}
        won = {user for one in ear.shown if f"✅ Noord-{contested} is opgepakt" in one.body for user in one.mentions}
        return _claimed(ear) | {one.reply_to or "" for one in ear.shown} | lost | won

    begin = time.perf_counter()
    await asyncio.gather(*(hurry(nurse) for nurse in nurses))
    claims = {f"Noord-{number}" for own in numbers.values() for number in own}
    expected = claims | questions | {nurse.user_id for nurse in nurses}
    lost, last = await Heard(ear, expected, answered).out()
    most = most_resident(stage.bot.pid)
    count = MIXED_PEOPLE * MIXED_EACH
    return [
        Figure(f"{count} commands of {MIXED_PEOPLE} people at once", "lost", lost, target="0", met=lost == 0),
        Figure("the same, until the last answer", "s", last - begin),
        Figure(
            "the most memory ever held",
            "MB",
            most or 0,
            target=f"≤ {RESIDENT_MB} MB",
            met=bool(most and most < RESIDENT_MB),
        ),
    ]


async def _burst(
    ear: Phone, room_id: str, texts: dict[Phone, list[str]], expected: set[str], answers: Callable[[], set[str]]
) -> tuple[int, float]:
    async def hurry(nurse: Phone) -> None:
        for text in texts[nurse]:
            await nurse.say(room_id, text)

    begin = time.perf_counter()
    await asyncio.gather(*(hurry(nurse) for nurse in texts))
    lost, last = await Heard(ear, expected, answers).out()
    return lost, last - begin


def _claimed(ear: Phone) -> set[str]:
    """The zorgvragen of which this telephone shows who took them."""
    said = (one.body.split() for one in ear.shown if " is opgepakt door " in one.body)
    return {words[1] for words in said if words[0] == "✅"}


def _memory(what: str, ours: float | None, nio: float | None) -> list[Figure]:
    return [Figure(what, "MB", ours, nio)] if ours is not None else []
