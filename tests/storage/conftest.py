"""Every test of storage starts with a database file of its own, in which one region lives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import settle


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database lies."""
    return tmp_path / "schakelbot.db"


@pytest.fixture(scope="session")
def seal() -> Seal:
    """The key of the house."""
    return Seal(Seal.new_key())


@pytest_asyncio.fixture
async def store(file: Path, seal: Seal) -> AsyncIterator[Store]:
    """An open store with region Noord and two nurses."""
    one = await open_store(file, seal)
    await settle(one)
    yield one
    await one.close()
