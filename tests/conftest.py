"""What every test may ask for: one real homeserver for the whole session, and names that nobody else has."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count

import pytest
import pytest_asyncio

from demo.homeserver import Homeserver
from tests.restore_logs import logs_restored

_numbers = count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def homeserver() -> AsyncIterator[Homeserver]:
    """One Synapse for all tests, without rate limits; tests keep apart by their own people and rooms."""
    async with Homeserver(limits="off") as running:
        yield running


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command that is tried in this process sets up logs for all of it: no other test shall notice."""
    with logs_restored():
        yield


@pytest.fixture
def unique_localpart() -> Callable[[str], str]:
    """Return a maker of names that no other test has: `unique_localpart("nurse")` gives `nurse-17`."""
    return lambda role: f"{role}-{next(_numbers)}"
