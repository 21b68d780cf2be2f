"""Olm sessions towards other people's devices: claimed in bulk, mended when the other side's messages cannot be read.

A device that gives no key is left alone for a while, longer each time, and never holds up the others.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.matrix.crypto_store import CryptoStore
from bot.matrix.halving import in_halves
from bot.matrix.machine import Machine
from bot.matrix.pauses import Pauses
from bot.matrix.signing import signed_by
from bot.matrix.trust import Device, Trust
from bot.matrix.wire import Wire, path

log = logging.getLogger(__name__)

PER_CLAIM = 250  # devices in one /keys/claim
AT_ONCE = 10  # sessions made before other tasks get their turn
SERVER_PATIENCE_MS = 5_000  # what our homeserver may spend on asking other homeservers
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 15_000, 3_600_000
UNWEDGE_PAUSE_MS = 3_600_000  # how often one device may make us begin a new session

_Whose = tuple[str, str]  # a person and an identity key: anyone can publish another's key as their own


class OlmSessions:
    """Makes sessions with devices that we have none with."""

    def __init__(
        self, wire: Wire, store: CryptoStore, machine: Machine, trust: Trust, now_ms: Callable[[], int]
    ) -> None:
        self._wire = wire
        self._store = store
        self._machine = machine
        self._trust = trust
        self._claiming = asyncio.Lock()
        self._pauses = Pauses[_Whose](now_ms, FIRST_PAUSE_MS, LONGEST_PAUSE_MS)
        self._mended = Pauses[_Whose](now_ms, UNWEDGE_PAUSE_MS)

    async def establish(self, devices: Sequence[Device]) -> None:
        """Try to have a session with each of `devices`; who has none afterwards could not be reached.

        Raises TryLater when our own homeserver does not answer.
        """
        async with self._claiming:
            missing = [device for device in devices if not self._machine.has_session(device)]
            await self._claim([device for device in missing if _whose(device) not in self._pauses])

    async def mend(self) -> None:
        """Begin a new session with devices whose messages we could not read, and say so to them. Raises ChatError."""
        wedged, self._machine.wedged = self._machine.wedged, set()
        due = {whose for whose in wedged if whose not in self._mended}
        users = sorted({user_id for user_id, _ in due})
        await self._trust.refresh(users)
        devices = [device for user in users for device in self._trust.devices(user) if _whose(device) in due]
        self._mended.begin(map(_whose, devices))
        async with self._claiming:
            reached = await self._claim(devices)
        messages: dict[str, dict[str, Any]] = defaultdict(dict)
        for device in reached:
            messages[device.user_id][device.device_id] = self._machine.encrypt_for(device, "m.dummy", {})
        if messages:
            where = path("v3", "sendToDevice", "m.room.encrypted", secrets.token_hex(16))
            await self._wire.call("PUT", where, {"messages": messages})

    async def _claim(self, devices: Sequence[Device]) -> list[Device]:
        """Claim one key for each device and begin a session with it; those for which that worked."""
        reached: list[Device] = []

        async def claim(some: Sequence[Device]) -> None:
            keys = await self._claimed(some)
            for start in range(0, len(some), AT_ONCE):
                with self._store.batch():
                    reached.extend(device for device in some[start : start + AT_ONCE] if self._begin(device, keys))
                await asyncio.sleep(0)

        await in_halves("to give keys", devices, PER_CLAIM, claim)
        self._pauses.begin({_whose(device) for device in devices} - {_whose(device) for device in reached})
        return reached

    async def _claimed(self, devices: Sequence[Device]) -> Mapping[str, Any]:
        """What their homeservers gave for these devices: by user id and device id."""
        wanted: dict[str, dict[str, str]] = defaultdict(dict)
        for device in devices:
            wanted[device.user_id][device.device_id] = "signed_curve25519"
        body = {"one_time_keys": wanted, "timeout": SERVER_PATIENCE_MS}
        keys = (await self._wire.call("POST", path("v3", "keys", "claim"), body)).get("one_time_keys")
        return keys if isinstance(keys, dict) else {}

    def _begin(self, device: Device, keys: Mapping[str, Any]) -> bool:
        try:
            (key,) = keys[device.user_id][device.device_id].values()
            if not signed_by(key, device.user_id, device.device_id, device.ed25519):
                raise ValueError("not signed by the device")
            self._machine.create_session(device, key["key"])
        except (KeyError, TypeError, ValueError, AttributeError):
            log.info("no key of a device of %s to claim", device.user_id)
            return False
        self._pauses.end(_whose(device))
        return True


def _whose(device: Device) -> _Whose:
    return device.user_id, device.curve25519
