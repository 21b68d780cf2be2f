"""One crowd for all tests of this folder: bringing 65 people takes longer than what they then do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from demo.homeserver import Homeserver
from tests.crowd.region import Crowd

NURSES = 64


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def crowd(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crowd]:
    """64 nurses and a coordinator, met by the bot, on a homeserver of their own without rate limits."""
    numbers = count(1)
    directory: Path = tmp_path_factory.mktemp("crowd")
    async with (
        Homeserver(directory / "homeserver", limits="off") as homeserver,
        Crowd(homeserver, directory / "bot", lambda role: f"{role}-{next(numbers)}") as one,
    ):
        await one.settle(NURSES)
        await one.carla.listen()
        yield one
