"""What the bot hears of itself: its own words in a room, after it had given them up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from bot.bell import Bell
from bot.chat import Arrived, Event
from bot.health import Health
from bot.hearing import Hearing
from bot.steady import Steady
from domain.announcements import Details, DetailsTaken, Opened, PostChanged
from domain.audience import Person, RegionRoom
from domain.zorgvraag import Zorgvraag
from storage.letters import Sent
from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import NOORD, NOW, nurse, opened, say_all, settle, take

FATIMA = nurse(0)
HERS = "!fatima"


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A region with two nurses."""
    one = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    await settle(one)
    yield one
    await one.close()


async def never(_: Event) -> None:
    """Nobody's command is heard here."""
    raise AssertionError("no command")


def hearing(store: Store, now: Callable[[], datetime] = lambda: NOW) -> Hearing:
    """As the house makes it."""
    health = Health(store, lambda: True)
    return Hearing(store, Steady(health), health, Bell(), now, never)


async def given_up(store: Store, *, kept: bool) -> tuple[Zorgvraag, str]:
    """Fatima claimed it, the answer to her details was lost, and unless she `kept` it she gave it back before the next.

    Returns it and the transaction id under which they were sent.
    """
    zorgvraag = await opened(store)
    async with store.work() as work:
        zorgvraag.claim(FATIMA, NOW)
        await work.zorgvragen.save(zorgvraag)
        await work.outbox.put(Person(FATIMA.user_id), Details(zorgvraag.id), NOW, region_id="noord")
    batch = await take(store)
    assert batch is not None
    async with store.work() as work:
        await work.outbox.gave_up(batch, "needless", NOW)
        if not kept:
            zorgvraag.release(FATIMA, None, NOORD, NOW)
            await work.zorgvragen.save(zorgvraag)
    return zorgvraag, batch.txn_id


def arrived(txn_id: str) -> Arrived:
    """Our own event, as it comes back in a sync."""
    return Arrived(event_id="$details", room_id=HERS, sender="@bot:x", at=NOW, txn_id=txn_id)


@pytest.mark.parametrize("kept", [True, False])
async def test_details_that_arrived_unknown_to_us_are_taken_out_unless_they_are_hers(
    store: Store, *, kept: bool
) -> None:
    """A name and an address may not stay on the telephone of somebody who gave the zorgvraag back."""
    zorgvraag, txn_id = await given_up(store, kept=kept)
    ear = hearing(store)
    for _ in range(2):  # a batch may come again
        await ear.hear(arrived(txn_id))
    batch = await take(store)
    told = [] if batch is None else [letter.message for letter in batch.letters]
    assert told == ([] if kept else [DetailsTaken(zorgvraag.id)])
    async with store.look() as work:
        assert [one.event_id for one in await work.outbox.said_about(zorgvraag.id, Details)] == ["$details"]


async def test_a_post_that_was_made_again_is_the_post_also_when_its_answer_comes_last_or_never(store: Store) -> None:
    """The homeserver lost the one that was to be edited; what changes next is shown in the new one, not in a third."""
    zorgvraag = await opened(store)
    for message in (Opened(zorgvraag.id), PostChanged(zorgvraag.id)):
        await say_all(store)
        async with store.work() as work:
            await work.outbox.put(RegionRoom("noord"), message, NOW)
    batch = await take(store)
    assert batch is not None
    await hearing(store).hear(arrived(batch.txn_id))
    async with store.look() as work:
        assert await work.outbox.newest_post(zorgvraag.id) == Sent(HERS, "$details")


SILENCES = {"awake": (24, 24, True), "asleep": (24, 0, True), "put back": (4, 24, True), "a nap": (1, 1, False)}


@pytest.mark.parametrize(("hours", "counted", "is_deaf"), SILENCES.values(), ids=SILENCES)
async def test_whoever_heard_nothing_for_as_long_as_a_homeserver_remembers_is_deaf_whatever_one_clock_says(
    store: Store, monkeypatch: pytest.MonkeyPatch, hours: int, counted: int, *, is_deaf: bool
) -> None:
    """Synapse knows our transaction ids for 24 hours. A machine that sleeps counts no seconds."""
    moment, seconds = NOW, 0.0
    monkeypatch.setattr("bot.health.time", SimpleNamespace(monotonic=lambda: seconds))
    ear = hearing(store, lambda: moment)
    assert not ear.is_deaf(), "a start hears before it says anything"
    await ear.save_cursor("s1")
    assert not ear.is_deaf()
    moment, seconds = NOW + timedelta(hours=hours), counted * 3600.0
    assert ear.is_deaf() is is_deaf
    await ear.save_cursor("s2")
    assert not ear.is_deaf()
