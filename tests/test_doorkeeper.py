"""What coordinators hear of somebody who has another identity, whatever happens to the database or the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest_asyncio

from bot.doorkeeper import Doorkeeper
from bot.servers import Servers
from domain.announcements import KeyChanged
from domain.audience import Audience, Coordinators
from domain.people import Member, PostcodeRange, Region, Role
from storage.letters import Message, Sent
from storage.seal import Seal
from storage.work import Store, open_store
from tests.matrix.fakes import Crowd
from tests.matrix.test_sharing import Desk
from tests.network.test_database_away import Disk

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
JAN = "@nurse0:zorg.test"


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A database with Jan in Noord."""
    one = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    async with one.work() as work:
        await work.people.put_region(Region("noord", "Noord", (PostcodeRange("7520", "7529"),)))
        await work.people.put_member(Member(JAN, "noord", frozenset({Role.NURSE}), "Jan"))
    yield one
    await one.close()


async def told(store: Store) -> list[tuple[Audience, Message]]:
    """All that waits, which is taken out of the outbox as said."""
    letters = []
    async with store.work() as work:
        while (batch := await work.outbox.take(NOW)) is not None:
            letters += [(one.audience, one.message) for one in batch.letters]
            await work.outbox.sent(batch, Sent("!room", f"${batch.txn_id}"), NOW)
    return letters


async def test_another_identity_is_told_although_the_disk_is_full_at_first(store: Store) -> None:
    rung, written = asyncio.Event(), asyncio.Event()
    door = Doorkeeper(store, lambda: NOW, rung.set, Servers("zorg.test"))
    door._pause = 0.01
    disk = Disk(store)
    with disk.taking_nothing():
        door.identity_changed(JAN, "another key", written.set)
        await disk.refused.wait()
        assert not written.is_set()
    async with asyncio.timeout(10):
        await rung.wait()
    assert written.is_set()
    assert await told(store) == [(Coordinators("noord"), KeyChanged(JAN))]


async def test_an_identity_is_told_once_although_we_were_killed_before_that_was_written_down(store: Store) -> None:
    """The letter and the pins lie in two databases; whoever has yet another identity is told of again."""
    for master, letters in (("another key", 1), ("another key", 0), ("a third key", 1)):
        door, written = Doorkeeper(store, lambda: NOW, lambda: None, Servers("zorg.test")), asyncio.Event()
        door.identity_changed(JAN, master, written.set)  # the pins of a bot that was killed do not know
        async with asyncio.timeout(10):
            await written.wait()
        assert await told(store) == [(Coordinators("noord"), KeyChanged(JAN))] * letters


async def test_what_was_not_written_down_before_a_kill_is_told_after_the_next_start_and_then_no_more(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, people=1)
    await desk.say()
    other = Crowd(1).answer
    desk.crowd.answer["master_keys"][JAN] = other["master_keys"][JAN]
    desk.crowd.answer["self_signing_keys"][JAN] = other["self_signing_keys"][JAN]
    heard: list[str] = []
    written: list[Callable[[], None]] = []

    def hear(user_id: str, _master: str, done: Callable[[], None]) -> None:
        heard.append(user_id)
        written.append(done)

    for start, times in enumerate((1, 2, 2)):
        desk.store.close()
        desk.open()
        desk.trust._on_changed_identity = hear
        for _ in range(2):
            desk.trust.changed([JAN])
            await desk.trust.refresh([JAN])
        assert heard == [JAN] * times
        if start == 1:
            written[-1]()
    desk.store.close()
