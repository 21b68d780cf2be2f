"""Going on when the database cannot: tasks that never end, and what is told again, survive a disk that is full."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from bot.backoff import LONGEST, Backoff
from bot.chat import NotKept
from bot.health import Health
from storage.work import CannotKeep

log = structlog.get_logger()


class Steady:
    """Turns CannotKeep into patience, and tells `health` of it."""

    def __init__(self, health: Health) -> None:
        self._health = health

    async def for_ever(self, task: Callable[[], Awaitable[None]]) -> None:
        """Run a task that never ends; begin it again, after a while, when something could not be kept."""
        backoff, clock = Backoff(), asyncio.get_running_loop().time
        while True:
            began = clock()
            if await self.once(task):
                return
            if clock() - began > LONGEST:
                backoff.worked()
            await asyncio.sleep(backoff.failed())

    async def once(self, task: Callable[[], Awaitable[None]]) -> bool:
        """Do something that will be done again anyhow; False when it could not be kept."""
        try:
            await task()
        except CannotKeep as trouble:
            self._tell(trouble)
            return False
        return True

    @asynccontextmanager
    async def or_later(self) -> AsyncIterator[None]:
        """For what the homeserver tells again as long as the cursor has not moved. Raises NotKept."""
        try:
            yield
        except CannotKeep as trouble:
            self._tell(trouble)
            raise NotKept(str(trouble)) from None

    def _tell(self, trouble: CannotKeep) -> None:
        log.error("something could not be kept", code=str(trouble))
        self._health.cannot_keep(str(trouble))
