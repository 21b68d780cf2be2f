"""What every test may ask for: one real homeserver, a bot and two people on it, and names that nobody else has."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from demo.homeserver import Homeserver
from demo.people import Person
from tests.real_bot import RealBot
from tests.restore_logs import logs_restored

# A slow moment of the machine says nothing about an example.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

_numbers = count(1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def homeserver() -> AsyncIterator[Homeserver]:
    """One Synapse for all tests, without rate limits; tests keep apart by their own people and rooms."""
    async with Homeserver(limits="off") as running:
        yield running


@pytest_asyncio.fixture
async def bot(homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[RealBot]:
    """A bot with an account, on an empty data directory."""
    one = RealBot(homeserver, unique_localpart("bot"), tmp_path)
    await one.register()
    yield one
    await one.close()


@pytest_asyncio.fixture
async def people(homeserver: Homeserver, unique_localpart: Callable[[str], str]) -> AsyncIterator[list[Person]]:
    """Carla and Fatima with their telephones."""
    names = [unique_localpart("carla"), unique_localpart("fatima")]
    for name in names:
        await homeserver.register(name, "person-password")
    async with (
        Person(homeserver.url, names[0], "person-password") as carla,
        Person(homeserver.url, names[1], "person-password") as fatima,
    ):
        yield [carla, fatima]


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command that is tried in this process sets up logs for all of it: no other test shall notice."""
    with logs_restored():
        yield


@pytest.fixture
def unique_localpart() -> Callable[[str], str]:
    """Return a maker of names that no other test has: `unique_localpart("nurse")` gives `nurse-17`."""
    return lambda role: f"{role}-{next(_numbers)}"
