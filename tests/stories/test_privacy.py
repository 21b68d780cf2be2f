"""Personal data stays out of shared rooms, whoever typed it and wherever."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.matrix.wire import path
from domain.people import Role
from storage.tables import outbox
from tests.matrix.raw import wire_of
from tests.stories.region import Story

FAKE_BSN = "111222333"  # passes the elfproef; a well-known number for tests


@pytest.mark.parametrize(
    "line",
    [
        f"!zorgvraag 7523 wondzorg 2x/dag: mevrouw met BSN {FAKE_BSN}",
        "!vrijgeven 1 bel mevrouw op 06-12345678",
        "kan iemand naar 7523 AB 12 vandaag?",
    ],
)
async def test_what_may_identify_somebody_leaves_the_room_and_goes_back_to_its_sender(story: Story, line: str) -> None:
    """Command or conversation: it is taken out, nothing is posted, and the text is given back one to one."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await carla.say(story.room, "goedemorgen")
    await story.shows(fatima, "goedemorgen")

    typed = await carla.say(story.room, line)
    told = await story.shows_alone(carla, "uit de groep gehaald", line)
    assert "Dit lijkt op" in told.body
    await fatima.wait_until(lambda: all(one.event_id != typed for one in fatima.read(story.room)))
    assert not [one for one in fatima.read(story.room) if one.sender == story.bot_id]


BSN = FAKE_BSN
POLL = {
    "org.matrix.msc1767.text": f"Wie kent {BSN}?\n1. ik",
    "org.matrix.msc3381.poll.start": {
        "question": {"org.matrix.msc1767.text": f"Wie kent {BSN}?"},
        "answers": [{"id": "1", "org.matrix.msc1767.text": "ik"}],
    },
}
LINKED = {"body": "mail mevrouw", "format": "org.matrix.custom.html"}
LINKED |= {"formatted_body": '<a href="mailto:mevrouw@example.org">mail</a> mevrouw'}
FILM = {"msgtype": "m.video", "body": "trap.mp4", "url": "mxc://zorg.test/a"}
THREAD = {"rel_type": "m.thread", "event_id": "", "is_falling_back": True}
OTHERWISE: list[tuple[str, dict[str, Any], str]] = [
    ("m.room.message", {"msgtype": "m.emote", "body": f"zoekt {BSN} op"}, f"zoekt {BSN} op"),
    ("m.room.message", {"msgtype": "m.notice", "body": f"let op: {BSN}"}, f"let op: {BSN}"),
    ("m.room.message", {"msgtype": "m.file", "body": f"zorgplan {BSN}.pdf"}, f"zorgplan {BSN}.pdf"),
    ("m.room.message", {"msgtype": "m.text", **LINKED}, "mail mevrouw\nmailto:mevrouw@example.org"),
    ("m.room.message", {"msgtype": "m.location", "body": "hier", "geo_uri": "geo:52.2215,6.8937"}, "hier\ngeo:52.2215"),
    ("m.room.message", {"msgtype": "m.text", "body": f"pak, {BSN}", "m.relates_to": THREAD}, f"pak, {BSN}"),
    ("org.matrix.msc3381.poll.start", POLL, f"Wie kent {BSN}?\n1. ik"),
    ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "", "key": f"✋ {BSN}"}}, f"✋ {BSN}"),
    ("m.room.message", {"msgtype": "m.image", "filename": "IMG_1.jpg", "body": "de wond"}, "erbij:\nde wond"),
    ("m.room.message", FILM, "erbij:\ntrap.mp4"),
]
HARMLESS: list[tuple[str, dict[str, Any]]] = [
    ("m.room.message", {"msgtype": "m.emote", "body": "gaat koffie halen"}),
    ("m.room.message", {"msgtype": "m.emote", "body": "!pak 1"}),
    ("m.room.message", {"msgtype": "m.file", "body": "rooster 25-11.pdf"}),
    ("m.sticker", {"body": "hartje", "url": "mxc://zorg.test/a", "info": {}}),
    ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "", "key": "👍"}}),
    ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "", "key": "10 uur?"}}),
    ("org.matrix.msc3381.poll.start", {"org.matrix.msc1767.text": "Overleg om 9.00 of 10.30?"}),
]


def about(event_id: str, content: dict[str, Any]) -> dict[str, Any]:
    """The same content, about this post."""
    match content:
        case {"m.relates_to": {"event_id": str(), **relation}}:
            return {**content, "m.relates_to": {**relation, "event_id": event_id}}
    return content


async def test_what_stands_there_in_another_way_leaves_the_room_too(story: Story) -> None:
    """Files, links, places, polls, reactions, pictures: out of the room, and back to whoever put them there."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    post = await story.shows(fatima, "🆕 Noord-1")

    for kind, content, given_back in OTHERWISE:
        sent = await carla.send(story.room, kind, about(post.event_id, content))
        await fatima.wait_until(partial(fatima._taken_back.__contains__, sent))
        told = await story.shows_alone(carla, given_back)
        assert ("Dit lijkt op" in told.body) is (content.get("msgtype") not in ("m.image", "m.video"))
    assert not [one for one in fatima.read(story.room) if "opgepakt" in one.body], "no hand was held up"

    harmless = [await carla.send(story.room, kind, about(post.event_id, content)) for kind, content in HARMLESS]
    await carla.say(story.room, "!open")
    await story.shows(fatima, "Open in Noord: 1")
    await story.pass_time(timedelta(seconds=10))
    assert not fatima._taken_back & set(harmless)
    assert len(fatima._taken_back) == len(OTHERWISE)


async def test_what_came_in_the_clear_is_no_command_and_goes_too(story: Story) -> None:
    """A client that does not encrypt: everybody in the room reads it, and the homeserver as well."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    sent = []
    async with wire_of(carla) as wire:
        for text in ("!open", f"kent {BSN}"):
            where = path("v3", "rooms", story.room, "send", "m.room.message", text)
            answer = await wire.call("PUT", where, {"msgtype": "m.text", "body": text})
            sent.append(answer["event_id"])
    await story.shows_alone(carla, f"kent {BSN}", "Dit lijkt op een BSN")
    await fatima.wait_until(partial(fatima._taken_back.__contains__, sent[1]))
    assert sent[0] not in fatima._taken_back
    assert not [one for one in fatima.read(story.room) if one.sender == story.bot_id]


