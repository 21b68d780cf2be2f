"""The one door: every way in which a homeserver can fail to answer becomes one of three errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot.chat import ChatError, TryLater
from bot.matrix.wire import LoggedOut, Refused, Wire, path

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[Wire]:
    """A wire to a server that answers each request as told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await answer(writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire = Wire(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    try:
        yield wire
    finally:
        await wire.close()
        listening.close()
        await listening.wait_closed()


def reply(status: int, body: str, **headers: str) -> Answer:
    """An HTTP answer."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body.encode())}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        await writer.drain()

    return answer


async def ask(answer: Answer, patience: float = 5.0) -> dict[str, object]:
    async with server(answer) as wire:
        return await wire.call("GET", path("v3", "sync"), patience=patience)


async def test_an_answer_is_the_json_object() -> None:
    assert await ask(reply(200, '{"next_batch": "s1"}')) == {"next_batch": "s1"}


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (reply(429, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}'), 2.5),
        (reply(429, '{"errcode": "M_LIMIT_EXCEEDED"}', Retry_After="7"), 7.0),
        (reply(429, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}', Retry_After="7"), 7.0),
        (reply(429, "slow down"), None),
        (reply(429, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1e11}'), 3600.0),
        (reply(429, '{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": "soon"}', Retry_After="-1"), None),
        (reply(503, "{}", Retry_After="30"), 30.0),
    ],
    ids=["millis", "header", "both", "neither", "absurd", "nonsense", "unavailable"],
)
async def test_both_forms_of_retry_time_are_understood(answer: Answer, after: float | None) -> None:
    with pytest.raises(TryLater) as caught:
        await ask(answer)
    assert caught.value.after == after


@pytest.mark.parametrize(
    "answer",
    [
        reply(500, '{"errcode": "M_UNKNOWN"}'),
        reply(502, "<html>Bad Gateway</html>"),
        reply(504, ""),
        reply(404, "<html>Not Found</html>"),
        reply(403, "<html>Forbidden</html>"),
        reply(200, "<html>a hotel's login page</html>"),
        reply(200, "[1]"),
        reply(200, '{"cut": '),
        reply(408, '{"errcode": "M_UNKNOWN"}'),
        reply(401, "{}"),
        reply(403, '{"errcode": ["M_FORBIDDEN"]}'),
    ],
    ids=["500", "502", "504", "404", "403", "login page", "a list", "cut", "408", "401", "a code that is none"],
)
async def test_whatever_is_not_a_homeservers_word_may_be_tried_again(answer: Answer) -> None:
    with pytest.raises(TryLater) as caught:
        await ask(answer)
    assert not isinstance(caught.value, LoggedOut)


async def test_a_no_of_the_homeserver_carries_status_code_and_answer() -> None:
    with pytest.raises(Refused) as caught:
        await ask(reply(403, '{"errcode": "M_FORBIDDEN", "error": "jan is not allowed"}'))
    assert (caught.value.status, caught.value.errcode) == (403, "M_FORBIDDEN")
    assert "jan" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, '{"errcode": "M_USER_LOCKED", "soft_logout": true}'),
        (401, '{"errcode": "M_UNAUTHORIZED"}'),
        (403, '{"errcode": "M_USER_SUSPENDED"}'),
        (403, '{"errcode": "M_RESOURCE_LIMIT_EXCEEDED", "limit_type": "monthly_active_user"}'),
        (403, '{"errcode": "M_USER_LIMIT_EXCEEDED"}'),
        (403, '{"errcode": "M_CONSENT_NOT_GIVEN", "consent_uri": "https://zorg.test/consent"}'),
        (403, '{"errcode": "ORG_MATRIX_EXPIRED_ACCOUNT"}'),
        (404, '{"errcode": "M_UNRECOGNIZED"}'),
        (405, '{"errcode": "M_UNRECOGNIZED"}'),
    ],
)
async def test_a_no_to_our_account_or_from_a_server_that_knows_no_such_request_may_be_tried_again(
    status: int, body: str
) -> None:
    """It says nothing of the one letter that was refused with it; the code is the reason, for /ready and the log."""
    with pytest.raises(TryLater) as caught:
        await ask(reply(status, body))
    assert not isinstance(caught.value, LoggedOut)
    assert str(caught.value) == f"{status} {json.loads(body)['errcode']}"


async def test_an_account_that_is_asked_to_prove_itself_is_refused_with_what_it_may_do() -> None:
    with pytest.raises(Refused) as caught:
        await ask(reply(401, '{"errcode": "M_UNAUTHORIZED", "flows": [], "session": "x"}'))
    assert caught.value.answer["session"] == "x"


@pytest.mark.parametrize("soft", [True, False])
async def test_a_revoked_token_is_an_error_of_its_own(soft: bool) -> None:
    body = json.dumps({"errcode": "M_UNKNOWN_TOKEN", "soft_logout": soft})
    with pytest.raises(LoggedOut) as caught:
        await ask(reply(401, body))
    assert caught.value.soft is soft


async def test_a_cut_connection_a_silent_server_and_an_endless_answer_end_as_try_later() -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"next')
        await writer.drain()

    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.001)

    for answer in (cut, silent, endless):
        with pytest.raises(TryLater):
            await ask(answer, patience=0.2)


async def test_an_answer_without_end_is_given_up_at_its_bound_however_fast_it_comes() -> None:
    """Before the time is up, and without another byte: a fast server could fill the memory of the machine in that."""
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            while sent < 2**27:
                writer.write(b"10000\r\n" + b" " * 2**16 + b"\r\n")
                await writer.drain()
                sent += 2**16

    async with server(flood) as wire:
        wire.most = 2**20
        with pytest.raises(TryLater, match="too long"):
            await wire.call("GET", path("v3", "sync"))
    assert sent < 2**25  # what stood in the buffers of both ends


async def test_an_answer_up_to_its_bound_is_read() -> None:
    body = json.dumps({"next_batch": "s" * 2**18})
    async with server(reply(200, body)) as wire:
        wire.most = len(body)
        assert len(str((await wire.call("GET", path("v3", "sync")))["next_batch"])) == 2**18
        wire.most -= 1
        with pytest.raises(TryLater):
            await wire.call("GET", path("v3", "sync"))


async def test_nobody_at_the_address_is_try_later() -> None:
    wire = Wire("http://127.0.0.1:1")
    with pytest.raises(TryLater):
        await wire.call("GET", path("versions"))
    await wire.close()


async def test_a_deeply_nested_answer_is_read_and_an_absurd_one_is_refused() -> None:
    # A server with the same parser takes about this much from its users.
    assert "next_batch" in await ask(reply(200, '{"next_batch": ' + "[" * 960 + "]" * 960 + "}"))
    with pytest.raises(ChatError):
        await ask(reply(200, '{"next_batch": ' + "[" * 100_000))


def test_every_part_of_a_path_is_quoted() -> None:
    assert path("v3", "rooms", "!a/b:c", "state", "") == "/_matrix/client/v3/rooms/%21a%2Fb%3Ac/state/"
    assert path("v3", "sync", since="s1&x=y") == "/_matrix/client/v3/sync?since=s1%26x%3Dy"
