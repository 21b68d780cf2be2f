"""A disk that fills up under a running bot: what cannot be kept is not accepted, and nothing else is lost."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.people import Person
from tests.real_bot import RealBot, area_file


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
    area = area_file(tmp_path, carla, fatima)
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
