"""Every verb as nurses say it in Element, to the whole house: one region's day on Element's own stack, strict."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from commands import VERBS
from demo.homeserver import Homeserver
from domain.audience import Person
from domain.care import Contact
from domain.people import Member, Role
from tests.interop.js_client import JsClient
from tests.interop.js_process import require_node
from tests.interop.shown import Shown
from tests.stories.region import Story

PASSWORD = "person-password"
LINE = "!zorgvraag 7523 wondzorg + PV 2x/dag ochtend,avond 5u start 26-11"


class Region:
    """A region whose people use Element; the bot is the real one, in this process."""

    def __init__(self, story: Story, clients: AsyncExitStack, localpart: Callable[[str], str]) -> None:
        self.story = story
        self._clients = clients
        self._localpart = localpart
        self._people: list[JsClient] = []

    async def person(self, name: str, role: Role, team: str | None, *, cross_sign: bool = True) -> JsClient:
        """Somebody with a device; before `start` or after."""
        localpart = self._localpart(name.lower())
        await self.story.homeserver.register(localpart, PASSWORD)
        opening = JsClient(self.story.homeserver.url, localpart, PASSWORD, strict=cross_sign, cross_sign=cross_sign)
        client = await self._clients.enter_async_context(opening)
        self.story._members.append(Member(client.user_id, "noord", frozenset({role}), name, team))
        self._people.append(client)
        return client

    async def start(self) -> None:
        """Run the bot until everybody has accepted every invitation and knows that the others are there."""
        await self.story.start()
        for client in self._people:
            await self.enter(client)
        everybody = [client.user_id for client in self._people]
        for client in self._people:
            await client.wait_for_members(self.story.room, self.story.bot_id, *everybody)

    async def enter(self, client: JsClient) -> None:
        """Accept the invitations to the region's room and, for a coordinator, to the other one."""
        places = {one.user_id: one.roles for one in self.story._members}
        missing = {self.story.room}
        if Role.COORDINATOR in places[client.user_id]:
            missing.add(self.story.coordination)

        async def inside() -> bool:
            missing.difference_update(await client.accept_invites())
            return not missing

        await client.wait_until(inside)

    async def shows(
        self, client: JsClient, *words: str, room: str | None = None, besides: Shown | None = None
    ) -> Shown:
        """The first message that this client shows with all words, decrypted and without a warning beside it.

        `besides`: another one than this.
        """
        known = besides.event_id if besides else None
        shown = await client.wait_for(
            room or self.story.room,
            lambda one: one.event_id != known and all(word in (one.body or "") for word in words),
        )
        assert (shown.sender, shown.decrypted, shown.shield) == (self.story.bot_id, True, "none")
        return shown

    async def shows_alone(self, client: JsClient, *words: str, besides: Shown | None = None) -> Shown:
        """The same, in the one-to-one room, whose invitation is accepted first if it is still waiting."""
        others = {self.story.room, self.story.coordination}

        async def direct() -> str | None:
            await client.accept_invites()
            async with self.story.house.store.look() as work:
                room = await work.rooms.room_of(Person(client.user_id))
            return room if room not in others else None

        room = await client.wait_until(direct)
        return await self.shows(client, *words, room=room, besides=besides)


