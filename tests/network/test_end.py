"""When the house is told to end, it ends, whatever happens at that very moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from bot.bell import Bell
from bot.chat import Chat
from bot.postman import Postman
from storage.seal import Seal
from storage.work import open_store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize("later", range(6), ids=lambda steps: f"{steps} steps of the loop later")
async def test_a_postman_that_is_rung_and_told_to_end_at_one_moment_ends(tmp_path: Path, later: int) -> None:
    """A cancellation may not be lost in the bell (cpython issue 86296): who waits for the postman waits for ever."""
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    bell = Bell()
    postman = Postman(store, cast(Chat, None), lambda: NOW, bell)  # nothing is to be said
    running = asyncio.create_task(postman.run())
    await asyncio.sleep(0.1)  # it listens for the bell
    bell.ring()
    for _ in range(later):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=2)
    running.cancel()
    await asyncio.wait([running], timeout=2)
    await store.close()
    assert done
