"""The bot with a clock that the demo moves: `python -m demo.moved_bot CONFIG CLOCKFILE`. Otherwise the real one.

The clock file holds the seconds by which to be ahead. The process ends when its standard input does, so that it
never outlives the demo, whatever ends that.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot import clock
from bot.keep import keep_house
from config import logs
from config.settings import load


def moved_clock(file: Path) -> Callable[[], datetime]:
    """A clock that is ahead by what the file says at that moment."""

    def now() -> datetime:
        return clock.now() + timedelta(seconds=float(file.read_text()))

    return now


async def main(config: Path, clock_file: Path) -> None:
    """Run until standard input ends."""
    settings = load(config, os.environ)
    logs.set_up(settings.logging.level, settings.logging.format)
    house = asyncio.create_task(keep_house(settings, moved_clock(clock_file)))
    leash = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    done, _ = await asyncio.wait({house, leash}, return_when=asyncio.FIRST_COMPLETED)
    if house in done:
        house.result()
    house.cancel()
    await asyncio.gather(house, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