@pytest.fixture
async def region(
    homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> AsyncIterator[Region]:
    """A region without people."""
    require_node()
    async with AsyncExitStack() as clients, Story(homeserver, tmp_path, unique_localpart) as story:
        yield Region(story, clients, unique_localpart)


def test_every_verb_is_said_in_one_of_these_stories() -> None:
    source = Path(__file__).read_text()
    words = {verb.name: (verb.name, *verb.aliases) for verb in VERBS}
    unsaid = [
        name for name, said in words.items() if not any(re.search(rf'"!?{re.escape(one)}[ "]', source) for one in said)
    ]
    assert unsaid == []


async def test_a_day_in_the_region_with_every_verb(region: Region) -> None:
    """One long story: starting clients takes most of the time, and each verb goes on where the last one ended."""
    story = region.story
    carla = await region.person("Carla", Role.COORDINATOR, None)
    linda = await region.person("Linda", Role.TEAM_LEAD, "centrum")
    fatima = await region.person("Fatima", Role.NURSE, "roombeek")
    await region.start()
    room = story.room

    await carla.say(room, LINE)
    post = await region.shows(fatima, "Noord-1", "7523", "wondzorg")
    await fatima.say(room, "!help")
    await region.shows(fatima, "!oppakken 42")
    await linda.say(room, "!capaciteit groen")
    await region.shows(fatima, "Team Centrum", "groen")
    await fatima.say(room, "!open")
    await region.shows(fatima, "Open in Noord: 1")
    await fatima.say(room, "!mijn")
    await region.shows(fatima, "je hebt nu geen zorgvragen")

    await fatima.say(room, "!pak 1")
    await region.shows(carla, "Noord-1", "is opgepakt door Fatima")
    edited = await carla.wait_for(room, lambda shown: shown.event_id == post.event_id and shown.edited)
    assert "✅" in (edited.body or "")
    await linda.say(room, "!status 1")
    await region.shows(linda, "Opgepakt door Fatima")
    await fatima.say(room, "!vrijgeven 1 te ver rijden")
    again = await region.shows(linda, "Weer open", "te ver rijden")

    hand = await linda.react(room, again.event_id, "✋")
    await region.shows(carla, "Noord-1", "is opgepakt door Linda")
    await linda.redact(room, hand)
    await region.shows(fatima, "Weer open", "Vrijgegeven door Linda")

    slip = await fatima.say(room, "goedemorgen")
    await fatima.edit(room, slip, "!pak 1")  # an edit runs nothing
    newest = (await fatima.wait_for(room, lambda shown: "Vrijgegeven door Linda" in (shown.body or ""))).event_id
    await linda.say(room, "pak", reply_to=newest)
    await region.shows(fatima, "Noord-1", "is opgepakt door Linda")
    await linda.say(room, "afronden", thread=newest)
    await region.shows(fatima, "🏁", "is afgerond door Linda")
    await linda.say(room, "!heropenen 1")
    await region.shows(fatima, "Noord-1", "is heropend door Linda")

    await carla.say(room, "!zorgvraag 7524 stoma")
    await region.shows(fatima, "Noord-2", "7524")
    await carla.say(room, "!intrekken 2 opname")
    await region.shows(fatima, "Noord-2", "ngetrokken", "opname")
    await carla.say(story.coordination, "!overzicht")
    await region.shows(carla, "📋", "Noord", room=story.coordination)


async def test_details_new_members_second_and_unsigned_devices_and_a_leaver(region: Region) -> None:
    """What one person alone may read, and what somebody may not read any more, or not yet."""
    story = region.story
    carla = await region.person("Carla", Role.COORDINATOR, None)
    fatima = await region.person("Fatima", Role.NURSE, "roombeek")
    els = await region.person("Els", Role.NURSE, "roombeek", cross_sign=False)
    await region.start()
    room = story.room

    await carla.say(room, "goedemorgen")
    await story.submit("7523", contact=Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000", ""))
    post = await region.shows(fatima, "Noord-1")
    unread = await els.wait_for(room, lambda shown: shown.event_id == post.event_id and bool(shown.failure_code))
    assert unread.failure_code == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
    # Her client asks for the members as of its last sync, which must not lie before she joined.
    await carla.wait_for_members(story.coordination, story.bot_id, carla.user_id)
    await carla.say(story.coordination, "!overzicht")
    await region.shows(carla, "Kan (nog) niet meelezen: Els", room=story.coordination)

    await fatima.say(room, "!pak 1")
    details = await region.shows_alone(fatima, "Mevr. Verzonnen")
    assert "Voorbeeldstraat 1" in (details.body or "")
    await fatima.say(room, "!gegevens 1")
    await region.shows_alone(fatima, "Voorbeeldstraat 1", besides=details)
    assert not [one for one in await carla.read(room) if "Verzonnen" in (one.body or "")]

    await story.submit("7524")
    await region.shows(fatima, "Noord-2")
    async with fatima.another_device() as tablet:
        await region.shows(fatima, "Noord-1", "is opgepakt door Fatima")
        await fatima.say(room, "!open")
        await region.shows(tablet, "Open in Noord: 1")
        lotte = await region.person("Lotte", Role.NURSE, "roombeek")
        await story.apply()
        await region.enter(lotte)
        await lotte.say(room, "!mijn")  # so the bot has heard that she is in
        await region.shows(carla, "Lotte, je hebt nu geen zorgvragen")
        await story.pass_time(timedelta(seconds=10))
        await region.shows_alone(lotte, "Welkom in Noord, Lotte", "Noord-2")

    before = (await region.shows(carla, "Lotte, je hebt nu geen zorgvragen")).session
    await lotte.leave(room)
    await carla.wait_until(lambda: _has_left(carla, room, lotte))
    await carla.say(room, "!status 2")
    after = await region.shows(carla, "nog door niemand opgepakt")
    assert after.session != before, "who left has no key of what is said from then on"


async def _has_left(client: JsClient, room: str, other: JsClient) -> bool:
    return (await client.members(room)).get(other.user_id) == "leave"


async def test_an_edit_that_is_taken_out_shows_again_what_stood_there_before(region: Region) -> None:
    """In Element the old words come back, without "(edited)": the message itself need not go. A reaction just goes."""
    story = region.story
    carla = await region.person("Carla", Role.COORDINATOR, None)
    fatima = await region.person("Fatima", Role.NURSE, "roombeek")
    await region.start()
    typed = await carla.say(story.room, "mevrouw belt zelf")
    await fatima.wait_for(story.room, lambda shown: shown.body == "mevrouw belt zelf")

    await carla.edit(story.room, typed, "mevrouw belt zelf, 06-12345678")
    await region.shows_alone(carla, "Dit lijkt op een telefoonnummer", "mevrouw belt zelf, 06-12345678")
    await carla.react(story.room, typed, "bel 06-12345678")
    await region.shows_alone(carla, "Dit lijkt op een telefoonnummer", "\nbel 06-12345678")
    for client in (carla, fatima):
        await client.wait_for(
            story.room,
            lambda shown: (
                (shown.event_id, shown.body, shown.edited, shown.redacted, shown.reactions)
                == (typed, "mevrouw belt zelf", False, False, {})
            ),
        )
