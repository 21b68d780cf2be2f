"""What the clock does: 48 hours, the digest, lights that grow stale."""

from __future__ import annotations

from datetime import timedelta

from domain.people import Role
from tests.stories.region import Story


async def test_what_nobody_took_after_48_hours_comes_back_once_and_louder(story: Story) -> None:
    """One re-post with a mention of the room; the old post points to it; after 96 hours coordinators hear it too."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    post = await story.shows(fatima, "🆕 Noord-1")

    await story.pass_time(timedelta(hours=47, minutes=59))
    await story.pass_time(timedelta(minutes=1))
    again = await story.shows(fatima, "⏰ Nog open na 48 uur: Noord-1", "Wie kan (een deel) oppakken?")
    assert again.mentions_room
    old = await story.shows(fatima, "➡️ Noord-1")
    assert old.event_id == post.event_id
    await story.pass_time(timedelta(minutes=5))
    await story.pass_time(timedelta(hours=47, minutes=55))
    await story.shows(fatima, "⏰ Nog open na 96 uur: Noord-1")
    await story.shows(carla, "Nog open na 96 uur: Noord-1", room=story.coordination)
    await fatima.wait_until(lambda: [one.body[:2] for one in fatima.read(story.room)][:2] == ["➡️", "➡️"])
    assert len([one for one in fatima.read(story.room) if "⏰ Nog open" in one.body]) == 1


async def test_of_several_that_come_back_at_one_moment_only_the_first_rings(story: Story) -> None:
    """After a quiet night or an outage a telephone does not ring for each of them."""
    fatima = await story.nurse("Fatima")
    await story.start()
    for number in (1, 2, 3):
        await story.submit("7523")
        await story.shows(fatima, f"🆕 Noord-{number}")
    await story.pass_time(timedelta(hours=48, minutes=1))
    again = [await story.shows(fatima, f"⏰ Nog open na 48 uur: Noord-{number}") for number in (1, 2, 3)]
    assert [one.mentions_room for one in again] == [True, False, False]


async def test_a_week_of_outage_gives_one_repost_and_one_digest(story: Story) -> None:
    """However long nobody ticked, one step is taken."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    await story.shows(fatima, "🆕 Noord-1")
    await story.stop()
    story.clock.move(timedelta(days=7))
    await story.start()
    await story.shows(fatima, "⏰ Nog open na 168 uur: Noord-1")
    digest = await story.shows(carla, "📋 Noord, ma 30 nov", room=story.coordination)
    assert "Open in Noord: 1" in digest.body
    await story.pass_time(timedelta(minutes=1))
    digests = [one for one in carla.read(story.coordination) if one.body.startswith("📋")]
    assert len(digests) <= 2  # of the first day and of this one, none of the days in between


async def test_spoed_comes_back_after_two_and_four_hours(story: Story) -> None:
    """A shorter clock for what cannot wait."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await carla.say(story.room, "!zorgvraag 7523 wondzorg spoed")
    await story.shows(fatima, "🆕 Noord-1 · SPOED")
    await story.pass_time(timedelta(hours=2))
    await story.shows(fatima, "⏰ Nog open na 2 uur: Noord-1")
    await story.pass_time(timedelta(hours=2))
    await story.shows(fatima, "⏰ Nog open na 4 uur: Noord-1")


async def test_a_light_is_set_shown_and_grows_stale(story: Story) -> None:
    """A colour never without its word; a new post names who has room; after a day nobody relies on it."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    linda = await story.person("Linda", Role.TEAM_LEAD, team="centrum")
    await story.start()

    await fatima.say(story.room, "!capaciteit groen")
    await story.shows(fatima, "Fatima, het stoplicht van Team Roombeek, Buurtzorg zet een teamleider")
    await linda.say(story.room, "!capaciteit groen")
    await story.shows(fatima, "🟢 Team Centrum, Livio: groen – ruimte")
    await linda.say(story.room, "/capaciteit avond rood tot morgen 12:00 twee zieken")
    await story.shows(fatima, "🔴 Team Centrum, Livio, avond: rood – geen ruimte (tot morgen 12:00) – twee zieken")
    await carla.say(story.room, "!zorgvraag 7523 wondzorg ochtend")
    await story.shows(fatima, "🆕 Noord-1", "Ruimte: 🟢 Team Centrum, Livio (groen)")
    await carla.say(story.room, "!zorgvraag 7524 wondzorg avond")
    post = await story.shows(fatima, "🆕 Noord-2")
    assert "Ruimte:" not in post.body

    await story.pass_time(timedelta(hours=25))
    await fatima.say(story.room, "!capaciteit")
    await story.shows(fatima, "🚦 Capaciteit Noord", "Team Centrum", "onbekend (was groen, ma 10:10)")


async def test_the_digest_comes_at_eight_also_when_there_was_nothing(story: Story) -> None:
    """Silence would look like a failure. And it can be asked for at any time."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.pass_time(timedelta(hours=21, minutes=49))
    await story.pass_time(timedelta(minutes=1))  # Tuesday 08:00 in Amsterdam
    digest = await story.shows(carla, "📋 Noord, di 24 nov", room=story.coordination)
    assert "Er staat nu niets open" in digest.body
    await carla.say(story.coordination, "!overzicht")
    await story.shows(carla, "📋 Noord, di 24 nov 08:00", room=story.coordination)
    await fatima.say(story.room, "!overzicht")
    await story.shows(fatima, "!overzicht is voor coördinatoren")
