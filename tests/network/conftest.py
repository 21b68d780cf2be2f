"""Every story about the network has its bot behind a proxy; the people reach the homeserver as always."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest_asyncio

from config.settings import Settings
from demo.homeserver import Homeserver
from demo.people import Message, Person
from tests.network.proxy import Proxy
from tests.stories.region import MONDAY, Clock, Story


class RunningClock(Clock):
    """A clock that a test moves, and that goes on by itself: who waits for a moment sees it come."""

    def __init__(self) -> None:
        super().__init__(MONDAY)
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The story's moment, in UTC."""
        return self.moment + timedelta(seconds=time.monotonic() - self._began)


def through(proxy: Proxy, settings: Settings) -> Settings:
    """The same settings, with the proxy as the homeserver."""
    matrix = settings.matrix.model_copy(update={"homeserver": proxy.url})
    return settings.model_copy(update={"matrix": matrix})


class Far(Story):
    """A region whose bot reaches the homeserver through `proxy`, and does not wait for an answer for long."""

    def __init__(self, homeserver: Homeserver, directory: Path, localpart: Callable[[str], str], proxy: Proxy) -> None:
        super().__init__(homeserver, directory, localpart)
        self.proxy = proxy
        self.clock = RunningClock()
        self.patience = 4.0
        self.settings = through(proxy, self.settings)

    async def shows_at_last(self, person: Person, *words: str) -> Message:
        """The same as `shows`, with the patience that a homeserver needs that was away for half a minute."""
        return await person.wait_for(self.room, lambda one: all(word in one.body for word in words), within=90)

    def said(self, reader: Person, *words: str, room: str | None = None) -> list[str]:
        """What the bot said in the room (the region's, unless told) with one of the words in it, in order."""
        shown = reader.read(room or self.room)
        return [one.body for one in shown if one.sender == self.bot_id and any(word in one.body for word in words)]


@pytest_asyncio.fixture
async def far(homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[Far]:
    """A region without people behind a proxy that spoils nothing yet."""
    async with Proxy(homeserver.url) as proxy, Far(homeserver, tmp_path, unique_localpart, proxy) as one:
        yield one
