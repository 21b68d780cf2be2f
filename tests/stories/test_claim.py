"""A zorgvraag is posted, one nurse gets it, gives it back, finishes it."""

from __future__ import annotations

import asyncio

from domain.care import Contact
from tests.stories.region import Story

LINE = "!zorgvraag 7523 wondzorg + PV 2x/dag ochtend,avond 5u start 26-11"


async def test_a_zorgvraag_is_posted_and_a_nurse_claims_it_in_two_words(story: Story) -> None:
    """The coordinator types one line; the nurse types two words; everybody reads who has it."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()

    await carla.say(story.room, LINE)
    post = await story.shows(fatima, "🆕 Noord-1 · 7523 · PV + wondzorg · 2×/dag (ochtend, avond) · 5 u/week")
    assert "start do 26 nov" in post.body

    await fatima.say(story.room, "!pak 1")
    notice = await story.shows(jan, "Noord-1 is opgepakt door Fatima (Team Roombeek, Buurtzorg)")
    assert notice.sender == story.bot_id
    shown = await story.shows(jan, "✅ Noord-1 · 7523", "Opgepakt door Fatima")
    assert shown.event_id == post.event_id
    assert shown.edited


async def test_of_two_at_once_one_wins_and_the_other_hears_who_and_when(story: Story) -> None:
    """Both type at the same moment; the room shows one winner and one sentence for who came later."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await carla.say(story.room, LINE)
    await story.shows(jan, "🆕 Noord-1")

    await asyncio.gather(fatima.say(story.room, "!oppakken 1"), jan.say(story.room, "/claim noord-1"))
    won = await story.shows(carla, "Noord-1 is opgepakt door")
    lost = await story.shows(carla, "Noord-1 is net al opgepakt door", "om 10:10")
    winner, loser = ("Fatima", jan) if "Fatima" in won.body else ("Jan", fatima)
    assert f"opgepakt door {winner}" in lost.body
    assert lost.mentions == (loser.user_id,)


async def test_a_hand_under_the_post_claims_and_taking_it_away_gives_back(story: Story) -> None:
    """No word is typed at all."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await carla.say(story.room, LINE)
    post = await story.shows(fatima, "🆕 Noord-1")

    hand = await fatima.react(story.room, post.event_id, "✋🏽")
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")
    await fatima.take_back(story.room, hand)
    again = await story.shows(jan, "Weer open: Noord-1", "Vrijgegeven door Fatima")
    old = await story.shows(jan, "➡️ Noord-1")
    assert old.event_id == post.event_id
    assert again.event_id != post.event_id


async def test_the_details_reach_the_claimant_alone(story: Story) -> None:
    """They were sealed until then, and never stand in the region's room."""
    fatima, jan = await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.coordinator()
    await story.start()
    contact = Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000", "sleutel bij de buren")
    await story.submit("7523", contact=contact)
    await story.shows(fatima, "🆕 Noord-1")

    await fatima.say(story.room, "!pak 1")
    told = await story.shows_alone(fatima, "alleen voor jou")
    assert "Mevr. Verzonnen" in told.body
    assert "Voorbeeldstraat 1" in told.body
    for person in (fatima, jan):
        assert not [one for one in person.read(story.room) if "Verzonnen" in one.body or "Voorbeeld" in one.body]

    await fatima.say(story.room, "!vrijgeven 1")
    await fatima.wait_until(lambda: not any("Verzonnen" in one.body for one in story.read_alone(fatima)))


async def test_a_reply_and_a_thread_need_no_number_and_an_edit_runs_nothing(story: Story) -> None:
    """In an answer to the post "pak" is enough; changing an old message into a command does nothing."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await carla.say(story.room, LINE)
    post = await story.shows(fatima, "🆕 Noord-1")

    chat = await fatima.say(story.room, "goedemorgen allemaal")
    await fatima.edit(story.room, chat, "!pak 1")
    await fatima.say(story.room, "pak", reply_to=post.event_id)
    await story.shows(carla, "Noord-1 is opgepakt door Fatima")
    await fatima.say(story.room, "!afronden", thread=post.event_id)
    await story.shows(carla, "🏁 Noord-1 is afgerond door Fatima")
    told = [
        one for one in carla.read(story.room) if one.sender == story.bot_id and "is opgepakt door Fatima" in one.body
    ]
    assert len(told) == 1


async def test_only_the_claimant_or_a_coordinator_gives_back_finishes_and_withdraws(story: Story) -> None:
    """Each no says why, and what was refused did not happen."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await carla.say(story.room, LINE)
    await story.shows(jan, "🆕 Noord-1")
    await fatima.say(story.room, "!pak 1")
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")

    await jan.say(story.room, "!afronden 1")
    await story.shows(jan, "Noord-1 is van Fatima")
    await jan.say(story.room, "!intrekken 1")
    await story.shows(jan, "!intrekken is voor coördinatoren")
    await carla.say(story.room, "!oppakken 1")
    await story.shows(jan, "!oppakken is voor")
    await carla.say(story.room, "!intrekken 1 cliënt toch naar het ziekenhuis")
    told = await story.shows(fatima, "Noord-1 is ingetrokken door Carla (coördinator): cliënt toch naar het ziekenhuis")
    assert fatima.user_id in told.mentions
    await fatima.say(story.room, "!pak 1")
    await story.shows(fatima, "Noord-1 is al ingetrokken")


async def test_one_to_one_no_prefix_is_needed_and_the_answer_comes_there_too(story: Story) -> None:
    """A nurse who does not want to type in front of everybody types to the bot alone."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await carla.say(story.room, LINE)
    await story.shows(fatima, "🆕 Noord-1")
    alone = await story.alone(fatima)

    await fatima.say(alone, "pak 1")
    await story.shows(carla, "Noord-1 is opgepakt door Fatima")
    await story.shows(fatima, "Noord-1", "Opgepakt door Fatima", room=alone)
