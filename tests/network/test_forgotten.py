"""A homeserver took what we said, its answer was lost, and by the time we ask again it forgot our transaction ids."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.matrix import sync
from demo.homeserver import Homeserver
from domain.announcements import Opened
from storage import tables as t
from tests.network import faults
from tests.network.conftest import Far
from tests.network.proxy import Proxy

FORGET = "DELETE FROM event_txn_id_device_id"  # where Synapse keeps them, for a day


@pytest_asyncio.fixture
async def own(tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[Far]:
    """A region on a homeserver that this test may stop."""
    async with (
        Homeserver(limits="off") as homeserver,
        Proxy(homeserver.url) as proxy,
        Far(homeserver, tmp_path, unique_localpart, proxy) as one,
    ):
        yield one


@pytest.fixture(autouse=True)
def _short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits half a minute for a long poll that hangs."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 500)


def forget_transactions(homeserver: Homeserver) -> int:
    """What Synapse does after a day; it is stopped. How many it forgot."""
    with closing(sqlite3.connect(homeserver.directory / "homeserver.db")) as database, database:
        return database.execute(FORGET).rowcount


async def unsaid(far: Far) -> list[int]:
    """The zorgvragen whose first post has yet to be said, as far as the bot knows."""
    query = select(t.outbox.c.zorgvraag_id).where(t.outbox.c.done_at.is_(None), t.outbox.c.kind == Opened.__name__)
    async with far.house.store._engine.connect() as connection:
        return list((await connection.execute(query)).scalars())


@pytest.mark.parametrize("started_anew", [False, True], ids=["running", "started anew"])
async def test_what_arrived_without_an_answer_is_not_said_again_after_thirty_hours(
    own: Far, *, started_anew: bool
) -> None:
    """The bot hears its own words in the room before it may repeat them."""
    fatima = await own.nurse("Fatima")
    carla = await own.coordinator()
    await own.start()
    await own.submit("7523")
    await own.shows(fatima, "🆕 Noord-1")

    own.proxy.spoil(faults.silence, "GET", "/sync")
    lost = own.proxy.spoil(faults.lost, "PUT", "/send/")
    await own.submit("7524")
    await own.shows(fatima, "🆕 Noord-2")
    assert lost.happened >= 1
    own.proxy.spoil(faults.cut_before)
    if started_anew:
        await own.stop()
    await own.homeserver.stop()
    assert forget_transactions(own.homeserver) > 0
    own.clock.move(timedelta(hours=30))
    await own.homeserver.start()
    own.proxy.heal()
    if started_anew:
        await own.start()

    await fatima.say(own.room, "!pak 1")
    await own.shows_at_last(fatima, "Noord-1 is opgepakt")
    await own.submit("7525")
    await own.shows_at_last(carla, "🆕 Noord-3")
    assert len(own.said(fatima, "🆕 Noord-2")) == 1
    assert await unsaid(own) == []


async def test_what_did_not_arrive_is_said_after_thirty_hours(own: Far) -> None:
    """Not having heard it, the bot knows that nobody did."""
    fatima = await own.nurse("Fatima")
    await own.coordinator()
    await own.start()
    await own.submit("7523")
    await own.shows(fatima, "🆕 Noord-1")
    own.proxy.spoil(faults.silence, "GET", "/sync")
    cut = own.proxy.spoil(faults.cut_before, "PUT", "/send/")
    await own.submit("7524")
    for _ in range(300):
        if cut.happened:
            break
        await asyncio.sleep(0.1)
    own.proxy.spoil(faults.cut_before)
    await own.homeserver.restart()
    own.clock.move(timedelta(hours=30))
    own.proxy.heal()
    await own.shows_at_last(fatima, "🆕 Noord-2")
    assert cut.happened
    assert len(own.said(fatima, "🆕 Noord-2")) == 1
