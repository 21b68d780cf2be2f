"""What nurses type between two clients: without a prefix, half a sentence, a hand. And what is only talk."""

from __future__ import annotations

from datetime import timedelta

from demo.people import Person
from domain.care import Contact
from tests.stories.region import Story

CONTACT = Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000")
TALK = [
    "kan iemand 1 pakken?",
    "pak je 1",
    "ik pak 1 niet",
    "terug naar huis",
    "2 collega's ziek",
    "Schakelbot is echt handig",
    "schakelbot doet het weer",
]


def said_by_bot(story: Story, person: Person, *words: str) -> list[str]:
    """What the bot said in the region's room, with all these words."""
    shown = [one.body for one in person.read(story.room) if one.sender == story.bot_id]
    return [body for body in shown if all(word in body for word in words)]


async def test_two_words_without_a_prefix_claim_and_talk_does_not(story: Story) -> None:
    """The bot answers the command alone, after a whole conversation."""
    fatima, jan = await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await story.submit("7523")
    await story.shows(jan, "🆕 Noord-1")

    for line in TALK:
        await jan.say(story.room, line)
    await jan.say(story.room, "ik pak 1")
    await story.shows(jan, "bedoelde je !oppakken 1? Ik heb nog niets gedaan")
    await fatima.say(story.room, "pak 1")
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")
    assert len(said_by_bot(story, jan)) == 3


async def test_under_a_post_clear_words_claim_and_less_clear_ones_are_asked_back(story: Story) -> None:
    """Nobody who says that they take it is met with silence, and nobody takes it by accident."""
    fatima, jan = await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await story.submit("7523")
    post = await story.shows(jan, "🆕 Noord-1")

    await jan.say(story.room, "wie heeft hier de sleutel?", reply_to=post.event_id)
    await jan.say(story.room, "doen wij", thread=post.event_id)
    await story.shows(jan, "bedoelde je !oppakken 1?")
    await fatima.say(story.room, "ik pak ’m!", reply_to=post.event_id)
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")
    await jan.say(story.room, "✋", reply_to=post.event_id)
    await story.shows(jan, "Jan, Noord-1 is net al opgepakt door Fatima")


async def test_a_hand_under_an_old_notice_takes_nothing(story: Story) -> None:
    """Applause under "is opgepakt door" is no claim when the zorgvraag is open again; under the post a hand is one."""
    fatima, jan = await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await story.submit("7523")
    post = await story.shows(jan, "🆕 Noord-1")
    await fatima.say(story.room, "pak 1")
    notice = await story.shows(jan, "Noord-1 is opgepakt door Fatima")
    await fatima.say(story.room, "terug 1")
    await story.shows(jan, "Weer open: Noord-1")

    await jan.react(story.room, notice.event_id, "🙋")
    await jan.say(story.room, "!status 1")
    await story.shows(jan, "nog door niemand opgepakt")
    await jan.react(story.room, post.event_id, "✋")
    await story.shows(fatima, "Noord-1 is opgepakt door Jan")
    await jan.react(story.room, post.event_id, "🙋")
    await jan.say(story.room, "!mijn")
    await story.shows(fatima, "Jan, je hebt nu 1 zorgvraag")
    assert not [one for one in fatima.read(story.room) if "heb je al" in one.body]


async def test_the_claimant_alone_gets_the_details_again_and_loses_all_of_them_together(story: Story) -> None:
    """Asked in the room, told one to one; when she gives it back, no copy stays on her telephone."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await story.submit("7523", contact=CONTACT)
    await story.shows(fatima, "🆕 Noord-1")
    await fatima.say(story.room, "pak 1")
    await story.shows_alone(fatima, "Verzonnen")

    await fatima.say(story.room, "!gegevens 1")
    await fatima.wait_until(lambda: len([one for one in story.read_alone(fatima) if "Verzonnen" in one.body]) == 2)
    for other in (jan, carla):
        await other.say(story.room, "!contact 1")
    await story.shows(jan, "Jan, Noord-1 is van Fatima", "Alleen die collega krijgt de gegevens")
    await story.shows(jan, "Carla, Noord-1 is van Fatima")
    await fatima.say(story.room, "terug 1")
    await fatima.wait_until(lambda: not any("Verzonnen" in one.body for one in story.read_alone(fatima)))
    assert not said_by_bot(story, jan, "Verzonnen")


async def test_a_wrong_end_is_undone_until_everything_of_it_is_erased(story: Story) -> None:
    """Finished by mistake: hers again. Withdrawn by mistake: open for everybody. A month later: too late."""
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    await story.submit("7523", contact=CONTACT)
    await story.shows(fatima, "🆕 Noord-1")
    await fatima.say(story.room, "pak 1")
    await fatima.say(story.room, "klaar 1")
    await story.shows(jan, "Noord-1 is afgerond")

    await jan.say(story.room, "!heropenen 1")
    await story.shows(jan, "Noord-1 is van Fatima")
    await fatima.say(story.room, "!heropen 1")
    await story.shows(jan, "↩️ Noord-1 is heropend door Fatima")
    await story.shows(jan, "✅ Noord-1 · 7523", "Opgepakt door Fatima")
    await carla.say(story.room, "!intrekken 1")
    await story.shows(jan, "Noord-1 is ingetrokken")
    await fatima.say(story.room, "!heropenen 1")
    await story.shows(jan, "Alleen een coördinator kan de zorgvraag heropenen")
    await carla.say(story.room, "!heropenen 1")
    await story.shows(jan, "↩️ Weer open: Noord-1", "Heropend door Carla")

    await jan.say(story.room, "pak 1")
    await story.shows_alone(jan, "Verzonnen")
    await jan.say(story.room, "klaar 1")
    await story.shows(jan, "Noord-1 is afgerond door Jan")
    await story.pass_time(timedelta(days=31))
    await jan.wait_until(lambda: not said_by_bot(story, jan, "Noord-1"))
    await jan.say(story.room, "!heropenen 1")
    await story.shows(jan, "Noord-1 is te lang geleden beëindigd")


async def test_several_at_once_are_told_to_come_one_by_one_and_nothing_was_done(story: Story) -> None:
    """Half of a command that named two would be worse than none."""
    fatima = await story.nurse("Fatima")
    await story.start()
    await story.submit("7523")
    await story.submit("7524")
    await story.shows(fatima, "🆕 Noord-2")

    await fatima.say(story.room, "!pak 1 en 2")
    await story.shows(fatima, "Ik heb niets gedaan".lower(), "Typ eerst !oppakken 1 en daarna !oppakken 2")
    await fatima.say(story.room, "!open")
    await story.shows(fatima, "Open in Noord: 2")
