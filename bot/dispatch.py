"""One event -> one command -> one transaction. Decides who asks what; the verbs do the work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.attendance import Attendance
from bot.chat import AskedForKeys, Entered, Event, Moved, NotKept, PutOut, Reacted, Said, Showed, TookBack, Unreadable
from bot.place import place_of
from bot.servers import Servers
from commands import VERBS, claim, release
from commands.free_text import safe_to_keep
from commands.language.parse import parse
from commands.language.phrases import HANDS
from commands.language.words import Which
from commands.verb import Asked, Verb
from domain import privacy
from domain.announcements import GivenBack, Redact
from domain.audience import Audience, Person, Room
from domain.people import Region
from domain.picture import NOWHERE
from domain.refusals import Failed, Refusal, UnknownPerson
from storage.work import CannotKeep, Store, Work
from storage.zorgvragen import Overtaken

log = structlog.get_logger()

TRIES = 3  # how often a command that was overtaken by another is tried
SHORT = 1000  # characters; searched within a few milliseconds

Findings = Mapping[str, Sequence[privacy.Finding]]  # by the text in which they stand


class Dispatch:
    """Turns what people do in chat into commands. `ring` wakes the postman after each commit."""

    def __init__(self, store: Store, now: Callable[[], datetime], ring: Callable[[], None], servers: Servers) -> None:
        self._store = store
        self._now = now
        self._ring = ring
        self._attendance = Attendance(now, servers)
        self.names: tuple[str, ...] = ()

    async def __call__(self, event: Event) -> None:
        """Deal with one event, exactly once; never raises for what a person can cause.

        Raises NotKept when the database cannot keep it now: nothing was done, and the event is to come again.
        """
        try:
            await self._deal(event)
        except CannotKeep as trouble:
            raise NotKept(str(trouble)) from None
        self._ring()

    async def _deal(self, event: Event) -> None:
        for _ in range(TRIES):
            try:
                found = await self._search(event.shown)  # before anything is held that others wait for
                async with self._store.work() as work:
                    if not await work.inbox.is_new(event.event_id, self._now()):
                        return
                    await self._handle(event, found, work)
                break
            except Overtaken:
                continue
            except CannotKeep:
                raise
            except Refusal as refusal:
                typed = event.body if isinstance(event, Said) else ""
                await self._refuse(event, safe_to_keep(refusal, typed, self._now()))
                break
            except Exception as mistake:  # noqa: BLE001 - our mistake must not stop the next nurse
                log.error("event failed", event_id=event.event_id, error=type(mistake).__name__)
                await self._refuse(event, Failed())
                break
        else:
            log.error("event overtaken", event_id=event.event_id, count=TRIES)
            await self._refuse(event, Failed())

    async def _handle(self, event: Event, found: Findings, work: Work) -> None:
        audience = await work.rooms.audience_in(event.room_id)
        if audience is None:
            return
        if not isinstance(audience, Person) and await self._guard(event, found, audience, work):
            return
        await self._heed(event, audience, work)

    async def _heed(self, event: Event, audience: Audience, work: Work) -> None:
        match event:
            case Moved(successor=successor):
                await work.rooms.move(event.room_id, successor)
            case Entered():
                await self._attendance.welcome(event, audience, work)
            case AskedForKeys():
                await self._attendance.show_open(event, audience, work)
            case PutOut():
                await self._attendance.put_out(event, audience, work)
            case Unreadable():
                await self._attendance.unread(event, work)
            case Said():
                await self._hear(event, audience, work)
            case Reacted():
                await self._take_hand(event, audience, work)
            case TookBack():
                await self._drop_hand(event, audience, work)

    async def _hear(self, said: Said, audience: Audience, work: Work) -> None:
        asked = await self._asked(said, audience, work, said.about)
        region = asked.region or await self._home(asked, work)
        place = await place_of(said, audience, asked, work)
        try:
            found = parse(said.body, VERBS, region.local(asked.now), names=self.names, place=place)
        except Refusal:
            _must_be_known(asked)
            raise
        if found is not None:
            await self._perform(*found, asked, work)

    async def _perform(self, verb: Verb, command: object, asked: Asked, work: Work) -> None:
        _must_be_known(asked)
        await verb.run(command, asked, work)

    async def _guard(self, event: Event, found: Findings, audience: Audience, work: Work) -> bool:
        """What may not stand in a shared room, command or not: take it out, and give it back to its sender alone."""
        kinds = tuple(dict.fromkeys(finding.kind.value for findings in found.values() for finding in findings))
        if isinstance(event, Showed) and event.photograph:
            kinds = (privacy.Kind.PHOTOGRAPH.value,)  # alone: a camera's names are full of digits
        if not kinds:
            return False
        region_id = getattr(audience, "region_id", None)
        await work.outbox.put(Room(event.room_id), Redact(event.event_id), self._now(), region_id=region_id)
        told, typed = GivenBack(kinds), _typed(found)
        await work.outbox.put(Person(event.sender), told, self._now(), region_id=region_id, secret=typed)
        await work.journal.write("persoonsgegevens geweigerd", event.sender, self._now(), region_id=region_id)
        return True

    async def _search(self, texts: Sequence[str]) -> Findings:
        """What each text holds. A long one is searched apart: the longest would hold up everybody else for a second."""
        today = self._now().date()

        def search() -> Findings:
            return {text: privacy.find(text, today) for text in texts}

        return await asyncio.to_thread(search) if sum(map(len, texts)) > SHORT else search()

    async def _take_hand(self, reacted: Reacted, audience: Audience, work: Work) -> None:
        if not reacted.emoji.startswith(HANDS):
            return
        asked = await self._asked(reacted, audience, work, (reacted.about,))
        if asked.about is None or not await work.outbox.is_offer(reacted.about):
            return  # a hand under "is opgepakt door" takes nothing, whatever became of it since
        if (await work.zorgvragen.get(asked.about)).claimed_by == reacted.sender:
            return  # whoever has it may applaud
        await self._perform(claim.VERB, claim.Claim(Which(None)), asked, work)
        await work.inbox.keep_hand(reacted.event_id, reacted.sender, asked.about)

    async def _drop_hand(self, event: TookBack, audience: Audience, work: Work) -> None:
        hand = await work.inbox.hand(event.taken)
        if hand is None or hand[0] != event.sender:
            return
        zorgvraag = await work.zorgvragen.get(hand[1])
        if zorgvraag.claimed_by != event.sender or zorgvraag.ended_at is not None:
            return  # it was given back or finished in words already
        asked = await self._asked(event, audience, work, ())
        command = release.Release(Which(zorgvraag.number), None)
        await self._perform(release.VERB, command, asked, work)

    async def _asked(self, event: Event, audience: Audience, work: Work, about: tuple[str, ...]) -> Asked:
        region_id = getattr(audience, "region_id", None)
        zorgvraag_id = None
        for event_id in about:
            zorgvraag_id = zorgvraag_id or await work.outbox.zorgvraag_at(event_id)
        return Asked(
            user_id=event.sender,
            places=tuple(await work.people.places_of(event.sender)),
            region=None if region_id is None else await work.people.region(region_id),
            answer_to=audience,
            event_id=event.event_id,
            now=self._now(),
            about=zorgvraag_id,
        )

    async def _home(self, asked: Asked, work: Work) -> Region:
        """A region whose clock is this person's clock."""
        return await work.people.region(asked.places[0].region_id) if asked.places else NOWHERE

    async def _refuse(self, event: Event, refusal: Refusal) -> None:
        """The transaction was rolled back; a second, short one records the event and the answer."""
        async with self._store.work() as work:
            if not await work.inbox.is_new(event.event_id, self._now(), type(refusal).__name__):
                return
            audience = await work.rooms.audience_in(event.room_id)
            if audience is None:
                return
            region_id = getattr(audience, "region_id", None)
            await work.outbox.put(
                audience,
                refusal,
                self._now(),
                region_id=region_id,
                asked_by=event.sender,
                reply_to=event.event_id if isinstance(event, Said) else None,
            )
            await work.journal.write(
                f"geweigerd: {type(refusal).__name__}", event.sender, self._now(), region_id=region_id
            )


def _must_be_known(asked: Asked) -> None:
    """Raises UnknownPerson for somebody who does not work in this region, or in any when asked one to one."""
    regions = {place.region_id for place in asked.places}
    if not regions or (asked.region is not None and asked.region.id not in regions):
        raise UnknownPerson


def _typed(found: Mapping[str, Sequence[object]]) -> str:
    """What goes back: what was typed, and after it what is held against it if that stands elsewhere, as in a link."""
    typed = next(iter(found), "")
    elsewhere = () if found.get(typed) else (text for text, findings in found.items() if findings)
    return "\n".join((typed, *elsewhere))
