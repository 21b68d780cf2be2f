"""A database that takes nothing for a while under a running bot: it goes on, says so, loses and doubles nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.bell import Bell
from bot.chat import Chat
from bot.postman import Postman
from domain.announcements import OpenList
from domain.audience import RegionRoom
from storage.seal import Seal
from storage.work import CannotKeep, Store, open_store
from tests.network.conftest import Far
from tests.storage.shelf import NOW, ROOM, settle, take


class Disk:
    """Whether the database may be written, as SQLite itself enforces it."""

    def __init__(self, store: Store) -> None:
        self.full = False
        self.refused = asyncio.Event()
        event.listen(store._engine.sync_engine, "checkout", self._checkout)
        event.listen(store._engine.sync_engine, "rollback", self._rollback)

    def _checkout(self, connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only={'ON' if self.full else 'OFF'}")
        cursor.close()

    def _rollback(self, _: Any) -> None:
        if self.full:
            self.refused.set()

    @contextmanager
    def taking_nothing(self) -> Iterator[None]:
        """For as long as the block lasts."""
        self.full = True
        try:
            yield
        finally:
            self.full = False


async def is_unready(far: Far) -> bool:
    """Whether /ready says that something could not be kept."""
    return any("could not be kept" in reason for reason in await far.house._health.reasons())


async def test_the_house_outlives_a_database_that_takes_nothing(far: Far) -> None:
    """A command, a letter and a tick come meanwhile; all of it is done once, when there is room again."""
    carla, fatima = await far.coordinator(), await far.nurse("Fatima")
    await far.start()
    await far.submit("7523")
    await far.shows(fatima, "🆕 Noord-1")
    disk, running = Disk(far.house.store), far._running
    assert running is not None
    with disk.taking_nothing(), capture_logs() as lines:
        await fatima.say(far.room, "!pak 1")
        await carla.say(far.room, "!zorgvraag 7524 wondzorg")
        await asyncio.wait_for(disk.refused.wait(), 10)
        with pytest.raises(CannotKeep):
            await far.submit("7525")
        assert await is_unready(far)
        assert not running.done()
    assert "homeserver away" not in {line["event"] for line in lines}, "it is our disk"
    await far.shows(fatima, "Noord-1 is opgepakt")
    await far.shows(fatima, "🆕 Noord-2")
    assert not running.done()
    assert len(far.said(fatima, "Noord-1 is opgepakt")) == 1
    assert len(far.said(fatima, "🆕 Noord-2")) == 1


async def test_a_letter_is_not_given_up_because_the_database_failed_while_it_was_said(far: Far) -> None:
    """Said, and not marked as said: it goes out again under its own transaction id, which makes it the same event."""
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    assert far._running is not None
    far._running.cancel()
    await asyncio.wait([far._running])  # nobody else carries
    disk, store = Disk(far.house.store), far.house.store
    postman = Postman(store, far.house._matrix.chat, far.clock.now, Bell())
    before = far.proxy.count("PUT", "/send/")
    async with store.work() as work:
        await work.outbox.put(RegionRoom("noord"), OpenList(), far.clock.now(), region_id="noord")
    send = far.house._matrix.chat.send

    async def send_and_fill(room_id: str, content: Any, txn_id: str) -> str:
        event_id = await send(room_id, content, txn_id)
        disk.full = True
        return event_id

    far.house._matrix.chat.send = send_and_fill  # type: ignore[method-assign]  # the moment, not the behaviour
    with pytest.raises(CannotKeep):
        await postman.carry_one()
    disk.full = False
    far.house._matrix.chat.send = send  # type: ignore[method-assign]  # as it was
    assert await postman.carry_one()
    await far.shows(fatima, "Er staat nu niets open")
    assert far.proxy.count("PUT", "/send/") == before + 2
    assert len(far.said(fatima, "Er staat nu niets open")) == 1


async def test_a_letter_is_not_given_up_because_what_it_says_could_not_be_looked_up(tmp_path: Path) -> None:
    """The disk failed for one moment only: nobody may take that for a no of the homeserver."""
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    await settle(store)
    async with store.work() as work:
        await work.rooms.put(RegionRoom("noord"), ROOM)
        await work.outbox.put(RegionRoom("noord"), OpenList(), NOW)
    transactions = 0

    def fail_the_second(_connection: Any) -> None:
        nonlocal transactions
        transactions += 1
        if transactions == 2:
            error = sqlite3.OperationalError()
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error

    event.listen(store._engine.sync_engine, "begin", fail_the_second)
    postman = Postman(store, cast(Chat, None), lambda: NOW, Bell())  # it does not come to saying anything
    with pytest.raises(CannotKeep, match="the disk"):
        await postman.carry_one()
    assert await take(store) is not None
    await store.close()
