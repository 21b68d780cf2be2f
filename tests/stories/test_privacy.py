"""Personal data stays out of shared rooms, whoever typed it and wherever."""

from __future__ import annotations

from datetime import timedelta

import pytest

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
    told = await story.shows_alone(carla, "niets geplaatst", line)
    assert "Dit lijkt op" in told.body
    await fatima.wait_until(lambda: all(one.event_id != typed for one in fatima.read(story.room)))
    assert not [one for one in fatima.read(story.room) if one.sender == story.bot_id]


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
