"""Assembles everything, in the order in which a kill heals: store, intake, chat, first sync, tick, postman.

What needs no homeserver opens before it is reached: a zorgvraag that comes in is kept, and said as soon as it can be.
"""

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
from bot.bell import Bell
from bot.caretaker import Caretaker, in_silence
from bot.chat import NotKept, TryLater
from bot.dispatch import Dispatch
from bot.doorkeeper import Doorkeeper
from bot.front_door import front_door
from bot.half_restored import finish_or_refuse
from bot.health import Health
from bot.hearing import Hearing
from bot.intake import Intake
from bot.lock import only_one
from bot.logout import is_mended_by_a_login, the_logout
from bot.matrix.connect import MatrixHouse, connect
from bot.matrix.identity import IdentityState
from bot.matrix.wire import PATIENCE, LoggedOut
from bot.postman import Postman
from bot.reach import Reach
from bot.remains import refuse_what_was_lost
from bot.servers import Servers
from bot.steady import Steady
from bot.tick import Tick
from bot.version import VERSION
from config.settings import Settings
from storage.seal import Seal
from storage.work import Store, open_store

log = structlog.get_logger()


class House:
    """A running Schakelbot. `now` is an argument, so that a demo or a test can move time.

    `patience` is how many seconds the homeserver has for an ordinary answer.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock.now, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._settings = settings
        self._now = now
        self._doors = AsyncExitStack()
        self._seal = Seal(settings.seal.key.get_secret_value())
        self._servers = Servers.around(settings.matrix.user_id, settings.matrix.allowed_servers)
        self._reach = Reach()
        self._bell = Bell()
        self._is_connected = False
        self.store: Store
        self._dispatch: Dispatch
        self._doorkeeper: Doorkeeper
        self._auditor: Auditor
        self._ticking: Tick
        self._health: Health
        self._steady: Steady
        self._hearing: Hearing
        # From here on: once it is connected.
        self._matrix: MatrixHouse
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
        """Take the data directory, migrate, and build all that needs no homeserver.

        Raises AlreadyRunning, DataError, StorageError or WrongKey.
        """
        os.umask(0o077)  # everything that we write is ours alone
        directory = self._settings.data
        self._doors.enter_context(only_one(directory))
        finish_or_refuse(directory)
        refuse_what_was_lost(directory)
        self.store = await open_store(directory / "schakelbot.db", self._seal)
        self._doors.push_async_callback(self.store.close)
        self._dispatch = Dispatch(self.store, self._now, self._bell.ring, self._servers)
        self._dispatch.names = (self._settings.matrix.display_name, self._settings.matrix.user_id)
        self._doorkeeper = Doorkeeper(self.store, self._now, self._bell.ring, self._servers)
        self._doors.push_async_callback(self._doorkeeper.close)
        self._auditor = Auditor(self.store, self._now, self._bell.ring)
        self._ticking = Tick(self.store, self._now, self._bell.ring)
        self._health = Health(
            self.store, self._is_trusted, self._why_mute, self._auditor.reasons, self._keys_left, self._reach
        )
        self._steady = Steady(self._health)
        self._hearing = Hearing(self.store, self._steady, self._health, self._bell, self._now, self._dispatch)

    async def connect(self) -> None:
        """Restore our device, or log in; once in the life of a house. Raises ChatError; nothing is heard yet."""
        if self._is_connected:
            return
        matrix = self._settings.matrix
        self._matrix = await connect(
            homeserver=matrix.homeserver,
            user=matrix.user_id,
            password=matrix.password.get_secret_value() if matrix.password else None,
            seal=self._seal,
            data_dir=self._settings.data / "matrix",
            trust=matrix.trust,
            on_event=self._auditor.watched(self._hearing.hear),
            load_cursor=self._hearing.load_cursor,
            save_cursor=self._hearing.save_cursor,
            may_join=self._doorkeeper.may_join,
            clock=self._now,
            on_changed_identity=self._doorkeeper.identity_changed,
            display_name=matrix.display_name,
            servers=self._servers,
            answer_within=self._patience,
            reach=self._reach,
        )
        self._doors.push_async_callback(self._matrix.close)
        self._postman = Postman(self.store, self._matrix.chat, self._now, self._bell, self._hearing.is_deaf)
        self._caretaker = Caretaker(self.store, self._matrix.chat, self._servers)
        self._is_connected = True

    def open_intake(self) -> Intake | None:
        """The HTTP door with its port taken, unless the settings want none; `run` answers there. Raises IntakeError."""
        intake = front_door(self._settings, self.store, self._health, self._now, self._bell.ring)
        if intake is not None:
            intake.open()
            self._doors.callback(intake.close)
        return intake

    async def run(self) -> None:
        """Hear, do and tell until cancelled; the HTTP door answers at once, however long the homeserver is away.

        It stays open when the homeserver has ended our login: what comes in is kept, and /ready says what to do.
        Raises IntakeError, or an ExceptionGroup: with LoggedOut when a new login mends it or there is no door, or with
        another ChatError that waiting does not mend.
        """
        intake = self.open_intake()
        async with self.store.look() as work:
            log.info("started", version=VERSION, regions=len(await work.people.regions()))
        try:
            async with asyncio.TaskGroup() as tasks:
                if intake is not None:
                    tasks.create_task(intake.run())
                try:
                    await self._live()
                except* LoggedOut as gone:
                    if intake is None or is_mended_by_a_login(gone, self._settings):
                        raise
                    log.error("login ended by the homeserver; the door stays open")
                    self._health.ended(str(the_logout(gone)))
        finally:
            log.info("stopped")

    async def close(self) -> None:
        """Let go of everything, in reverse order. The device stays logged in."""
        await self._doors.aclose()

    async def set_up_rooms(self, waiting: Callable[[float], None] = in_silence) -> list[str]:
        """Make and fill every room now, and return when that is done: for `apply`. Raises ChatError.

        Returns a line for whatever the homeserver refused. `waiting` hears for how many seconds it asks for patience.
        """
        await self.connect()
        await self._arrive()
        return await self._caretaker.round_at_last(waiting)

    async def keep_rooms_once(self) -> list[str]:
        """Put every room in order, with as much patience as the homeserver asks for; a line for whatever it refused."""
        return await self._caretaker.round_at_last()

    async def tick(self) -> None:
        """Do everything that is due at this moment, however late it is."""
        await self._ticking()

    async def _live(self) -> None:
        await self._arrive()
        await self._tick()
        if self.identity.trusted:
            log.info("ready")
        else:
            log.error("identity is not in order", status=self.identity.status)
        ticker = clock.Ticker(self._tick, self._settings.clock.tick)
        self._doors.callback(ticker.stop)
        ticker.start()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._matrix.run())
            tasks.create_task(self._matrix.watch())
            tasks.create_task(self._steady.for_ever(self._postman.run))
            tasks.create_task(self._steady.for_ever(self._keep_rooms))
            tasks.create_task(self._steady.for_ever(self._auditor.run))

    async def _arrive(self) -> None:
        """Connect, learn the rooms and hear what happened while we were away; once in the life of a house."""
        backoff = Backoff()
        while not self._health.has_heard:
            try:
                await self.connect()
                await self._matrix.first_sync()
            except LoggedOut:
                raise
            except NotKept as trouble:
                # Whoever waits for `apply` sees the log alone.
                log.error("something could not be kept", code=str(trouble))
                self._health.cannot_keep(str(trouble))
                await asyncio.sleep(backoff.failed())
            except TryLater as later:
                self._reach.failed(later)
                await asyncio.sleep(backoff.failed(later.after))
        self._reach.worked()

    async def _tick(self) -> None:
        """The tick as the clock gives it: what cannot be kept now is due at the next one."""
        await self._steady.once(self.tick)

    async def _keep_rooms(self) -> None:
        await self._caretaker.run(self._bell.ring)

    def _is_trusted(self) -> bool:
        return not self._is_connected or self.identity.trusted

    def _keys_left(self) -> int | None:
        return self._matrix.keys_left if self._is_connected else None

    def _why_mute(self, room_id: str) -> str | None:
        return self._matrix.chat.why_mute(room_id)
