"""One event -> one transaction, at its edges: a text of the greatest length, and a command that is always overtaken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest_asyncio
from sqlalchemy import text

from bot.chat import Said
from bot.dispatch import Dispatch
from bot.servers import Servers
from domain.audience import RegionRoom
from domain.zorgvraag import State
from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import NOW, ROOM, nurse, opened, say_all, settle

LONGEST = 60_000  # characters; a homeserver takes 64 KiB in one event


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A region with two nurses and a room."""
    one = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    await settle(one)
    async with one.work() as work:
        await work.rooms.put(RegionRoom("noord"), ROOM)
    yield one
    await one.close()


def dispatch(store: Store) -> Dispatch:
    """As the house makes it."""
    return Dispatch(store, lambda: NOW, lambda: None, Servers("x"))


def said(body: str) -> Said:
    """Something that a nurse says in the room."""
    return Said(event_id=f"${body[:40]}", room_id=ROOM, sender=nurse(0).user_id, at=NOW, body=body, shown=(body,))


async def test_the_longest_text_does_not_hold_up_everybody_else(store: Store) -> None:
    """Searching it for personal data takes a second of the processor, and no one waits for the greater part of that."""
    dealing = asyncio.ensure_future(dispatch(store)(said("1 " * (LONGEST // 2))))
    turns = [time.process_time()]
    while not dealing.done():
        await asyncio.sleep(0)
        turns.append(time.process_time())
    assert max(after - before for before, after in pairwise(turns)) < (turns[-1] - turns[0]) / 2


async def test_while_the_longest_text_is_searched_others_write(store: Store) -> None:
    """A claim, an answer, a zorgvraag from another system: there is one writer at a time."""
    began = time.perf_counter()
    dealing = asyncio.ensure_future(dispatch(store)(said("1 " * (LONGEST // 2))))
    waits = []
    while not dealing.done():
        await asyncio.sleep(0.01)
        asked = time.perf_counter()
        async with store.work():
            waits.append(time.perf_counter() - asked)
    assert max(waits) < (time.perf_counter() - began) / 2


async def test_a_command_that_is_overtaken_every_time_is_answered(store: Store) -> None:
    """As when `apply` moves zorgvragen about at the same moment; nothing of it is done, and nobody waits in vain."""
    one = await opened(store)
    async with store.work() as work:
        overtaking = "CREATE TRIGGER overtaking BEFORE UPDATE ON zorgvragen BEGIN SELECT RAISE(IGNORE); END"
        await work.outbox._connection.execute(text(overtaking))
    await dispatch(store)(said(f"!oppakken {one.number}"))
    told = [type(letter.message).__name__ for batch in await say_all(store) for letter in batch.letters]
    assert "Failed" in told
    async with store.look() as work:
        assert (await work.zorgvragen.get(one.id)).state is State.OPEN
