"""What every test with Element's own stack may ask for: people with a client of their own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Protocol

import pytest

from demo.homeserver import Homeserver
from tests.interop.js_client import JsClient
from tests.interop.js_process import require_node

PASSWORD = "a-long-sentence-for-a-test"


class Newcomer(Protocol):
    """Makes an account with a name that nobody else has and opens its first device."""

    async def __call__(self, role: str, *, strict: bool = True, cross_sign: bool = True) -> JsClient:
        """Open the client of a new person; the fixture closes it."""
        ...


@pytest.fixture
async def newcomer(homeserver: Homeserver, unique_localpart: Callable[[str], str]) -> AsyncIterator[Newcomer]:
    """Give `nurse = await newcomer("nurse")`; all clients are closed after the test, in reverse order."""
    require_node()
    async with AsyncExitStack() as stack:

        async def open_client(role: str, *, strict: bool = True, cross_sign: bool = True) -> JsClient:
            localpart = unique_localpart(role)
            await homeserver.register(localpart, PASSWORD)
            client = JsClient(homeserver.url, localpart, PASSWORD, strict=strict, cross_sign=cross_sign)
            return await stack.enter_async_context(client)

        yield open_client
