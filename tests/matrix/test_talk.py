"""Two-way talk in encrypted rooms, and what a person does in them."""

from __future__ import annotations

import pytest

from bot.chat import Arrived, Departed, Entered, NotEncrypted, NotInRoom, Reacted, RoomPlan, Said, Showed, TookBack
from bot.matrix.wire import path
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.raw import wire_of


def plan(purpose: str, **people: int) -> RoomPlan:
    return RoomPlan(purpose=purpose, name="Noord", topic="Zorgvragen", people=people)


async def test_a_nurse_and_the_bot_read_each_other_in_a_region_room(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.create(plan("region:noord"))
    await bot.matrix.chat.invite(room, jan.user_id)
    await jan.wait_joined(room)
    await bot.wait_until(lambda: any(isinstance(event, Entered) for event in bot.heard))

    post = await bot.send(room, "Nieuw: Noord-1", "post-1")
    assert (await jan.wait_for(room, lambda message: message.event_id == post)).body == "Nieuw: Noord-1"
    await jan.say(room, "!open")
    said = await bot.wait_for("!open")
    assert (said.sender, said.room_id, said.about, said.addressed) == (jan.user_id, room, (), False)


async def test_replies_threads_mentions_reactions_and_taking_back_are_heard_and_edits_say_nothing(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    await jan.wait_joined(room)
    post = await bot.send(room, "Nieuw: Noord-1", "post-1")
    await jan.wait_for(room, lambda message: message.event_id == post)

    await jan.say(room, "ik", reply_to=post)
    await jan.say(room, "ook", thread=post)
    await jan.say(room, f"{bot.matrix.user_id}: hallo")
    first = await jan.say(room, "!oppakken 1")
    edit = await jan.edit(room, first, "!oppakken 2")
    hand = await jan.react(room, post, "✋")
    await jan.take_back(room, hand)
    await jan.say(room, "klaar")
    await bot.wait_for("klaar")

    (ours,) = [event for event in bot.heard if isinstance(event, Arrived)]
    assert (ours.event_id, ours.txn_id, ours.anew) == (post, "post-1", True)
    told = [event for event in bot.heard if not isinstance(event, Entered | Arrived)]
    assert bot.said() == ["ik", "ook", f"{bot.matrix.user_id}: hallo", "!oppakken 1", "klaar"]
    reply, thread, mention = (event for event in told[:3] if isinstance(event, Said))
    assert (reply.about, thread.about, mention.addressed) == ((post,), (post,), True)
    shown, reaction, back = told[4:7]
    assert isinstance(shown, Showed)
    assert (shown.event_id, shown.shown) == (edit, ("!oppakken 2", "* !oppakken 2"))
    assert isinstance(reaction, Reacted)
    assert (reaction.emoji, reaction.about, reaction.event_id) == ("✋", post, hand)
    assert isinstance(back, TookBack)
    assert back.taken == hand


async def test_who_comes_and_who_goes_is_heard(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.create(plan("region:noord"))
    await bot.matrix.chat.invite(room, jan.user_id)
    await jan.wait_joined(room)
    await bot.wait_until(lambda: [type(event) for event in bot.heard] == [Entered])
    await bot.matrix.chat.remove(room, jan.user_id)
    await bot.wait_until(lambda: isinstance(bot.heard[-1], Departed))
    assert await bot.matrix.chat.members(room) == {}


async def test_nothing_is_said_in_a_room_that_is_not_encrypted(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await new_bot(), await new_person()
    bot.welcome.add(jan.user_id)
    await bot.start()
    answer = await jan.client.room_create(invite=[bot.matrix.user_id], is_direct=True)
    await bot.wait_until(lambda: bot.matrix.chat._book.get(answer.room_id))
    with pytest.raises(NotEncrypted):
        await bot.send(answer.room_id, "geheim", "txn-1")
    assert jan.read(answer.room_id) == []


async def test_the_same_transaction_gives_the_same_event_also_from_a_new_process(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    await jan.wait_joined(room)
    first = await bot.send(room, "een keer", "txn-1")
    await bot.stop()
    await bot.start()
    assert await bot.send(room, "een keer", "txn-1") == first
    assert await bot.matrix.chat.direct_room(jan.user_id) == room
    last = await bot.send(room, "klaar", "txn-2")
    await jan.wait_for(room, lambda message: message.event_id == last)
    assert [message.body for message in jan.read(room)] == ["een keer", "klaar"]


async def test_whoever_was_put_out_and_has_not_heard_it_yet_is_told_so_when_he_speaks(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    """What is to be said there waits: a bare no would make an end of it."""
    bot, jan = await (await new_bot()).start(), await new_person()
    bot.matrix.chat._version = "11"  # later a room cannot be taken from who made it
    room = await bot.matrix.chat.create(plan("region:noord"))
    await bot.matrix.chat.invite(room, jan.user_id)
    await jan.wait_joined(room)
    levels = {"users": {jan.user_id: 100, bot.matrix.user_id: 50}}
    await bot.matrix._wire.call("PUT", path("v3", "rooms", room, "state", "m.room.power_levels", ""), levels)
    await bot.deaf()
    async with wire_of(jan) as wire:
        await wire.call("POST", path("v3", "rooms", room, "kick"), {"user_id": bot.matrix.user_id})
    with pytest.raises(NotInRoom):
        await bot.send(room, "Nieuw: Noord-1", "post-1")


async def test_of_our_own_words_an_edit_is_told_from_a_message_of_its_own(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    post = await bot.send(room, "Nieuw: Noord-1", "post-1")
    words = {"msgtype": "m.text", "body": "Noord-1"}
    edit = words | {"m.new_content": words, "m.relates_to": {"rel_type": "m.replace", "event_id": post}}
    await bot.matrix.chat.send(room, edit, "edit-1")
    await bot.wait_until(lambda: len([event for event in bot.heard if isinstance(event, Arrived)]) == 2)
    told = {event.txn_id: event.anew for event in bot.heard if isinstance(event, Arrived)}
    assert told == {"post-1": True, "edit-1": False}
