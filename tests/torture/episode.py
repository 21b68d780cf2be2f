"""One episode: a fresh region whose bot is killed again and again, and after each time must heal all by itself."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from bot.attendance import FIRST_MEETING
from tests.torture.judge import Finding, Judge
from tests.torture.ledger import Ledger
from tests.torture.load import Load, Round
from tests.torture.stage import Stage
from tests.torture.tally import Tally
from tests.torture.victim import Kill
from tests.torture.victim_process import KILLED

POLL = 0.1
PATIENCE = 60.0  # seconds in which everything must have been said after the last kill
MOMENT = "a random moment"  # a point of which the nth crossing is n milliseconds away
BEGIN_WITH = 4  # zorgvragen

Settled = Callable[[], Awaitable[list[Finding]]]


class Broken(Exception):
    """Something was lost, doubled or wrong: the episode ends, because nobody knows what should be from here on."""


class Episode:
    """Plays on one stage. `tally` hears of every kill and of what was found after it."""

    def __init__(self, stage: Stage, tally: Tally, patience: float = PATIENCE) -> None:
        self._stage = stage
        self._patience = patience
        self._tally = tally
        self._ledger = Ledger()
        self._load = Load(stage, self._ledger)
        self._judge = Judge(stage, self._ledger)
        self._killed: list[tuple[Kill, float]] = []
        self._acted_at = 0.0  # when people had done all that they wanted; by time.monotonic()
        self._timer: asyncio.TimerHandle | None = None

    async def found(self, kills: Sequence[Kill] = (), *, watch_steps: bool = False) -> None:
        """The first start of all, on nothing, before there is an area. Raises Broken."""
        await self._start_and_endure(kills, self._unready, watch_steps=watch_steps)

    async def settle_down(self, kills: Sequence[Kill] = (), *, watch_steps: bool = False) -> None:
        """The area is applied; the bot starts again and makes the rooms. Raises Broken."""
        await self._stop()
        await self._stage.apply_area()
        await self._start_and_endure(kills, self._without_rooms, watch_steps=watch_steps)

    async def begin(self) -> None:
        """Some zorgvragen come in, without a kill. Raises Broken."""
        await self._endure(deque(), self._load.fill(BEGIN_WITH), self._owed)
        self._close_books()

    async def restart(self, *, watch_steps: bool = False) -> None:
        """A start when all was said already. Raises Broken."""
        await self._stop()
        await self._start_and_endure((), self._owed, watch_steps=watch_steps)

    async def play(self, kind: Round, kills: Sequence[Kill]) -> None:
        """One round, with the first kill in its midst and the others in the starts that follow. Raises Broken."""
        queue = deque(kills)
        if queue:
            self._arm(queue[0])
        await self._endure(queue, self._load.act(kind), self._owed)
        self._close_books()

    async def _start_and_endure(self, kills: Sequence[Kill], settled: Settled, *, watch_steps: bool) -> None:
        queue = deque(kills)
        self._start(queue[0] if queue else None, watch_steps=watch_steps)
        await self._endure(queue, asyncio.sleep(0), settled)

    async def _endure(self, queue: deque[Kill], act: Awaitable[None], settled: Settled) -> None:
        """Let people act and the bot die, until no kill is left or its point is not crossed, and all is well."""
        self._killed, self._acted_at = [], time.monotonic()
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
            for kill, at in self._killed:
                self._tally.killed(kill, time.monotonic() - max(at, self._acted_at))

    async def _rest(self, acting: asyncio.Future[None], settled: Settled) -> None:
        """Wait until all is well. Raises Broken when that takes too long, or can never be."""
        try:
            await acting
        finally:
            acting.cancel()
        self._acted_at = time.monotonic()
        while found := await settled():
            since = max([self._acted_at, *(at for _, at in self._killed)])
            hopeless = all(one.kind == "doubled" for one in found)
            if hopeless or time.monotonic() - since > self._patience:
                self._tally.found([kill for kill, _ in self._killed], found)
                raise Broken(found[0].what)
            await asyncio.sleep(POLL)

    def _died(self, code: int, queue: deque[Kill]) -> None:
        """Note why, and start it again, armed with the next kill."""
        if code == KILLED and queue:
            self._killed.append((queue.popleft(), time.monotonic()))
        elif code != KILLED:
            stopped = Finding("wrong", f"the bot stopped by itself with {code}")
            self._tally.found([kill for kill, _ in self._killed], [stopped])
            raise Broken(stopped.what)
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

    def _calm(self, queue: deque[Kill]) -> None:
        """What was not crossed is not crossed any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._stage.victim.disarm()
        self._tally.missed += len(queue)

    async def _stop(self) -> None:
        self._stage.victim.kill()
        await self._stage.victim.death()

    async def _unready(self) -> list[Finding]:
        return [] if await self._stage.is_ready() else [Finding("lost", "the bot is not ready")]

    async def _without_rooms(self) -> list[Finding]:
        """Everybody is in their rooms, each of which was made once."""
        people = self._stage.people.values()
        for person, wanted in ((one, 2 if one.name == "Carla" else 1) for one in people):
            if len(person.client.rooms) > wanted + 1:
                return [Finding("doubled", f"{person.name} is in {len(person.client.rooms)} rooms")]
            if len([room for room in person.client.rooms.values() if room.name]) < wanted:
                return [Finding("lost", f"{person.name} is in {len(person.client.rooms)} rooms")]
        if self._stage.ahead < FIRST_MEETING:  # so long do newcomers wait for their welcome
            self._stage.move_clock(FIRST_MEETING)
        return await self._owed()

    async def _owed(self) -> list[Finding]:
        if not await self._stage.is_ready():
            return [Finding("lost", "the bot is not ready")]
        try:
            return self._judge.look()
        except sqlite3.Error as error:
            return [Finding("lost", f"the database cannot be read: {error}")]

    def _close_books(self) -> None:
        """All is well: what could have gone either way is known now."""
        kept = self._judge.read()
        names = {person.user_id: name for name, person in self._stage.people.items()}
        rows = {token: found[0] for token, found in kept.zorgvragen.items()}
        self._ledger.settle(
            holders={token: names.get(row["claimed_by"], "") for token, row in rows.items()},
            numbers={token: row["number"] for token, row in rows.items()},
        )
