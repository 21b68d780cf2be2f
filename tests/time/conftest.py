"""A region, a clock that can be put anywhere, and the tick: what was to be said lies in the outbox, with its moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest_asyncio

from bot.tick import BELIEVED_AFTER, Tick
from commands.submit import submit
from domain.announcements import Announcement, Digest, Reposted
from domain.care import Care, Kind, Urgency
from domain.people import PostcodeRange, Region
from storage.letters import Sent
from storage.seal import Seal
from storage.work import Store, open_store

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    """What the clock on a wall in Enschede says, as a moment in UTC; `fold=1`: the second time that it says so."""
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)


class Days:
    """One region ("Noord") and the time. `said` holds (moment, announcement) of all that was told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = wall(2026, 11, 23, 10)
        self.region = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
        self.said: list[tuple[datetime, Announcement]] = []
        self.tick = self.started_anew()

    def started_anew(self) -> Tick:
        """Another tick, as after a restart."""
        self.tick = Tick(self.store, lambda: self.now, lambda: None)
        return self.tick

    async def at(self, moment: datetime) -> None:
        """Let the clock say `moment`, tick once, and say what is to be said by then."""
        self.now = moment
        await self.tick()
        await self.say()

    async def believed(self, moment: datetime) -> None:
        """Tick for as long as it takes to believe a clock that says `moment`: five minutes and a half."""
        for tick in range(BELIEVED_AFTER + 2):
            await self.at(moment + tick * timedelta(seconds=30))

    async def through(self, until: datetime, every: timedelta) -> None:
        """Let time pass until `until`, with a tick every so often."""
        while self.now + every <= until:
            await self.at(self.now + every)

    async def submit(self, urgency: Urgency = Urgency.GEPLAND) -> None:
        """One zorgvraag, which nobody takes."""
        async with self.store.work() as work:
            await submit(Care("7523", (Kind.WONDZORG,), urgency=urgency), self.region, "source:x", work, self.now)

    async def say(self) -> None:
        """Carry everything that may be said now."""
        async with self.store.work() as work:
            while (batch := await work.outbox.take(self.now)) is not None:
                for letter in batch.letters:
                    assert isinstance(letter.message, Announcement)
                    self.said.append((self.now, letter.message))
                await work.outbox.sent(batch, Sent("!room", f"${batch.txn_id}"), self.now)

    def digests(self) -> list[datetime]:
        """When each digest was told."""
        return [at for at, told in self.said if isinstance(told, Digest)]

    def reposts(self) -> list[datetime]:
        """When each re-post was told."""
        return [at for at, told in self.said if isinstance(told, Reposted)]


@pytest_asyncio.fixture
async def days(tmp_path: Path) -> AsyncIterator[Days]:
    """A region in which nothing has happened yet."""
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    one = Days(store)
    async with store.work() as work:
        await work.people.put_region(one.region)
    yield one
    await store.close()
