"""What the clock sets off: all that is due at one moment, however late that moment is. The commands do the work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from commands.digest import send_digests
from commands.erase import erase
from commands.put_right import let_nothing_wait, put_right
from commands.repost import MOST, repost
from storage.work import Store

JUMP = timedelta(days=1)  # between two ticks: the machine slept, or its clock was put forward
BELIEVED_AFTER = 10  # ticks in a row without a jump


class Tick:
    """Called again and again; two at the same moment do no more than one. `ring` wakes the postman."""

    def __init__(self, store: Store, now: Callable[[], datetime], ring: Callable[[], None]) -> None:
        self._store = store
        self._now = now
        self._ring = ring
        self._last: datetime | None = None
        self._in_a_row = 0

    async def __call__(self) -> None:
        """Re-posts, digests and erasing, each in transactions of their own. Raises CannotKeep; it is due again then."""
        async with self._store.work() as work:
            now = self._now()  # while nobody else writes: nothing that is right lies ahead of it
            self._watch_the_clock(now)
            await let_nothing_wait(work, now)
            if self._is_believed:  # each time: a clock may go ahead and back between two ticks
                await put_right(work, now)
        more = True
        while more:
            async with self._store.work() as work:
                more = await repost(work, now) == MOST
        async with self._store.work() as work:
            await send_digests(work, now)
        if self._is_believed:  # what is erased cannot be put right
            async with self._store.work() as work:
                await erase(work, now)
            await self._store.tidy(now)
        self._ring()

    @property
    def _is_believed(self) -> bool:
        """Whether it is worth more than what was written by the clock of then."""
        return self._in_a_row >= BELIEVED_AFTER

    def _watch_the_clock(self, now: datetime) -> None:
        """Count for how long it went as a clock goes."""
        is_steady = self._last is not None and timedelta() <= now - self._last <= JUMP
        self._in_a_row = self._in_a_row + 1 if is_steady else 0
        self._last = now
