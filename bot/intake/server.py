"""Runs the app with uvicorn, in this process and on this loop. Signals and logging belong to the house."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from fastapi import FastAPI
from uvicorn import Config, Server

log = structlog.get_logger()

LAST_ANSWERS = 10  # seconds that requests under way get when the door closes


class IntakeError(Exception):
    """The door cannot open; the text says why and what to change."""


class _Guest(Server):
    """A server that leaves the signals to the process that it is a guest in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Intake:
    """The open door: `open` takes the port, `run` answers until cancelled."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        """`port` 0 takes any free one."""
        self._app = app
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where the door is, with the real port; after `open`."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def open(self) -> None:
        """Take the port. Who knocks from now on waits until `run`. Raises IntakeError."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            self._socket = socket.create_server((self._host, self._port), family=family)
        except OSError as error:
            raise IntakeError(self._why_not(error)) from None
        self._port = self._socket.getsockname()[1]

    async def run(self) -> None:
        """Answer until cancelled; then take no more, let what is under way end, and let the port go."""
        if self._socket is None:
            raise RuntimeError("open the intake first")
        server = _Guest(
            Config(
                self._app,
                access_log=False,  # it would write references and addresses
                date_header=True,
                http="h11",
                lifespan="off",
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=LAST_ANSWERS,
                ws="none",
            )
        )
        serving = asyncio.create_task(server.serve([self._socket]))
        log.info("intake open", port=self._port)
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await asyncio.wait([serving])
            self.close()

    def close(self) -> None:
        """Let the port go; also when nobody ever answered."""
        if self._socket is not None:
            self._socket.close()

    def _why_not(self, error: OSError) -> str:
        place = f"port {self._port} of {self._host}"
        if error.errno == errno.EADDRINUSE:
            return f"intake.port: {place} is in use by another program; choose another one, or 0 for any free one"
        if error.errno == errno.EACCES:
            return f"intake.port: {place} is not ours to take; choose one above 1023"
        # The socket module repeats the address, in brackets.
        why = (error.strerror or type(error).__name__).partition(" (")[0]
        return f"intake.host: cannot listen on {place}: {why}"
