"""The one door to the homeserver: a request goes out, a dict or one of our errors comes back. No retries, no state."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from nio import AsyncClient, AsyncClientConfig

from bot.chat import TryLater, Undeliverable

PATIENCE = 30.0  # seconds for an ordinary request
MOST = 2**27  # bytes of one answer: the first sync of 2,000 rooms with 60 messages of 1 kB each fits
PIECE = 2**16  # bytes that are read at once
LONGEST_PAUSE = 3600.0  # seconds; whoever asks us to wait longer is not believed

# Codes that say something of our account or of the server, and nothing of what was asked: it may be done another day.
# Source: Matrix specification, client-server API, "Standard error response"; the one without M_ is Synapse's.
NOT_NOW = (
    "M_CONSENT_NOT_GIVEN",
    "M_RESOURCE_LIMIT_EXCEEDED",
    "M_UNAUTHORIZED",
    "M_USER_LIMIT_EXCEEDED",
    "M_USER_LOCKED",
    "M_USER_SUSPENDED",
    "ORG_MATRIX_EXPIRED_ACCOUNT",
)

SOFT = (
    "the homeserver has ended our login (soft logout): set matrix.password and start again; "
    "the same device goes on, and nothing that waits is lost"
)
HARD = (
    "the homeserver no longer knows our device (token revoked): if nobody meant that, stop the bot, "
    "run `python -m bot new-device`, set matrix.password and start again; nothing that waits is lost"
)


class Refused(Undeliverable):
    """The homeserver understood and said no. `answer` is its whole reply, which some callers need (UIA)."""

    def __init__(self, status: int, errcode: str, answer: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {errcode}")
        self.status = status
        self.errcode = errcode
        self.answer = answer


class LoggedOut(TryLater):
    """Our access token is not valid (any more). `soft`: the device lives on and may log in again.

    It is a TryLater because nothing that waits to be said may be thrown away for it. Source of the difference:
    Matrix specification, client-server API, "Soft logout".
    """

    def __init__(self, *, soft: bool) -> None:
        super().__init__(SOFT if soft else HARD)
        self.soft = soft


class NotMatrix(TryLater):
    """Something answers there, and it does not speak Matrix: the address is wrong, or a proxy stands there alone."""


def path(*parts: str, **query: str) -> str:
    """A client-server path from its raw parts, each one quoted: path("v3", "rooms", room_id, "invite")."""
    plain = "/_matrix/client/" + "/".join(quote(part, safe="") for part in parts)
    return f"{plain}?{urlencode(query)}" if query else plain


class Wire:
    """Requests to one homeserver, as one account once `token` is set; `patience` in seconds for an ordinary one.

    `most` is how many bytes an answer may have: what is larger would take the memory of the machine.
    """

    patience = PATIENCE
    most = MOST

    def __init__(self, homeserver: str, patience: float = PATIENCE) -> None:
        self.patience = patience
        config = AsyncClientConfig(encryption_enabled=False, request_timeout=0)
        self._client = AsyncClient(homeserver.rstrip("/"), config=config)
        self.token: str | None = None

    async def call(
        self, method: str, where: str, body: Mapping[str, Any] | None = None, *, patience: float | None = None
    ) -> dict[str, Any]:
        """The JSON object that the homeserver answers, read whole within `patience` seconds.

        Raises TryLater (away, slow, limited, too large, not speaking Matrix), LoggedOut or Refused.
        """
        answer = await self._answer(method, where, body, self.patience if patience is None else patience)
        if not isinstance(answer, dict):
            raise NotMatrix("not a Matrix answer")
        return answer

    async def state(self, room_id: str) -> list[Any]:
        """All state events of a room that we are in: the one answer that is a list. Raises as `call` does."""
        answer = await self._answer("GET", path("v3", "rooms", room_id, "state"), None, self.patience)
        if not isinstance(answer, list):
            raise NotMatrix("not a Matrix answer")
        return answer

    async def _answer(self, method: str, where: str, body: Mapping[str, Any] | None, patience: float) -> object:
        headers = {"Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body)
        try:
            async with asyncio.timeout(patience):
                response = await self._client.send(method, where, data, headers)
                async with response:
                    status, retry_after = response.status, response.headers.get("Retry-After")
                    raw = await self._read(response)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise TryLater(type(error).__name__) from error
        return _judged(status, retry_after, await _parsed(raw))

    async def _read(self, response: aiohttp.ClientResponse) -> bytearray:
        raw = bytearray()
        async for piece in response.content.iter_chunked(PIECE):
            raw += piece
            if len(raw) > self.most:
                raise TryLater("an answer that is too long")
        return raw

    async def close(self) -> None:
        """Close the connections. Never logs out: that would destroy the device and its keys."""
        await self._client.close()


async def _parsed(raw: bytearray) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None
    except RecursionError:
        # One deeply nested event may not make us deaf: a thread begins with an empty stack, as the server's parser did.
        return await asyncio.to_thread(_parsed_deep, raw)


def _parsed_deep(raw: bytearray) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _judged(status: int, retry_after: str | None, parsed: object) -> object:
    if 200 <= status < 300:
        return parsed
    answer = parsed if isinstance(parsed, dict) else {}
    errcode = answer.get("errcode")
    if status == 429 or errcode == "M_LIMIT_EXCEEDED":
        raise TryLater("limited", _pause(retry_after, answer))
    if errcode in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
        raise LoggedOut(soft=answer.get("soft_logout") is True)
    if "flows" not in answer and _is_not_now(status, errcode):
        raise TryLater(f"{status} {errcode}", _pause(retry_after, answer))
    if 400 <= status < 500 and status not in (408, 425) and (isinstance(errcode, str) or "flows" in answer):
        raise Refused(status, str(errcode or "M_UIA"), answer)
    # A 404 or 403 without an error code comes from something that stands before the homeserver.
    if status == 404:
        raise NotMatrix("status 404")
    raise TryLater(f"status {status}", _pause(retry_after, answer))


def _is_not_now(status: int, errcode: object) -> bool:
    # A server that does not know a request is an older one, one half updated, or only the half that a proxy reaches.
    return errcode in NOT_NOW or (status in (404, 405) and errcode == "M_UNRECOGNIZED")


def _pause(retry_after: str | None, answer: Mapping[str, Any]) -> float | None:
    """Seconds to wait: the Retry-After header (seconds) or the older `retry_after_ms`, the longer of both."""
    pauses = []
    if retry_after is not None and retry_after.strip().isdecimal():
        pauses.append(float(retry_after))
    millis = answer.get("retry_after_ms")
    if isinstance(millis, int | float) and not isinstance(millis, bool) and 0 <= millis < 1e12:
        pauses.append(millis / 1000)
    return min(max(pauses), LONGEST_PAUSE) if pauses else None
