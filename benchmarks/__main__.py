"""`python -m benchmarks`: measures everything in one run, prints the table and keeps it in benchmarks/results.md."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections.abc import Awaitable
from pathlib import Path

from rich.console import Console

from benchmarks import burst, first_message, limited, round_trip, start, table
from benchmarks.figures import Figure
from benchmarks.stage import Stage
from bot.clock import now
from demo.homeserver import Homeserver

NURSES = 64
TRIPS, FIRST_MESSAGES, STARTS = 80, 3, 3  # rounds, of which the median counts

console = Console(highlight=False)


async def main() -> list[Figure]:
    """Measure everything, one thing at a time; about five minutes on two cores."""
    figures: list[Figure] = []

    async def part(title: str, measuring: Awaitable[list[Figure]]) -> None:
        with console.status(title):
            figures.extend(await measuring)
        console.print(f"measured: {title}")

    with tempfile.TemporaryDirectory(prefix="benchmarks-") as name:
        directory = Path(name)
        async with Homeserver(directory / "first", limits="off") as homeserver:
            await part(
                "the first message to many devices", first_message.measure(homeserver, directory, FIRST_MESSAGES)
            )
        async with (
            Homeserver(directory / "homeserver", limits="off") as homeserver,
            Stage(homeserver, directory, NURSES) as stage,
        ):
            console.print(f"a region with {NURSES} nurses is set up")
            await part("round trips", round_trip.measure(stage, TRIPS))
            await part("200 commands at once", burst.measure(stage))
            await stage.quiet()
            await part("cold starts", start.measure(stage, STARTS))
            await part("500 commands at once", burst.mixed(stage))
            await stage.quiet()
            await homeserver.stop()
            async with Homeserver(homeserver.directory, limits="default") as strict:
                await stage.move(strict)
                await part("64 claimants under the usual limits", limited.measure(stage))
    return figures


if __name__ == "__main__":
    taken, load = now(), os.getloadavg()[0]
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # it logs each device that it has no session with yet
    found = asyncio.run(main())
    table.show(found, console)
    table.keep(found, taken, load)
