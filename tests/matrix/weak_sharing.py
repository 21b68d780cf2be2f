"""What nio 0.26 does with other people's devices, and what we do: as weaknesses.py, which has the listening."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from aiohttp import web
from nio import AsyncClient, AsyncClientConfig, RoomSendResponse

from bot.chat import NobodyReads, TryLater
from bot.matrix.room_keys import MEGOLM, RoomKeys
from bot.matrix.signing import encode
from bot.matrix.trust import Device
from bot.matrix.wire import Wire
from tests.matrix.bare import bare_nio, homeserver, knows
from tests.matrix.ear import ROOM, Ear
from tests.matrix.fakes import Crowd
from tests.matrix.test_sharing import Desk

TEXT = {"msgtype": "m.text", "body": "Noord-1"}
JAN, MALLORY = "@nurse0:zorg.test", "@nurse1:zorg.test"
CROWD = 150  # devices


def giving(keys: dict[str, Any]) -> Callable[[web.Request], web.Response]:
    """A homeserver that gives these one-time keys and takes everything."""

    def answer(request: web.Request) -> web.Response:
        if "/keys/claim" in request.path:
            return web.json_response({"one_time_keys": keys, "failures": {}})
        return web.json_response({"event_id": "$1"})

    return answer


async def bare_gives_no_reason(directory: Path) -> bool:
    """A device that gets no key is not told so: its owner sees a message that never opens."""
    crowd = Crowd(1)
    async with homeserver(giving({})) as (address, asked), bare_nio(directory, address) as client:
        await knows(client, crowd.answer)
        client.blacklist_device(client.device_store[JAN]["TELEFOON"])
        answer = await client.room_send(ROOM, "m.room.message", TEXT, ignore_unverified_devices=True)
        return isinstance(answer, RoomSendResponse) and not any("withheld" in path for path in asked)


async def ours_gives_the_reason(directory: Path) -> bool:
    """It is, in the way that clients show."""
    desk = Desk(directory, people=1)
    del desk.crowd.answer["master_keys"][JAN]
    await desk.say()
    desk.store.close()
    return desk.crowd.told("m.room_key.withheld") == {JAN}


async def bare_skips_who_has_no_keys(directory: Path) -> bool:
    """There was no one-time key to claim: the session counts as shared, and it is not tried again."""
    crowd = Crowd(1)
    async with homeserver(giving({})) as (address, asked), bare_nio(directory, address) as client:
        await knows(client, crowd.answer)
        for _ in range(2):
            await client.room_send(ROOM, "m.room.message", TEXT, ignore_unverified_devices=True)
        claims = [path for path in asked if "/keys/claim" in path]
        return len(claims) == 1 and bool(client.olm.outbound_group_sessions[ROOM].shared)


async def ours_tries_again_later(directory: Path) -> bool:
    """It is owed its key, and gets it when it can be reached; nothing is said to nobody meanwhile."""
    desk = Desk(directory, people=1)
    real = desk.crowd._one_time_key
    desk.crowd._one_time_key = lambda user_id: {}  # type: ignore[method-assign]  # noqa: ARG005
    with contextlib.suppress(NobodyReads):
        await desk.say()
    nobody = desk.crowd.told("m.room.encrypted")
    desk.crowd._one_time_key = real  # type: ignore[method-assign]
    desk.now_ms += 3_600_000
    await desk.say()
    desk.store.close()
    return not nobody and desk.crowd.told("m.room.encrypted") == {JAN}


async def bare_stands_still(directory: Path) -> bool:
    """The first message to many devices: nothing else happens until a session with each of them is on the disk."""
    crowd = Crowd(CROWD)
    keys = {user_id: crowd._one_time_key(user_id) for user_id in crowd.devices}
    async with homeserver(giving(keys)) as (address, _), bare_nio(directory, address) as client:
        await knows(client, crowd.answer)
        saying = client.room_send(ROOM, "m.room.message", TEXT, ignore_unverified_devices=True)
        return await _largest_step(saying, lambda: len(list(client.olm.session_store))) == CROWD


async def ours_lets_others_go_first(directory: Path) -> bool:
    """Ten devices at a time, in one transaction. How long each turn takes is measured by `make bench`."""
    desk = Desk(directory, people=CROWD)
    step = await _largest_step(desk.say(), lambda: int(desk.store.rows("SELECT count(*) FROM olm")[0][0]))
    desk.store.close()
    return step == 10


async def _largest_step(work: Awaitable[Any], count: Callable[[], int]) -> int:
    """By how much it grew at most between two moments at which others got their turn."""
    largest = 0

    async def look() -> None:
        nonlocal largest
        before = count()
        while True:
            await asyncio.sleep(0)
            largest, before = max(largest, count() - before), count()

    looking = asyncio.create_task(look())
    await work
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking
    return largest


async def bare_waits_for_ever(_directory: Path) -> bool:
    """A homeserver that does not answer is asked again and again; the caller hears nothing of it."""
    async with silent() as address:
        config = AsyncClientConfig(request_timeout=0.05, backoff_factor=0.01)
        client = AsyncClient(address, config=config)
        try:
            async with asyncio.timeout(1):
                await client.login_info()
        except TimeoutError:
            return AsyncClientConfig().max_timeouts in (0, None)
        finally:
            await client.close()
        return False


async def ours_says_so(_directory: Path) -> bool:
    """After as long as we have patience."""
    async with silent() as address:
        wire = Wire(address, patience=0.05)
        with pytest.raises(TryLater):
            await wire.call("GET", "/anything")
        await wire.close()
    return True


@contextlib.asynccontextmanager
async def silent() -> Any:
    """The address of a server that takes questions and does not answer."""

    held: list[asyncio.Task[None]] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(asyncio.create_task(hold(reader, writer)))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*held)


async def bare_takes_anothers_identity_key_for_theirs(directory: Path) -> bool:
    """Mallory publishes Jan's identity key as hers: what is meant for Jan is encrypted for a session of Mallory's."""
    jan, mallory = vodozemac.Account(), vodozemac.Account()
    async with bare_nio(directory) as client:
        for account in (jan, mallory):
            client.olm.create_session(_one_time_key(account), jan.curve25519_key.to_base64())
        session = client.olm.session_store.get(jan.curve25519_key.to_base64())
        number, ciphertext = session.encrypt("{}").to_parts()
        us = vodozemac.Curve25519PublicKey.from_base64(client.olm.account.identity_keys["curve25519"])
    return number == 0 and not _reads(jan, us, encode(ciphertext))


async def ours_tells_them_apart(directory: Path) -> bool:
    """A session is with a person and a key."""
    jan, mallory = vodozemac.Account(), vodozemac.Account()
    curve, ear = jan.curve25519_key.to_base64(), Ear(directory)
    devices = [Device(user, "TELEFOON", curve, "A" * 43, signed=True) for user in (JAN, MALLORY)]
    for device, account in zip(devices, (jan, mallory), strict=True):
        ear.machine.create_session(device, _one_time_key(account))
    sent = ear.machine.encrypt_for(devices[0], "m.dummy", {})["ciphertext"][curve]
    us = vodozemac.Curve25519PublicKey.from_base64(ear.machine.curve25519)
    ear.close()
    return _reads(jan, us, sent["body"])


def _one_time_key(account: vodozemac.Account) -> str:
    account.generate_one_time_keys(1)
    (key,) = account.one_time_keys.values()
    return key.to_base64()


def _reads(account: vodozemac.Account, sender: vodozemac.Curve25519PublicKey, message: str) -> bool:
    try:
        account.create_inbound_session(sender, vodozemac.PreKeyMessage.from_base64(message))
    except ValueError:
        return False
    return True


async def bare_lets_a_room_key_be_replaced(directory: Path) -> bool:
    """Mallory was given Jan's key later than others, and gives it on: after a restart Jan's first words are lost."""
    jans, mallorys = _room_key_at(0), _room_key_at(3)
    async with bare_nio(directory) as client:
        for sender_key, (session_id, key) in (("jan", jans), ("mallory", mallorys)):
            client.olm.create_group_session(sender_key, "fingerprint", ROOM, session_id, key)
        kept = list(client.store.load_inbound_group_sessions())
    return [(session.sender_key, session.first_known_index) for session in kept] == [("jan", 3)]


async def ours_keeps_both(directory: Path) -> bool:
    """They are two keys; which of them counts is decided by who says something with it."""
    ear = Ear(directory)
    keys = RoomKeys(ear.store)
    for sender_key, index in (("jan", 0), ("mallory", 3)):
        session_id, key = _room_key_at(index)
        content = {"algorithm": MEGOLM, "room_id": ROOM, "session_id": session_id, "session_key": key}
        keys.keep(sender_key, "fingerprint", content)
    kept = {(key.sender_key, key.first_known_index) for key in keys.of(ROOM, _room_key_at(0)[0])}
    ear.close()
    return kept == {("jan", 0), ("mallory", 3)}


GROUP = vodozemac.GroupSession()
LATER = vodozemac.GroupSession.from_pickle(GROUP.pickle(b"0" * 32), b"0" * 32)
for _ in range(3):
    LATER.encrypt(b"x")


def _room_key_at(index: int) -> tuple[str, str]:
    """(id, key) of one and the same session, as it was and as it is after three messages."""
    session = LATER if index else GROUP
    return session.session_id, session.session_key.to_base64()
