"""Whether the house is well: the honest answer behind /ready. Reasons in English, for administrators; no content."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable

from bot.reach import Reach
from domain.audience import Coordinators, RegionRoom
from storage.rooms import purpose
from storage.work import Store, Work

SYNC_SILENCE = 120.0  # seconds; a long poll answers within 30
TROUBLE = 120.0  # seconds; whoever cannot keep something tries again within one minute
FEW_KEYS = 10  # of 50; the stock is filled up when half of it is gone


async def nothing() -> list[str]:
    """No lapses: where nobody audits."""
    return []


class Health:
    """What is wrong, if anything. `heard` is told after each sync; time since then is the machine's own."""

    def __init__(
        self,
        store: Store,
        is_trusted: Callable[[], bool],
        why_mute: Callable[[str], str | None] = lambda _: None,
        lapses: Callable[[], Awaitable[list[str]]] = nothing,
        keys_left: Callable[[], int | None] = lambda: None,
        reach: Reach | None = None,
    ) -> None:
        self._store = store
        self._why_mute = why_mute
        self._lapses = lapses
        self._is_trusted = is_trusted
        self._keys_left = keys_left
        self._reach = reach or Reach()
        self._ended: str | None = None
        self._heard_at: float | None = None
        self._trouble: tuple[str, float] | None = None  # what, and when last

    @property
    def has_heard(self) -> bool:
        """True once a first sync was dealt with."""
        return self._heard_at is not None

    @property
    def silence(self) -> float:
        """Seconds since the homeserver answered last; without end when it never did."""
        return math.inf if self._heard_at is None else time.monotonic() - self._heard_at

    @property
    def is_trusted(self) -> bool:
        """Whether others can believe our device."""
        return self._is_trusted()

    @property
    def keys_left(self) -> int | None:
        """How many one-time keys of ours the homeserver still has, if that is known."""
        return self._keys_left()

    def ended(self, why: str) -> None:
        """The homeserver does not let us in any more, and waiting does not mend that: `why`, and what does."""
        self._ended = why

    def heard(self) -> None:
        """The homeserver answered, and everything in its answer was dealt with."""
        self._heard_at = time.monotonic()

    def cannot_keep(self, why: str) -> None:
        """The database did not take something just now; it is tried again."""
        self._trouble = why, time.monotonic()

    async def reasons(self) -> list[str]:
        """One line for each thing that is wrong; nothing when the house is ready."""
        found = [self._ended] if self._ended is not None else []
        if self._heard_at is None:
            found.append("no sync yet")
        elif self.silence > SYNC_SILENCE:
            found.append("the homeserver has not answered for more than two minutes")
        if self.silence > SYNC_SILENCE and self._reach.why is not None:
            found.append(f"the homeserver cannot be reached ({self._reach.why})")
        if self._trouble is not None and time.monotonic() - self._trouble[1] < TROUBLE:
            found.append(f"something could not be kept: {self._trouble[0]}")
        if not self.is_trusted:
            found.append("the cross-signing identity is not in order")
        if self.keys_left is not None and self.keys_left < FEW_KEYS:
            found.append("the homeserver has few one-time keys of ours left, and takes no new ones")
        if self.has_heard:
            async with self._store.look() as work:
                found += await self._mute_rooms(work)
        return found + await self._lapses()

    async def _mute_rooms(self, work: Work) -> list[str]:
        """The rooms of the house in which nothing can be said: we were put out, or they are no longer encrypted."""
        mute = []
        for region in await work.people.regions():
            for audience in (RegionRoom(region.id), Coordinators(region.id)):
                room_id = await work.rooms.room_of(audience)
                why = None if room_id is None else self._why_mute(room_id)
                if why is not None:
                    mute.append(f"{why} {purpose(audience)}")
        return mute
