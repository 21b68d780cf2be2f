"""How a bot is killed and started again until no kill is left and all is well. What "well" means is told by others."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NoReturn

from tests.torture.judge import Finding
from tests.torture.stage import Stage
from tests.torture.tally import Tally
from tests.torture.victim import Kill, Verb
from tests.torture.victim_process import KILLED, REFUSED

POLL = 0.1
PATIENCE = 60.0  # seconds in which everything must have been said after the last kill
MOMENT = "a random moment"  # a point of which the nth crossing is n milliseconds away

Settled = Callable[[], Awaitable[list[Finding]]]


class Broken(Exception):
    """Something was lost, doubled or wrong: the episode ends, because nobody knows what should be from here on."""


class Endurance:
    """On one stage. `tally` hears of every kill and of what was found after it.

    `missed` are the kills whose crossing did not come, `unused` those that came to no turn because of it. `silence` is
    for how many seconds people waited the last time, `beside` what they suffer while nobody is killed, and within
    `patience` seconds all must be well.
    """

    def __init__(self, stage: Stage, tally: Tally, patience: float = PATIENCE) -> None:
        self.missed: list[Kill] = []
        self.unused: list[Kill] = []
        self.silence = 0.0
        self.beside: Kill | None = None
        self.patience = patience
        self._stage = stage
        self._tally = tally
        self._killed: list[tuple[Kill, float]] = []
        self._acted_at = 0.0  # when people had done all that they wanted; by time.monotonic()
        self._timer: asyncio.TimerHandle | None = None

    async def start(self, kills: Sequence[Kill], settled: Settled, *, watch_steps: bool = False) -> None:
        """Start the bot, with one kill in each start. Raises Broken."""
        queue = deque(kills)
        self._start(queue[0] if queue else None, watch_steps=watch_steps)
        await self.endure(queue, asyncio.sleep(0), settled)

    async def act(self, kills: Sequence[Kill], act: Awaitable[None], settled: Settled) -> None:
        """Let people act while it runs, the first kill in their midst, the others in later starts. Raises Broken."""
        queue = deque(kills)
        if not self._stage.victim.is_alive():  # it came to its point at the very moment at which all was well
            self._start(None)
        if queue:
            self._arm(queue[0])
        await self.endure(queue, act, settled)

    async def stop(self) -> None:
        """kill -9, when there is nothing to do."""
        self._stage.victim.kill()
        await self._stage.victim.death()

    async def errand(self, verb: Verb, kill: Kill | None, *, watch_steps: bool = False) -> int:
        """Give a command with the backup's file, perhaps to be killed; returns how it ended."""
        clerk, is_moment = self._stage.clerk, kill is not None and kill.point == MOMENT
        armed = None if is_moment else kill
        clerk.start(armed, watch_steps=watch_steps, verb=verb, file=self._stage.chest)
        timer = asyncio.get_running_loop().call_later(kill.nth / 1000, clerk.kill) if kill and is_moment else None
        try:
            async with asyncio.timeout(self.patience):
                code = await clerk.death()
        finally:
            if timer is not None:
                timer.cancel()
        if code == KILLED and kill is not None:
            self._killed.append((kill, time.monotonic()))
        elif kill is not None:
            self.miss(kill)
        return code

    async def starts(self, settled: Settled) -> bool:
        """Start the bot on whatever there is: True when all is well, False when it refuses. Raises Broken."""
        self._start(None)
        dying = asyncio.ensure_future(self._stage.victim.death())
        resting = asyncio.ensure_future(self._rest(asyncio.ensure_future(asyncio.sleep(0)), settled))
        try:
            await asyncio.wait({dying, resting}, return_when=asyncio.FIRST_COMPLETED)
            if not dying.done():
                await resting
                return True
            if dying.result() != REFUSED:
                self.break_off([Finding("wrong", f"the bot stopped by itself with {dying.result()}")])
            return False
        finally:
            for one in (dying, resting):
                one.cancel()
            await asyncio.gather(dying, resting, return_exceptions=True)

    def break_off(self, found: list[Finding]) -> NoReturn:
        """Nobody knows what should be from here on. Raises Broken."""
        suffered = [] if self.beside is None else [self.beside]
        self._tally.found([kill for kill, _ in self._killed] or suffered, found)
        raise Broken(found[0].what)

    def miss(self, kill: Kill, unused: Iterable[Kill] = ()) -> None:
        """Its crossing did not come; those after it were not tried."""
        self._tally.missed += 1
        self.missed.append(kill)
        self.unused += unused

    async def endure(self, queue: deque[Kill], act: Awaitable[None], settled: Settled) -> None:
        """Let people act and the bot die, until no kill is left or its point is not crossed, and all is well."""
        self._acted_at = time.monotonic()
        resting = asyncio.ensure_future(self._rest(asyncio.ensure_future(act), settled))
        try:
            while not resting.done():
                dying = asyncio.ensure_future(self._stage.victim.death())
                await asyncio.wait({dying, resting}, return_when=asyncio.FIRST_COMPLETED)
                if not dying.done():
                    dying.cancel()
                    await asyncio.gather(dying, return_exceptions=True)
                    break
                self._died(dying.result(), queue)
            await resting
        finally:
            resting.cancel()
            await asyncio.gather(resting, return_exceptions=True)
            self._calm(queue)
            self.silence = time.monotonic() - self._acted_at
            for kill, at in self._killed:
                self._tally.killed(kill, time.monotonic() - max(at, self._acted_at))
            self._killed = []

    async def _rest(self, acting: asyncio.Future[None], settled: Settled) -> None:
        """Wait until all is well. Raises Broken when that takes too long, or can never be."""
        try:
            await acting
        finally:
            acting.cancel()
        self._acted_at = time.monotonic()
        while (found := await settled()) or self._is_ticking():
            since = max([self._acted_at, *(at for _, at in self._killed)])
            hopeless = all(one.kind == "doubled" for one in found)
            if found and (hopeless or time.monotonic() - since > self.patience):
                self.break_off(found)
            await asyncio.sleep(POLL)

    def _died(self, code: int, queue: deque[Kill]) -> None:
        """Note why, and start it again, armed with the next kill."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if code == KILLED and queue:
            self._killed.append((queue.popleft(), time.monotonic()))
        elif code != KILLED:
            self.break_off([Finding("wrong", f"the bot stopped by itself with {code}")])
        self._start(queue[0] if queue else None)

    def _start(self, kill: Kill | None, *, watch_steps: bool = False) -> None:
        is_moment = kill is not None and kill.point == MOMENT
        self._stage.victim.start(None if is_moment else kill, watch_steps=watch_steps)
        if kill is not None and is_moment:
            self._arm(kill)

    def _arm(self, kill: Kill) -> None:
        if kill.point == MOMENT:
            self._timer = asyncio.get_running_loop().call_later(kill.nth / 1000, self._stage.victim.kill)
        else:
            self._stage.victim.arm(kill)

    def _is_ticking(self) -> bool:
        """Whether it is still to die at its random moment, or has just died and was not started again."""
        return self._timer is not None

    def _calm(self, queue: deque[Kill]) -> None:
        """What was not crossed is not crossed any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._stage.victim.disarm()
        if queue:
            self.miss(queue[0], list(queue)[1:])
