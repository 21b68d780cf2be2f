"""Bots and people for these tests, on the session's homeserver; all of them end with their test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.matrix.trust import Policy
from demo.homeserver import Homeserver
from demo.people import Person
from tests.matrix.bots import PASSWORD, Bot

NewBot = Callable[..., Awaitable[Bot]]
NewPerson = Callable[..., Awaitable[Person]]


@pytest.fixture
async def new_bot(
    homeserver: Homeserver, unique_localpart: Callable[[str], str], tmp_path: Path
) -> AsyncIterator[NewBot]:
    """Make an account for a bot; it is not connected yet."""
    async with AsyncExitStack() as bots:

        async def make(trust: Policy = "cross-signed") -> Bot:
            localpart = unique_localpart("bot")
            await homeserver.register(localpart, PASSWORD)
            bot = Bot(homeserver.url, localpart, tmp_path / localpart, trust)
            bots.push_async_callback(bot.stop)
            return bot

        yield make


@pytest.fixture
async def new_person(homeserver: Homeserver, unique_localpart: Callable[[str], str]) -> AsyncIterator[NewPerson]:
    """Make an account and open a client for it."""
    async with AsyncExitStack() as people:

        async def make(role: str = "nurse", *, cross_signed: bool = True) -> Person:
            localpart = unique_localpart(role)
            await homeserver.register(localpart, PASSWORD)
            return await people.enter_async_context(
                Person(homeserver.url, localpart, PASSWORD, cross_signed=cross_signed)
            )

        yield make
