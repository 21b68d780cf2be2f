"""Rooms that are upgraded: followed when that was done with power and leads where it says, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat import Moved, TryLater
from bot.matrix.wire import path
from demo.homeserver import Homeserver
from domain.audience import RegionRoom
from tests.matrix.bare import event, member, sync
from tests.matrix.ear import NURSE, ROOM, US, Ear
from tests.matrix.raw import wire_of
from tests.matrix.test_put_out import OldRooms, do

NEXT = "!next"
MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}
INVITED = {"content": {"membership": "invite"}, "sender": NURSE}
TOMBSTONE = event("m.room.tombstone", "$end", {"replacement_room": NEXT, "body": "weg"}, state_key="")


def state(kind: str, content: dict[str, Any], sender: str = US) -> dict[str, Any]:
    return event(kind, f"${kind}", content, state_key="", sender=sender)


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    ear = Ear(tmp_path)
    yield ear
    ear.close()


@pytest.fixture
async def story(
    homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> AsyncIterator[OldRooms]:
    async with OldRooms(homeserver, tmp_path, unique_localpart) as story:
        yield story


@pytest.mark.parametrize(
    ("levels", "followed"),
    [
        ({}, False),
        ({"users": {NURSE: 49}}, False),
        ({"users": {NURSE: 50}}, True),
        ({"users": {NURSE: 50}, "events": {"m.room.tombstone": 100}}, False),
        ({"users": {NURSE: "100"}}, False),
    ],
    ids=["nobody's", "too little", "enough", "not for this", "no number"],
)
async def test_only_who_may_end_a_room_is_followed(ear: Ear, levels: dict[str, Any], followed: bool) -> None:
    await ear.hear(sync(state("m.room.power_levels", levels), member(NURSE), TOMBSTONE))
    assert bool(ear.store.rows("SELECT 1 FROM moves")) is followed
    assert bool([name for name, _ in ear.wire.asked if name == NEXT[1:] or name.endswith("next")]) is followed


@pytest.mark.parametrize(
    ("create", "encryption", "moved"),
    [
        ({"predecessor": {"room_id": ROOM}}, MEGOLM, True),
        ({"predecessor": {"room_id": "!other"}}, MEGOLM, False),
        ({}, MEGOLM, False),
        ({"predecessor": {"room_id": ROOM}}, {}, False),
    ],
    ids=["the one that follows", "another's", "nobody's", "not encrypted"],
)
async def test_the_house_moves_only_to_an_encrypted_room_that_says_it_follows(
    ear: Ear, create: dict[str, Any], encryption: dict[str, Any], moved: bool
) -> None:
    await ear.hear(sync(state("m.room.power_levels", {"users": {NURSE: 100}}), member(NURSE), TOMBSTONE))
    batch = sync(next_batch="s3")
    events = [state("m.room.create", create, NURSE), state("m.room.encryption", encryption, NURSE)]
    batch["rooms"]["join"] = {NEXT: {**batch["rooms"]["join"][ROOM], "state": {"events": events}}}
    heard = await ear.hear(batch)
    assert [one.successor for one in heard if isinstance(one, Moved)] == ([NEXT] if moved else [])
    assert ear.store.rows("SELECT * FROM moves") == [], "it is told once, or forgotten"


async def test_an_invitation_does_not_wait_for_a_clock_that_was_put_back(ear: Ear) -> None:
    """It is tried again after half a minute, a minute, two: however far ahead the clock was when that was planned."""
    ear.now_ms = day = 24 * 60 * 60 * 1000
    batch = sync()
    batch["rooms"]["invite"] = {NEXT: {"invite_state": {"events": [member(US) | INVITED]}}}
    ear.wire.answers["leave"] = TryLater("their homeserver is away")
    tried = []
    for moment in (day, day + 29_000, 1_000, 30_000, 61_000):
        ear.now_ms = moment
        await ear.hear(batch if moment == day else sync())
        tried.append([name for name, _ in ear.wire.asked].count("leave"))
    assert tried == [1, 1, 2, 2, 3]


async def test_a_region_moves_with_its_room_and_goes_on_where_it_was(story: OldRooms) -> None:
    """A coordinator who was given the power upgrades the room; who was in comes along, and the bot is invited."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    await story.shows(fatima, "🆕 Noord-1")
    await story.give_away(carla)
    async with wire_of(carla) as wire:
        upgraded = await wire.call("POST", path("v3", "rooms", story.room, "upgrade"), {"new_version": "12"})
    old, new = story.room, str(upgraded["replacement_room"])
    for user_id in (story.bot_id, fatima.user_id):
        await do(carla, new, "invite", user_id)
    await fatima.wait_joined(new)
    await carla.wait_until(lambda: new in carla.client.rooms)
    group = carla.client.rooms[new]
    await carla.wait_until(lambda: story.bot_id in group.users.keys() - group.invited_users.keys())

    await carla.say(new, "!open")  # Carla's client knows the bot's device from before
    await story.shows(fatima, "Open in Noord: 1", room=new)
    async with story.house.store.look() as work:
        assert await work.rooms.room_of(RegionRoom("noord")) == new
        assert await work.rooms.audience_in(old) is None
    await fatima.say(new, "!pak 1")
    await story.shows(carla, "Noord-1", "is opgepakt door Fatima", room=new)
    assert not [reason for reason in await story.house._health.reasons() if "room" in reason]
