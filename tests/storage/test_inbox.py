"""What was dealt with is dealt with once: events, hands under a post, digests; and reading goes on where it was."""

from __future__ import annotations

import asyncio

import pytest

from storage.work import Store
from tests.storage.shelf import HOUR, NOW, opened


async def test_an_event_is_dealt_with_once_also_when_it_comes_twice_at_once(store: Store) -> None:
    async def hear() -> bool:
        async with store.work() as work:
            return await work.inbox.is_new("$event", NOW)

    assert sorted(await asyncio.gather(*(hear() for _ in range(8)))) == [False] * 7 + [True]


async def test_an_event_whose_transaction_failed_is_new_again(store: Store) -> None:
    async def fail() -> None:
        async with store.work() as work:
            await work.inbox.is_new("$event", NOW)
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await fail()
    async with store.work() as work:
        assert await work.inbox.is_new("$event", NOW)


async def test_old_event_ids_are_forgotten_and_the_cursor_moves(store: Store) -> None:
    async with store.work() as work:
        assert await work.inbox.is_new("$old", NOW - HOUR)
        assert await work.inbox.is_new("$young", NOW)
        await work.inbox.forget_before(NOW)
        assert await work.inbox.is_new("$old", NOW)
        assert not await work.inbox.is_new("$young", NOW)
        assert await work.inbox.cursor("sync") is None
        for where in ("s1", "s2"):
            await work.inbox.move_cursor("sync", where)
        assert await work.inbox.cursor("sync") == "s2"


async def test_a_hand_is_remembered_as_it_was_first_put(store: Store) -> None:
    zorgvraag = await opened(store)
    async with store.work() as work:
        await work.inbox.keep_hand("$hand", "@nurse0:x", zorgvraag.id)
        await work.inbox.keep_hand("$hand", "@nurse1:x", zorgvraag.id)
        assert await work.inbox.hand("$hand") == ("@nurse0:x", zorgvraag.id)
        assert await work.inbox.hand("$other") is None


async def test_a_digest_is_sent_once_a_day(store: Store) -> None:
    async with store.work() as work:
        assert await work.agenda.is_first_digest("noord", NOW.date(), NOW)
        assert not await work.agenda.is_first_digest("noord", NOW.date(), NOW + HOUR)
