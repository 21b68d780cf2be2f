"""A disk that fills up under a running bot: what cannot be kept is not accepted, and nothing else is lost."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest_asyncio

from demo.homeserver import Homeserver
from demo.people import Person
from tests.real_bot import RealBot

AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{{ id = "{carla}", name = "Carla" }}]

[[organisation]]
name = "Buurtzorg"

[[team]]
name = "Roombeek"
organisation = "Buurtzorg"
region = "Noord"
nurses = [{{ id = "{fatima}", name = "Fatima" }}]
"""


@pytest_asyncio.fixture
async def bot(homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[RealBot]:
    """A bot with an account, on an empty data directory."""
    one = RealBot(homeserver, unique_localpart("bot"), tmp_path)
    await one.register()
    yield one
    await one.close()


@pytest_asyncio.fixture
async def people(homeserver: Homeserver, unique_localpart: Callable[[str], str]) -> AsyncIterator[list[Person]]:
    """Carla and Fatima with their telephones."""
    names = [unique_localpart("carla"), unique_localpart("fatima")]
    for name in names:
        await homeserver.register(name, "person-password")
    async with (
        Person(homeserver.url, names[0], "person-password") as carla,
        Person(homeserver.url, names[1], "person-password") as fatima,
    ):
        yield [carla, fatima]


@contextmanager
def full(pid: int) -> Iterator[None]:
    """No file of that process can grow or change: for SQLite a write that fails, as on a disk without room."""
    limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def shown(person: Person, room_id: str, words: str) -> int:
    """How many messages of the room, as this client shows it, hold these words."""
    return sum(words in message.body for message in person.read(room_id))


async def region_room(bot: RealBot, person: Person, area: Path) -> str:
    """Apply the area; the region's room, when this person is in it."""
    applied = await bot.command("apply", str(area))
    assert applied.code == 0, applied.errors
    await person.wait_until(lambda: any("zorgvragen" in (room.name or "") for room in person.client.rooms.values()))
    return next(str(room_id) for room_id, room in person.client.rooms.items() if "zorgvragen" in (room.name or ""))


async def test_a_full_disk_refuses_waits_and_goes_on(bot: RealBot, people: list[Person], tmp_path: Path) -> None:
    """The hospital hears 503, a nurse's claim waits; with room again both are done, once."""
    carla, fatima = people
    area = tmp_path / "area.toml"
    area.write_text(AREA.format(carla=carla.user_id, fatima=fatima.user_id))
    room = await region_room(bot, fatima, area)
    process = await bot.run()
    assert (await bot.post("reference-1", "7523")).status_code == 201
    await fatima.wait_for(room, lambda message: "🆕 Noord-1" in message.body)

    with full(process.pid):
        refused = await bot.post("reference-2", "7524")
        assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
        await fatima.say(room, "!pak 1")
        await bot.wait_until_ready(process, is_ready=False)
        assert (await bot.post("reference-2", "7524")).status_code == 503
        assert process.returncode is None

    await fatima.wait_for(room, lambda message: "Noord-1 is opgepakt door Fatima" in message.body, within=60)
    assert (await bot.post("reference-2", "7524")).status_code == 201
    await fatima.wait_for(room, lambda message: "🆕 Noord-2" in message.body, within=60)
    assert process.returncode is None
    for words in ("Noord-1 · 7523", "Noord-1 is opgepakt door", "Noord-2 · 7524"):
        assert shown(fatima, room, words) == 1
