"""Every story starts in a region of its own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest_asyncio

from demo.homeserver import Homeserver
from tests.stories.region import Story


@pytest_asyncio.fixture
async def story(homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[Story]:
    """A region without people; the story adds them and then says `start`."""
    async with Story(homeserver, tmp_path, unique_localpart) as one:
        yield one
