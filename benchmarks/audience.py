"""A room full of devices, and new accounts that come to speak in it. Nobody there reads: only getting there counts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from benchmarks.device import Device, log_in, vouch
from benchmarks.stage import ENCRYPTED, PASSWORD
from bot.matrix.wire import Wire, path
from demo.homeserver import Homeserver

_numbers = count(1)


@dataclass
class Audience:
    """A room in which each of `people` has devices, all of them vouched for by their owner."""

    homeserver: Homeserver
    host: Device
    room_id: str
    people: list[str]
    devices: int

    async def newcomer(self) -> str:
        """A new account that has joined the room and has no device (any more). Returns its localpart."""
        localpart = f"speaker{next(_numbers)}"
        user_id = await self.homeserver.register(localpart, PASSWORD)
        await self.host.wire.call("POST", path("v3", "rooms", self.room_id, "invite"), {"user_id": user_id})
        wire = Wire(self.homeserver.url)
        await log_in(wire, localpart, PASSWORD)
        await wire.call("POST", path("v3", "join", self.room_id), {})
        await wire.call("POST", path("v3", "logout"), {})
        await wire.close()
        return localpart

    async def leaves(self, user_id: str) -> None:
        """Whoever has spoken goes, so that the next one speaks to the same devices."""
        await self.host.wire.call("POST", path("v3", "rooms", self.room_id, "kick"), {"user_id": user_id})


async def gather(homeserver: Homeserver, people: int, each: int, one_time_keys: int) -> list[list[Device]]:
    """So many people with so many devices each; every list is one person's. Raises ChatError."""
    everybody = []
    for _ in range(people):
        localpart = f"owner{next(_numbers)}"
        await homeserver.register(localpart, PASSWORD)
        wire = Wire(homeserver.url)
        devices = []
        for _ in range(each):
            device = await log_in(wire, localpart, PASSWORD)
            await device.upload(one_time_keys)
            devices.append(device)
        await vouch(devices)
        everybody.append(devices)
    return everybody


async def seat(homeserver: Homeserver, everybody: list[list[Device]]) -> Audience:
    """An encrypted room with all of these people; the first one made it. Raises ChatError."""
    host = everybody[0][-1]
    invited = [devices[0].user_id for devices in everybody[1:]]
    body: dict[str, Any] = {"preset": "private_chat", "invite": invited, "initial_state": [ENCRYPTED]}
    room_id = str((await host.wire.call("POST", path("v3", "createRoom"), body))["room_id"])
    for devices in everybody[1:]:
        await devices[0].wire.call("POST", path("v3", "join", room_id), {})
    people = [devices[0].user_id for devices in everybody]
    return Audience(homeserver, host, room_id, people, sum(len(devices) for devices in everybody))
