"""The door on a real port: it opens, answers, closes, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.intake import Intake, IntakeError
from tests.intake.door import ADDRESS, TOKEN, Door, body, client_of, errors

JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def serving(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    """A client on a real connection; the server stops with the block."""
    intake = Intake(door.app, "127.0.0.1", 0)
    intake.open()
    running = asyncio.create_task(intake.run())
    try:
        async with client_of(httpx.AsyncHTTPTransport(), TOKEN, intake.url) as client:
            yield client
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_zorgvraag_comes_in_over_a_real_connection(door: Door) -> None:
    """201, then 200, and the address in Location works."""
    async with serving(door) as client:
        first = await client.post(ADDRESS, json=body())
        again = await client.post(ADDRESS, json=body())
        assert (first.status_code, again.status_code) == (201, 200)
        assert (await client.get(first.headers["Location"])).json() == first.json()


async def test_what_is_too_large_gets_its_answer_also_without_a_length(door: Door) -> None:
    """A sender that goes on sending still hears 413, and the connection serves the next request."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2_000):
            yield b" " * 1_000

    async with serving(door) as client:
        for content in (endless(), b" " * 2_000_000):
            answer = await client.post(ADDRESS, content=content, headers=JSON)
            assert answer.status_code == 413
            assert "65536" in errors(answer)[None] or ""
        assert (await client.post(ADDRESS, json=body())).status_code == 201


async def test_port_0_becomes_a_real_port_that_is_free_again_afterwards(door: Door) -> None:
    """`url` tells the port; after the stop somebody else can have it."""
    intake = Intake(door.app, "127.0.0.1", 0)
    intake.open()
    port = int(intake.url.rpartition(":")[2])
    assert port > 0
    running = asyncio.create_task(intake.run())
    async with client_of(httpx.AsyncHTTPTransport(), None, intake.url) as client:
        assert (await client.get("/live")).status_code == 200
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    next_one = Intake(door.app, "127.0.0.1", port)
    next_one.open()
    next_one.close()


async def test_a_taken_port_is_one_clear_sentence(door: Door) -> None:
    """The error names the setting and says what to do; nothing was opened."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(IntakeError) as refused:
            Intake(door.app, "127.0.0.1", port).open()
    assert str(refused.value) == (
        f"intake.port: port {port} of 127.0.0.1 is in use by another program; choose another one, or 0 for any free one"
    )


async def test_a_host_that_is_not_ours_is_one_clear_sentence(door: Door) -> None:
    """192.0.2.1 is kept for documentation: no machine has it."""
    with pytest.raises(IntakeError, match=r"^intake\.host: cannot listen on port 0 of 192\.0\.2\.1: .+"):
        Intake(door.app, "192.0.2.1", 0).open()


async def test_the_signals_stay_with_the_house(door: Door) -> None:
    """While the server runs, SIGINT and SIGTERM are handled by whoever handled them before."""
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    async with serving(door) as client:
        await client.get("/live")
        assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before


async def test_a_request_under_way_is_answered_before_the_door_closes(door: Door) -> None:
    """The stop comes in the middle of a request: its caller still gets the answer, a new one gets no connection."""
    asked, go = asyncio.Event(), asyncio.Event()

    async def slow() -> list[str]:
        asked.set()
        await go.wait()
        return []

    door.health = slow
    intake = Intake(door.app, "127.0.0.1", 0)
    intake.open()
    running = asyncio.create_task(intake.run())
    async with client_of(httpx.AsyncHTTPTransport(), None, intake.url) as client:
        asking = asyncio.create_task(client.get("/ready"))
        await asked.wait()
        running.cancel()
        await asyncio.wait([running], timeout=0.5)
        assert not running.done()
        with pytest.raises(httpx.ConnectError):
            await client.get("/live")
        go.set()
        assert (await asking).status_code == 200
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_server_tells_nothing_of_itself(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """No server header; and no line of the server, at any level, holds the address that was asked for."""
    caplog.set_level("DEBUG")
    async with serving(door) as client:
        answer = await client.get(f"{ADDRESS}/geheim-kenmerk")
    assert "server" not in answer.headers
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")]
    assert lines
    assert not any("geheim-kenmerk" in line or TOKEN in line for line in lines)
