"""The victim as a child of the harness: started, armed, killed and started again. It never outlives this process."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.__main__ import WRONG_INPUT
from config.settings import Settings
from tests.torture.victim import Kill, Life, Spoil, Verb, live

# A server that has imported the bot already forks each victim from itself: a start takes no second of importing.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([live.__module__])

KILLED = -signal.SIGKILL
JOINED_WITHIN = 10.0  # seconds, from the moment at which the system says that it ended
REFUSED = WRONG_INPUT  # in one line, and nothing was done


class VictimProcess:
    """At most one process at a time. `settings` and `migrations` may be set anew while there is none."""

    def __init__(self, settings: Settings, clock: Path, log: Path, spoil: Spoil | None = None) -> None:
        self.settings = settings
        self.migrations: Path | None = None
        self._clock = clock
        self._log = log
        self._spoil = spoil
        self._process: ForkServerProcess | None = None
        self._line: Connection | None = None

    def start(
        self,
        kill: Kill | None = None,
        *,
        watch_steps: bool = False,
        verb: Verb = "run",
        file: Path | None = None,
    ) -> None:
        """Start it, perhaps to die at a point. The one before must be dead."""
        steps = watch_steps or (kill is not None and kill.is_step)
        life = Life(verb, file, self.settings, self._clock, self._log, kill, steps, self._spoil, self.migrations)
        self._line, theirs = _context.Pipe()
        self._process = _context.Process(target=live, args=(life, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def arm(self, kill: Kill) -> None:
        """Let the running one die at a point."""
        self._say("arm", kill.point, kill.nth)

    def disarm(self) -> None:
        """Let the running one live."""
        self._say("disarm")

    async def counts(self) -> dict[str, int]:
        """What the running one has crossed since the last time that it was asked, or since its start."""
        self._say("count")
        if self._line is None:
            return {}
        counted: dict[str, int] = await asyncio.to_thread(self._line.recv)
        return counted

    def counted(self) -> dict[str, int]:
        """What one that came to its end had crossed."""
        return self._line.recv() if self._line is not None and self._line.poll() else {}

    async def death(self) -> int:
        """Wait until it is dead; returns the exit code (`KILLED` after kill -9)."""
        if self._process is None:
            raise RuntimeError("it was never started")
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join(JOINED_WITHIN)
        if self._process.exitcode is None:
            raise RuntimeError("it seems to have ended, and has not")
        return self._process.exitcode

    def is_alive(self) -> bool:
        """Whether it was started and still runs."""
        return self._process is not None and self._process.is_alive()

    def kill(self) -> None:
        """kill -9, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Kill it and forget it."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
        if self._line is not None:
            self._line.close()
            self._line = None

    def _say(self, *words: str | int) -> None:
        try:
            if self._line is not None:
                self._line.send(words)
        except OSError:
            pass  # it is dead already
