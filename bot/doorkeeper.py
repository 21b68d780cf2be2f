"""The doorkeeper: who may invite the bot, and what coordinators hear of somebody who is not whom we knew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.servers import Servers
from domain.announcements import KeyChanged
from domain.audience import Coordinators
from storage.work import CannotKeep, Store

REST = 30.0  # seconds before the database is asked again that could not take it


class Doorkeeper:
    """Answers what bot.matrix asks about people. `ring` wakes the postman."""

    def __init__(self, store: Store, now: Callable[[], datetime], ring: Callable[[], None], servers: Servers) -> None:
        self._store = store
        self._now = now
        self._ring = ring
        self._servers = servers
        self._pause = REST
        self._telling: set[asyncio.Task[None]] = set()

    async def may_join(self, room_id: str, inviter: str, is_direct: bool) -> bool:
        """Whoever the area file knows may invite us to a room of their own, and back into a room of the house."""
        async with self._store.look() as work:
            is_known = self._servers.allow(inviter) and bool(await work.people.places_of(inviter))
            return is_known and (is_direct or await work.rooms.audience_in(room_id) is not None)

    async def close(self) -> None:
        """Stop trying to tell what could not be kept; whoever changed is seen again at the next start."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def identity_changed(self, user_id: str, master: str, written: Callable[[], None]) -> None:
        """Somebody has another key `master`: their coordinators hear it. Calls `written` once that cannot be lost."""
        task = asyncio.get_running_loop().create_task(self._tell(user_id, master, written))
        self._telling.add(task)  # the loop alone would forget it
        task.add_done_callback(self._telling.discard)

    async def _tell(self, user_id: str, master: str, written: Callable[[], None]) -> None:
        """Once for each identity, also when we were killed before `written`, which writes to another database."""
        while True:
            try:
                async with self._store.work() as work:
                    if await work.inbox.is_new(f"identity:{user_id}:{master}", self._now()):
                        for place in await work.people.places_of(user_id):
                            await work.outbox.put(Coordinators(place.region_id), KeyChanged(user_id), self._now())
            except CannotKeep:
                await asyncio.sleep(self._pause)
            else:
                self._ring()
                written()
                return
