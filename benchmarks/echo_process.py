"""The echo bot as a process of its own, and what a process costs in memory."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Self


class EchoProcess:
    """A bare nio bot that runs between `start` and `stop`; it ends with us, whatever ends us."""

    def __init__(self, homeserver: str, user_id: str, password: str, directory: Path) -> None:
        self._arguments = (homeserver, user_id, password, str(directory))
        self._process: Process | None = None
        directory.mkdir(exist_ok=True)

    @property
    def pid(self) -> int:
        """The process that runs now."""
        return self._process.pid if self._process else 0

    async def start(self) -> Self:
        """Start it; when it is ready is for others to see."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.echo_bot",
            *self._arguments,
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
        return self

    async def stop(self) -> None:
        """End it, as a kill would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None


def resident(pid: int) -> float | None:
    """The memory that a process holds now, in megabytes; None where the system does not tell it this way."""
    return _status(pid, "VmRSS")


def most_resident(pid: int) -> float | None:
    """The most memory that it ever held, in megabytes."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), None)
