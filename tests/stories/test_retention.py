"""What was said does not stay for ever; who did what does."""

from __future__ import annotations

from datetime import timedelta

from domain.care import Contact
from tests.stories.region import Story


async def test_a_month_after_its_end_nothing_of_a_zorgvraag_is_left_in_any_room(story: Story) -> None:
    """Posts, edits, notices, lists and the details are redacted; the number is not given out again."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await story.submit("7523", contact=Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000"))
    await story.shows(fatima, "🆕 Noord-1")
    await fatima.say(story.room, "!pak 1")
    await story.shows_alone(fatima, "Verzonnen")
    await fatima.say(story.room, "!open")
    await story.shows(fatima, "Er staat nu niets open")
    await fatima.say(story.room, "!afronden 1")
    await story.shows(fatima, "Noord-1 is afgerond")

    await story.pass_time(timedelta(days=29))
    assert [one for one in fatima.read(story.room) if "Noord-1" in one.body and one.sender == story.bot_id]
    await story.pass_time(timedelta(days=2))
    await carla.wait_until(lambda: not [one for one in carla.read(story.room) if one.sender == story.bot_id])
    await fatima.wait_until(lambda: not [one for one in story.read_alone(fatima) if "Verzonnen" in one.body])
    await story.submit("7524")
    await story.shows(fatima, "🆕 Noord-2")
