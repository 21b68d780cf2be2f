"""A reverse proxy on the loopback between the bot and its homeserver. It counts every request and spoils some."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

Forward = Callable[[], Awaitable[web.Response]]
Fault = Callable[[web.Request, Forward], Awaitable[web.StreamResponse]]

LONGEST_POLL = 90.0  # seconds


@dataclass
class Trouble:
    """`fault` for the next `times` requests (None: for all) of this method whose path holds `where`.

    `hit` is set when it meets the first of them.
    """

    fault: Fault
    method: str = ""
    where: str = ""
    times: int | None = None
    happened: int = 0
    hit: asyncio.Event = field(default_factory=asyncio.Event)

    def meets(self, request: web.Request) -> bool:
        """Whether this request is to be spoiled."""
        wanted = self.method in ("", request.method) and self.where in request.path
        return wanted and (self.times is None or self.happened < self.times)


@dataclass(frozen=True)
class Asked:
    """One request as it reached the proxy, by the seconds of the machine."""

    at: float
    method: str
    path: str
    spoiled: bool


@dataclass
class Proxy:
    """`async with Proxy(homeserver.url) as proxy`: give the bot `proxy.url`, and spoil what it asks."""

    upstream: str
    troubles: list[Trouble] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession(auto_decompress=False)
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._client.close()
        await self._runner.cleanup()

    def spoil(self, fault: Fault, method: str = "", where: str = "", *, times: int | None = None) -> Trouble:
        """From now on, until `heal` or as often as told."""
        trouble = Trouble(fault, method, where, times)
        self.troubles.append(trouble)
        return trouble

    def heal(self) -> None:
        """The network is well again."""
        self.troubles.clear()

    def most_in_a_second(self, since: float = 0.0) -> int:
        """The largest number of spoiled requests within any one second after `since` (time.monotonic)."""
        moments = [one.at for one in self.asked if one.spoiled and one.at >= since]
        return max((sum(at <= other < at + 1 for other in moments) for at in moments), default=0)

    def count(self, method: str, where: str) -> int:
        """How often this was asked."""
        return sum(one.method == method and where in one.path for one in self.asked)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        trouble = next(self._meeting(request), None)
        self.asked.append(Asked(time.monotonic(), request.method, request.path, trouble is not None))
        body = await request.read()

        async def forward() -> web.Response:
            return await self._forward(request, body)

        if trouble is None:
            return await forward()
        trouble.happened += 1
        trouble.hit.set()
        return await trouble.fault(request, forward)

    def _meeting(self, request: web.Request) -> Iterator[Trouble]:
        return (trouble for trouble in self.troubles if trouble.meets(request))

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        limit = aiohttp.ClientTimeout(total=LONGEST_POLL)
        where = self.upstream + request.raw_path
        try:
            async with self._client.request(
                request.method, URL(where, encoded=True), data=body, headers=headers, timeout=limit
            ) as answer:
                kept = {
                    name: answer.headers[name] for name in ("Content-Type", "Retry-After") if name in answer.headers
                }
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
