"""A zorgvraag is posted, and one nurse gets it."""

from __future__ import annotations

from tests.stories.region import Story


async def test_a_zorgvraag_is_posted_and_a_nurse_claims_it_in_two_words(story: Story) -> None:
    """The coordinator types one line; the nurse types two words; everybody reads who has it."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await fatima.wait_joined(story.room)
    await carla.wait_joined(story.room)

    await carla.say(story.room, "!zorgvraag 7523 wondzorg + PV 2x/dag ochtend,avond 5u start 26-11")
    post = await story.shows(fatima, "🆕 Noord-1 · 7523 · wondzorg + PV · 2×/dag (ochtend, avond) · 5 u/week")
    assert "start do 26 nov" in post.body

    await fatima.say(story.room, "!pak 1")
    notice = await story.shows(jan, "Noord-1 is opgepakt door Fatima (Team Roombeek, Buurtzorg)")
    assert notice.sender == story.bot_id
    shown = await story.shows(jan, "✅ Noord-1 · 7523", "opgepakt door Fatima")
    assert shown.event_id == post.event_id
    assert shown.edited
