"""Everything that may go wrong with one request, one fault a name. The proxy decides to which request it happens."""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.network.proxy import Fault, Forward, Proxy

MANY = 2**20


def answer(status: int, body: str, kind: str = "application/json", **headers: str) -> Fault:
    """This answer, and the homeserver hears nothing."""

    async def fault(_: web.Request, __: Forward) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=body, content_type=kind, headers=named)

    return fault


limited_in_body = answer(429, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 300}')
limited_in_header = answer(429, "{}", Retry_After="1")
limited_at_once = answer(429, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 0}', Retry_After="0")
unavailable = answer(503, "{}", Retry_After="1")
broken = answer(500, '{"errcode": "M_UNKNOWN", "error": "Internal server error"}')
bad_gateway = answer(502, "<html>502 Bad Gateway</html>", "text/html")
gateway_timeout = answer(504, "<html>504 Gateway Timeout</html>", "text/html")
nothing_new = answer(200, '{"next_batch": "s0_0"}')
revoked = answer(401, '{"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token", "soft_logout": false}')
soft_logout = answer(401, '{"errcode": "M_UNKNOWN_TOKEN", "error": "Session expired", "soft_logout": true}')

suspended = answer(403, '{"errcode": "M_USER_SUSPENDED", "error": "This account is suspended"}')
unrecognized = answer(404, '{"errcode": "M_UNRECOGNIZED", "error": "Unrecognized request"}')


async def old_news(request: web.Request, _: Forward) -> web.StreamResponse:
    """News, and the place from which it was asked: it will be told again and again."""
    told = {"next_batch": request.query.get("since", "s0_0"), "rooms": {"leave": {"!gone": {}}}}
    return web.json_response(told)


async def passed_on(_: web.Request, forward: Forward) -> web.StreamResponse:
    """No fault at all: for whoever waits until something is asked."""
    return await forward()


def until_login(proxy: Proxy) -> Fault:
    """The session has expired, for every request until somebody logs in."""

    async def fault(request: web.Request, forward: Forward) -> web.StreamResponse:
        if not request.path.endswith("/login"):
            return await soft_logout(request, forward)
        proxy.heal()
        return await forward()

    return fault


async def silence(_: web.Request, __: Forward) -> web.StreamResponse:
    """No answer at all: whoever asks must give up by himself."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def cut_before(request: web.Request, _: Forward) -> web.StreamResponse:
    """The connection is gone before the homeserver hears anything."""
    _cut(request)
    return web.Response()


async def lost(request: web.Request, forward: Forward) -> web.StreamResponse:
    """The homeserver did it, and its answer never comes."""
    await forward()
    _cut(request)
    return web.Response()


async def cut_within(request: web.Request, forward: Forward) -> web.StreamResponse:
    """The homeserver did it; its answer breaks off in the middle."""
    whole = await forward()
    assert isinstance(whole.body, bytes)
    partly = web.StreamResponse(status=whole.status, headers={"Content-Type": "application/json"})
    partly.content_length = len(whole.body)
    await partly.prepare(request)
    await partly.write(whole.body[: len(whole.body) // 2])
    _cut(request)
    return partly


async def endless(request: web.Request, forward: Forward) -> web.StreamResponse:
    """The homeserver did it; its answer goes on and on, a space at a time."""
    await forward()
    partly = web.StreamResponse(headers={"Content-Type": "application/json"})
    partly.enable_chunked_encoding()
    await partly.prepare(request)
    for _ in range(MANY):
        await partly.write(b" ")
        await asyncio.sleep(0.05)
    return partly


async def flood(request: web.Request, forward: Forward) -> web.StreamResponse:
    """The homeserver did it; its answer goes on and on, as fast as it can be sent."""
    await forward()
    partly = web.StreamResponse(headers={"Content-Type": "application/json"})
    partly.enable_chunked_encoding()
    await partly.prepare(request)
    for _ in range(MANY):
        await partly.write(b" " * 2**16)
    return partly


async def slow(_: web.Request, forward: Forward) -> web.StreamResponse:
    """It comes, whole and late."""
    await asyncio.sleep(1.0)
    return await forward()


def _cut(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()
