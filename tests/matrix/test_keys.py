"""Keys on a real homeserver: they run out, come late, belong to unsigned devices or to somebody who changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from nio import UnknownToDeviceEvent

from bot.chat import Departed, Entered, Showed, Unreadable
from bot.matrix.identity import Identity
from bot.matrix.outbound import Outbound
from bot.matrix.pins import accept_new_identity
from bot.matrix.wire import path
from demo.people import Person
from storage.seal import Seal
from tests.matrix.bots import PASSWORD, Bot
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.raw import event_of, wire_of
from tests.matrix.test_talk import plan


async def claim_all(bot: Bot, person: Person) -> list[str]:
    """Claim the bot's one-time keys until the server has none left; the ids of the keys, in order."""
    device_id = bot.matrix._store.device_id
    body = {"one_time_keys": {bot.matrix.user_id: {device_id: "signed_curve25519"}}}
    claimed: list[str] = []
    async with wire_of(person) as wire:
        while not claimed or claimed[-1] not in claimed[:-1]:  # a fallback key comes again and again
            answer = await wire.call("POST", path("v3", "keys", "claim"), body)
            claimed += answer["one_time_keys"][bot.matrix.user_id][device_id]
    return claimed


async def test_when_one_time_keys_run_out_a_fallback_key_serves_two_people_and_stock_is_refilled(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot = await (await new_bot()).start()
    jan, els = await new_person("jan"), await new_person("els")
    rooms = [await bot.matrix.chat.create(plan(f"region:{number}")) for number in (1, 2)]
    for room, person in zip(rooms, (jan, els), strict=True):
        await bot.matrix.chat.invite(room, person.user_id)
        await person.wait_joined(room)
    await bot.wait_until(lambda: sum(isinstance(event, Entered) for event in bot.heard) == 2)
    await bot.stop()

    claimed = await claim_all(bot, jan)
    assert len(claimed) == 52
    assert [key for key in claimed if "fallback" in key] == claimed[-2:]
    await jan.say(rooms[0], "van jan")
    await els.say(rooms[1], "van els")
    await bot.start()
    await bot.wait_for("van jan")
    await bot.wait_for("van els")
    fresh = await claim_all(bot, jan)
    assert len(fresh) == 52
    # The fallback key serves a day, so that nobody can make us forget it by using it up.
    assert set(claimed) & set(fresh) == {claimed[-1]}
    bot.ahead += timedelta(days=1)
    for text in ("een", "twee"):  # the chores of the first answer are done before the second one is heard
        await jan.say(rooms[0], text)
        await bot.wait_for(text)
    assert not set(fresh) & set(await claim_all(bot, jan))


async def test_a_key_that_comes_late_is_used_and_nothing_is_said_of_it(new_bot: NewBot) -> None:
    bot, other = await (await new_bot()).start(), await (await new_bot()).start()
    bot.welcome.add(other.matrix.user_id)
    room = await other.matrix.chat.direct_room(bot.matrix.user_id)
    await other.wait_until(lambda: other.heard)
    # The other one sends before it shares, as a client does that was cut off in between.
    sync = other.matrix._sync
    await sync._trust.refresh([bot.matrix.user_id])
    devices = sync._trust.devices(bot.matrix.user_id)
    await sync._olm.establish(devices)
    outbound = Outbound(other.matrix._store, sync._machine, room, 1)
    key = outbound.key()
    content = outbound.encrypt("m.room.message", {"msgtype": "m.text", "body": "laat"})
    where = path("v3", "rooms", room, "send", "m.room.encrypted", "late")
    await other.matrix._wire.call("PUT", where, content)
    await bot.wait_until(lambda: bot.matrix._store.rows("SELECT 1 FROM waiting"))
    await bot.stop()  # what waits survives a restart
    await bot.start()

    message = sync._machine.encrypt_for(devices[0], "m.room_key", key)
    to = {"messages": {bot.matrix.user_id: {devices[0].device_id: message}}}
    where = path("v3", "sendToDevice", "m.room.encrypted", "late-key")
    await other.matrix._wire.call("PUT", where, to)
    await bot.wait_for("laat")
    assert bot.matrix._store.rows("SELECT 1 FROM waiting") == []
    assert not [event for event in bot.heard if isinstance(event, Unreadable)]


async def test_an_unsigned_device_gets_the_reason_instead_of_the_key(new_bot: NewBot, new_person: NewPerson) -> None:
    bot = await (await new_bot()).start()
    jan, els = await new_person("jan"), await new_person("els", cross_signed=False)
    reasons: list[Any] = []

    async def told(event: UnknownToDeviceEvent) -> None:
        reasons.append(event.source)

    els.client.add_to_device_callback(told, UnknownToDeviceEvent)
    room = await bot.matrix.chat.create(plan("region:noord"))
    for person in (jan, els):
        await bot.matrix.chat.invite(room, person.user_id)
        await person.wait_joined(room)
    await bot.wait_until(lambda: sum(isinstance(event, Entered) for event in bot.heard) == 2)
    post = await bot.send(room, "Noord-1", "txn-1")
    await jan.wait_for(room, lambda message: message.event_id == post)
    await els.wait_until(lambda: els.unread(room) == [post])
    (reason,) = (event for event in reasons if event["type"] == "m.room_key.withheld")
    assert reason["content"]["code"] == "m.unverified"
    assert await bot.matrix.chat.cannot_read(room) == [els.user_id]


async def test_somebodys_new_identity_is_reported_once_and_not_believed(
    new_bot: NewBot, new_person: NewPerson, tmp_path: Path
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    room = await bot.matrix.chat.direct_room(jan.user_id)
    await jan.wait_joined(room)
    first = await bot.send(room, "een", "txn-1")
    await jan.wait_for(room, lambda message: message.event_id == first)

    async with wire_of(jan) as wire:
        seal = Seal(Seal.new_key())
        identity = Identity(wire, seal, tmp_path, jan.user_id, jan.client.device_id)
        assert (await identity.reset(PASSWORD)).trusted
    await bot.wait_until(lambda: not bot.matrix._sync._trust.is_fresh(jan.user_id))
    second = await bot.send(room, "twee", "txn-2")
    await jan.wait_until(lambda: jan.unread(room) == [second])
    assert bot.changed == [jan.user_id]
    await bot.stop()
    await bot.start()
    await bot.send(room, "drie", "txn-3")
    assert bot.changed == [jan.user_id]
    assert accept_new_identity(bot.data_dir, "@nobody:zorg.test") is None
    assert accept_new_identity(bot.data_dir, jan.user_id) is not None
    await jan.say(room, "ik ben het echt")
    await bot.wait_for("ik ben het echt")
    fourth = await bot.send(room, "vier", "txn-4")
    await jan.wait_for(room, lambda message: message.event_id == fourth)


async def test_after_somebody_leaves_the_next_message_has_another_session(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot = await (await new_bot()).start()
    jan, els = await new_person("jan"), await new_person("els")
    room = await bot.matrix.chat.create(plan("region:noord"))
    for person in (jan, els):
        await bot.matrix.chat.invite(room, person.user_id)
        await person.wait_joined(room)
    sessions = []
    for number, text in enumerate(("een", "twee", "drie")):
        if text == "drie":
            await els.client.room_leave(room)
            await bot.wait_until(lambda: any(isinstance(event, Departed) for event in bot.heard))
        post = await bot.send(room, text, f"txn-{number}")
        sessions.append((await event_of(jan, room, post))["content"]["session_id"])
    assert sessions[0] == sessions[1] != sessions[2]


async def test_an_unsigned_device_is_not_heard_and_its_sender_is_told_why(
    new_bot: NewBot, new_person: NewPerson
) -> None:
    bot = await (await new_bot()).start()
    els = await new_person("els", cross_signed=False)
    room = await bot.matrix.chat.direct_room(els.user_id)
    await els.wait_joined(room)
    await bot.wait_until(lambda: any(isinstance(event, Entered) for event in bot.heard))
    typed = await els.say(room, "!pak 1")
    await bot.wait_until(lambda: bot.matrix._store.rows("SELECT 1 FROM waiting"))
    bot.ahead += bot.patience
    await els.react(room, typed, "x")  # whatever comes next lets the bot look at what waits
    await bot.wait_until(lambda: any(isinstance(event, Unreadable) for event in bot.heard))
    (told,) = [event for event in bot.heard if isinstance(event, Unreadable)]
    assert (told.event_id, told.sender, told.unverified) == (f"unread {typed}", els.user_id, True)
    assert bot.said() == []

    await els._cross_sign()  # now it can be read, and what was told to be unreadable is no command any more
    await bot.wait_until(lambda: any(isinstance(event, Showed) for event in bot.heard))
    (shown,) = [event for event in bot.heard if isinstance(event, Showed)]
    assert (shown.event_id, shown.sender, shown.shown) == (typed, els.user_id, ("!pak 1",))
    assert bot.said() == []
    await els.say(room, "dag")
    await bot.wait_for("dag")
    assert bot.matrix._store.rows("SELECT 1 FROM waiting") == []
