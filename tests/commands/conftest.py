"""A database for every test of a verb."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from storage.seal import Seal
from storage.work import Store, open_store


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty database."""
    opened = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    yield opened
    await opened.close()
