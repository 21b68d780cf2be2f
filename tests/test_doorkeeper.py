"""What coordinators hear of somebody who has another identity, whatever happens to the database or the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.doorkeeper import Doorkeeper
from bot.servers import Servers
from domain.announcements import KeyChanged
from domain.audience import Coordinators
from domain.people import Member, PostcodeRange, Region, Role
from storage.seal import Seal
from storage.work import open_store
from tests.matrix.fakes import Crowd
from tests.matrix.test_sharing import Desk
from tests.network.test_database_away import Disk

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
JAN = "@nurse0:zorg.test"


async def test_another_identity_is_told_although_the_disk_is_full_at_first(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    async with store.work() as work:
        await work.people.put_region(Region("noord", "Noord", (PostcodeRange("7520", "7529"),)))
        await work.people.put_member(Member(JAN, "noord", frozenset({Role.NURSE}), "Jan"))
    rung, written = asyncio.Event(), asyncio.Event()
    door = Doorkeeper(store, lambda: NOW, rung.set, Servers("zorg.test"))
    door._pause = 0.01
    disk = Disk(store)
    with disk.taking_nothing():
        door.identity_changed(JAN, written.set)
        await disk.refused.wait()
        assert not written.is_set()
    async with asyncio.timeout(10):
        await rung.wait()
    assert written.is_set()
    async with store.work() as work:
        batch = await work.outbox.take(NOW)
        assert batch is not None
        assert [(one.audience, one.message) for one in batch.letters] == [(Coordinators("noord"), KeyChanged(JAN))]
    await store.close()


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

    def hear(user_id: str, done: Callable[[], None]) -> None:
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
