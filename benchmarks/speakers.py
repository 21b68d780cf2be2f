"""Who says the first word to a room: bare nio, Schakelbot, and the homeserver alone. Each gives the seconds it took."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nio import AsyncClient, RoomSendError

from benchmarks.audience import Audience
from benchmarks.device import log_in
from benchmarks.echo_bot import client_of
from benchmarks.stage import ENCRYPTED, PASSWORD
from bot.clock import now
from bot.matrix.connect import MatrixHouse, connect
from bot.matrix.trust import Policy
from bot.matrix.wire import Wire, path
from storage.seal import Seal

WORDS = {"msgtype": "m.text", "body": "goedemorgen"}
KEY_BYTES = 1200  # an Olm message that carries a room key


@dataclass
class Watch:
    """A stretch of time: how long it took, and how long others on the event loop had to wait at the longest.

    `longest_work` is what our own thread did at the longest without a pause: what of the gap is not the disk's, and not
    other processes' on a busy machine.
    """

    seconds: float = 0.0
    longest_gap: float = 0.0
    longest_work: float = 0.0

    async def over(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do the work while looking at the clock every millisecond."""
        begin = time.perf_counter()
        looking = asyncio.create_task(self._look())
        try:
            return await work()
        finally:
            self.seconds = time.perf_counter() - begin
            await asyncio.sleep(0.002)  # a gap at the very end counts as well
            looking.cancel()

    async def _look(self) -> None:
        at, worked = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now_at, now_worked = time.perf_counter(), time.thread_time()
            self.longest_gap = max(self.longest_gap, now_at - at)
            self.longest_work = max(self.longest_work, now_worked - worked)
            at, worked = now_at, now_worked


async def bare_nio(audience: Audience, directory: Path) -> Watch:
    """A client that has synced, as `sync_forever` does, and then says its first word."""
    localpart, watch = await audience.newcomer(), Watch()
    home = directory / localpart
    home.mkdir()
    client = client_of(audience.homeserver.url, localpart, home)
    try:
        await client.login(PASSWORD)
        await client.sync(full_state=True)
        await client.keys_upload()
        answer = await watch.over(lambda: _say(client, audience.room_id))
        if isinstance(answer, RoomSendError):
            raise RuntimeError(f"nio could not send: {answer}")
        await audience.leaves(client.user_id)
    finally:
        await client.close()
    return watch


async def _say(client: AsyncClient, room_id: str) -> Any:
    if client.should_query_keys:
        await client.keys_query()
    return await client.room_send(room_id, "m.room.message", WORDS, ignore_unverified_devices=True)


async def schakelbot(audience: Audience, directory: Path, trust: Policy, *, acquainted: bool = False) -> Watch:
    """A fresh device of a fresh account that has synced, and then says its first word.

    `acquainted`: it has Olm sessions with everybody already, and the room gets a new key.
    """
    watch = Watch()
    async with _house(audience, directory, trust) as matrix:
        await matrix.first_sync()
        if acquainted:
            await matrix.chat.send(audience.room_id, WORDS, secrets.token_hex(8))
            matrix.chat._sharing._outbound[audience.room_id].rotate(0)  # noqa: SLF001  # as when its time has come
        await watch.over(lambda: matrix.chat.send(audience.room_id, WORDS, secrets.token_hex(8)))
        deaf = await matrix.chat.cannot_read(audience.room_id)
        await audience.leaves(matrix.user_id)
    if deaf:
        raise RuntimeError(f"{len(deaf)} people cannot read")
    return watch


@asynccontextmanager
async def _house(audience: Audience, directory: Path, trust: Policy) -> Any:
    localpart = await audience.newcomer()

    async def hear(_: object) -> None: ...

    async def cursor() -> None: ...

    async def may_join(*_: object) -> bool:
        return False

    matrix: MatrixHouse = await connect(
        homeserver=audience.homeserver.url,
        user=localpart,
        password=PASSWORD,
        seal=Seal(Seal.new_key()),
        data_dir=directory / localpart,
        trust=trust,
        on_event=hear,
        load_cursor=cursor,
        save_cursor=hear,
        may_join=may_join,
        clock=now,
    )
    try:
        yield matrix
    finally:
        await matrix.close()


async def homeserver_alone(audience: Audience) -> float:
    """The four requests that nobody can do without, with nothing encrypted: seconds."""
    localpart = await audience.newcomer()
    wire = Wire(audience.homeserver.url)
    try:
        us = await log_in(wire, localpart, PASSWORD)
        begin = time.perf_counter()
        query: dict[str, Any] = {"device_keys": {user_id: [] for user_id in audience.people}}
        devices = (await wire.call("POST", path("v3", "keys", "query"), query))["device_keys"]
        wanted = {user: dict.fromkeys(theirs, "signed_curve25519") for user, theirs in devices.items()}
        await wire.call("POST", path("v3", "keys", "claim"), {"one_time_keys": wanted})
        messages = {user: {device: {"body": "x" * KEY_BYTES} for device in theirs} for user, theirs in devices.items()}
        where = path("v3", "sendToDevice", "m.room.encrypted", secrets.token_hex(8))
        await wire.call("PUT", where, {"messages": messages})
        where = path("v3", "rooms", audience.room_id, "send", "m.room.encrypted", secrets.token_hex(8))
        await wire.call("PUT", where, {**ENCRYPTED["content"], "sender_key": "x", "ciphertext": "x" * KEY_BYTES})
        seconds = time.perf_counter() - begin
        await audience.leaves(us.user_id)
    finally:
        await wire.close()
    return seconds
