"""Events of rooms, one after another, each guarded by itself: from what the server sent to what the house hears."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from bot.chat import Event, TryLater, Unreadable
from bot.matrix.decrypt import Decryptor, Forged, NotYet, Unverified
from bot.matrix.moves import Moves
from bot.matrix.reading import arrived, heard, membership_before, origin, put_out, too_late
from bot.matrix.rooms import Room, RoomBook
from bot.matrix.waiting import Waiting

log = logging.getLogger(__name__)

OnEvent = Callable[[Event], Awaitable[None]]


class Timeline:
    """Hands the house every event of the joined rooms that concerns it, in order.

    An `on_event` that raises TryLater stops the batch before the cursor moves, and the batch comes again; any other
    exception costs that one event and is logged by its id.
    """

    def __init__(
        self,
        book: RoomBook,
        decryptor: Decryptor,
        waiting: Waiting,
        moves: Moves,
        on_event: OnEvent,
        now_ms: Callable[[], int],
        patience: timedelta,
    ) -> None:
        self._book = book
        self._decryptor = decryptor
        self._waiting = waiting
        self._moves = moves
        self._on_event = on_event
        self._now_ms = now_ms
        self._patience_ms = patience // timedelta(milliseconds=1)

    async def play(self, room_id: str, events: Iterable[object]) -> None:
        """Tell the house about these events of a room that we know. Raises TryLater."""
        room = self._book.get(room_id)
        if room is None or not room.encrypted:
            return
        for event in events:
            if isinstance(event, dict):
                await self._guarded(room, event)

    async def retry(self, *, everything: bool) -> None:
        """Try what waits once more, or only what has waited long enough to be told as Unreadable. Raises TryLater.

        What was told so is tried on: personal data in it may not stand in the room because its key came late.
        """
        now = self._now_ms()
        patient = now - self._patience_ms
        waiting = self._waiting.since(now if everything else patient, now)
        for room_id, event, since_ms in [*waiting, *(self._waiting.told() if everything else ())]:
            room = self._book.get(room_id)
            if room is None or await self._guarded(room, event, late=since_ms <= patient):
                self._waiting.remove(event["event_id"])

    async def put_out(self, room_id: str, events: Iterable[object]) -> None:
        """Tell the house if these events of a room that we are not in say that we were taken out. Raises TryLater."""
        for event in events:
            try:
                told = put_out(room_id, event, self._book.us) if isinstance(event, dict) else None
                if told is not None:
                    await self._on_event(told)
            except TryLater:
                raise
            except Exception as error:  # noqa: BLE001  # as below
                log.error("an event of %s, which we left, failed: %s", room_id, _where(error))

    async def tell_moves(self) -> None:
        """Tell of rooms that moved and whose successor we are in now. Raises TryLater."""
        for moved in self._moves.completed():
            await self._on_event(moved)
            self._moves.done(moved.successor)

    async def _guarded(self, room: Room, event: Mapping[str, Any], *, late: bool = False) -> bool:
        """Deal with one event; False when it must wait (on)."""
        try:
            return await self._deal(room, event, late=late)
        except TryLater:
            raise
        except Forged as error:
            log.warning("event %s in %s ignored: %s", _id(event), room.room_id, error)
        except Exception as error:  # noqa: BLE001  # one hostile event or one defect may not cost the next event
            log.error("event %s in %s failed: %s", _id(event), room.room_id, _where(error))
        return True

    async def _deal(self, room: Room, event: Mapping[str, Any], *, late: bool) -> bool:
        us = self._book.us
        names = (us, us[1:].split(":")[0], room.display_name(us) or "")
        encrypted = event["type"] == "m.room.encrypted"
        if encrypted and not event["content"]:
            return True  # redacted
        told: Event | None = None
        if encrypted and event["sender"] == us:
            told = arrived(room.room_id, event)
        elif encrypted:
            try:
                plain = await self._decryptor.open(room.room_id, event)
            except NotYet as reason:
                await self._unread(room, event, reason, late=late)
                return False
            told = heard(room.room_id, plain, names, encrypted=True)
            if self._waiting.was_told(event["event_id"]):
                told = told and too_late(told)
        elif event["type"] == "m.room.tombstone":
            self._moves.follow(room, event)
        else:
            told = heard(room.room_id, event, names, encrypted=False)
        if told is not None:
            await self._on_event(told)
        return True

    async def _unread(self, room: Room, event: Mapping[str, Any], reason: NotYet, *, late: bool) -> None:
        """Let it wait, or tell that it waited for too long: under an id of its own, because it is still to come."""
        event_id = event["event_id"]
        if self._waiting.was_told(event_id):
            return
        log.info("event %s in %s waits: %s", event_id, room.room_id, reason)
        if not late and self._waiting.add(room.room_id, event, self._now_ms()):
            return
        who = origin(room.room_id, event)
        who["event_id"] = f"unread {event_id}"
        await self._on_event(Unreadable(**who, unverified=isinstance(reason, Unverified)))
        self._waiting.tell(event_id, self._now_ms())


def since_our_join(events: list[Any], us: str) -> list[Any]:
    """The events after we came in, when our coming in is among them; what was said before was not for us."""
    for position in range(len(events) - 1, -1, -1):
        if is_our_join(events[position], us):
            return events[position + 1 :]
    return events


def is_our_join(event: object, us: str) -> bool:
    """Whether this is the event with which we joined (renaming ourselves is not)."""
    match event:
        case {"type": "m.room.member", "state_key": key, "content": {"membership": "join"}} if key == us:
            return isinstance(event, dict) and membership_before(event) != "join"
    return False


def _id(event: Mapping[str, Any]) -> str:
    """The event's id for the log, if it looks like one: whatever else stands there is a stranger's text."""
    event_id = event.get("event_id")
    is_one = isinstance(event_id, str) and re.fullmatch(r"\$[A-Za-z0-9_\-+/=.:]{1,254}", event_id) is not None
    return str(event_id) if is_one else "without id"


def _where(error: Exception) -> str:
    """Which error and where in the code, never its text, which may hold what somebody said."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
