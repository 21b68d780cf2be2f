"""A region full of telephones: a story whose people are many and whose clients are lean."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.phone import Phone, Shown
from demo.homeserver import Homeserver
from domain.care import Care, Kind
from domain.people import Member, Role
from tests.stories.region import Clock, Story

PASSWORD = "person-password"
SETTING_UP = 4  # people who open their telephones at the same time


class RunningClock(Clock):
    """A clock that runs on by itself: what the homeserver asks to wait for does pass."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The story's moment and the seconds since it began, in UTC."""
        return self.moment + timedelta(seconds=time.monotonic() - self._began)


class Crowd(Story):
    """One region, in which everybody has a telephone; the coordinator's is the one that listens."""

    def __init__(self, homeserver: Homeserver, directory: Path, localpart: Callable[[str], str]) -> None:
        super().__init__(homeserver, directory, localpart)
        self.clock = RunningClock()
        self.nurses: list[Phone] = []
        self.carla: Phone

    async def settle(self, nurses: int) -> None:
        """Bring the people, apply the area, start the bot; everybody is in the room and has met the bot."""
        self.carla = await self._phone("Carla", Role.COORDINATOR, team=None)
        taking_turns = asyncio.Semaphore(SETTING_UP)

        async def nurse(number: int) -> Phone:
            async with taking_turns:
                return await self._phone(f"Nurse {number}", Role.NURSE)

        self.nurses = list(await asyncio.gather(*(nurse(number) for number in range(nurses))))
        await self.start()
        await self.carla.join(self.coordination)
        await asyncio.gather(*(self._enter(phone, taking_turns) for phone in (self.carla, *self.nurses)))

    async def move(self, homeserver: Homeserver) -> None:
        """Everybody finds the homeserver there from now on; the bot is started anew."""
        await self.stop()
        for phone in (self.carla, *self.nurses):
            await phone.move(homeserver.url)
        matrix = self.settings.matrix.model_copy(update={"homeserver": homeserver.url})
        self.settings = self.settings.model_copy(update={"matrix": matrix})
        await self.start()

    async def open_zorgvragen(self, count: int) -> list[int]:
        """So many open zorgvragen that were told long ago; their numbers."""
        async with self.house.store.work() as work:
            care, now = Care("7523", (Kind.WONDZORG,)), self.clock.now()
            added = [await work.zorgvragen.add(self.region, care, self.carla.user_id, now) for _ in range(count)]
        return [zorgvraag.number for zorgvraag in added]

    def told(self) -> list[Shown]:
        """What the coordinator's telephone shows of the bot in the region's room, oldest first."""
        return [one for one in self.carla.shown if one.room_id == self.room and one.sender == self.bot_id]

    async def _phone(self, name: str, role: Role, team: str | None = "roombeek") -> Phone:
        localpart = self._localpart(role.value)
        await self.homeserver.register(localpart, PASSWORD)
        phone = await Phone.open(self.homeserver.url, localpart, PASSWORD)
        self._clients.push_async_callback(phone.close)
        self._members.append(Member(phone.user_id, self.region.id, frozenset({role}), name, team))
        return phone

    async def _enter(self, phone: Phone, taking_turns: asyncio.Semaphore) -> None:
        async with taking_turns:
            await phone.join(self.room)
            await phone.meet(self.bot_id, self.room)
