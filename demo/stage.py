"""The stage of the demo: a homeserver, the bot's files as an administrator would write them, the bot, the people."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from demo.bot_process import BotProcess
from demo.homeserver import Homeserver
from demo.people import Message, Person
from demo.synapse_config import free_port
from storage.seal import Seal

PATIENCE = 60.0  # seconds for anything to show on somebody's telephone; it mostly takes less than one
PASSWORD = "demo-password"

# Made-up people of made-up teams; the organisations are named as in any Dutch region.
CAST = {
    "carla": "Carla",
    "fatima": "Fatima",
    "jan": "Jan",
    "mo": "Mo",
    "linda": "Linda",
}
VIEWER = "kijker"

SETTINGS = """
data = "data"

[matrix]
homeserver = "{homeserver}"
user_id = "@schakelbot:{server}"
password = "{password}"

[seal]
key = "{key}"

[intake]
port = {port}

[[intake.sources]]
name = "transferbureau"
token_hash = "sha256:{token_hash}"

[clock]
tick = 0.5
"""

AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{{ id = "@carla:{server}", name = "Carla" }}]

[[organisation]]
name = "Buurtzorg"

[[organisation]]
name = "Livio"

[[organisation]]
name = "Carint"

[[team]]
name = "Roombeek"
organisation = "Buurtzorg"
region = "Noord"
nurses = [{{ id = "@fatima:{server}", name = "Fatima" }}, {{ id = "@kijker:{server}", name = "Kijker" }}]

[[team]]
name = "Deppenbroek"
organisation = "Livio"
region = "Noord"
postcodes = ["7520-7525"]
nurses = [{{ id = "@jan:{server}", name = "Jan" }}]
team_leads = [{{ id = "@linda:{server}", name = "Linda" }}]

[[team]]
name = "Twekkelerveld"
organisation = "Carint"
region = "Noord"
team_leads = [{{ id = "@mo:{server}", name = "Mo" }}]
"""


class StepFailed(Exception):
    """Something of the story did not happen."""


@dataclass
class Stage:
    """Everything that the story needs, built by `set_up` and taken down by `close`."""

    directory: Path
    homeserver: Homeserver
    doors: AsyncExitStack = field(default_factory=AsyncExitStack)
    people: dict[str, Person] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    ahead: timedelta = timedelta(0)
    room: str = ""
    coordination: str = ""
    bot: BotProcess = field(init=False)

    async def set_up_bot(self) -> list[str]:
        """Write the two files, run `python -m bot apply`, start the bot. Returns what apply printed."""
        for localpart in ("schakelbot", VIEWER, *CAST):
            await self.homeserver.register(localpart, PASSWORD)
        port = free_port()
        config, area, clock = (self.directory / name for name in ("schakelbot.toml", "area.toml", "clock"))
        config.write_text(
            SETTINGS.format(
                homeserver=self.homeserver.url,
                server=self.homeserver.server_name,
                password=PASSWORD,
                key=Seal.new_key(),
                port=port,
                token_hash=hashlib.sha256(self.token.encode()).hexdigest(),
            )
        )
        area.write_text(AREA.format(server=self.homeserver.server_name))
        clock.write_text("0")
        printed = await self._command("apply", str(area), "--config", str(config))
        self.bot = BotProcess(config, clock, self.directory / "bot.log", f"http://127.0.0.1:{port}")
        self.doors.push_async_callback(self.bot.stop)
        await self.bot.start()
        return printed

    async def bring_people(self) -> None:
        """Everybody opens their own client and accepts the invitation."""
        for localpart in CAST:
            client = Person(self.homeserver.url, localpart, PASSWORD)
            self.people[localpart] = await self.doors.enter_async_context(client)
        for person in self.people.values():
            await person.wait_until(lambda person=person: bool(person.client.rooms), within=PATIENCE)  # type: ignore[misc]
        names = {room.name: room_id for room_id, room in self.people["carla"].client.rooms.items()}
        await self.people["carla"].wait_until(lambda: len(self._rooms_of("carla")) >= 2, within=PATIENCE)
        names = self._rooms_of("carla")
        self.room, self.coordination = names["Noord – zorgvragen"], names["Noord – coördinatie"]

    async def shows(self, who: str, *words: str, room: str | None = None) -> Message:
        """The first message with all these words, as `who`'s own client decrypted and shows it."""
        try:
            return await self.people[who].wait_for(
                room or self.room, lambda shown: all(word in shown.body for word in words), within=PATIENCE
            )
        except TimeoutError:
            raise StepFailed(f"{CAST[who]} never saw: {' … '.join(words)}") from None

    async def shows_alone(self, who: str, *words: str) -> Message:
        """The same in any one-to-one room with the bot."""
        person = self.people[who]

        def found() -> Message | None:
            for room_id in list(person.client.rooms):
                if room_id in (self.room, self.coordination):
                    continue
                for shown in person.read(room_id):
                    if all(word in shown.body for word in words):
                        return shown
            return None

        try:
            await person.wait_until(lambda: found() is not None, within=PATIENCE)
        except TimeoutError:
            raise StepFailed(f"{CAST[who]} never saw, one to one: {' … '.join(words)}") from None
        shown = found()
        if shown is None:
            raise StepFailed("what was there a moment ago is gone")
        return shown

    async def submit(self, body: dict[str, Any]) -> httpx.Response:
        """Send a zorgvraag over HTTP, as a hospital's system would; again when the bot is just being restarted."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.bot.url, headers=headers, timeout=PATIENCE) as client:
            try:
                return await client.post("/v1/zorgvragen", json=body)
            except httpx.TransportError:
                await self.bot.ready()
                return await client.post("/v1/zorgvragen", json=body)

    def move_clock(self, span: timedelta) -> None:
        """Let time pass for the bot."""
        self.ahead += span
        scratch = self.directory / "clock.new"
        scratch.write_text(str(self.ahead.total_seconds()))
        scratch.replace(self.directory / "clock")

    def now(self) -> datetime:
        """What the bot's clock says, in UTC."""
        return datetime.now(UTC) + self.ahead

    def _rooms_of(self, who: str) -> dict[str, str]:
        rooms = self.people[who].client.rooms
        return {room.name: room_id for room_id, room in rooms.items() if room.name}

    async def _command(self, *arguments: str) -> list[str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode != 0:
            raise StepFailed(f"python -m bot {arguments[0]} ended with {process.returncode}: {out.decode()}")
        return out.decode().splitlines()
