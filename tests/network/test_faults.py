"""Each fault in turn, on whatever the bot asks next: everything is said, once and in order, and nobody is pestered."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from bot.matrix import sync
from tests.network import faults
from tests.network.conftest import Far
from tests.network.proxy import Fault

FAULTS: dict[str, Fault] = {
    "429, the time in the body": faults.limited_in_body,
    "429, the time in a header": faults.limited_in_header,
    "429, come back at once": faults.limited_at_once,
    "500": faults.broken,
    "503, the time in a header": faults.unavailable,
    "502 with a page": faults.bad_gateway,
    "504 with a page": faults.gateway_timeout,
    "cut before": faults.cut_before,
    "cut in the middle": faults.cut_within,
    "answer lost": faults.lost,
    "slow": faults.slow,
}
HANGING = {"no answer": faults.silence, "endless answer": faults.endless, "flood": faults.flood}
NOT_FOR_THE_LETTER = {"account suspended": faults.suspended, "no such request": faults.unrecognized}
AT_ONCE = {
    "nothing new": faults.nothing_new,
    "old news": faults.old_news,
    "429, come back at once": faults.limited_at_once,
    "500": faults.broken,
    "cut": faults.cut_before,
}
FEW = 6  # requests in one second


async def test_whatever_goes_wrong_each_claim_is_posted_and_told_once_and_in_order(far: Far) -> None:
    """A zorgvraag and its claim for each fault, which hits the next three requests, whichever they are."""
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    began = time.monotonic()
    for number, (name, fault) in enumerate(FAULTS.items(), 1):
        trouble = far.proxy.spoil(fault, times=3)
        await far.submit("7523")
        await far.shows(fatima, f"Noord-{number} ")
        await fatima.say(far.room, f"!pak {number}")
        await far.shows(fatima, f"Noord-{number} is opgepakt")
        assert trouble.happened, name
        far.proxy.heal()
    assert far.proxy.most_in_a_second(began) <= FEW

    numbers = range(1, len(FAULTS) + 1)
    told = [body.split(" is ")[0][2:] for body in far.said(fatima, "is opgepakt")]
    assert told == [f"Noord-{number}" for number in numbers]
    posts = [body for body in far.said(fatima, "7523") if "is opgepakt" not in body.splitlines()[0]]
    assert [body.split(" · ")[0][2:] for body in posts] == [f"Noord-{number}" for number in numbers]
    assert not fatima.unread(far.room)


@pytest.mark.parametrize("fault", NOT_FOR_THE_LETTER.values(), ids=NOT_FOR_THE_LETTER)
async def test_a_no_that_is_not_for_the_letter_costs_no_letter(far: Far, fault: Fault) -> None:
    """An account that an administrator suspended for a while, a homeserver that is being updated."""
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    refused = far.proxy.spoil(fault, "PUT", "/send/", times=2)
    await far.submit("7523")
    await far.shows(fatima, "Noord-1 ")
    assert refused.happened == 2


@pytest.mark.parametrize("fault", HANGING.values(), ids=HANGING)
async def test_a_request_that_hangs_is_given_up_and_made_again(far: Far, fault: Fault) -> None:
    """The homeserver may have done it already: the same transaction id gives the same event."""
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    far.house._matrix._wire.patience, far.house._matrix._wire.most = 0.5, 2**20
    hanging = far.proxy.spoil(fault, "PUT", "/send/", times=2)
    await far.submit("7523")
    await far.shows(fatima, "Noord-1 ")
    assert hanging.happened
    await fatima.say(far.room, "!pak 1")
    await far.shows(fatima, "Noord-1 is opgepakt")
    assert len(far.said(fatima, "🆕", "✅ Noord-1 ·")) == 1


@pytest.mark.parametrize("fault", AT_ONCE.values(), ids=AT_ONCE)
async def test_a_sync_that_answers_at_once_is_not_asked_at_once_again(
    far: Far, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it fails or has nothing to tell, the homeserver is asked a few times a second at most."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 200)
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    began = time.monotonic()
    trouble = far.proxy.spoil(fault, "GET", "/sync")
    await asyncio.sleep(3)
    far.proxy.heal()
    await fatima.say(far.room, "!open")
    await far.shows(fatima, "Er staat nu niets open")
    assert trouble.happened > 1
    assert far.proxy.most_in_a_second(began) <= FEW


@pytest.mark.parametrize("fault", HANGING.values(), ids=HANGING)
async def test_a_sync_that_hangs_is_given_up_and_asked_anew(
    far: Far, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly its answer comes: what people say meanwhile is done once."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 500)
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    await far.submit("7523")
    await far.shows(fatima, "Noord-1 ")
    far.house._matrix._wire.patience, far.house._matrix._wire.most = 0.5, 2**20
    hanging = far.proxy.spoil(fault, "GET", "/sync", times=2)
    await asyncio.wait_for(hanging.hit.wait(), 30)  # an answer under way might bring what she says
    await fatima.say(far.room, "!pak 1")
    await far.shows(fatima, "Noord-1 is opgepakt")
    assert hanging.happened == 2
    assert len(far.said(fatima, "Noord-1 is opgepakt")) == 1


async def test_what_nobody_was_given_the_key_of_waits_until_somebody_is(far: Far) -> None:
    """The homeserver takes messages and refuses their keys for a minute: nobody could ever read what was said then."""
    fatima = await far.nurse("Fatima")
    await far.start()
    no_keys = faults.answer(400, '{"errcode": "M_UNKNOWN"}')
    refused = far.proxy.spoil(no_keys, "PUT", "/sendToDevice/m.room.encrypted")
    await far.submit("7523")
    await asyncio.wait_for(refused.hit.wait(), 30)
    far.proxy.heal()
    far.clock.move(timedelta(minutes=6))
    await far.submit("7524")
    for words in ("🆕 Noord-1", "🆕 Noord-2"):
        await far.shows(fatima, words)
        assert len(far.said(fatima, words)) == 1
