"""What every test may ask for: one real homeserver for the whole session, and names that nobody else has."""

from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest
import pytest_asyncio

from demo.homeserver import Homeserver

_numbers = count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def homeserver() -> AsyncIterator[Homeserver]:
    """One Synapse for all tests, without rate limits; tests keep apart by their own people and rooms."""
    async with Homeserver(limits="off") as running:
        yield running


@pytest.fixture
def unique_localpart() -> Callable[[str], str]:
    """Return a maker of names that no other test has: `unique_localpart("nurse")` gives `nurse-17`."""
    return lambda role: f"{role}-{next(_numbers)}"
