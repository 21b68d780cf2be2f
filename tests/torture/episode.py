"""One episode: a fresh region whose bot is killed again and again, and after each time must heal all by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bot.attendance import FIRST_MEETING
from tests.torture.administrator import Administrator
from tests.torture.books import moment
from tests.torture.endurance import PATIENCE, Endurance
from tests.torture.judge import Finding, Judge
from tests.torture.jumps import Jump
from tests.torture.ledger import Ledger
from tests.torture.load import Load, Round
from tests.torture.plan import Case
from tests.torture.stage import Stage
from tests.torture.tally import Tally
from tests.torture.victim import Kill

BEGIN_WITH = 4  # zorgvragen


class Episode:
    """Plays on one stage. `tally` hears of every kill and of what was found after it."""

    def __init__(self, stage: Stage, tally: Tally, patience: float = PATIENCE) -> None:
        self.tally = tally
        self._is_met = False
        self._stage = stage
        self._ledger = Ledger()
        self._load = Load(stage, self._ledger)
        self._judge = Judge(stage, self._ledger)
        self.endurance = Endurance(stage, tally, patience)
        self.administrator = Administrator(stage, self.endurance, self._judge, self._owed)

    async def found(self, kills: Sequence[Kill] = (), *, watch_steps: bool = False) -> None:
        """The first start of all, on nothing, before there is an area. Raises Broken."""
        await self.endurance.start(kills, self._unready, watch_steps=watch_steps)

    async def settle_down(self, kills: Sequence[Kill] = (), *, watch_steps: bool = False) -> None:
        """The area is applied; the bot starts again and makes the rooms. Raises Broken."""
        await self.endurance.stop()
        await self._stage.apply_area()
        await self.endurance.start(kills, self._without_rooms, watch_steps=watch_steps)

    async def begin(self, kills: Sequence[Kill] = ()) -> None:
        """Some zorgvragen come in, and nothing else happens. Raises Broken."""
        await self.endurance.act(kills, self._load.fill(BEGIN_WITH), self._owed)
        self._close_books()

    async def restart(self, *, watch_steps: bool = False) -> None:
        """A start when all was said already. Raises Broken."""
        await self.endurance.stop()
        await self.endurance.start((), self._owed, watch_steps=watch_steps)

    async def play(self, case: Case) -> None:
        """One case of a script, with its kills. Raises Broken."""
        match case.kind:
            case "day" | "evening" | "month":
                await self.round(case.kind, case.jump, case.kills)
            case "backup":
                await self.administrator.back_up(case.kills, self._load.act("day", case.jump))
                self._close_books()
            case "restore":
                await self.administrator.move(case.kills)
            case "migration":
                await self.administrator.update(case.kills)

    async def round(self, kind: Round, jump: Jump, kills: Sequence[Kill] = ()) -> None:
        """One round, with the first kill in its midst and the others in the starts that follow. Raises Broken."""
        await self.endurance.act(kills, self._load.act(kind, jump), self._owed)
        self._close_books()

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
        if not self._is_met:  # so long do newcomers wait for their welcome
            self._stage.move_clock(FIRST_MEETING)
            self._is_met = True
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
        opened = {token: moment(row["opened_at"]) for token, row in rows.items() if row["state"] == "open"}
        self._ledger.settle(
            holders={token: names.get(row["claimed_by"], "") for token, row in rows.items()},
            numbers={token: row["number"] for token, row in rows.items()},
            opened=opened,
        )
