"""The bot as administrators run it: `python -m bot …` in processes of its own, on files of its own. No story here."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path

import httpx

from demo.homeserver import Homeserver
from demo.people import Person
from demo.synapse_config import free_port
from storage.seal import Seal

TOKEN = "hospital-token"
READY_SECONDS = 60.0
SETTINGS = """
data = "{data}"

[matrix]
homeserver = "{homeserver}"
user_id = "{user_id}"
password = "bot-password"

[seal]
key = "{key}"

[intake]
port = {port}

[[intake.sources]]
name = "ziekenhuis"
token_hash = "sha256:{token_hash}"

[clock]
tick = 0.5
"""

AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{{ id = "{carla}", name = "Carla" }}]

[[organisation]]
name = "Buurtzorg"

[[team]]
name = "Roombeek"
organisation = "Buurtzorg"
region = "Noord"
nurses = [{{ id = "{fatima}", name = "Fatima" }}]
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    errors: str

    @property
    def complaints(self) -> list[str]:
        """What it says to an administrator; the lines of its log, which are JSON, left out."""
        return [line for line in self.errors.splitlines() if not line.startswith("{")]


class RealBot:
    """One account, one settings file, one data directory; processes as a test wants them. `close` ends them all."""

    def __init__(self, homeserver: Homeserver, localpart: str, directory: Path) -> None:
        self.data = directory / "data"
        self.user_id = f"@{localpart}:{homeserver.server_name}"
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.config = directory / "schakelbot.toml"
        self.config.write_text(
            SETTINGS.format(
                data=self.data,
                homeserver=homeserver.url,
                user_id=self.user_id,
                key=Seal.new_key(),
                port=port,
                token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
            )
        )
        self._homeserver = homeserver
        self._localpart = localpart
        self._running: list[Process] = []

    async def register(self) -> None:
        """Make the account."""
        await self._homeserver.register(self._localpart, "bot-password")

    async def command(self, *words: str) -> Ended:
        """Run one command to its end."""
        process = await self.start(*words, out=PIPE)
        out, errors = await process.communicate()
        return Ended(process.returncode or 0, out.decode(), errors.decode())

    async def run(self) -> Process:
        """Start it for good, and return when it is ready."""
        process = await self.start("run", out=DEVNULL)
        await self.wait_until_ready(process)
        return process

    async def wait_until_ready(self, process: Process, *, is_ready: bool = True) -> None:
        """Return when `/ready` says so (or, with False, no longer does); TimeoutError after a minute."""
        async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            while await self._is_ready(client) is not is_ready:
                assert process.returncode is None, "the bot ended"
                await asyncio.sleep(0.1)

    async def post(self, reference: str, pc4: str) -> httpx.Response:
        """Send a zorgvraag as the hospital."""
        body = {"reference": reference, "pc4": pc4, "kinds": ["wondzorg"]}
        async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            return await client.post(f"{self.url}/v1/zorgvragen", json=body)

    async def close(self) -> None:
        """End every process that was started."""
        for process in self._running:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def start(self, *words: str, out: int) -> Process:
        """Start one command; `out` is what asyncio does with its output."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words, "--config", str(self.config)),
            stdin=DEVNULL,
            stdout=out,
            stderr=out,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._running.append(process)
        return process

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self.url}/ready")).is_success
        except httpx.TransportError:
            return False


def area_file(directory: Path, carla: Person, fatima: Person) -> Path:
    """A region's file with Carla as its coordinator and Fatima as the nurse of its one team."""
    area = directory / "area.toml"
    area.write_text(AREA.format(carla=carla.user_id, fatima=fatima.user_id))
    return area
