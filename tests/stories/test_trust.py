"""Who can read, who cannot, and who hears of it."""

from __future__ import annotations

from domain.people import Role
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
    told = await story.shows(carla, "📋 Noord", room=story.coordination)
    assert "Kan (nog) niet meelezen: Els." in told.body
