"""A laptop that sleeps: the real process stands still for two days while the time goes on, and wakes up."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from demo.homeserver import Homeserver
from demo.people import Person
from tests.real_bot import RealBot, area_file
from tests.time.conftest import AMSTERDAM, DAY, HOUR


class Laptop(RealBot):
    """The same bot, on a machine whose time a test moves, and which it closes and opens."""

    def __init__(self, homeserver: Homeserver, localpart: str, directory: Path) -> None:
        super().__init__(homeserver, localpart, directory)
        self._clock = directory / "clock"
        self._ahead = timedelta()

    async def run(self) -> Process:
        """Start it for good, and return when it is ready."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "demo.moved_bot", str(self.config), str(self._clock)),
            stdin=PIPE,  # it ends when this does
            stdout=DEVNULL,
            stderr=DEVNULL,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._running.append(process)
        await self.wait_until_ready(process)
        return process

    def move_clock(self, span: timedelta) -> None:
        """Its clock says this much more from now on."""
        self._ahead += span
        scratch = self._clock.with_suffix(".new")
        scratch.write_text(str(self._ahead.total_seconds()))
        scratch.replace(self._clock)

    def told(self, kind: str) -> int:
        """How many letters of this kind its outbox ever held: an older post is no longer read as it was said."""
        with closing(sqlite3.connect(self.data / "schakelbot.db")) as database:
            (count,) = database.execute("SELECT count(*) FROM outbox WHERE kind = ?", (kind,)).fetchone()
        return int(count)


@pytest_asyncio.fixture
async def laptop(
    homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> AsyncIterator[Laptop]:
    """A laptop with a bot that has an account; on it, it is noon tomorrow in Amsterdam."""
    one = Laptop(homeserver, unique_localpart("bot"), tmp_path)
    now = datetime.now(UTC)
    tomorrow = (now.astimezone(AMSTERDAM) + DAY).date()
    one.move_clock(datetime.combine(tomorrow, time(12), AMSTERDAM) - now)
    await one.register()
    yield one
    await one.close()


async def stopped(process: Process) -> None:
    """Let the process stand still, and return when it does."""
    process.send_signal(signal.SIGSTOP)
    async with asyncio.timeout(5):
        await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)


def said(person: Person, words: str) -> int:
    """How many messages that this person can read hold these words, in whatever room."""
    return sum(words in message.body for room_id in person.client.rooms for message in person.read(room_id))


@pytest.mark.parametrize("slept", [50 * HOUR, 20 * DAY], ids=["two days", "a holiday"])
async def test_a_laptop_that_slept_tells_one_digest_and_one_repost_and_answers_who_typed_meanwhile(
    laptop: Laptop, people: list[Person], tmp_path: Path, slept: timedelta
) -> None:
    """It wakes in the middle of what it was doing: no start, no shutdown, the same connections."""
    carla, fatima = people
    area = area_file(tmp_path, carla, fatima)
    assert (await laptop.command("apply", str(area))).code == 0
    process = await laptop.run()
    assert (await laptop.post("reference-1", "7523")).status_code == 201
    await fatima.wait_until(lambda: said(fatima, "🆕 Noord-1") == 1)
    await carla.wait_until(lambda: said(carla, "📋 Noord, ") == 1)  # of the day on which it was started
    (room,) = (room_id for room_id in fatima.client.rooms if any("🆕" in one.body for one in fatima.read(room_id)))

    await stopped(process)
    laptop.move_clock(slept)
    await fatima.say(room, "!open")
    process.send_signal(signal.SIGCONT)
    await carla.wait_until(lambda: said(carla, "📋 Noord, ") == 2, within=60)
    hours = slept // HOUR
    await fatima.wait_until(lambda: said(fatima, f"Nog open na {hours} uur") == 1, within=60)
    await fatima.wait_for(room, lambda message: "Open in Noord: 1" in message.body, within=60)
    await laptop.wait_until_ready(process)

    laptop.move_clock(DAY)  # ticks later
    await carla.wait_until(lambda: said(carla, "📋 Noord, ") == 3, within=60)
    assert (laptop.told("Digest"), laptop.told("Reposted")) == (3, 1)
    assert sum("Open in Noord: 1" in message.body for message in fatima.read(room)) == 1  # a welcome says it alone
    assert process.returncode is None
