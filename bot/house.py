"""Assembles everything, in the order in which a kill heals: store, chat, first sync, postman, tick, intake."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

import structlog

from bot import clock
from bot.auditor import Auditor
from bot.backoff import Backoff
from bot.caretaker import Caretaker
from bot.chat import ChatError, Event, TryLater
from bot.dispatch import Dispatch
from bot.doorkeeper import Doorkeeper
from bot.health import Health
from bot.intake import Intake, build_app, fingerprint_key
from bot.lock import only_one
from bot.matrix.connect import MatrixHouse, connect
from bot.matrix.identity import IdentityState
from bot.matrix.wire import PATIENCE, LoggedOut
from bot.metrics import Metrics
from bot.postman import Postman
from bot.servers import Servers
from bot.steady import Steady
from bot.tick import Tick
from config.settings import Settings
from storage.seal import Seal
from storage.work import Store, open_store

log = structlog.get_logger()

CURSOR = "sync"
CARETAKER_REST = 30.0  # seconds between two looks at the rooms
LONG_SILENCE = 45.0  # seconds; a long poll answers within 30
# seconds; a homeserver that is asked for more before it has our answer serves us first, and who waits for it later
ANSWER_FIRST = 0.2


class House:
    """A running Schakelbot. `now` is an argument, so that a demo or a test can move time.

    `patience` is how many seconds the homeserver has for an ordinary answer.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock.now, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._settings = settings
        self._now = now
        self._doors = AsyncExitStack()
        self._rounds = Backoff()  # of the caretaker
        self.store: Store
        self._matrix: MatrixHouse
        self._dispatch: Dispatch
        self._health: Health
        self._steady: Steady
        self._auditor: Auditor
        self._postman: Postman
        self._caretaker: Caretaker

    @property
    def user_id(self) -> str:
        """The bot's own user id, as the homeserver knows it."""
        return self._matrix.user_id

    @property
    def identity(self) -> IdentityState:
        """How our cross-signing identity stood when we connected."""
        return self._matrix.identity

    async def open(self) -> None:
        """Migrate, restore the device, connect. Raises ChatError, AlreadyRunning or WrongKey; nothing is heard yet."""
        os.umask(0o077)  # everything that we write is ours alone
        directory = self._settings.data
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._doors.enter_context(only_one(directory))
        seal = Seal(self._settings.seal.key.get_secret_value())
        self.store = await open_store(directory / "schakelbot.db", seal)
        self._doors.push_async_callback(self.store.close)
        matrix = self._settings.matrix
        servers = Servers.around(matrix.user_id, matrix.allowed_servers)
        self._dispatch = Dispatch(self.store, self._now, self._ring, servers)
        self._auditor = Auditor(self.store, self._now, self._ring)
        self._ticking = Tick(self.store, self._now, self._ring)
        door = Doorkeeper(self.store, self._now, self._ring, servers)
        self._matrix = await connect(
            homeserver=matrix.homeserver,
            user=matrix.user_id,
            password=matrix.password.get_secret_value() if matrix.password else None,
            seal=seal,
            data_dir=directory / "matrix",
            trust=matrix.trust,
            on_event=self._auditor.watched(self._hear),
            load_cursor=self._load_cursor,
            save_cursor=self._save_cursor,
            may_join=door.may_join,
            clock=self._now,
            on_changed_identity=door.identity_changed,
            display_name=matrix.display_name,
            servers=servers,
            answer_within=self._patience,
        )
        self._doors.push_async_callback(self._matrix.close)
        self._dispatch.names = (matrix.display_name, self._matrix.user_id)
        is_in, lapses = self._matrix.chat.is_in, self._auditor.reasons
        self._health = Health(self.store, lambda: self.identity.trusted, is_in, lapses)
        self._steady = Steady(self._health)
        self._postman = Postman(self.store, self._matrix.chat, self._now)
        self._caretaker = Caretaker(self.store, self._matrix.chat, servers)

    async def run(self) -> None:
        """Hear, do and tell until cancelled.

        Raises an ExceptionGroup with LoggedOut when the homeserver no longer knows our device, or with IntakeError.
        """
        intake = self._intake()
        await self._first_sync()
        await self._tick()
        ticker = clock.Ticker(self._tick, self._settings.clock.tick)
        ticker.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._matrix.run())
                tasks.create_task(self._steady.for_ever(self._postman.run))
                tasks.create_task(self._steady.for_ever(self._keep_rooms))
                tasks.create_task(self._steady.for_ever(self._auditor.run))
                if intake is not None:
                    tasks.create_task(intake.run())
        finally:
            ticker.stop()

    async def close(self) -> None:
        """Let go of everything, in reverse order. The device stays logged in."""
        await self._doors.aclose()

    async def set_up_rooms(self) -> None:
        """Make and fill every room now, and return when that is done: for `apply`."""
        await self._first_sync()
        await self.keep_rooms_once()

    async def keep_rooms_once(self) -> None:
        """Put every room in order, with as much patience as the homeserver asks for."""
        while not await self._round():
            continue

    async def tick(self) -> None:
        """Do everything that is due at this moment, however late it is."""
        await self._ticking()

    def _intake(self) -> Intake | None:
        """The HTTP door with its port taken, so that a wrong port is told before anything else happens."""
        settings = self._settings.intake
        if not settings.enabled:
            return None
        key = fingerprint_key(self._settings.seal.key.get_secret_value())
        metrics = Metrics(self.store, self._health, self._now)
        app = build_app(self.store, self._now, self._ring, settings, key, self._health.reasons, metrics.exposition)
        intake = Intake(app, settings.host, settings.port)
        intake.open()
        self._doors.callback(intake.close)
        return intake

    async def _first_sync(self) -> None:
        """Learn the rooms and hear what happened while we were away; once in the life of a house."""
        backoff = Backoff()
        while not self._health.has_heard:
            try:
                await self._matrix.first_sync()
            except LoggedOut:
                raise
            except TryLater as later:
                await asyncio.sleep(backoff.failed(later.after))

    async def _tick(self) -> None:
        """The tick as the clock gives it: what cannot be kept now is due at the next one."""
        await self._steady.once(self.tick)

    async def _keep_rooms(self) -> None:
        while True:
            if await self._round():
                self._postman.ring()
                await asyncio.sleep(CARETAKER_REST)

    async def _round(self) -> bool:
        """One round of the caretaker; False when the homeserver asked for patience, which was then taken."""
        try:
            await self._caretaker.round()
        except TryLater as later:
            await asyncio.sleep(self._rounds.failed(later.after))
            return False
        except ChatError as refused:
            log.error("room cannot be kept", code=str(refused))
        self._rounds.worked()
        return True

    def _ring(self) -> None:
        self._postman.ring()

    async def _hear(self, event: Event) -> None:
        try:
            await self._dispatch(event)
        except TryLater as trouble:  # it asks for patience only when the database takes nothing
            self._health.cannot_keep(str(trouble))
            raise

    async def _load_cursor(self) -> str | None:
        async with self._steady.or_later(), self.store.look() as work:
            return await work.inbox.cursor(CURSOR)

    async def _save_cursor(self, value: str) -> None:
        await self._postman.answered(ANSWER_FIRST)
        async with self._steady.or_later(), self.store.work() as work:
            await work.inbox.move_cursor(CURSOR, value)
            if self._health.silence > LONG_SILENCE:  # the homeserver is back: no letter needs to wait any longer
                await work.outbox.hurry(self._now())
                self._postman.reachable()
        self._health.heard()
