"""The rooms of the house: made as planned, found again, kept in order; and what state events mean."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat import RoomPlan, Undeliverable
from bot.matrix.rooms import WEEK_MS, Room, RoomBook
from bot.matrix.wire import Refused
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.raw import wire_of

US, JAN = "@bot:zorg.test", "@jan:zorg.test"


def room_with(*events: tuple[str, str, dict[str, Any]], sender: str = US) -> Room:
    room = Room("!room")
    for kind, key, content in events:
        room.apply({"type": kind, "state_key": key, "sender": sender, "content": content})
    return room


async def test_a_room_is_made_as_planned_found_after_a_restart_and_settled_once(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, els = await (await new_bot()).start(), await new_person("els")
    chat = bot.matrix.chat
    plan = RoomPlan(purpose="region:noord", name="Noord", topic="Zorgvragen", people={els.user_id: 50})
    assert await chat.find(plan.purpose) is None
    room = await chat.create(plan)
    assert await chat.create(plan) == room
    await chat.invite(room, els.user_id)
    await chat.invite(room, els.user_id)
    await els.wait_joined(room)
    async with wire_of(els) as wire:
        state = {event["type"]: event["content"] for event in await wire.state(room)}
    assert state["m.room.history_visibility"] == {"history_visibility": "joined"}
    assert state["m.room.guest_access"] == {"guest_access": "forbidden"}
    assert state["m.room.join_rules"] == {"join_rule": "invite"}
    assert state["m.room.encryption"] == {"algorithm": "m.megolm.v1.aes-sha2"}
    assert state["nl.schakelbot.room"] == {"purpose": "region:noord"}
    assert "m.federate" not in state["m.room.create"]
    levels = state["m.room.power_levels"]
    assert (levels["invite"], levels["state_default"], levels["redact"]) == (50, 100, 50)
    assert (levels["users"], levels["notifications"]) == ({els.user_id: 50}, {"room": 50})

    await bot.stop()
    await bot.start()
    chat = bot.matrix.chat
    assert await chat.find(plan.purpose) == room
    assert await chat.members(room) == {els.user_id: "join"}
    before = await _count_state(els, room)
    await chat.settle(room, plan)
    assert await _count_state(els, room) == before
    await chat.settle(room, RoomPlan(purpose=plan.purpose, name="Noord-Oost", topic="Zorg", people={}))
    async with wire_of(els) as wire:
        state = {event["type"]: event["content"] for event in await wire.state(room)}
    assert (state["m.room.name"]["name"], state["m.room.topic"]["topic"]) == ("Noord-Oost", "Zorg")
    assert state["m.room.power_levels"]["users"] == {}


async def _count_state(person: Any, room_id: str) -> set[str]:
    async with wire_of(person) as wire:
        return {event["event_id"] for event in await wire.state(room_id)}


async def test_a_direct_room_names_nobody_and_its_guest_is_invited_again(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    chat = bot.matrix.chat
    room = await chat.direct_room(jan.user_id)
    early = await bot.send(room, "voor je kwam", "txn-1")
    await jan.wait_joined(room)
    assert (await jan.wait_for(room, lambda message: message.event_id == early)).body == "voor je kwam"
    async with wire_of(jan) as wire:
        state = {event["type"]: event["content"] for event in await wire.state(room)}
    purpose = state["nl.schakelbot.room"]["purpose"]
    assert purpose.startswith("direct:")
    assert jan.user_id not in purpose
    assert jan.user_id[1:].split(":")[0] not in purpose

    await jan.client.room_leave(room)
    await bot.wait_until(lambda: room_left(bot.matrix.chat._book, room, jan.user_id))
    assert await chat.direct_room(jan.user_id) == room
    assert await chat.members(room) in ({jan.user_id: "invite"}, {jan.user_id: "join"})
    await chat.remove(room, jan.user_id)
    await chat.remove(room, jan.user_id)
    assert await chat.members(room) == {}


def room_left(book: RoomBook, room_id: str, user_id: str) -> bool:
    room = book.get(room_id)
    return room is not None and room.membership(user_id) == "leave"


async def test_a_room_that_we_are_not_in_is_undeliverable(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    async with wire_of(jan) as wire:
        wire.token = bot.matrix._wire.token
        await wire.call("POST", f"/_matrix/client/v3/rooms/{room}/leave", {})
    await bot.wait_until(lambda: bot.matrix.chat._book.get(room) is None)
    with pytest.raises(Undeliverable):
        await bot.send(room, "hallo?", "txn-1")
    with pytest.raises(Refused):
        await bot.send("!nergens", "hallo?", "txn-2")


def test_rotation_settings_stay_within_sane_bounds() -> None:
    megolm = {"algorithm": "m.megolm.v1.aes-sha2"}
    assert room_with(("m.room.encryption", "", megolm)).rotation.messages == 100
    for period, messages, bounded in (
        (1, 0, (3_600_000, 1)),
        (10**15, 10**9, (WEEK_MS, 10_000)),
        ("x", True, (WEEK_MS, 100)),
    ):
        content = {**megolm, "rotation_period_ms": period, "rotation_period_msgs": messages}
        rotation = room_with(("m.room.encryption", "", content)).rotation
        assert (rotation.period_ms, rotation.messages) == bounded


def test_creators_stand_above_power_levels_from_version_12_on() -> None:
    levels = ("m.room.power_levels", "", {"users": {JAN: 50}, "events": {"m.room.tombstone": 150}})
    create = ("m.room.create", "", {"room_version": "12", "additional_creators": ["@els:zorg.test", 5]})
    room = room_with(create, levels)
    powers = [room.power(user) for user in (US, "@els:zorg.test", JAN, "@mallory:zorg.test")]
    assert powers == [float("inf"), float("inf"), 50, 0]
    assert (room.needs("m.room.tombstone"), room.needs("m.room.name")) == (150, 50)
    old = room_with(("m.room.create", "", {"room_version": "11"}), levels)
    assert old.power(US) == 0


def test_only_our_own_mark_on_an_encrypted_room_counts() -> None:
    mark = ("nl.schakelbot.room", "", {"purpose": "region:noord"})
    megolm = ("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
    assert room_with(mark, megolm).purpose(US) == "region:noord"
    assert room_with(mark, megolm, sender=JAN).purpose(US) is None
    book = RoomBook(US)
    for room_id, at, events in (("!b", 1, [mark, megolm]), ("!a", 2, [mark, megolm]), ("!c", 0, [mark])):
        state = [{"type": kind, "state_key": key, "sender": US, "content": content} for kind, key, content in events]
        create = {"type": "m.room.create", "state_key": "", "sender": US, "content": {}, "origin_server_ts": at}
        book.learn(room_id, [*state, create])
    oldest = book.marked("region:noord")
    assert oldest is not None
    assert oldest.room_id == "!b"
