"""What nio 0.26 does to whoever sends, and what we do: as weaknesses.py, which has the listening."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from nio import RoomSendError, SyncResponse

from bot.chat import NotEncrypted, TryLater
from bot.matrix.chat import MatrixChat
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.outbound import Outbound
from bot.matrix.sharing import Sharing
from bot.matrix.wire import Refused, Wire
from bot.servers import Servers
from tests.matrix.bare import bare_nio, homeserver, knows, reaction, sync
from tests.matrix.ear import ROOM, US, Ear
from tests.matrix.fakes import Crowd
from tests.matrix.test_sharing import Desk

TEXT = {"msgtype": "m.text", "body": "Noord-1"}


async def bare_sends_in_the_clear(directory: Path) -> bool:
    """To a room that is not encrypted it sends what it was given, and says nothing."""
    async with homeserver(lambda _: web.json_response({"event_id": "$1"})) as (address, asked):
        async with bare_nio(directory, address) as client:
            await client.receive_response(SyncResponse.from_dict(sync(reaction("$1"), encrypted=False)))
            await client.room_send(ROOM, "m.room.message", TEXT)
        return any("/send/m.room.message/" in path for path in asked)


async def ours_refuses_to(directory: Path) -> bool:
    """NotEncrypted, and not a single request."""
    ear = Ear(directory)
    await ear.hear(sync(reaction("$1"), encrypted=False))
    before = len(ear.wire.asked)
    olm = OlmSessions(ear.wire, ear.store, ear.machine, ear.trust, lambda: 1)
    sharing = Sharing(ear.wire, ear.store, ear.machine, ear.trust, olm, lambda: 1)
    chat = MatrixChat(ear.wire, ear.book, Servers.around(US, ()), sharing)
    with pytest.raises(NotEncrypted):
        await chat.send(ROOM, TEXT, "txn")
    ear.close()
    return len(ear.wire.asked) == before


async def bare_returns_errors(directory: Path) -> bool:
    """A refusal is a value, which is easily overlooked."""
    forbidden = {"errcode": "M_FORBIDDEN", "error": "no"}
    refusing = homeserver(lambda _: web.json_response(forbidden, status=403))
    async with refusing as (address, _), bare_nio(directory, address) as client:
        await client.receive_response(SyncResponse.from_dict(sync(reaction("$1"), encrypted=False)))
        return isinstance(await client.room_send(ROOM, "m.room.message", TEXT), RoomSendError)


async def ours_raises_them(_directory: Path) -> bool:
    """Refused, with the homeserver's code."""
    forbidden = {"errcode": "M_FORBIDDEN", "error": "no"}
    async with homeserver(lambda _: web.json_response(forbidden, status=403)) as (address, _):
        wire = Wire(address)
        with pytest.raises(Refused, match="M_FORBIDDEN"):
            await wire.call("PUT", "/anything")
        await wire.close()
    return True


async def bare_waits_as_long_as_it_likes(directory: Path) -> bool:
    """A 429 that carries its pause in the header alone costs five seconds, whatever the header says."""
    begun = asyncio.Event()

    def answer(request: web.Request) -> web.Response:
        begun.set()
        return limited(request)

    async with homeserver(answer) as (address, asked), bare_nio(directory, address) as client:
        await client.receive_response(SyncResponse.from_dict(sync(reaction("$1"), encrypted=False)))
        sending = asyncio.create_task(client.room_send(ROOM, "m.room.message", TEXT))
        await asyncio.wait_for(begun.wait(), 10)
        await asyncio.wait([sending], timeout=0.5)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return len(asked) == 1


async def ours_reads_the_header(_directory: Path) -> bool:
    """The caller hears how long."""
    async with homeserver(limited) as (address, _):
        wire = Wire(address)
        with pytest.raises(TryLater) as told:
            await wire.call("PUT", "/anything")
        await wire.close()
    return told.value.after == 0.0


def limited(_: web.Request) -> web.Response:
    """Too many requests; the standard way to say for how long."""
    body = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow down"}
    return web.json_response(body, status=429, headers={"Retry-After": "0"})


async def bare_hangs_after_a_failed_claim(directory: Path) -> bool:
    """Claiming keys fails once because nobody is at the address; the next message to the room never returns."""
    async with bare_nio(directory) as client:
        await knows(client, Crowd(1).answer)
        with pytest.raises(Exception, match="Cannot connect"):
            await client.room_send(ROOM, "m.room.message", TEXT, ignore_unverified_devices=True)
        try:
            async with asyncio.timeout(0.5):
                await client.room_send(ROOM, "m.room.message", TEXT, ignore_unverified_devices=True)
        except TimeoutError:
            return True
        except Exception:  # noqa: BLE001  # whatever it says, it says something
            return False
        return False


async def ours_tries_again(directory: Path) -> bool:
    """The next message claims anew."""
    return await _shares_after_a_failure_of("/keys/claim", directory)


async def bare_counts_a_failed_share(directory: Path) -> bool:
    """The message with the room key could not be delivered; the session counts as shared all the same."""
    crowd = Crowd(1)

    def answer(request: web.Request) -> web.Response:
        if "/keys/claim" in request.path:
            return web.json_response({"one_time_keys": claimed(crowd), "failures": {}})
        if "/sendToDevice/" in request.path:
            return web.json_response({"errcode": "M_UNKNOWN", "error": "no"}, status=500)
        return web.json_response({"event_id": "$1"})

    async with homeserver(answer) as (address, asked), bare_nio(directory, address) as client:
        await knows(client, crowd.answer)
        await client.room_send(ROOM, "m.room.message", TEXT, ignore_unverified_devices=True)
        undelivered = any("/sendToDevice/" in path for path in asked) and any("/send/" in path for path in asked)
        return undelivered and bool(client.olm.outbound_group_sessions[ROOM].shared)


async def ours_counts_what_arrived(directory: Path) -> bool:
    """A key that was not taken is owed until it is."""
    return await _shares_after_a_failure_of("/sendToDevice/m.room.encrypted", directory)


async def _shares_after_a_failure_of(step: str, directory: Path) -> bool:
    desk = Desk(directory, people=1)
    desk.crowd.fail = lambda where: TryLater("away") if step in where else None
    with pytest.raises(TryLater):
        await desk.say()
    desk.crowd.fail = lambda _: None
    await desk.say()
    desk.store.close()
    return desk.crowd.told("m.room.encrypted") == {"@nurse0:zorg.test"}


async def bare_forgets_its_sessions(directory: Path) -> bool:
    """After a restart every room gets a new session, and everybody in it a new key."""
    async with bare_nio(directory) as client:
        client.olm.create_outbound_group_session(ROOM)
    async with bare_nio(directory) as client:
        return ROOM not in client.olm.outbound_group_sessions


async def ours_keeps_its_sessions(directory: Path) -> bool:
    """The session goes on."""
    ids = []
    for _ in range(2):
        ear = Ear(directory)
        ids.append(Outbound(ear.store, ear.machine, ROOM, 1).session_id)
        ear.close()
    return ids[0] == ids[1]


def claimed(crowd: Crowd) -> dict[str, Any]:
    """One key of each device, as /keys/claim gives it."""
    return {user_id: crowd._one_time_key(user_id) for user_id in crowd.devices}
