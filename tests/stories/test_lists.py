"""What people ask to see: all that is open, in each of their regions; and what becomes of what a leaver had."""

from __future__ import annotations

from dataclasses import replace

from commands.apply import carry_out, plan, stored_area
from demo.people import Person
from domain.people import Member, PostcodeRange, Region, Role, Team
from domain.picture import SHOWN
from tests.stories.region import Story


async def leave(story: Story, person: Person) -> None:
    """Take somebody out of the area file and apply it."""
    async with story.house.store.work() as work:
        area = await stored_area(work)
        others = tuple(member for member in area.members if member.user_id != person.user_id)
        await carry_out(await plan(replace(area, members=others), work), work, story.clock.now())
    await story.house.keep_rooms_once()


async def test_what_a_leaver_had_is_open_again_and_the_coordinators_hear_from_which_organisation(story: Story) -> None:
    """No client waits for somebody who is gone."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await story.submit("7523")
    await story.shows(fatima, "🆕 Noord-1")
    await fatima.say(story.room, "!pak 1")
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")

    await leave(story, fatima)
    await story.shows(jan, "↩️ Weer open: Noord-1", "doet niet meer mee", "!oppakken 1")
    told = await story.shows(
        carla, "Een wijkverpleegkundige van Buurtzorg doet niet meer mee, en had nog Noord-1", room=story.coordination
    )
    assert "Fatima" not in told.body
    assert fatima.user_id not in told.body
    await jan.say(story.room, "!pak 1")
    await story.shows(jan, "Noord-1 is opgepakt door Jan")


async def test_somebody_of_two_regions_sees_both_one_to_one_and_names_one_to_change_something(story: Story) -> None:
    """And every answer there calls them by their name."""
    linda = await story.person("Linda", Role.TEAM_LEAD, team="roombeek")
    await story.start()
    alone = await story.alone(linda)
    async with story.house.store.work() as work:
        await work.people.put_region(Region("zuid", "Zuid", (PostcodeRange("7540", "7549"),)))
        await work.people.put_team(Team("stroinkslanden", "Stroinkslanden", "livio", "zuid"))
        leads = frozenset({Role.TEAM_LEAD})
        await work.people.put_member(Member(linda.user_id, "zuid", leads, "Linda", "stroinkslanden"))
    await story.submit("7523")

    await linda.say(alone, "Hoi")
    await story.shows(linda, "!oppakken 42", "!help", room=alone)
    await linda.say(alone, "!open")
    await story.shows(linda, "Open in Noord: 1", "Noord-1 · 7523", room=alone)
    await story.shows(linda, "Er staat nu niets open in Zuid", room=alone)
    await linda.say(alone, "!mijn")
    await story.shows(linda, "Linda, je hebt nu geen zorgvragen in Zuid", room=alone)
    await linda.say(alone, "!capaciteit groen")
    await story.shows(linda, "Linda, je werkt in meer regio's", "!capaciteit Noord groen", room=alone)
    await linda.say(alone, "!capaciteit zuid groen tot vrijdag")
    await story.shows(linda, "🟢 Stroinkslanden, Livio: groen – ruimte (tot vr 27 nov)", room=alone)
    await linda.say(alone, "!capaciteit team Centrum groen")
    await story.shows(linda, "Linda, je kunt alleen het stoplicht van je eigen team zetten", room=alone)


async def test_a_long_list_can_be_seen_whole_or_by_postcode(story: Story) -> None:
    """The room sees the first few and how many more there are; the rest comes to who asks, alone."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    for number in range(31):
        await story.submit("7524" if number == 30 else "7523")

    await fatima.say(story.room, "!open")
    shown = await story.shows(carla, "Open in Noord: 31", "… en nog 16. Alles zien? Typ !open alles")
    assert shown.body.count("•") == SHOWN
    await fatima.say(story.room, "!open 7524")
    await story.shows(carla, "Open in Noord · 7524: 1", "Noord-31 · 7524")
    await fatima.say(story.room, "!open alles")
    await story.shows_alone(fatima, "Alles wat openstaat in Noord, deel 1 van 2", "Noord-30 ·")
    last = await story.shows_alone(fatima, "Alles wat openstaat in Noord, deel 2 van 2")
    assert last.body.count("•") == 1
    await carla.say(story.coordination, "!overzicht")
    told = await story.shows(carla, "Open in Noord: 31", "📋", room=story.coordination)
    assert max(map(len, told.body.split("\n"))) <= 100


async def test_a_reason_that_is_typed_alone_is_read_by_all_and_its_giver_hears_that(story: Story) -> None:
    """Personal data in it is refused there as well, because it would stand in the room."""
    jan, fatima = await story.nurse("Jan", "centrum"), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    await story.shows(fatima, "🆕 Noord-1")
    alone = await story.alone(fatima)
    await fatima.say(alone, "!pak 1")
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")

    await fatima.say(alone, "!vrijgeven 1 bel mevrouw op 06-12345678")
    await story.shows(fatima, "Fatima, dit lijkt op een telefoonnummer", room=alone)
    await fatima.say(alone, "!vrijgeven 1 te ver rijden")
    await story.shows(fatima, "Je reden staat nu ook in de groep", room=alone)
    await story.shows(jan, "↩️ Weer open: Noord-1", "te ver rijden")
    assert not [one for one in jan.read(story.room) if "12345678" in one.body]
