"""A bot that is started while its homeserver is down: the door for other systems is open at once."""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from demo.homeserver import Homeserver
from demo.people import Person
from tests.real_bot import RealBot

PYPROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{{ id = "{carla}", name = "Carla" }}]
"""


@pytest_asyncio.fixture
async def own() -> AsyncIterator[Homeserver]:
    """A homeserver that these tests may stop."""
    async with Homeserver(limits="off") as running:
        yield running


@pytest_asyncio.fixture
async def bot(own: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[RealBot]:
    """A bot with an account on that homeserver, on an empty data directory."""
    one = RealBot(own, unique_localpart("bot"), tmp_path)
    await one.register()
    yield one
    await one.close()


async def answer(bot: RealBot, where: str) -> httpx.Response:
    """What a probe hears, as soon as the port is taken."""
    async with asyncio.timeout(30), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                return await client.get(bot.url + where)
            except httpx.ConnectError:
                await asyncio.sleep(0.05)


async def reasons(bot: RealBot, *, within: float = 20.0) -> list[str]:
    """Why it is not ready, once it says more than that it has just begun."""
    async with asyncio.timeout(within):
        while True:
            found: list[str] = (await answer(bot, "/ready")).json()["reasons"]
            if len(found) > 1:
                return found
            await asyncio.sleep(0.1)


async def logged(process: Process) -> list[str]:
    """What a stopped bot wrote to its log."""
    process.terminate()
    _, errors = await process.communicate()
    return errors.decode().splitlines()


async def test_a_zorgvraag_is_kept_while_the_homeserver_is_away_and_posted_when_it_is_back(
    own: Homeserver, bot: RealBot, tmp_path: Path
) -> None:
    """`/live` 200, `/ready` 503 with the reason, and 201: the hospital can go on with its work."""
    await own.register("carla", "carla-password")
    area = tmp_path / "area.toml"
    area.write_text(AREA.format(carla=f"@carla:{own.server_name}"))
    assert (await bot.command("apply", str(area))).code == 0
    async with Person(own.url, "carla", "carla-password") as carla:
        await carla.wait_until(lambda: len(carla.client.rooms) == 2)
        region = next(room_id for room_id, room in carla.client.rooms.items() if room.name == "Noord – zorgvragen")
        await own.stop()

        process = await bot.start("run", out=PIPE)
        assert (await answer(bot, "/live")).status_code == 200
        ready = await answer(bot, "/ready")
        assert ready.status_code == 503
        assert "the homeserver cannot be reached (ClientConnectorError)" in await reasons(bot)
        kept = await bot.post("ZD-1", "7523")
        assert kept.status_code == 201, kept.text

        await own.start()
        await bot.wait_until_ready(process)
        await carla.wait_for(region, lambda one: "Noord-1" in one.body)
    lines = [json.loads(line) for line in await logged(process)]
    told = [line["event"] for line in lines if line["event"] != "intake answered"]
    assert told == ["started", "intake open", "homeserver away", "homeserver back", "ready", "stopped"]
    assert lines[0]["version"] == PYPROJECT["project"]["version"]
    assert lines[0]["regions"] == 1
    assert not any("dropped" in line for line in lines)


async def test_a_first_start_ever_waits_for_the_homeserver_and_says_so_once(own: Homeserver, bot: RealBot) -> None:
    """Nobody has to start it again."""
    await own.stop()
    process = await bot.start("run", out=PIPE)
    assert (await answer(bot, "/live")).status_code == 200
    assert len(await reasons(bot)) == 2
    await own.start()
    await bot.wait_until_ready(process)
    assert len([line for line in await logged(process) if "homeserver away" in line]) == 1


@pytest.mark.parametrize("command", ["check", "run"])
async def test_a_wrong_password_is_one_line_and_exit_code_1(bot: RealBot, command: str) -> None:
    """Waiting does not mend that."""
    bot.config.write_text(bot.config.read_text().replace("bot-password", "wrong-password"))
    ended = await bot.command(command)
    assert ended.code == 1
    (line,) = ended.complaints
    assert "are matrix.user_id and matrix.password right?" in line


@pytest.mark.parametrize("command", ["check", "run"])
async def test_an_address_where_something_else_answers_is_one_line_and_exit_code_1(bot: RealBot, command: str) -> None:
    """At a first start; later it may as well be a proxy whose homeserver is away."""
    bot.config.write_text(re.sub(r'homeserver = "(.*)"', r'homeserver = "\1/elsewhere"', bot.config.read_text()))
    ended = await bot.command(command)
    assert ended.code == 1
    (line,) = ended.complaints
    assert line == "what answers at matrix.homeserver is no Matrix homeserver (status 404)"


async def test_check_and_apply_tell_at_once_that_the_homeserver_is_away(
    own: Homeserver, bot: RealBot, tmp_path: Path
) -> None:
    """Whoever looks at the terminal need not wait for what does not come."""
    await own.stop()
    area = tmp_path / "area.toml"
    area.write_text(AREA.format(carla="@carla:zorg.test"))
    for words in (["check"], ["apply", str(area)]):
        ended = await bot.command(*words)
        assert ended.code == 1
        (line,) = ended.complaints
        assert "is matrix.homeserver right" in line
