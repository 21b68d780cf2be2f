"""Hearing: each event becomes a command; the cursor moves when a whole batch was dealt with. It says nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.bell import Bell
from bot.chat import Arrived, Event, NotKept
from bot.health import Health
from bot.steady import Steady
from domain.announcements import Details, DetailsTaken
from domain.audience import Person
from storage.letters import Letter, Sent
from storage.work import Store, Work

CURSOR = "sync"
LONG_SILENCE = 45.0  # seconds; a long poll answers within 30
DEAF_AFTER = timedelta(hours=12)  # Synapse knows a transaction id for a day
# seconds; a homeserver that is asked for more before it has our answer serves us first, and who waits for it later
ANSWER_FIRST = 0.2


class Hearing:
    """What bot.matrix calls while it listens. What cannot be kept now raises NotKept: then the batch comes again."""

    def __init__(
        self,
        store: Store,
        steady: Steady,
        health: Health,
        bell: Bell,
        now: Callable[[], datetime],
        handle: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._store = store
        self._steady = steady
        self._health = health
        self._bell = bell
        self._now = now
        self._handle = handle
        self._heard_at: datetime | None = None

    async def hear(self, event: Event) -> None:
        """Deal with one event. Raises NotKept."""
        if isinstance(event, Arrived):
            await self._note(event)
            return
        try:
            await self._handle(event)
        except NotKept as trouble:
            self._health.cannot_keep(str(trouble))
            raise

    async def load_cursor(self) -> str | None:
        """How far we heard; None at a first start. Raises NotKept."""
        async with self._steady.or_later(), self._store.look() as work:
            return await work.inbox.cursor(CURSOR)

    async def save_cursor(self, value: str) -> None:
        """We heard so far. Raises NotKept."""
        await self._bell.answered(ANSWER_FIRST)
        was_away = self._health.silence > LONG_SILENCE or self.is_deaf()
        async with self._steady.or_later(), self._store.work() as work:
            await work.inbox.move_cursor(CURSOR, value)
            if was_away:  # no letter needs to wait any longer
                await work.outbox.hurry(self._now())
        self._health.heard()
        self._heard_at = self._now()
        if was_away:
            self._bell.reachable()

    def is_deaf(self) -> bool:
        """Whether so much time went by since the homeserver answered that it may have forgotten what we asked."""
        if self._heard_at is None:
            return False
        # The machine's own seconds stand still while it sleeps, and a clock can be put back.
        return self._now() - self._heard_at > DEAF_AFTER or self._health.silence > DEAF_AFTER.total_seconds()

    async def _note(self, arrived: Arrived) -> None:
        """What we said stands in the room: it is not said again, though we may never have had an answer.

        Details that reached somebody when we had given them up, since they gave the zorgvraag back, are taken out.
        """
        event = Sent(arrived.room_id, arrived.event_id, anew=arrived.anew)
        async with self._steady.or_later(), self._store.work() as work:
            for letter in await work.outbox.arrived(arrived.txn_id, event, self._now()):
                await self._take_back(letter, work)

    async def _take_back(self, letter: Letter, work: Work) -> None:
        if isinstance(letter.message, Details):
            zorgvraag = await work.zorgvragen.get(letter.message.zorgvraag_id)
            if letter.audience != Person(zorgvraag.claimed_by or ""):
                taken = DetailsTaken(zorgvraag.id)
                await work.outbox.put(letter.audience, taken, self._now(), region_id=letter.region_id)
