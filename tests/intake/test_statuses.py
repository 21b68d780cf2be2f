"""Every other "no" of the door: who you are, what you send, how often, where to, and our own troubles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from bot.intake import body as reading
from tests.intake.door import ADDRESS, DAY, TOKEN, Door, body, break_database, errors, mend_database, open_door
from texts import intake as texts


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", "é"])
async def test_without_a_known_token_nobody_comes_in(door: Door, token: str | None) -> None:
    """401 before a byte of the body is judged, and the same for asking a state."""
    async with door.as_source(None) as stranger:
        if token is not None:
            stranger.headers.update(httpx.Headers([("Authorization", f"Bearer {token}")], encoding="utf-8"))
        for answer in (
            await stranger.post(ADDRESS, content=b"no json at all"),
            await stranger.get(f"{ADDRESS}/ZD-1"),
        ):
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert errors(answer) == {None: texts.UNAUTHORISED}


async def test_another_scheme_is_not_a_token(door: Door) -> None:
    """The right secret as Basic is still nobody."""
    answer = await door.post(body(), Authorization=f"Basic {TOKEN}")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
async def test_anything_but_plain_json_is_unsupported(door: Door, headers: dict[str, str]) -> None:
    """415."""
    answer = await door.client.post(ADDRESS, content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert None in errors(answer)


async def test_json_with_a_charset_is_json(door: Door) -> None:
    """As many libraries send it."""
    answer = await door.post(body(), **{"Content-Type": "application/JSON; charset=utf-8"})
    assert answer.status_code == 201


async def test_too_large_is_refused_at_the_byte(tmp_path: Path) -> None:
    """Exactly `max_body` bytes are read; one more is 413, with or without a Content-Length."""
    async with open_door(tmp_path / "small.db", max_body=1_024) as door:
        head = {"Content-Type": "application/json"}
        fits = b'{"reference":"ZD-1","pc4":"7523","kinds":["PV"]}'.ljust(1_024)

        async def dribble() -> Any:
            for byte in fits + b" ":
                yield bytes([byte])

        assert (await door.client.post(ADDRESS, content=fits, headers=head)).status_code == 201
        for content in (fits + b" ", dribble()):
            answer = await door.client.post(ADDRESS, content=content, headers=head)
            assert answer.status_code == 413
            assert errors(answer) == {None: "Het bericht is te groot: hooguit 1024 bytes."}


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/zorgvragen/", 404),
        ("GET", "/v1/zorgvragen/a/b", 404),
        ("GET", "/v1/zorgvragen/unknown", 404),
        ("GET", "/v1/zorgvragen/%00%ff", 404),
        ("GET", "/redoc", 404),
        ("GET", "/v1/zorgvragen", 405),
        ("DELETE", "/v1/zorgvragen/ZD-1", 405),
        ("POST", "/live", 405),
    ],
)
async def test_addresses_and_methods_that_are_not_there(door: Door, method: str, address: str, status: int) -> None:
    """404 and 405 have the shape of every other refusal, and 405 says what is allowed."""
    answer = await door.client.request(method, address)
    assert answer.status_code == status
    assert None in errors(answer)
    assert ("Allow" in answer.headers) == (status == 405)


async def test_a_source_that_knocks_too_often_must_wait(tmp_path: Path) -> None:
    """429 with Retry-After; after that time the same request succeeds. Another source notices nothing."""
    async with open_door(tmp_path / "slow.db", per_minute=3) as door:
        for _ in range(3):
            assert (await door.post(body())).status_code in (200, 201)
        answer = await door.post(body("ZD-2"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "20")
        assert errors(answer) == {None: texts.TOO_MANY}
        async with door.as_source("transfer-token") as other:
            assert (await other.post(ADDRESS, json=body())).status_code == 201
        door.moment += DAY / (24 * 60 * 3)
        assert (await door.post(body("ZD-2"))).status_code == 201


async def test_strangers_must_wait_but_lock_nobody_out(door: Door) -> None:
    """Attempts without a token are limited by address; a source at that same address still comes in."""
    async with door.as_source("guess") as stranger:
        statuses = [(await stranger.post(ADDRESS, json=body())).status_code for _ in range(40)]
        assert statuses == [401] * 30 + [429] * 10
        assert (await stranger.get(f"{ADDRESS}/x")).headers["Retry-After"] == "2"
    assert (await door.post(body())).status_code == 201


async def test_a_database_that_cannot_keep_it_is_told_as_such(door: Door) -> None:
    """503 with Retry-After; no bell, no 201, and no word of SQL. Afterwards the same body is new."""
    await break_database(door)
    for answer in (await door.post(body()), await door.client.get(f"{ADDRESS}/ZD-1")):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert errors(answer) == {None: texts.CANNOT_KEEP}
    assert door.rings == 0
    await mend_database(door)
    assert (await door.post(body())).status_code == 201


async def test_our_own_mistake_is_a_500_without_a_word_of_it(door: Door) -> None:
    """The bell breaks after the commit: the caller hears that something failed, and sending it again gives 200."""

    def broken() -> None:
        raise RuntimeError("Mw. De Vries")

    door.ring = broken
    answer = await door.post(body())
    assert (answer.status_code, errors(answer)) == (500, {None: texts.FAILED})
    door.ring = door.count
    assert (await door.post(body())).status_code == 200


async def test_a_body_that_never_ends_is_not_waited_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """408 when the time for a body is over, here at once."""
    monkeypatch.setattr(reading, "SECONDS", 0.01)

    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    answer = await door.client.post(ADDRESS, content=stalled(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, errors(answer)) == (408, {None: texts.TOO_SLOW})


async def test_a_caller_who_hangs_up_halfway_is_no_failure(door: Door) -> None:
    """Nothing is kept, and nothing is logged as a mistake of ours."""
    chunks: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return chunks.pop(0)

    async def send(_: Any) -> None:
        """Nobody listens."""

    request = door.client.build_request("POST", ADDRESS, headers={"Content-Type": "application/json"})
    scope = {
        "type": "http",
        "method": "POST",
        "path": ADDRESS,
        "query_string": b"",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    with structlog.testing.capture_logs() as lines:
        await door.app(scope, receive, send)
    assert [line["log_level"] for line in lines] == ["info"]
    assert await door.kept() == []
