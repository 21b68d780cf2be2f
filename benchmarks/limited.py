"""64 people claim one zorgvraag at the same moment, while the homeserver limits the bot as it does by default."""

from __future__ import annotations

import asyncio
import time

from benchmarks.figures import Figure
from benchmarks.phone import Shown
from benchmarks.stage import Stage

CLAIMANTS = 64


async def measure(stage: Stage) -> list[Figure]:
    """How many messages it takes until the winner is confirmed and everybody else has heard who won, and how long."""
    nurses, ear, number = stage.nurses[:CLAIMANTS], stage.carla, stage.number()
    await ear.listen()
    before = len(ear.shown)

    def lost() -> set[str]:
        return {user for one in ear.shown if f"Noord-{number} is net al" in one.body for user in one.mentions}

    begin = time.perf_counter()
    await asyncio.gather(*(nurse.say(stage.region_room, f"!oppakken {number}") for nurse in nurses))
    won = await ear.wait_for(lambda one: f"✅ Noord-{number} is opgepakt" in one.body, within=120)
    await ear.wait_until(lambda: len(lost()) >= len(nurses) - 1, within=300)
    heard = time.perf_counter() - begin
    await ear.wait_for(lambda one: f"✅ Noord-{number} ·" in one.body, within=120)
    told = [one for one in ear.shown[before:] if one.room_id == stage.region_room]
    right = _is_right(told, number, {nurse.user_id for nurse in nurses})
    return [
        Figure(f"{len(nurses)} claim one at once: messages", "events", len(told), target="1 wins, 63 hear", met=right),
        Figure("the same, until the winner hears it", "s", won.at - begin),
        Figure("the same, until everybody has heard", "s", heard),
    ]


def _is_right(told: list[Shown], number: int, claimants: set[str]) -> bool:
    """One winner, told first, and everybody else told once."""
    won = [one for one in told if f"✅ Noord-{number} is opgepakt" in one.body]
    lost = [user for one in told if f"Noord-{number} is net al" in one.body for user in one.mentions]
    return told[0] is won[0] and len(won) == 1 and sorted(lost) == sorted(claimants - won[0].mentions)
