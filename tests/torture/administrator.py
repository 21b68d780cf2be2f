"""What an administrator does while all is killed: backups, a move to another host, an update that migrates."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

from tests.torture.endurance import Endurance, Settled
from tests.torture.judge import Finding, Judge
from tests.torture.kept_copies import judge_aside, judge_backup, left_over, revision_of
from tests.torture.points import Counts
from tests.torture.stage import Stage
from tests.torture.victim import Kill, Verb
from tests.torture.victim_process import KILLED, REFUSED

DONE = 0


class Administrator:
    """Of one stage. A command that was cut short is given again; in between, perhaps, the bot is started too early.

    `crossed` is what a command that came to its end had crossed, by its name.
    """

    def __init__(self, stage: Stage, endurance: Endurance, judge: Judge, settled: Settled) -> None:
        self.crossed: dict[str, Counts] = {}
        self._stage = stage
        self._endurance = endurance
        self._judge = judge
        self._settled = settled

    async def back_up(self, kills: Sequence[Kill], act: Awaitable[None]) -> None:
        """While people `act`: backups over the same file, each cut short but the last. Raises Broken."""

        async def in_turn() -> None:
            for kill in (*kills, None):
                await self._back_up(kill)

        async def both() -> None:
            await asyncio.gather(act, in_turn())

        await self._endurance.act((), both(), self._settled)

    async def move(self, kills: Sequence[Kill], *, watch_steps: bool = False) -> None:
        """After a quiet backup the host is lost; the bot goes on from the file on a clean one. Raises Broken."""
        await self._back_up(None, watch_steps=watch_steps)
        await self._endurance.stop()
        self._stage.move_house()
        later = [kill for kill in kills if kill.phase != "restore"]
        if await self._restore([kill for kill in kills if kill.phase == "restore"], watch_steps=watch_steps):
            self._endurance.unused += later
        else:
            await self._endurance.start(later, self._settled, watch_steps=watch_steps)

    async def update(self, kills: Sequence[Kill], *, watch_steps: bool = False) -> None:
        """The next version migrates the database when it starts. Raises Broken."""
        known, before = self._judge.read(), revision_of(self._stage.data / "schakelbot.db")
        await self._endurance.stop()
        revision = self._stage.release_newer()

        async def updated() -> list[Finding]:
            return await self._settled() or judge_aside(self._stage, known, before, revision)

        await self._endurance.start(kills, updated, watch_steps=watch_steps)

    async def _back_up(self, kill: Kill | None, *, watch_steps: bool = False) -> None:
        """Afterwards the file is what it was, or a whole new backup of all that was known when it was begun."""
        file = self._stage.chest
        before = file.read_bytes() if file.exists() else None
        known = self._judge.read()
        code = await self._command("backup", kill, watch_steps=watch_steps)
        if file.exists() and file.read_bytes() != before:
            self._look(judge_backup(self._stage, known))
        elif code == DONE or file.exists() != (before is not None):
            self._look([Finding("lost", "the backup is not there")])
        if code == DONE:
            self._look(left_over(self._stage))

    async def _restore(self, kills: Sequence[Kill], *, watch_steps: bool = False) -> bool:
        """Again and again until it is done; True when a bot that was started before that found all in its place.

        Every second time that it is cut short somebody starts the bot at once, as soon as there is something to see.
        """
        for turn, kill in enumerate((*kills, None)):
            code = await self._command("restore", kill, watch_steps=watch_steps)
            is_running = False
            if code == KILLED and turn % 2 and any(self._stage.data.glob("[rs]*")):
                is_running = await self._endurance.starts(self._settled)
            if is_running or code != KILLED:
                self._endurance.unused += kills[turn + 1 :]
                return is_running
        return False

    async def _command(self, verb: Verb, kill: Kill | None, *, watch_steps: bool) -> int:
        """Give it. It comes to its end, or was killed, or (a second restore) finds that all is done. Raises Broken."""
        code = await self._endurance.errand(verb, kill, watch_steps=watch_steps)
        if code == DONE:
            self.crossed[verb] = self._stage.clerk.counted()
        elif code != KILLED and (verb, code) != ("restore", REFUSED):
            self._look([Finding("wrong", f"{verb} ended with {code}")])
        return code

    def _look(self, found: list[Finding]) -> None:
        if found:
            self._endurance.break_off(found)
