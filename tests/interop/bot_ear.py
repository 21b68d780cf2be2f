"""The bot's Matrix folder alone, running: it speaks when a test says so and keeps what it heard. No commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from bot.chat import Event, RoomPlan, Said
from bot.matrix.chat import MatrixChat
from bot.matrix.connect import MatrixHouse, connect
from storage.seal import Seal

PATIENCE = 30.0  # seconds a wait in vain takes

Kind = TypeVar("Kind", bound=Event)


class BotEar:
    """One bot account on one homeserver with its data in one directory; `running()` may be entered again."""

    def __init__(self, homeserver: str, localpart: str, password: str, data_dir: Path) -> None:
        self._homeserver = homeserver
        self._localpart = localpart
        self._password = password
        self._data_dir = data_dir
        self.seal = Seal(Seal.new_key())
        self._cursor: str | None = None
        self._txn_ids = (f"txn-{number}" for number in count(1))
        self._heard: list[Event] = []
        self._news = asyncio.Condition()
        self.house: MatrixHouse

    @property
    def user_id(self) -> str:
        """The bot's account."""
        return self.house.user_id

    @property
    def chat(self) -> MatrixChat:
        """What it may do in rooms."""
        return self.house.chat

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect, hear what was missed, and listen until the block ends."""
        self.house = await connect(
            homeserver=self._homeserver,
            user=self._localpart,
            password=self._password,
            seal=self.seal,
            data_dir=self._data_dir,
            trust="cross-signed",
            on_event=self._hear,
            load_cursor=self._load_cursor,
            save_cursor=self._save_cursor,
            may_join=_may_not_join,
            clock=lambda: datetime.now(UTC),
        )
        try:
            await self.house.first_sync()
            listening = asyncio.create_task(self.house.run())
            try:
                yield
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
        finally:
            await self.house.close()

    async def create_room(self, *user_ids: str) -> str:
        """A room of the house with these people invited; its room id."""
        people = dict.fromkeys(user_ids, 0)
        plan = RoomPlan(purpose="region:noord", name="Noord", topic="Wijkverpleging", people=people)
        room = await self.chat.create(plan)
        for user_id in user_ids:
            await self.chat.invite(room, user_id)
        return room

    async def say(self, room: str, text: str, **more: Any) -> str:
        """Send a text, with `more` in its content; its event id."""
        return await self.chat.send(room, {"msgtype": "m.text", "body": text, **more}, next(self._txn_ids))

    async def hears(self, text: str) -> Said:
        """The message with this text, as soon as the bot has heard it."""
        return await self.hears_of(Said, lambda said: said.body == text)

    async def hears_of(self, kind: type[Kind], fits: Callable[[Kind], bool]) -> Kind:
        """The first event of this kind that fits, as soon as the bot has heard it; TimeoutError in vain."""

        def found() -> list[Kind]:
            return [event for event in self._heard if isinstance(event, kind) and fits(event)]

        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(found)
        return found()[0]

    def has_heard(self, text: str) -> bool:
        """Whether a message with this text reached it so far."""
        return any(isinstance(event, Said) and event.body == text for event in self._heard)

    async def _hear(self, event: Event) -> None:
        async with self._news:
            self._heard.append(event)
            self._news.notify_all()

    async def _load_cursor(self) -> str | None:
        return self._cursor

    async def _save_cursor(self, cursor: str) -> None:
        self._cursor = cursor


async def _may_not_join(_room_id: str, _inviter: str, _is_direct: bool) -> bool:
    return False
