"""Ten thousand waiting letters: taking the next one costs no more than with a hundred."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from storage import tables as t
from storage.work import Store
from tests.storage.shelf import NOW, take

FEW, MANY = 100, 10_000


async def fill(store: Store, count: int, *, audiences: int) -> None:
    """Let `count` letters wait, with merge keys, spread over so many people."""
    letter = {"region_id": "noord", "kind": "Board", "facts": {}, "priority": 0, "created_at": NOW, "not_before": NOW}
    rows = [
        letter
        | {"audience": "Person", "address": f"@p{number % audiences}:x", "merge_key": f"key{number}", "attempts": 0}
        for number in range(count)
    ]
    async with store._engine.begin() as connection:
        await connection.execute(insert(t.outbox), rows)


async def steps(store: Store) -> int:
    """How many instructions SQLite's machine runs for one `take`, in hundreds: work, not time."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    async with store._engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.set_progress_handler(count, 100)
    assert await take(store) is not None
    return counted


@pytest.mark.parametrize("audiences", [1, 50, MANY], ids=["one room", "fifty rooms", "everybody apart"])
async def test_taking_the_next_letter_costs_the_same_whatever_waits(store: Store, audiences: int) -> None:
    await fill(store, FEW, audiences=audiences)
    few = await steps(store)
    await fill(store, MANY, audiences=audiences)
    assert await steps(store) <= few + 5


async def test_all_of_them_are_said_once(store: Store) -> None:
    await fill(store, 300, audiences=7)
    async with store.work() as work:
        taken = set()
        while (batch := await work.outbox.take(NOW)) is not None:
            taken |= {letter.id for letter in batch.letters}
            await work.outbox.gave_up(batch, "counted", NOW)
    assert len(taken) == 300


async def test_what_was_said_long_ago_weighs_nothing(store: Store) -> None:
    """The indexes over waiting letters hold no others, so years of history do not slow the next letter down."""
    await fill(store, FEW, audiences=3)
    few = await steps(store)
    await fill(store, MANY, audiences=3)
    async with store._engine.begin() as connection:
        await connection.execute(update(t.outbox).values(done_at=NOW))
    await fill(store, FEW, audiences=3)
    assert await steps(store) <= few + 5
