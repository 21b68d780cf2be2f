"""Assembles everything, in the order in which a kill heals: store, chat, first sync, postman, tick, intake."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

import structlog

from bot import clock
from bot.caretaker import Caretaker
from bot.chat import ChatError, TryLater
from bot.dispatch import Dispatch
from bot.doorkeeper import Doorkeeper
from bot.health import Health
from bot.intake import Intake, build_app, fingerprint_key
from bot.lock import only_one
from bot.matrix.connect import MatrixHouse, connect
from bot.matrix.identity import IdentityState
from bot.matrix.wire import LoggedOut
from bot.metrics import Metrics
from bot.postman import Postman
from bot.servers import Servers
from commands.digest import send_digests
from commands.erase import erase
from commands.repost import MOST, repost
from config.settings import Settings
from storage.seal import Seal
from storage.work import Store, open_store

log = structlog.get_logger()

CURSOR = "sync"
CARETAKER_REST = 30.0  # seconds between two looks at the rooms
LONGEST_PAUSE = 60.0


class House:
    """A running Schakelbot. `now` is an argument, so that a demo or a test can move time."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock.now) -> None:
        self._settings = settings
        self._now = now
        self._doors = AsyncExitStack()
        self.store: Store
        self._matrix: MatrixHouse
        self._health: Health
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
        dispatch = Dispatch(self.store, self._now, self._ring, servers)
        door = Doorkeeper(self.store, self._now, self._ring, servers)
        self._matrix = await connect(
            homeserver=matrix.homeserver,
            user=matrix.user_id,
            password=matrix.password.get_secret_value() if matrix.password else None,
            seal=seal,
            data_dir=directory / "matrix",
            trust=matrix.trust,
            on_event=dispatch,
            load_cursor=self._load_cursor,
            save_cursor=self._save_cursor,
            may_join=door.may_join,
            clock=self._now,
            on_changed_identity=door.identity_changed,
            display_name=matrix.display_name,
            servers=servers,
        )
        self._doors.push_async_callback(self._matrix.close)
        dispatch.names = (matrix.display_name, self._matrix.user_id)
        self._health = Health(self.store, self._now, lambda: self.identity.trusted, self._matrix.chat.is_in)
        self._postman = Postman(self.store, self._matrix.chat, self._now)
        self._caretaker = Caretaker(self.store, self._matrix.chat, servers)

    async def run(self) -> None:
        """Hear, do and tell until cancelled.

        Raises an ExceptionGroup with LoggedOut when the homeserver no longer knows our device, or with IntakeError.
        """
        intake = self._intake()
        await self._first_sync()
        await self.tick()
        ticker = clock.Ticker(self.tick, self._settings.clock.tick)
        ticker.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._matrix.run())
                tasks.create_task(self._postman.run())
                tasks.create_task(self._keep_rooms())
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
        more = True
        while more:
            async with self.store.work() as work:
                more = await repost(work, self._now()) == MOST
        async with self.store.work() as work:
            await send_digests(work, self._now())
        async with self.store.work() as work:
            await erase(work, self._now())
        self._ring()

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
        pause = 1.0
        while not self._health.has_heard:
            try:
                await self._matrix.first_sync()
            except TryLater as later:
                await asyncio.sleep(later.after if later.after is not None else pause)
                pause = min(pause * 2, LONGEST_PAUSE)

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
            await asyncio.sleep(later.after if later.after is not None else 5.0)
            return False
        except ChatError as refused:
            log.error("room cannot be kept", code=str(refused))
        return True

    def _ring(self) -> None:
        self._postman.ring()

    async def _load_cursor(self) -> str | None:
        async with self.store.look() as work:
            return await work.inbox.cursor(CURSOR)

    async def _save_cursor(self, value: str) -> None:
        async with self.store.work() as work:
            await work.inbox.move_cursor(CURSOR, value)
        self._health.heard()


async def keep_house(settings: Settings, now: Callable[[], datetime] = clock.now) -> None:
    """Open the house, live in it until cancelled, and close it, whatever happened."""
    house = await _opened(settings, now)
    try:
        await house.run()
    finally:
        await house.close()


async def _opened(settings: Settings, now: Callable[[], datetime]) -> House:
    """An open house, however long the homeserver is away. Raises what waiting does not mend."""
    pause = 1.0
    while True:
        house = House(settings, now)
        try:
            await house.open()
        except TryLater as later:
            await house.close()
            if isinstance(later, LoggedOut):
                raise
            wait = later.after if later.after is not None else pause * random.uniform(0.5, 1)
            log.warning("homeserver away", seconds=round(wait, 1))
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
        except BaseException:
            await house.close()
            raise
        else:
            return house
