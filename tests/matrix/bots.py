"""A bot without a house: bot.matrix connected to a real homeserver, its ears kept in a list, its time movable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.chat import Event, Said
from bot.matrix.connect import MatrixHouse, connect
from bot.matrix.trust import Policy
from bot.servers import Servers
from storage.seal import Seal

PASSWORD = "geheim-genoeg"


class Bot:
    """One bot account with its data directory; `start` and `stop` as often as a test wants."""

    def __init__(self, homeserver: str, localpart: str, data_dir: Path, trust: Policy = "cross-signed") -> None:
        self.homeserver = homeserver
        self.localpart = localpart
        self.data_dir = data_dir
        self.trust: Policy = trust
        self.seal = Seal(Seal.new_key())
        self.heard: list[Event] = []
        self.cursor: str | None = None
        self.changed: list[str] = []
        self.welcome: set[str] = set()
        self.ahead = timedelta()  # how far our clock is moved
        self.patience = timedelta(minutes=5)
        self.display_name: str | None = None
        self.servers: Servers | None = None
        self.fail: Callable[[Event], None] = lambda _: None
        self.matrix: MatrixHouse
        self._running: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    async def connect(self) -> MatrixHouse:
        """A connected device that has not heard anything yet."""
        self.matrix = await connect(
            homeserver=self.homeserver,
            user=self.localpart,
            password=PASSWORD,
            seal=self.seal,
            data_dir=self.data_dir,
            trust=self.trust,
            on_event=self._hear,
            load_cursor=self._load,
            save_cursor=self._save,
            may_join=self._may_join,
            clock=lambda: datetime.now(UTC) + self.ahead,
            patience=self.patience,
            on_changed_identity=self._hear_changed,
            display_name=self.display_name,
            servers=self.servers,
        )
        return self.matrix

    async def start(self) -> Bot:
        """Connect, hear what happened since the cursor, and go on listening."""
        await self.connect()
        await self.matrix.first_sync()
        self.listen()
        return self

    def listen(self) -> None:
        """Listen from here on."""
        self._running = asyncio.create_task(self.matrix.run())

    async def deaf(self) -> None:
        """Stop listening."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None

    async def stop(self) -> None:
        """Stop, as far as the process is concerned; the data directory stays."""
        await self.deaf()
        if hasattr(self, "matrix"):
            await self.matrix.close()

    async def send(self, room_id: str, text: str, txn_id: str) -> str:
        """Say a plain text."""
        return await self.matrix.chat.send(room_id, {"msgtype": "m.text", "body": text}, txn_id)

    def said(self) -> list[str]:
        """The bodies of the texts that were heard, in order."""
        return [event.body for event in self.heard if isinstance(event, Said)]

    async def wait_until(self, condition: Callable[[], Any], within: float = 60.0) -> None:
        """Return when `condition` holds, looking after each event and each saved cursor."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(condition)

    async def wait_for(self, body: str) -> Said:
        """The first text with this body."""

        def found() -> Said | None:
            texts = (event for event in self.heard if isinstance(event, Said))
            return next((event for event in texts if event.body == body), None)

        await self.wait_until(found)
        event = found()
        assert event is not None
        return event

    async def _hear(self, event: Event) -> None:
        self.fail(event)
        self.heard.append(event)
        await self._tell()

    def _hear_changed(self, user_id: str, _master: str, written: Callable[[], None]) -> None:
        self.changed.append(user_id)
        written()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _load(self) -> str | None:
        return self.cursor

    async def _save(self, cursor: str) -> None:
        self.cursor = cursor
        await self._tell()

    async def _may_join(self, _room_id: str, inviter: str, is_direct: bool) -> bool:
        return is_direct and inviter in self.welcome
