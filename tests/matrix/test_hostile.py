"""Events that anyone can send: none of them stops the batch, and none of them is believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vodozemac

from bot.chat import Entered, Event, Said, TryLater, Unreadable
from bot.matrix.signing import encode
from bot.matrix.wire import path
from demo.people import Person
from tests.matrix.bare import reaction, sync
from tests.matrix.bots import Bot
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.ear import US, Ear
from tests.matrix.raw import to_device, wire_of

OLM = "m.olm.v1.curve25519-aes-sha2"


async def acquainted(bot: Bot, person: Person) -> str:
    """The direct room of a bot that listens and a person who is in."""
    room = await bot.matrix.chat.direct_room(person.user_id)
    await person.wait_joined(room)
    return room


def malformed(bot: Bot) -> list[Any]:
    """Contents of m.room.encrypted that must not hurt."""
    machine = bot.matrix._sync._machine
    mine = machine.curve25519
    stranger = vodozemac.Account()
    unknown = vodozemac.Account()
    unknown.generate_one_time_keys(1)
    (one_time_key,) = unknown.one_time_keys.values()
    session = stranger.create_outbound_session(vodozemac.Curve25519PublicKey.from_base64(mine), one_time_key)
    _, unknown_key = session.encrypt(b"{}").to_parts()
    theirs = stranger.curve25519_key.to_base64()
    bodies: list[Any] = ["%%%", "", "AAAA", 5, None, {}, encode(unknown_key), "A" * 50_000, "é"]
    contents: list[Any] = [
        {"algorithm": OLM, "sender_key": theirs, "ciphertext": {mine: {"type": kind, "body": body}}}
        for kind in (0, 1, 2, "0", None)
        for body in bodies
    ]
    contents += [{}, {"algorithm": OLM}, {"algorithm": 7}, {"algorithm": OLM, "ciphertext": []}]
    contents += [{"algorithm": OLM, "sender_key": "x", "ciphertext": {mine: {"type": 0, "body": "AwoA"}}}]
    contents += [{"algorithm": OLM, "sender_key": None, "ciphertext": {mine: 1}}]
    deep: Any = 0
    for _ in range(800):  # Synapse takes this from anybody
        deep = [deep]
    contents += [{"algorithm": OLM, "deep": deep}, {"algorithm": OLM, "long": 10**4000}]
    return contents


async def test_malformed_to_device_events_do_not_cost_the_key_that_follows_them(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan, mallory = await (await new_bot()).start(), await new_person(), await new_person("mallory")
    room = await acquainted(bot, jan)
    await bot.deaf()
    device_id = bot.matrix._store.device_id
    for number, content in enumerate(malformed(bot)):
        await to_device(mallory, "m.room.encrypted", bot.matrix.user_id, device_id, content, f"evil-{number}")
    await to_device(mallory, "m.room_key", bot.matrix.user_id, device_id, {"session_key": "x"}, "evil-plain")
    await jan.say(room, "!open")
    bot.listen()
    await bot.wait_for("!open")


async def test_malformed_events_of_a_room_do_not_cost_those_that_follow(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await acquainted(bot, jan)
    megolm = "m.megolm.v1.aes-sha2"
    contents: list[Any] = [
        {"algorithm": megolm, "session_id": 5, "ciphertext": []},
        {"algorithm": megolm, "session_id": "x", "ciphertext": "%"},
        {"algorithm": "rot13", "ciphertext": "%"},
        {"m.relates_to": "x"},
    ]
    async with wire_of(jan) as wire:
        for kind in ("m.room.encrypted", "m.reaction", "org.strange"):
            for number, content in enumerate([*contents, {"m.relates_to": {"rel_type": "m.annotation"}}]):
                await wire.call("PUT", path("v3", "rooms", room, "send", kind, f"{kind}{number}"), content)
        plain = {"msgtype": "m.text", "body": "!oppakken 1"}
        await wire.call("PUT", path("v3", "rooms", room, "send", "m.room.message", "plain"), plain)
    for content in ({"body": 5, "msgtype": "m.text"}, {"body": "x" * 30_000, "msgtype": []}, {"msgtype": "m.text"}):
        await jan.send(room, "m.room.message", content)
    await jan.send(room, "m.room.message", {"msgtype": "m.notice", "body": "ik ben een bot"})
    await jan.say(room, "!open")
    await bot.wait_for("!open")
    assert bot.said() == ["!open"]


async def test_rooms_that_we_are_not_in_do_not_cost_what_is_said_where_we_are(tmp_path: Path) -> None:
    """We were put out by nobody and at no time, and invited by somebody whose name nobody can write down."""
    ear = Ear(tmp_path)
    about_us = {"type": "m.room.member", "state_key": US, "sender": "\ud800"}
    answer = sync(reaction("$hand"))
    put_out, invited = ([about_us | {"content": {"membership": one}}] for one in ("leave", "invite"))
    answer["rooms"]["leave"] = {"!gone": {"timeline": {"events": put_out}}}
    answer["rooms"]["invite"] = {"!new": {"invite_state": {"events": invited}}}
    assert [event.event_id for event in await ear.hear(answer)] == ["$hand"]
    assert ear.saved == ["s2"]
    ear.close()


async def test_a_message_that_is_sent_again_as_another_event_is_not_heard_again(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await acquainted(bot, jan)
    first = await jan.say(room, "!oppakken 1")
    await bot.wait_for("!oppakken 1")
    await bot.stop()
    await bot.start()
    async with wire_of(jan) as wire:
        event = await wire.call("GET", path("v3", "rooms", room, "event", first))
        where = path("v3", "rooms", room, "send", "m.room.encrypted", "again")
        await wire.call("PUT", where, event["content"])
    await jan.say(room, "klaar")
    await bot.wait_for("klaar")
    assert bot.said() == ["!oppakken 1", "klaar"]


async def test_somebody_elses_ciphertext_is_not_heard_in_ones_own_name(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan, mallory = await (await new_bot()).start(), await new_person(), await new_person("mallory")
    room = await acquainted(bot, jan)
    await bot.matrix.chat.invite(room, mallory.user_id)
    await mallory.wait_joined(room)
    await bot.deaf()
    first = await jan.say(room, "!oppakken 1")
    async with wire_of(mallory) as wire:
        event = await wire.call("GET", path("v3", "rooms", room, "event", first))
        await jan.take_back(room, first)  # so that the stolen words are the only ones
        where = path("v3", "rooms", room, "send", "m.room.encrypted", "stolen")
        await wire.call("PUT", where, event["content"])
    await jan.say(room, "klaar")
    bot.listen()
    await bot.wait_for("klaar")
    assert bot.said() == ["klaar"]


async def test_an_error_of_the_house_costs_one_event_and_try_later_costs_none(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await acquainted(bot, jan)
    await bot.wait_until(lambda: any(isinstance(event, Entered) for event in bot.heard))
    refused: list[str] = []

    def fail(event: Event) -> None:
        if isinstance(event, Said) and event.body == "kapot":
            raise ValueError("a defect")
        if isinstance(event, Said) and event.body == "later" and len(refused) < 2:
            refused.append(event.event_id)
            raise TryLater("the database is away")

    bot.fail = fail
    for text in ("eerst", "kapot", "later", "klaar"):
        await jan.say(room, text)
    await bot.wait_for("klaar")
    assert list(dict.fromkeys(bot.said())) == ["eerst", "later", "klaar"]
    assert len(refused) == 2


async def test_an_unsigned_device_gives_no_commands_and_is_told_once_that_it_is_not_read(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person(cross_signed=False)
    room = await acquainted(bot, jan)
    command = await jan.say(room, "!oppakken 1")
    await bot.wait_until(lambda: any(True for _ in bot.matrix._store.rows("SELECT 1 FROM waiting")))
    await jan.react(room, command, "✋")
    await bot.wait_until(lambda: len(bot.heard) == 2)
    bot.ahead += bot.patience
    await jan.react(room, command, "👍")
    await jan.react(room, command, "👀")
    await bot.wait_until(lambda: len(bot.heard) == 5)
    assert [event.event_id for event in bot.heard if isinstance(event, Unreadable)] == [f"unread {command}"]
    assert bot.said() == []


async def test_the_setting_for_all_devices_hears_an_unsigned_one(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot("all")).start(), await new_person(cross_signed=False)
    room = await acquainted(bot, jan)
    await jan.say(room, "!open")
    await bot.wait_for("!open")
    post = await bot.send(room, "Noord-1", "txn-1")
    await jan.wait_for(room, lambda message: message.event_id == post)


async def test_what_the_disk_refuses_to_keep_is_asked_for_again_and_not_lost(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await acquainted(bot, jan)
    await bot.wait_until(lambda: bot.heard)
    for text in ("eerst", "daarna"):  # a key in a new Olm session, and one in the same session
        await bot.deaf()
        jan.client.invalidate_outbound_session(room)
        await jan.say(room, text)
        bot.matrix._store.run("PRAGMA query_only = ON")  # SQLite's own way to refuse every write
        with pytest.raises(TryLater):
            await bot.matrix.first_sync()
        with pytest.raises(TryLater):
            await bot.send(room, "Noord-1", "txn-1")
        bot.matrix._store.run("PRAGMA query_only = OFF")
        bot.listen()
        await bot.wait_for(text)
        await bot.stop()
        await bot.start()
        await jan.say(room, text + " gelezen")  # with the same key, which is on the disk now
        await bot.wait_for(text + " gelezen")
