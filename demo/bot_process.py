"""The bot as a process of its own: started, killed, and started again by itself when something else killed it."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import httpx

START_SECONDS = 60.0


class BotProcess:
    """One bot at a time on one data directory. Its log goes to `log`."""

    def __init__(self, config: Path, clock: Path, log: Path, url: str) -> None:
        self.url = url
        self.starts = 0
        self._config = config
        self._clock = clock
        self._log = log
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process that runs now."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start it, and from then on whenever it dies."""
        self._watch = asyncio.create_task(self._keep_alive())
        await self.ready()

    async def ready(self) -> None:
        """Return when it says that it is ready; TimeoutError when it does not within a minute."""
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self.url}/ready")).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass  # it is not there yet
                await asyncio.sleep(0.2)

    def kill(self) -> None:
        """kill -9, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()

    async def stop(self) -> None:
        """End it for good."""
        if self._watch is None:
            return
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _keep_alive(self) -> None:
        while True:
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "demo.moved_bot",
                    str(self._config),
                    str(self._clock),
                    stdin=PIPE,
                    stdout=DEVNULL,
                    stderr=log,
                    env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
                    start_new_session=True,
                )
            self.starts += 1
            await self._process.wait()
            await asyncio.sleep(0.5)
