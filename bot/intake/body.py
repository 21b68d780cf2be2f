"""Reading a request's body: JSON alone, never more than allowed, and not for ever."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from bot.intake.problems import Refused, refused
from texts import intake as texts

SECONDS = 10.0  # for the whole body; who is slower holds a connection for nothing


async def read_json(request: Request, most: int) -> bytes:
    """The body, as it was sent. Raises Refused: 408 too slow, 413 over `most` bytes, 415 not JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise refused(415, texts.NOT_JSON)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refused(415, texts.COMPRESSED)
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 12 or int(length) > most):
        raise _too_large(most)
    try:
        async with asyncio.timeout(SECONDS):
            return await _read(request, most)
    except (TimeoutError, ClientDisconnect):
        raise refused(408, texts.TOO_SLOW, {"Connection": "close"}) from None


async def _read(request: Request, most: int) -> bytes:
    """Counts while it reads: a length need not be told, and may be a lie."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> Refused:
    return refused(413, texts.TOO_LARGE.format(most=most))
