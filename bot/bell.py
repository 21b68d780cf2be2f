"""The postman's bell: how whoever has something to say wakes him, also before there is one. It carries nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """`ring`, `reachable` and `answered` are for the house; the rest is for the one who listens."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._reachable = asyncio.Event()
        self._answered = asyncio.Event()
        self._answered.set()

    def ring(self) -> None:
        """There is something to be said."""
        self._rung.set()
        self._answered.clear()

    def reachable(self) -> None:
        """The homeserver answers again after a long silence: nothing has to rest any longer."""
        self._reachable.set()

    async def answered(self, within: float) -> None:
        """Return when something was said since the last ring, or there was nothing; after `within` seconds anyhow."""
        await _wait(self._answered, within)

    def answer(self) -> None:
        """Something was said, or there was nothing."""
        self._answered.set()

    async def listen(self, within: float) -> None:
        """Return when it rings; after `within` seconds anyhow."""
        self._rung.clear()
        await _wait(self._rung, within)

    async def rest(self, seconds: float) -> None:
        """Return after so many seconds, or when the homeserver is reachable again."""
        self._reachable.clear()
        await _wait(self._reachable, seconds)


async def _wait(event: asyncio.Event, within: float) -> None:
    """Until it is set, or for so many seconds.

    Not with `wait_for`: before Python 3.12 that forgets a cancellation which comes at the moment of the event, and a
    house that is told to stop would never end (cpython issue 86296).
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await event.wait()
