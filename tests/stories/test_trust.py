"""Who can read, who cannot, and who hears of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.matrix.wire import path
from domain.audience import RegionRoom
from domain.people import Role
from storage.tables import outbox
from tests.matrix.raw import to_device
from tests.stories.region import Story


async def test_coordinators_read_who_cannot_read_along(story: Story) -> None:
    """Els has a telephone that she never verified: she is named in the overview, Fatima and a stranger are not."""
    carla = await story.coordinator()
    await story.nurse("Fatima")
    await story.person("Els", Role.NURSE, cross_signed=False)
    stranger = await story.person("Wie", cross_signed=False)
    await story.start()
    await carla.client.room_invite(story.room, stranger.user_id)
    await stranger.wait_joined(story.room)
    await story.shows(carla, stranger.user_id, room=story.coordination)

    await carla.say(story.coordination, "!overzicht")
    told = await story.shows(carla, "📋 Noord, ma 23 nov 10:10", room=story.coordination)
    assert "Kan (nog) niet meelezen: Els." in told.body


async def test_a_bot_that_was_put_out_tells_it_stays_out_and_comes_back_when_invited(story: Story) -> None:
    """Room version 12 lets nobody put its creator out but the homeserver itself, so here the bot's account leaves."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    matrix = story.house._matrix
    await matrix._wire.call("POST", path("v3", "rooms", story.room, "leave"), {})
    await story.shows(carla, "Ik ben uit de groep Noord – zorgvragen gehaald", room=story.coordination)
    assert "the bot is no longer in the room region:noord" in await story.house._health.reasons()
    await story.house.keep_rooms_once()
    assert story.room not in [room.room_id for room in matrix._sync._book.joined()]
    async with story.house.store.look() as work:
        assert await work.rooms.room_of(RegionRoom("noord")) == story.room, "no new room is made in its place"

    await fatima.say(story.room, "waar is de bot?")
    await carla.client.room_invite(story.room, story.bot_id)
    group = carla.client.rooms[story.room]
    await carla.wait_until(lambda: story.bot_id in group.users.keys() - group.invited_users.keys())
    await carla.say(story.room, "!open")  # Carla's client knows the bot's device from the coordinators' room
    await story.shows(fatima, "Er staat nu niets open")
    assert not [reason for reason in await story.house._health.reasons() if "room" in reason]


async def test_a_new_name_is_no_new_member(story: Story) -> None:
    """Fatima calls herself something else, twice: nobody is welcomed, and no stranger is reported."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await fatima.say(story.room, "!mijn")
    await story.shows(carla, "je hebt nu geen zorgvragen")  # so the bot has heard of the joining, which came before
    await story.pass_time(timedelta(seconds=10))
    await story.shows_alone(fatima, "Welkom in Noord, Fatima")
    for name in ("Fatima (ziek)", "Fatima"):
        await fatima.client.set_displayname(name)
    await fatima.say(story.room, "!open")
    await story.shows(carla, "Er staat nu niets open")  # so the bot has heard of the names, which came before
    await story.pass_time(timedelta(seconds=10))
    async with story.house.store.look() as work:
        letters = await work.outbox._connection.execute(select(outbox.c.kind, outbox.c.address))
        told = [tuple(row) for row in letters]
    assert told.count(("Welcome", fatima.user_id)) == 1
    assert "Stranger" not in {kind for kind, _ in told}


async def test_a_new_device_that_asks_for_keys_is_shown_what_is_open_once(story: Story) -> None:
    """No key is forwarded; a second request of the same device, or of one that is not verified, gets nothing."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    await story.shows(fatima, "🆕 Noord-1")

    async def ask(device_id: str, number: int) -> None:
        body = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": story.room, "session_id": "x", "sender_key": "y"}
        content = {"action": "request", "requesting_device_id": device_id, "request_id": f"{number}", "body": body}
        bot_device = story.house._matrix.device_id
        await to_device(fatima, "m.room_key_request", story.bot_id, bot_device, content, f"ask-{number}")

    for number, device_id in enumerate((fatima.client.device_id, fatima.client.device_id, "NOBODYS")):
        await ask(device_id, number)
    told = await story.shows_alone(fatima, "Je nieuwe toestel")
    assert "Noord-1 · 7523" in told.body
    await carla.say(story.room, "!open")
    await story.shows(carla, "Open in Noord: 1")
    async with story.house.store.look() as work:
        kinds = await work.outbox._connection.execute(select(outbox.c.facts).where(outbox.c.kind == "Welcome"))
        assert [facts["user_id"] for facts in kinds.scalars() if facts["new_device"]] == [fatima.user_id]
