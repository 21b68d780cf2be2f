"""The auditor: looks for what should have happened and did not, on a clock of its own. It mends nothing; it tells.

It shares no code with what it audits: not the tick's query for what is due, not the postman's for what is next.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.chat import Event, PutOut, TookBack, TryLater
from domain.announcements import Alarm, Lapse
from domain.audience import Coordinators
from storage.audit import GivenUp
from storage.work import CannotKeep, Store, Work

log = structlog.get_logger()

LATE = timedelta(minutes=10)  # after its moment, a step that has not been taken
UNSAID = timedelta(minutes=10)  # in the outbox, a letter
STUCK = 120.0  # seconds of the machine for one command
RECENT = timedelta(hours=24)  # for which a letter that was given up is told to whoever asks
REST = 60.0  # seconds between two rounds

REASONS = {
    Lapse.LATE: "a step is overdue",
    Lapse.UNSAID: "something has waited more than ten minutes to be said",
    Lapse.STUCK: "a command has been under way for more than two minutes",
    Lapse.REFUSED: "something was given up within the last 24 hours: see 'letter undeliverable' in the log",
    Lapse.STANDS: "within the last 24 hours a message with personal data could not be taken out of its room",
}

Incident = tuple[Lapse, str | None, datetime | None]


@dataclass(frozen=True)
class Finding:
    """One thing that goes wrong in one region (None: nobody's in particular), since `since` (UTC)."""

    lapse: Lapse
    region_id: str | None
    since: datetime

    @property
    def incident(self) -> Incident:
        """What is told once: a lapse for as long as it lasts, and what was given up each time."""
        lasts = self.lapse not in (Lapse.REFUSED, Lapse.STANDS)
        return self.lapse, self.region_id, None if lasts else self.since


class Auditor:
    """Tells coordinators once for each incident, however long it lasts, and whoever asks `reasons` at any time."""

    def __init__(self, store: Store, now: Callable[[], datetime], ring: Callable[[], None]) -> None:
        self._store = store
        self._now = now
        self._ring = ring
        self._under_way: dict[str, tuple[Event, float]] = {}  # by event id; the seconds are the machine's own
        self._found: set[Incident] = set()  # in the last round
        self._told: set[Incident] = set()  # those of them that were told, and last on

    def watched(self, handle: Callable[[Event], Awaitable[None]]) -> Callable[[Event], Awaitable[None]]:
        """The same handling of events, under our eyes: one that must come again is under way until it succeeds."""

        async def handle_watched(event: Event) -> None:
            self._under_way.setdefault(event.event_id, (event, time.monotonic()))
            try:
                await handle(event)
            except TryLater:
                raise
            except BaseException:
                del self._under_way[event.event_id]
                raise
            del self._under_way[event.event_id]
            self._let_go(event)

        return handle_watched

    def _let_go(self, event: Event) -> None:
        """What was to come again comes no more, now that somebody took it back, or put us out of its room."""
        for waiting, _ in list(self._under_way.values()):
            match event:
                case TookBack(taken=waiting.event_id) | PutOut(room_id=waiting.room_id):
                    del self._under_way[waiting.event_id]

    async def run(self) -> None:
        """One round a minute, until cancelled. Raises CannotKeep."""
        while True:
            try:
                await self.round()
            except CannotKeep:
                raise
            except Exception as mistake:  # noqa: BLE001 - whoever only looks on may not stop those who work
                log.error("audit failed", error=type(mistake).__name__)
            await asyncio.sleep(REST)

    async def reasons(self) -> list[str]:
        """One line for each kind of lapse there is. Raises CannotKeep."""
        async with self._store.look() as work:
            found = {finding.lapse for finding in await self._look(work)}
        return [reason for lapse, reason in REASONS.items() if lapse in found]

    async def round(self) -> None:
        """Look, and tell the coordinators of a region what was wrong there a round ago already.

        After a sleep of two days every step is overdue: whoever mends that has had its chance a round later.
        """
        async with self._store.look() as work:
            found = {finding.incident: finding for finding in await self._look(work) if finding.region_id is not None}
        lasting = self._found & found.keys()
        fresh = [finding for incident, finding in found.items() if incident in lasting - self._told]
        if fresh:
            async with self._store.work() as work:
                for finding in fresh:
                    await self._tell(finding, work)
            self._ring()
        self._found, self._told = set(found), lasting

    async def _look(self, work: Work) -> list[Finding]:
        now = self._now()
        late = await work.audit.late(now - LATE)
        unsaid = await work.audit.unsaid(now - UNSAID)
        stuck = [event for event, began in self._under_way.values() if time.monotonic() - began > STUCK]
        return [
            *(Finding(Lapse.LATE, region_id, since) for region_id, since in late.items()),
            *(Finding(Lapse.UNSAID, region_id, since) for region_id, since in unsaid.items()),
            *[Finding(Lapse.STUCK, await self._region(event, work), event.at) for event in stuck],
            *_refusals(await work.audit.given_up(_hour(now - RECENT), now)),
        ]

    async def _region(self, event: Event, work: Work) -> str | None:
        return getattr(await work.rooms.audience_in(event.room_id), "region_id", None)

    async def _tell(self, finding: Finding, work: Work) -> None:
        """Once, also when we were started anew in the meantime."""
        region_id = finding.region_id or ""
        alarm = Alarm(finding.lapse.value, finding.since)
        if await work.audit.was_told(region_id, alarm):
            return
        log.error("something lapsed", lapse=finding.lapse.value, region_id=region_id)
        await work.outbox.put(Coordinators(region_id), alarm, self._now())


def _refusals(given_up: Iterable[GivenUp]) -> Iterator[Finding]:
    """Each text that still stands, and the first of all else in an hour: a room that takes nothing takes nothing."""
    hours: set[tuple[str | None, datetime]] = set()
    for one in given_up:
        hour = one.region_id, _hour(one.at)
        if one.stands:
            yield Finding(Lapse.STANDS, one.region_id, one.at)
        elif hour not in hours:
            hours.add(hour)
            yield Finding(Lapse.REFUSED, one.region_id, one.at)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
