"""A whole story at the loudest level, and nothing of what anybody said or is called stands in the log."""

from __future__ import annotations

import json
import logging

import pytest

from config import logs
from domain.care import Contact
from tests.restore_logs import logs_restored
from tests.stories.region import Story

NOTE, REASON, CHAT = "trapliftkanarie", "roosterkanarie", "kletskanarie"
CONTACT = Contact("Mevrouw Naamkanarie", "Straatkanarie 1", "06-12340000")


async def test_no_log_line_at_any_level_carries_what_was_said(story: Story, capfd: pytest.CaptureFixture[str]) -> None:
    """Posted, claimed, released, refused, chatted, personal data typed: at debug, from every library in the process."""
    carla, fatima = await story.coordinator("Carlakanarie"), await story.nurse("Fatimakanarie")
    with logs_restored():
        logs.set_up("debug", "json")
        logging.getLogger().setLevel(logging.DEBUG)  # the libraries too, which the bot itself never lets speak so loud
        await story.start()
        await story.submit("7523", contact=CONTACT)
        await carla.say(story.room, f"!zorgvraag 7524 wondzorg: {NOTE}")
        await story.shows(fatima, "🆕 Noord-2")
        await fatima.say(story.room, f"{CHAT} allemaal")
        await fatima.say(story.room, "!pak 1")
        await story.shows_alone(fatima, CONTACT.name)
        await fatima.say(story.room, f"!vrijgeven 1 {REASON}")
        await fatima.say(story.room, f"!bestaatniet{CHAT}")
        await story.shows(carla, "bestaatniet")
        await fatima.say(story.room, f"bel {CHAT} op 06-12345678")
        await story.shows_alone(fatima, "Dit lijkt op")
        await story.stop()
    logged = capfd.readouterr().err
    assert len(logged.splitlines()) > 20
    assert all(json.loads(line) for line in logged.splitlines())
    password = story.settings.matrix.password
    assert password is not None
    secrets = ("kanarie", "06-12345678", "wondzorg", password.get_secret_value(), "syt_")
    assert not [secret for secret in secrets if secret in logged.lower()]
