"""Kicks, bans and coming back, done by people with the power for it, on a real homeserver and to the whole house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.matrix.wire import path
from demo.homeserver import Homeserver
from demo.people import Person
from domain.audience import RegionRoom
from storage import tables as t
from tests.matrix.raw import wire_of
from tests.stories.region import Story

GONE = "the bot is no longer in the room region:noord"


class OldRooms(Story):
    """A region on a homeserver without room version 12: there a room can be taken from who made it."""

    async def apply(self) -> None:
        await self.house.connect()
        self.house._matrix.chat._version = "11"
        await super().apply()

    async def give_away(self, person: Person) -> None:
        """Somebody stands above the bot in the region's room from now on, as after an upgrade that was theirs."""
        wire = self.house._matrix._wire
        where = path("v3", "rooms", self.room, "state", "m.room.power_levels", "")
        levels = await wire.call("GET", where)
        await wire.call("PUT", where, {**levels, "users": {person.user_id: 100, self.bot_id: 50}})

    async def gone(self) -> bool:
        """Whether /ready says that the bot is out of the region's room."""
        return GONE in await self.house._health.reasons()


@pytest.fixture
async def story(
    homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> AsyncIterator[OldRooms]:
    """The region."""
    async with OldRooms(homeserver, tmp_path, unique_localpart) as story:
        yield story


async def do(person: Person, room_id: str, verb: str, user_id: str) -> None:
    """Kick, ban, unban or invite."""
    async with wire_of(person) as wire:
        await wire.call("POST", path("v3", "rooms", room_id, verb), {"user_id": user_id})


async def test_the_bot_is_kicked_comes_back_is_banned_and_comes_back_when_that_is_over(story: OldRooms) -> None:
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.give_away(carla)
    group = carla.client.rooms[story.room]
    told = "Ik ben uit de groep Noord – zorgvragen gehaald"

    for number, verb in enumerate(("kick", "ban"), start=1):
        await do(carla, story.room, verb, story.bot_id)
        await carla.wait_until(partial(has_read, carla, story.coordination, told, number))
        assert await story.gone()
        await story.house.keep_rooms_once()
        async with story.house.store.look() as work:
            assert await work.rooms.room_of(RegionRoom("noord")) == story.room, "no new room is made in its place"
        await fatima.say(story.room, "!open")  # nobody hears it

        if verb == "ban":
            await do(carla, story.room, "unban", story.bot_id)
            assert await story.gone(), "it comes back when somebody wants it back"
        await do(carla, story.room, "invite", story.bot_id)
        await carla.wait_until(lambda: story.bot_id in group.users.keys() - group.invited_users.keys())
        await carla.say(story.room, "!open")  # Carla's client knows the bot's device from the coordinators' room
        await fatima.wait_until(partial(has_read, fatima, story.room, "Er staat nu niets open", number))
        assert not await story.gone()


async def test_a_nurse_who_is_kicked_or_banned_or_leaves_hears_what_is_open_when_she_is_back(story: OldRooms) -> None:
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    await story.shows(fatima, "🆕 Noord-1")

    group = carla.client.rooms[story.room]
    for number, verb in enumerate(("kick", "ban", "leave"), start=1):
        if verb == "leave":
            await fatima.client.room_leave(story.room)
        else:
            await do(carla, story.room, verb, fatima.user_id)
        if verb == "ban":
            await do(carla, story.room, "unban", fatima.user_id)
        await carla.wait_until(lambda: fatima.user_id not in group.users)
        before = len(story.read_alone(fatima))
        await story.house.keep_rooms_once()
        assert await _membership(carla, story.room, fatima) == "leave", "who went is not fetched back"

        await do(carla, story.room, "invite", fatima.user_id)
        await carla.wait_until(lambda: fatima.user_id in group.users.keys() - group.invited_users.keys())
        await carla.say(story.room, "!open")
        # So the bot has heard that she is back, which came before.
        await carla.wait_until(partial(has_read, carla, story.room, "Open in Noord: 1", number))
        await story.pass_time(timedelta(seconds=10))
        await fatima.wait_until(partial(has_more_alone, story, fatima, before))
        newest = story.read_alone(fatima)[-1].body
        assert "Welkom in Noord" in newest
        assert "Noord-1" in newest


async def tried(story: Story) -> bool:
    """Whether the bot tried to say something in vain, and did not give it up."""
    query = select(t.outbox.c.id).where(t.outbox.c.attempts > 0, t.outbox.c.done_at.is_(None))
    async with story.house.store._engine.connect() as connection:
        return (await connection.execute(query)).first() is not None


def has_read(person: Person, room_id: str, words: str, times: int) -> bool:
    """Whether this person was shown these words in so many messages."""
    return sum(words in message.body for message in person.read(room_id)) == times


def has_more_alone(story: Story, person: Person, before: int) -> bool:
    """Whether the bot said something more to this person alone."""
    return len(story.read_alone(person)) > before


async def _membership(person: Person, room_id: str, other: Person) -> str:
    async with wire_of(person) as wire:
        where = path("v3", "rooms", room_id, "state", "m.room.member", other.user_id)
        return str((await wire.call("GET", where))["membership"])


async def test_what_comes_in_while_the_bot_is_put_out_is_posted_when_it_is_back(story: OldRooms) -> None:
    """And in order; without it nobody would read of a zorgvraag before it comes back after 48 hours."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.give_away(carla)
    group = carla.client.rooms[story.room]
    await do(carla, story.room, "kick", story.bot_id)
    await carla.wait_until(lambda: has_read(carla, story.coordination, "Ik ben uit de groep Noord", 1))
    await story.submit("7523")
    await story.submit("7524")
    story.house._bell.ring()
    for _ in range(300):
        if await tried(story):
            break
        await asyncio.sleep(0.1)
    assert await tried(story)

    await do(carla, story.room, "invite", story.bot_id)
    await carla.wait_until(lambda: story.bot_id in group.users.keys() - group.invited_users.keys())
    await carla.say(story.room, "!open")
    await fatima.wait_until(partial(has_read, fatima, story.room, "Open in Noord: 2", 1))
    await story.pass_time(timedelta(minutes=5))
    await fatima.wait_until(partial(has_read, fatima, story.room, "🆕 Noord-2", 1))
    posts = [one.body.split(" · ")[0] for one in fatima.read(story.room) if one.body.startswith("🆕")]
    assert posts == ["🆕 Noord-1", "🆕 Noord-2"]
