"""Our identity while we run: looked at now and then, and whenever the homeserver says that our own devices changed."""

from __future__ import annotations

import asyncio
import logging
import time

from bot.chat import TryLater
from bot.matrix.identity import Identity, IdentityState
from bot.matrix.sync import Sync
from bot.matrix.trust import Trust

log = logging.getLogger(__name__)

EVERY = 600.0  # seconds between two looks when nothing was said to have changed; a look is one request
PAUSE = 5.0  # seconds in which many changes become one


class IdentityWatch:
    """`state` is how it stood when it was looked at last. What a new signature mends is mended, and nothing else."""

    def __init__(
        self, identity: Identity, state: IdentityState, trust: Trust, sync: Sync, password: str | None
    ) -> None:
        self.state = state
        self._identity = identity
        self._trust = trust
        self._sync = sync
        self._us = identity.user_id
        self._password = password
        self._changes = trust.changes(self._us)
        self._looked_at = time.monotonic()

    async def run(self) -> None:
        """Look whenever it is time, until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            changes = self._trust.changes(self._us)
            is_time = changes != self._changes or time.monotonic() - self._looked_at >= EVERY
            if self._sync.was_away or not is_time:  # who is away is asked by the sync loop alone
                continue
            try:
                await self._look()
            except TryLater:  # away, or we are logged out: the sync loop hears it as well
                continue
            except Exception as error:  # noqa: BLE001  # whoever only looks on may not stop those who work
                log.warning("our identity could not be looked at: %s", type(error).__name__)
            self._changes, self._looked_at = changes, time.monotonic()

    async def _look(self) -> None:
        self.state = await self._identity.look()
        if self.state.trusted:
            return
        log.error("our identity is no longer in order: %s", self.state.status)
        if self.state.status != "foreign":  # ours, and not whole: put in order as at the start
            self.state = await self._identity.ensure(self._password)
