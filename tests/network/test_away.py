"""A homeserver that is away for a day, that comes back, and that comes back with yesterday's memory."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.matrix import sync
from demo.homeserver import Homeserver
from demo.people import Person
from tests.network import faults
from tests.network.conftest import Far
from tests.network.proxy import Proxy

FEW = 8  # requests in one second; of a connection that was cut, aiohttp asks again once by itself


@pytest_asyncio.fixture
async def own_homeserver() -> AsyncIterator[Homeserver]:
    """A homeserver that this test may stop, and put back to what it was."""
    async with Homeserver(limits="off") as running:
        yield running


@pytest_asyncio.fixture
async def own(own_homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[Far]:
    """A region on that homeserver."""
    async with Proxy(own_homeserver.url) as proxy, Far(own_homeserver, tmp_path, unique_localpart, proxy) as one:
        yield one


@pytest.fixture(autouse=True)
def _short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits half a minute for a long poll that hangs."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 500)


async def test_after_thirty_hours_away_all_is_said_once_in_order_and_the_coordinators_hear_of_it(far: Far) -> None:
    """Zorgvragen came in over HTTP, steps and a digest fell due, and nobody could be told."""
    carla, fatima = await far.coordinator(), await far.nurse("Fatima")
    await far.start()
    await far.submit("7523")
    await far.shows(fatima, "🆕 Noord-1")
    await far.pass_time(timedelta(hours=20))

    began = time.monotonic()
    far.proxy.spoil(faults.cut_before)
    for hour in range(30):
        if hour in (3, 4, 25):
            await far.submit("7524")
        await far.pass_time(timedelta(hours=1))
        await far.house._auditor.round()
    assert "something has waited more than ten minutes to be said" in await far.house._health.reasons()
    assert len(far.proxy.asked) < 60
    assert far.proxy.most_in_a_second(began) <= FEW

    far.proxy.heal()
    await far.shows_at_last(fatima, "🆕 Noord-4")
    await far.shows(fatima, "⏰ Nog open na 48 uur: Noord-1")
    await far.shows(fatima, "➡️ Noord-1")
    await far.shows(carla, "📋 Noord, wo 25 nov", room=far.coordination)
    posts = far.said(fatima, "🆕", "⏰")
    assert [body.split("Noord-")[1][0] for body in posts if "➡️" not in body] == ["2", "3", "4", "1"]
    alarms = far.said(carla, "Er gaat iets mis bij mij", room=far.coordination)
    assert len(alarms) == 1
    digests = [body.splitlines()[0] for body in far.said(carla, "📋", room=far.coordination)]
    assert [line for line in digests if "ma 23 nov" not in line] == ["📋 Noord, wo 25 nov"]  # and not Tuesday's as well
    await far.house._auditor.round()
    assert await far.house._health.reasons() == []


async def test_being_away_and_being_back_are_one_line_each_in_the_log(far: Far) -> None:
    """However often it was asked in between: an administrator reads the log of a night in a minute."""
    fatima = await far.nurse("Fatima")
    await far.start()
    with capture_logs() as lines:
        cut = far.proxy.spoil(faults.cut_before)
        for _ in range(300):
            if cut.happened >= 4:
                break
            await asyncio.sleep(0.1)
        assert cut.happened >= 4
        far.proxy.heal()
        await far.submit("7523")
        await far.shows_at_last(fatima, "🆕 Noord-1")
        for _ in range(300):  # who speaks may find out before who listens
            if any(line["event"] == "homeserver back" for line in lines):
                break
            await asyncio.sleep(0.1)
    told = [line["event"] for line in lines if line["log_level"] != "info" or "homeserver" in line["event"]]
    assert told == ["homeserver away", "homeserver back"]


async def test_what_people_say_in_thirty_hours_without_the_bot_is_done_once_and_in_order(far: Far) -> None:
    """More than a homeserver tells at once, so the first of it is found only by asking for what was left out."""
    fatima, jan = await far.nurse("Fatima"), await far.nurse("Jan", "centrum")
    await far.coordinator()
    await far.start()
    for number in (1, 2):
        await far.submit("7523")
        await far.shows(fatima, f"🆕 Noord-{number}")
    far.proxy.spoil(faults.cut_before)
    await fatima.say(far.room, "!pak 1")
    for _ in range(120):
        await jan.say(far.room, "Goedemorgen allemaal")
    await jan.say(far.room, "!pak 1")
    await jan.say(far.room, "!pak 2")
    far.clock.move(timedelta(hours=30))
    far.proxy.heal()
    await far.shows_at_last(fatima, "Noord-2 is opgepakt door Jan")
    await far.shows(fatima, "Jan, Noord-1 is net al opgepakt door Fatima")
    told = [body.split(" door ")[0] for body in far.said(fatima, "is opgepakt door")]
    assert told == ["✅ Noord-1 is opgepakt", "✅ Noord-2 is opgepakt"]


async def test_a_restart_of_the_homeserver_costs_nothing(own: Far) -> None:
    """What is asked of the bot while it is down is done when it is back."""
    fatima = await own.nurse("Fatima")
    await own.coordinator()
    await own.start()
    await own.submit("7523")
    await own.shows(fatima, "🆕 Noord-1")
    await own.homeserver.stop()
    await own.submit("7524")
    await own.homeserver.start()
    await own.shows_at_last(fatima, "🆕 Noord-2")
    await fatima.say(own.room, "!pak 1")
    await own.shows(fatima, "Noord-1 is opgepakt")
    assert len(own.said(fatima, "🆕 Noord-2")) == 1


async def both_listen(own: Far, person: Person) -> None:
    """Return when the bot and this person hear the restored homeserver.

    Synapse gives a client whose place lies ahead of its memory the present one: what was said before it asked passes
    it by, and nobody can tell. So the first words of a restored homeserver are for nobody.
    """
    restarted = time.monotonic()
    for number in range(30):
        await person.say(own.room, f"hallo? {number}")
        with suppress(TimeoutError):
            await person.wait_for(own.room, lambda one: one.body.startswith("hallo?"), within=3)
            if own.house._health.silence < time.monotonic() - restarted:
                return
    raise AssertionError("they never heard of each other again")


async def test_a_homeserver_restored_from_an_older_backup_is_worked_with(
    own: Far, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its memory ends before our cursor, before keys that were used and before things that we said."""
    fatima = await own.nurse("Fatima")
    await own.coordinator()
    await own.start()
    await own.submit("7523")
    await own.shows(fatima, "🆕 Noord-1")
    homeserver, backup = own.homeserver, tmp_path_factory.mktemp("backup") / "copy"
    await homeserver.stop()
    shutil.copytree(homeserver.directory, backup)
    await homeserver.start()
    for number in range(2, 6):
        await own.submit("7524")
        await own.shows(fatima, f"🆕 Noord-{number}")
        await fatima.say(own.room, f"!pak {number}")
        await own.shows(fatima, f"Noord-{number} is opgepakt")

    await homeserver.stop()
    shutil.rmtree(homeserver.directory)
    shutil.copytree(backup, homeserver.directory)
    await homeserver.start()
    await both_listen(own, fatima)
    known = {one.event_id for one in fatima.read(own.room)}
    await own.submit("7525")
    await own.shows_at_last(fatima, "🆕 Noord-6")
    await fatima.say(own.room, "!pak 6")
    await own.shows(fatima, "Noord-6 is opgepakt")
    await fatima.say(own.room, "!afronden 4")
    again = await fatima.wait_for(
        own.room, lambda one: one.event_id not in known and " Noord-4 · 7524" in one.body and one.sender == own.bot_id
    )
    assert "🏁" in again.body
    await fatima.say(own.room, "!heropenen 4")
    await fatima.wait_for(own.room, lambda one: one.event_id == again.event_id and one.body.startswith("✅"))
    told = [one for one in fatima.read(own.room) if one.event_id not in known and " Noord-4 · 7524" in one.body]
    assert len(told) == 1, "a post that was made anew is edited from then on"
    assert len(own.said(fatima, "Noord-6 is opgepakt")) == 1
