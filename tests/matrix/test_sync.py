"""Listening: nothing is lost in a gap, a replay does no harm, and what was said before us is not for us."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Entered, Moved, Said
from bot.matrix.wire import LoggedOut, path
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.raw import wire_of


async def test_of_150_messages_while_we_were_away_none_is_lost_and_their_order_is_kept(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    await jan.wait_joined(room)
    await bot.wait_until(lambda: any(isinstance(event, Entered) for event in bot.heard))
    await bot.stop()
    texts = [f"bericht {number}" for number in range(150)]
    for text in texts:
        await jan.say(room, text)
    await bot.start()
    await bot.wait_for(texts[-1])
    assert bot.said() == texts


async def test_a_replay_from_an_older_cursor_gives_the_same_events_again_and_breaks_nothing(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    await jan.wait_joined(room)
    await bot.wait_until(lambda: any(isinstance(event, Entered) for event in bot.heard))
    await bot.stop()
    older = bot.cursor
    await jan.say(room, "een")
    await jan.say(room, "twee")
    await bot.connect()
    await bot.matrix.first_sync()  # one answer and no further request: the server may not forget what it sent
    once = [event for event in bot.heard if isinstance(event, Said)]
    await bot.stop()
    bot.cursor = older
    await bot.start()
    await jan.say(room, "drie")
    await bot.wait_for("drie")
    again = [event for event in bot.heard if isinstance(event, Said)]
    assert [event.body for event in once] == ["een", "twee"]
    assert again == [*once, *once, again[-1]]
    assert not bot.matrix._sync._olm._mended  # a replay is not taken for a broken session


async def test_what_was_said_before_we_came_in_is_not_heard(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await new_bot(), await new_person()
    bot.welcome.add(jan.user_id)
    await bot.connect()
    encrypted = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    answer = await jan.client.room_create(initial_state=encrypted, is_direct=True)
    await jan.wait_joined(answer.room_id)
    early = await jan.say(answer.room_id, "vroeg")
    await jan.react(answer.room_id, early, "✋")
    await bot.matrix.first_sync()
    bot.listen()
    async with wire_of(jan) as wire:
        where = path("v3", "rooms", answer.room_id, "state", "m.room.member", bot.matrix.user_id)
        await wire.call("PUT", where, {"membership": "invite", "is_direct": True})
    await bot.wait_until(lambda: bot.matrix.chat._book.get(answer.room_id))
    await jan.wait_until(lambda: bot.matrix.user_id in jan.client.rooms[answer.room_id].users)
    await jan.say(answer.room_id, "nu")
    await bot.wait_for("nu")
    assert bot.heard[0].sender == jan.user_id
    assert len(bot.heard) == 1


async def test_only_direct_invitations_of_welcome_people_are_taken(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan, mallory = await new_bot(), await new_person(), await new_person("mallory")
    bot.welcome.add(jan.user_id)
    await bot.start()
    for person, direct in ((mallory, True), (jan, False), (jan, True)):
        await person.client.room_create(invite=[bot.matrix.user_id], is_direct=direct)
    await bot.wait_until(bot.matrix.chat._book.joined)
    async with wire_of(mallory) as wire:
        wire.token = bot.matrix._wire.token
        joined = await wire.call("GET", path("v3", "joined_rooms"))
    assert len(joined["joined_rooms"]) == 1


async def test_an_upgraded_room_is_followed_if_its_sender_had_the_power(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await new_bot(), await new_person()
    bot.welcome.add(jan.user_id)
    await bot.start()
    encrypted = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
    old = (
        await jan.client.room_create(
            initial_state=encrypted, is_direct=True, invite=[bot.matrix.user_id], room_version="11"
        )
    ).room_id
    await bot.wait_until(lambda: bot.matrix.chat._book.get(old))
    async with wire_of(jan) as wire:
        upgraded = await wire.call("POST", path("v3", "rooms", old, "upgrade"), {"new_version": "12"})
        new = upgraded["replacement_room"]
        await wire.call("POST", path("v3", "rooms", new, "invite"), {"user_id": bot.matrix.user_id})
    await bot.wait_until(lambda: any(isinstance(event, Moved) for event in bot.heard))
    (moved,) = (event for event in bot.heard if isinstance(event, Moved))
    assert (moved.room_id, moved.successor, moved.sender) == (old, new, jan.user_id)
    assert bot.matrix._store.rows("SELECT * FROM moves") == []


async def test_a_token_that_was_revoked_ends_the_loop_with_its_own_error(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await new_bot(), await new_person()
    await bot.connect()
    await bot.matrix.first_sync()
    async with wire_of(jan) as wire:
        wire.token = bot.matrix._wire.token
        await wire.call("POST", path("v3", "logout"), {})
    with pytest.raises(LoggedOut):
        await asyncio.wait_for(bot.matrix.run(), 40)
