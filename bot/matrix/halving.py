"""Asking a homeserver about many at once, although it may refuse them all for the sake of one. Knows no requests."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.matrix.wire import Refused

log = logging.getLogger(__name__)

MOST_REFUSALS = 20  # finds any two bad names among 250; who refuses more refuses us rather than a name
REST = 0.2  # seconds before each request that follows a refusal: never more than a few in a second

T = TypeVar("T")


async def in_halves(
    what: str, things: Sequence[T], at_once: int, ask: Callable[[Sequence[T]], Awaitable[None]]
) -> list[T]:
    """Ask about all `things`, `at_once` in one request, and about the halves of what is refused; the refused ones.

    After MOST_REFUSALS all that has not been taken yet counts as refused: the caller leaves it alone for a while.
    Raises what `ask` raises, other than Refused. `what` stands in the one line of the log.
    """
    waiting = deque(things[start : start + at_once] for start in range(0, len(things), at_once))
    refused: list[T] = []
    refusals: list[Refused] = []
    while waiting and len(refusals) < MOST_REFUSALS:
        if refusals:
            await asyncio.sleep(REST)
        some = waiting.popleft()
        try:
            await ask(some)
        except Refused as refusal:
            refusals.append(refusal)
            if len(some) == 1:
                refused += some
            else:  # behind the others: whatever can be taken is taken soon
                half = len(some) // 2
                waiting += (some[:half], some[half:])
    refused += [thing for some in waiting for thing in some]
    if refusals:
        log.error("the homeserver refused %s for %d of %d: %s", what, len(refused), len(things), refusals[-1])
    return refused