async def test_an_edit_with_personal_data_is_taken_back_and_the_message_is_as_it_was(story: Story) -> None:
    """Only the edit goes; the words of before stand there again, and a second, harmless edit stays."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    typed = await carla.say(story.room, "mevrouw belt zelf")
    await story.shows(fatima, "mevrouw belt zelf")

    edit = await carla.edit(story.room, typed, "mevrouw belt zelf, 06-12345678")
    told = await story.shows_alone(carla, "mevrouw belt zelf, 06-12345678")
    assert "Dit lijkt op een telefoonnummer" in told.body
    assert "* mevrouw" not in told.body
    await fatima.wait_until(lambda: edit in fatima._taken_back)
    shown = await story.shows(fatima, "mevrouw belt zelf")
    assert (shown.event_id, shown.body, shown.edited) == (typed, "mevrouw belt zelf", False)

    await carla.edit(story.room, typed, "mevrouw belt zelf, morgen")
    assert (await story.shows(fatima, "morgen")).event_id == typed
    await carla.say(story.room, "!open")
    await story.shows(fatima, "Er staat nu niets open")
    assert fatima._taken_back == {edit}


@pytest.mark.parametrize("minutes", [0, 6], ids=["in time", "after it was told that it cannot be read"])
async def test_what_can_only_be_read_late_is_looked_at_when_it_can(story: Story, minutes: int) -> None:
    """Els verifies her telephone after she put something in the room: then it can be read, and goes."""
    carla, els = await story.coordinator(), await story.person("Els", Role.NURSE, cross_signed=False)
    await story.start()
    content = {"msgtype": "m.emote", "body": f"kent {BSN}"}
    sent = await els.send(story.room, "m.room.message", content)
    await carla.say(story.room, "!open")
    await story.shows(carla, "Er staat nu niets open")  # so the bot has got hers, which came before
    await story.pass_time(timedelta(minutes=minutes))
    await carla.say(story.room, "!mijn")
    await story.shows(carla, "je hebt nu geen zorgvragen")
    assert sent not in carla._taken_back

    await els._cross_sign()
    await carla.wait_until(partial(carla._taken_back.__contains__, sent))
    await story.shows_alone(els, f"kent {BSN}", "Dit lijkt op een BSN")
    async with story.house.store.look() as work:
        told = await work.outbox._connection.execute(select(func.count()).where(outbox.c.kind == "Unread"))
        assert told.scalar_one() == (1 if minutes else 0)


@pytest.mark.parametrize(
    "line",
    ["zorgvrag 7523 wondzorg bel 06-12345678", "!status 06-12345678", f"!status {BSN}", "!open jan@example.org"],
)
async def test_what_is_not_understood_one_to_one_is_not_kept_when_it_may_identify_somebody(
    story: Story, line: str
) -> None:
    """The answer says what it looks like, not what was typed: it would lie in the outbox for whoever reads the disk."""
    carla = await story.coordinator()
    await story.start()
    alone = await story.alone(carla)
    await carla.say(alone, line)
    await story.shows_alone(carla, "dit lijkt op", "Ik heb niets geplaatst")
    async with story.house.store.look() as work:
        facts = (await work.outbox._connection.execute(select(outbox.c.facts))).scalars().all()
    assert not [fact for fact in facts for typed in ("12345678", BSN, "jan@") if typed in str(fact)]


async def test_a_stranger_gets_a_friendly_no_whatever_the_display_name(story: Story) -> None:
    """The register decides who somebody is; coordinators hear that a stranger is there."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    stranger = await story.person("Coördinator Carla")
    await story.start()
    await carla.client.room_invite(story.room, stranger.user_id)
    await stranger.wait_joined(story.room)
    await story.shows(carla, stranger.user_id, "niet in het gebiedsbestand", room=story.coordination)

    await stranger.say(story.room, "!zorgvraag 7523 wondzorg")
    told = await story.shows(fatima, "ik ken je nog niet in deze regio")
    assert stranger.user_id in told.mentions
    assert not [one for one in fatima.read(story.room) if "🆕" in one.body]


async def test_a_new_member_hears_what_is_open(story: Story) -> None:
    """What was posted before they came is unreadable to them, so they are told, one to one."""
    carla = await story.coordinator()
    await story.start()
    await story.submit("7523")
    await story.shows(carla, "🆕 Noord-1")

    late = await story.nurse("Lotte")
    await story.apply()
    await late.wait_joined(story.room)
    await carla.say(story.room, "!status 1")
    await story.shows(carla, "Open sinds 10:10")  # so the bot has heard of the joining, which came before
    await story.pass_time(timedelta(seconds=10))
    told = await story.shows_alone(late, "Welkom in Noord, Lotte")
    assert "Noord-1 · 7523" in told.body
