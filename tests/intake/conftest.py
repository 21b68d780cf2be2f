"""Every test of the door starts with an empty database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.intake.door import Door, open_door


@pytest_asyncio.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """An open door."""
    async with open_door(tmp_path / "intake.db") as one:
        yield one
