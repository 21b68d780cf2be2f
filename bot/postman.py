"""The postman: carries what waits in the outbox to the chat. Owns every retry; nothing else sends."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.backoff import FIRST, Backoff
from bot.bell import Bell
from bot.chat import Chat, NobodyReads, NotInRoom, TryLater, Undeliverable
from bot.wording import Needless, Wording
from domain.announcements import Details, DetailsTaken, PostChanged, Redact
from domain.audience import Coordinators, Person, RegionRoom
from storage.letters import Batch, Letter, Sent
from storage.work import CannotKeep, Store

log = structlog.get_logger()

LONGEST_WAIT = timedelta(minutes=5)
READABLE_WITHIN = timedelta(days=1)  # somebody gets the key of it, or coordinators hear that it was given up
IDLE = 1.0  # seconds between looks at the outbox when nobody rings
RESURE = 5.0  # seconds between looks whether we heard the homeserver since


class NoRoom(Exception):
    """The audience has no room yet; it will be made, so the letter waits, `after` seconds if the homeserver said so."""

    def __init__(self, after: float | None = None) -> None:
        super().__init__()
        self.after = after


class Postman:
    """Says one thing at a time, the most important first; woken by the `bell` after a commit."""

    def __init__(
        self,
        store: Store,
        chat: Chat,
        now: Callable[[], datetime],
        bell: Bell,
        is_deaf: Callable[[], bool] = lambda: False,
    ) -> None:
        self._is_deaf = is_deaf
        self._store = store
        self._chat = chat
        self._now = now
        self._bell = bell
        self._wording = Wording(store, chat, now)
        self._no_rooms = now(), timedelta(0)  # since when and for how long the homeserver lets us make none
        self._backoff = Backoff()
        self._unread: dict[str, datetime] = {}  # transaction id -> since when nobody could be given the key

    async def run(self) -> None:
        """Carry letters until cancelled. Raises CannotKeep; what was being said is then said again, as one event."""
        while True:
            carried = await self.carry_one()
            self._bell.answer()
            if not carried:
                await self._bell.listen(IDLE)

    async def carry_one(self) -> bool:
        """Carry the next batch; False when nothing waits that may be said now."""
        async with self._store.work() as work:
            batch = await work.outbox.take(self._now())
            room_id = await work.rooms.room_of(batch.letters[-1].audience) if batch else None
        if batch is None:
            return False
        if batch.letters[0].attempts and self._is_deaf():
            # It may stand in the room, its answer lost, and be forgotten by its transaction id: first we must hear.
            await self._bell.rest(RESURE)
            return True
        try:
            event = await self._say(batch, room_id)
        except CannotKeep:
            raise  # no fault of the letter's
        except Exception as trouble:  # noqa: BLE001 - one letter that cannot be said must not silence all others
            await self._unsaid(batch, trouble)
            return True
        self._backoff.worked()
        self._unread.pop(batch.txn_id, None)
        async with self._store.work() as work:
            await work.outbox.sent(batch, event, self._now())
        return True

    async def _unsaid(self, batch: Batch, trouble: Exception) -> None:
        match trouble:
            case TryLater(after=after):
                await self._postpone(batch, after)
                # Whether it is away or limits us, the homeserver does so for every letter: they must not ask in turn.
                await self._bell.rest(min(self._backoff.failed(after), LONGEST_WAIT.total_seconds()))
            case NoRoom(after=after):
                await self._postpone(batch, after)
            case NobodyReads() if self._now() - self._unread_since(batch) < READABLE_WITHIN:
                await self._postpone(batch, None)
            case NotInRoom() if isinstance(batch.letters[-1].audience, RegionRoom | Coordinators):
                await self._postpone(batch, None)  # whoever put us out may let us in again
            case Needless():
                await self._finish(batch, "needless")
            case Undeliverable():
                await self._give_up(batch, str(trouble))
            case _:
                log.error("letter cannot be rendered", letters=_ids(batch), error=type(trouble).__name__)
                await self._give_up(batch, type(trouble).__name__)

    async def _say(self, batch: Batch, known: str | None) -> Sent:
        letter = batch.letters[-1]
        room_id = await self._room(letter, known)
        match letter.message:
            case Redact(event_id=event_id):
                return Sent(room_id, await self._chat.redact(room_id, event_id, batch.txn_id))
            case DetailsTaken(zorgvraag_id):
                event_id = await self._details_in(room_id, zorgvraag_id)
                return Sent(room_id, await self._chat.redact(room_id, event_id, batch.txn_id))
            case _:
                return await self._send(room_id, await self._wording.content(batch), batch)

    async def _send(self, room_id: str, body: dict[str, Any], batch: Batch) -> Sent:
        """Send; a post that the homeserver lost (it was restored from a backup) is not edited but made again."""
        try:
            event_id = await self._chat.send(room_id, body, batch.txn_id)
            return Sent(room_id, event_id, anew="m.new_content" not in body)
        except Undeliverable:
            if not isinstance(batch.letters[-1].message, PostChanged) or "m.new_content" not in body:
                raise
            return Sent(room_id, await self._chat.send(room_id, body["m.new_content"], batch.txn_id), anew=True)

    async def _details_in(self, room_id: str, zorgvraag_id: int) -> str:
        """The event that told the details in this room last. Raises Needless when they were never told."""
        async with self._store.look() as work:
            told = [one for one in await work.outbox.said_about(zorgvraag_id, Details) if one.room_id == room_id]
        if not told:
            raise Needless
        return told[-1].event_id

    async def _room(self, letter: Letter, known: str | None) -> str:
        """Where it is said: the room that is `known`, or for one person perhaps a new one. Raises NoRoom, ChatError."""
        if not isinstance(letter.audience, Person):
            if known is None:
                raise NoRoom
            return known
        room_id = await self._direct_room(letter.audience.user_id, is_new=known is None)
        if room_id != known:
            async with self._store.work() as work:
                await work.rooms.put(letter.audience, room_id)
        return room_id

    async def _direct_room(self, user_id: str, *, is_new: bool) -> str:
        """Making rooms has a limit of its own (Synapse: one a minute): it may not silence the rooms that are there."""
        since, span = self._no_rooms
        passed = self._now() - since
        if is_new and timedelta(0) <= passed < span:  # a clock that was put back ends it as well
            raise NoRoom((span - passed).total_seconds())
        try:
            return await self._chat.direct_room(user_id)
        except TryLater as later:
            if later.after is None:
                raise
            after = max(later.after, FIRST)
            self._no_rooms = self._now(), timedelta(seconds=after)
            raise NoRoom(after) from later

    async def _postpone(self, batch: Batch, after: float | None) -> None:
        attempts = batch.letters[0].attempts
        asked = timedelta(seconds=after if after is not None else 2 ** min(attempts, 9) * random.uniform(0.5, 1))
        wait = min(asked, LONGEST_WAIT)
        log.info("letter postponed", letters=_ids(batch), seconds=round(wait.total_seconds(), 1))
        async with self._store.work() as work:
            await work.outbox.postpone(batch, self._now() + wait)

    async def _give_up(self, batch: Batch, code: str) -> None:
        log.error("letter undeliverable", letters=_ids(batch), code=code)
        await self._finish(batch, code)

    def _unread_since(self, batch: Batch) -> datetime:
        """Not since it was written: the homeserver may have been away for a day before it was first tried."""
        return self._unread.setdefault(batch.txn_id, self._now())

    async def _finish(self, batch: Batch, code: str) -> None:
        self._unread.pop(batch.txn_id, None)
        async with self._store.work() as work:
            await work.outbox.gave_up(batch, code, self._now())


def _ids(batch: Batch) -> list[int]:
    return [letter.id for letter in batch.letters]
