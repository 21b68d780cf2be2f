"""The stage of the benchmarks: a homeserver, a region with its nurses, and three who answer them, each in a room.

Schakelbot and the bare echo bot run as processes of their own; the mirror stands for the homeserver alone: a telephone
that answers at once and does nothing else. The region has ten thousand open zorgvragen before anybody speaks.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from benchmarks.echo_process import EchoProcess
from benchmarks.files import area_file, settings_file
from benchmarks.phone import Phone
from bot.clock import now
from bot.matrix.wire import path
from demo.bot_process import BotProcess
from demo.homeserver import Homeserver
from demo.synapse_config import free_port
from domain.audience import RegionRoom
from domain.care import Care, Kind
from storage.seal import Seal
from storage.work import open_store

PASSWORD = "bench-password"
REGION = "noord"
OPEN = 10_000  # zorgvragen
ENCRYPTED: dict[str, Any] = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


class Stage:
    """Everything that is measured on, between `async with`."""

    def __init__(self, homeserver: Homeserver, directory: Path, nurses: int) -> None:
        self.homeserver = homeserver
        self.directory = directory
        self.nurses: list[Phone] = []
        self.carla: Phone
        self.mirror: Phone
        self.bot: BotProcess
        self.echo: EchoProcess
        self.region_room = self.echo_room = self.mirror_room = ""
        self._nurses = nurses
        self._numbers: Iterator[int] = count(1)
        self._key = Seal.new_key()
        self._port = free_port()
        self._doors = AsyncExitStack()

    @property
    def bot_id(self) -> str:
        """Schakelbot's user id."""
        return self._user_id("schakelbot")

    @property
    def echo_id(self) -> str:
        """The echo bot's user id."""
        return self._user_id("echo")

    def number(self) -> int:
        """An open zorgvraag that nobody has spoken of."""
        return next(self._numbers)

    async def __aenter__(self) -> Self:
        try:
            await self._bring_people()
            await self._bring_schakelbot()
            await self._bring_echo()
            await self._bring_mirror()
            for nurse in self.nurses:
                await nurse.meet(self.bot_id, self.region_room)
                await nurse.meet(self.echo_id, self.echo_room)
            await self.carla.listen()
            await self.quiet()
        except BaseException:
            await self._doors.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._doors.aclose()

    async def move(self, homeserver: Homeserver) -> None:
        """Everybody finds the homeserver there from now on. Schakelbot is started anew, the echo bot is sent home."""
        await self.bot.stop()
        await self.echo.stop()
        self.homeserver = homeserver
        for phone in (self.carla, self.mirror, *self.nurses):
            await phone.move(homeserver.url)
        await self.start_schakelbot()

    async def start_schakelbot(self) -> None:
        """Start it on the data that it has; return when it says that it is ready."""
        config, clock = self._write_settings(), self.directory / "clock"
        self.bot = BotProcess(config, clock, self.directory / "bot.log", f"http://127.0.0.1:{self._port}")
        self._doors.push_async_callback(self.bot.stop)
        await self.bot.start()

    async def start_echo(self) -> None:
        """Start the echo bot on the data that it has."""
        directory = self.directory / "echo"
        self.echo = await EchoProcess(self.homeserver.url, self.echo_id, PASSWORD, directory).start()
        self._doors.push_async_callback(self.echo.stop)

    async def quiet(self) -> None:
        """Return when everybody was welcomed and nothing waits to be said, so that one measure is not in the other."""
        async with asyncio.timeout(300), httpx.AsyncClient(base_url=self.bot.url) as client:
            said = -1.0
            while True:
                figures = (await client.get("/metrics")).text
                before, said = said, _letters(figures, "sent")
                if _letters(figures, "waiting") == 0 and said >= len(self.nurses) and said == before:
                    return
                await asyncio.sleep(1)

    def _write_settings(self) -> Path:
        config = self.directory / "schakelbot.toml"
        url, user_id = self.homeserver.url, self.bot_id
        text = settings_file(homeserver=url, user_id=user_id, password=PASSWORD, key=self._key, port=self._port)
        config.write_text(text)
        (self.directory / "clock").write_text("0")
        return config

    def _user_id(self, localpart: str) -> str:
        return f"@{localpart}:{self.homeserver.server_name}"

    async def _bring_people(self) -> None:
        self.carla = await self._phone("carla")
        self.nurses = [await self._phone(f"nurse{number}") for number in range(self._nurses)]

    async def _phone(self, localpart: str) -> Phone:
        await self.homeserver.register(localpart, PASSWORD)
        phone = await Phone.open(self.homeserver.url, localpart, PASSWORD)
        self._doors.push_async_callback(phone.close)
        return phone

    async def _bring_schakelbot(self) -> None:
        await self.homeserver.register("schakelbot", PASSWORD)
        area = self.directory / "area.toml"
        area.write_text(area_file(self.carla.user_id, [nurse.user_id for nurse in self.nurses]))
        await _run_bot("apply", str(area), "--config", str(self._write_settings()))
        store = await open_store(self.directory / "data" / "schakelbot.db", Seal(self._key))
        try:
            async with store.work() as work:
                self.region_room = await work.rooms.room_of(RegionRoom(REGION)) or ""
                region = await work.people.region(REGION)
                for _ in range(OPEN):
                    await work.zorgvragen.add(region, Care("7523", (Kind.WONDZORG,)), self.carla.user_id, now())
        finally:
            await store.close()
        await self.start_schakelbot()
        for phone in (self.carla, *self.nurses):
            await phone.join(self.region_room)

    async def _bring_echo(self) -> None:
        await self.homeserver.register("echo", PASSWORD)
        await self.start_echo()
        self.echo_room = await self._room(self.echo_id, *(nurse.user_id for nurse in self.nurses))
        for nurse in self.nurses:
            await nurse.join(self.echo_room)
        await self._until_joined(self.echo_room, self.echo_id)

    async def _bring_mirror(self) -> None:
        self.mirror = await self._phone("mirror")
        speaker = self.nurses[0]
        self.mirror_room = await self._room(self.mirror.user_id, *(nurse.user_id for nurse in self.nurses))
        for phone in (self.mirror, *self.nurses):
            await phone.join(self.mirror_room)
        await speaker.meet(self.mirror.user_id, self.mirror_room)
        await self.mirror.meet(speaker.user_id, self.mirror_room)

    async def _room(self, *invited: str) -> str:
        body: dict[str, Any] = {"preset": "private_chat", "invite": list(invited), "initial_state": [ENCRYPTED]}
        return str((await self.carla.call("POST", path("v3", "createRoom"), body))["room_id"])

    async def _until_joined(self, room_id: str, user_id: str) -> None:
        async with asyncio.timeout(60):
            while True:
                answer = await self.carla.call("GET", path("v3", "rooms", room_id, "joined_members"))
                if user_id in answer["joined"]:
                    return
                await asyncio.sleep(0.2)


def _letters(figures: str, outcome: str) -> float:
    """How many letters have this outcome, in what Prometheus reads."""
    name = f'schakelbot_letters_total{{outcome="{outcome}"}} '
    return sum(float(line.removeprefix(name)) for line in figures.splitlines() if line.startswith(name))


async def _run_bot(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    if await process.wait() != 0:
        raise RuntimeError(f"python -m bot {arguments[0]} failed")
