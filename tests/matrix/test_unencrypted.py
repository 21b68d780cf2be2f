"""A room that is not encrypted, never was or is said to be no longer: nothing is said there, and nothing heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.chat import NotEncrypted, Said
from bot.matrix.wire import path
from demo.homeserver import Homeserver
from demo.people import Person
from tests.matrix.bots import Bot
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.raw import wire_of
from tests.matrix.test_talk import plan
from tests.stories.region import Story

MEGOLM = "m.megolm.v1.aes-sha2"
TEXT = {"msgtype": "m.text", "body": "Noord-1"}
WORSE: list[dict[str, Any]] = [{}, {"algorithm": "m.megolm.v2"}, {"algorithm": None}, {"algorithm": ["m.megolm.v1"]}]


async def open_room(bot: Bot, jan: Person) -> str:
    """A room of Jan's that is not encrypted, in which the bot is."""
    bot.welcome.add(jan.user_id)
    answer = await jan.client.room_create(invite=[bot.matrix.user_id], is_direct=True)
    await bot.wait_until(lambda: bot.matrix.chat._book.get(answer.room_id))
    await jan.wait_joined(answer.room_id)
    return str(answer.room_id)


async def in_the_clear(jan: Person, room: str, kind: str, content: dict[str, Any]) -> str:
    """Send an event as it is, as a client does where there is no encryption."""
    async with wire_of(jan) as wire:
        where = path("v3", "rooms", room, "send", kind, f"plain-{kind}-{len(str(content))}")
        return str((await wire.call("PUT", where, content))["event_id"])


def is_open(bot: Bot, room_id: str) -> bool:
    """Whether the bot knows that this room is not encrypted as it should be."""
    room = bot.matrix.chat._book.get(room_id)
    return room is not None and not room.encrypted


async def sent_in_the_clear(jan: Person, room: str, us: str) -> list[Any]:
    """What we said in the room that the server can read: messages of ours, whatever they hold."""
    async with wire_of(jan) as wire:
        answer = await wire.call("GET", path("v3", "rooms", room, "messages", dir="b", limit="100"))
    return [one for one in answer["chunk"] if one["sender"] == us and one["type"] == "m.room.message"]


async def test_every_door_to_a_room_that_was_never_encrypted_is_shut(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await open_room(bot, jan)
    command = await in_the_clear(jan, room, "m.room.message", {"msgtype": "m.text", "body": "!oppakken 1"})
    hand = {"m.relates_to": {"rel_type": "m.annotation", "event_id": command, "key": "✋"}}
    await in_the_clear(jan, room, "m.reaction", hand)
    looks_encrypted = {"algorithm": MEGOLM, "session_id": "x", "ciphertext": "x", "sender_key": "x", "device_id": "x"}
    await in_the_clear(jan, room, "m.room.encrypted", looks_encrypted)
    for attempt in (bot.matrix.chat.send(room, TEXT, "txn-1"), bot.matrix.chat.cannot_read(room)):
        with pytest.raises(NotEncrypted):
            await attempt

    other = await bot.matrix.chat.direct_room(jan.user_id)
    assert other != room, "a room that is not encrypted is nobody's one-to-one room"
    await jan.wait_joined(other)
    await jan.say(other, "daarna")
    await bot.wait_for("daarna")
    assert [event.room_id for event in bot.heard if event.room_id == room] == []
    assert bot.matrix._store.rows("SELECT 1 FROM waiting") == []
    assert await sent_in_the_clear(jan, room, bot.matrix.user_id) == []


@pytest.mark.parametrize("content", WORSE, ids=["nothing", "another", "none", "a list"])
async def test_a_room_whose_encryption_is_changed_is_left_alone_and_found_no_more(
    new_bot: NewBot, new_person: NewPerson, content: dict[str, Any]
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    rooms = [await bot.matrix.chat.direct_room(jan.user_id), await bot.matrix.chat.create(plan("region:noord"))]
    await jan.wait_joined(rooms[0])
    for room in rooms:  # nobody but the bot has the power for it, or a homeserver that makes things up
        said = await bot.send(room, "een", f"txn-{room}")
        where = path("v3", "rooms", room, "state", "m.room.encryption", "")
        await bot.matrix._wire.call("PUT", where, content)
        await bot.wait_until(partial(is_open, bot, room))
        with pytest.raises(NotEncrypted):
            await bot.matrix.chat.send(room, TEXT, "txn-2")
        await bot.matrix.chat.redact(room, said, "txn-3")  # taking away what was said is never refused

    await jan.say(rooms[0], "!oppakken 1")
    assert await bot.matrix.chat.find("region:noord") is None
    again = await bot.matrix.chat.direct_room(jan.user_id)
    assert again != rooms[0]
    await jan.wait_joined(again)
    await jan.say(again, "daarna")
    await bot.wait_for("daarna")
    assert [event.body for event in bot.heard if isinstance(event, Said)] == ["daarna"]


async def test_ready_says_that_nothing_is_said_in_a_room_of_the_house_any_more(
    homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> None:
    async with Story(homeserver, tmp_path, unique_localpart) as story:
        fatima = await story.nurse("Fatima")
        await story.start()
        matrix = story.house._matrix
        where = path("v3", "rooms", story.room, "state", "m.room.encryption", "")
        await matrix._wire.call("PUT", where, {"algorithm": "m.megolm.v2"})
        await story.submit("7523")
        async with asyncio.timeout(30):
            while True:
                if "the encryption was taken from the room region:noord" in await story.house._health.reasons():
                    break
                await asyncio.sleep(0.05)
        await in_the_clear(fatima, story.room, "m.room.message", {"msgtype": "m.text", "body": "!open"})
        await story.house.keep_rooms_once()
        assert await sent_in_the_clear(fatima, story.room, story.bot_id) == []


async def test_a_restart_does_not_make_an_open_room_a_room_of_the_house(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await open_room(bot, jan)
    await bot.stop()
    await in_the_clear(jan, room, "m.room.message", {"msgtype": "m.text", "body": "!open"})
    await bot.start()
    with pytest.raises(NotEncrypted):
        await bot.matrix.chat.send(room, TEXT, "txn-1")
    assert bot.said() == []
