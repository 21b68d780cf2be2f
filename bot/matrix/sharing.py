"""Giving our room keys to those who may read, before anything is said; the others are told that they may not.

A device counts as done only when the homeserver has taken its key; one that could not be reached is tried again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.chat import NobodyReads
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.halving import in_halves
from bot.matrix.machine import Machine
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.outbound import Outbound
from bot.matrix.pauses import Pauses
from bot.matrix.room_keys import MEGOLM
from bot.matrix.rooms import Room
from bot.matrix.trust import Device, Trust
from bot.matrix.wire import Wire, path

PER_REQUEST = 100  # devices in one to-device request
AT_ONCE = 10  # devices encrypted for before other tasks get their turn (about 0.3 ms each)
PAUSE_MS = 60_000  # before a device is written to again for which the homeserver refused to take anything


class Sharing:
    """The outbound session of every room, and its way to the devices of the room's members."""

    def __init__(
        self,
        wire: Wire,
        store: CryptoStore,
        machine: Machine,
        trust: Trust,
        olm: OlmSessions,
        now_ms: Callable[[], int],
    ) -> None:
        self._wire = wire
        self._store = store
        self._machine = machine
        self._trust = trust
        self._olm = olm
        self._now_ms = now_ms
        self._outbound: dict[str, Outbound] = {}
        self._pauses = Pauses[Device](now_ms, PAUSE_MS)  # of devices that we could not write to

    async def ready(self, room: Room) -> Outbound:
        """The room's session, after everyone who may read and can be reached has its key. Raises ChatError.

        That is NobodyReads where there are people who may read, and no one of them can be reached now. The caller holds
        the room's lock until it has encrypted with the session.
        """
        readers = self._readers(room)
        await self._trust.refresh(readers)
        devices = [device for user_id in readers for device in self._trust.devices(user_id) if self._other(device)]
        wanted = [device for device in devices if self._trust.believes(device)]
        outbound = self._session(room, readers, wanted)
        devices = [device for device in devices if device not in self._pauses]
        owed = [device for device in devices if self._trust.believes(device) and not outbound.has_key(device)]
        await self._give(outbound, owed)
        await self._withhold(outbound, [device for device in devices if not self._trust.believes(device)])
        if self._is_lost_on(readers, wanted, outbound):
            raise NobodyReads("nobody there can be given the key")
        return outbound

    def _is_lost_on(self, readers: Sequence[str], wanted: Sequence[Device], outbound: Outbound) -> bool:
        """Whether people may have devices to read on, and none of these has the key."""
        others = [user_id for user_id in readers if user_id != self._machine.user_id]
        theirs = [device for device in wanted if device.user_id != self._machine.user_id]
        may_read = bool(theirs) or not all(map(self._trust.is_fresh, others))
        return may_read and not any(map(outbound.has_key, theirs))

    async def cannot_read(self, room: Room) -> list[str]:
        """The members, as far as their devices are known, who have no device that may read what we say."""
        readers = [user_id for user_id in self._readers(room) if user_id != self._machine.user_id]
        await self._trust.refresh(readers)
        return [user for user in readers if self._trust.is_fresh(user) and not self._believed(user)]

    def _believed(self, user_id: str) -> bool:
        return any(self._trust.believes(device) for device in self._trust.devices(user_id))

    def _readers(self, room: Room) -> list[str]:
        """Whoever is in, and whoever is invited: an invitation may have been accepted before our sync hears of it.

        What was said before somebody joined stays hidden from them all the same: the server does not show it.
        """
        return room.members("join", "invite")

    def _other(self, device: Device) -> bool:
        return (device.user_id, device.device_id) != (self._machine.user_id, self._machine.device_id)

    def _session(self, room: Room, readers: Sequence[str], wanted: Sequence[Device]) -> Outbound:
        """The room's session, a new one if its time has come or somebody has its key who may not read on."""
        now_ms = self._now_ms()
        outbound = self._outbound.get(room.room_id)
        if outbound is None:
            outbound = self._outbound[room.room_id] = Outbound(self._store, self._machine, room.room_id, now_ms)
        if outbound.is_old(room.rotation, now_ms) or self._somebody_left(outbound, set(readers), wanted):
            outbound.rotate(now_ms)
        return outbound

    def _somebody_left(self, outbound: Outbound, readers: set[str], wanted: Sequence[Device]) -> bool:
        present = {(device.user_id, device.device_id, device.curve25519) for device in wanted}
        for (user_id, device_id), share in outbound.shares.items():
            if share.withheld or (user_id, device_id, share.device_key) in present:
                continue
            if user_id not in readers or self._trust.is_fresh(user_id):
                return True  # not merely somebody whose homeserver does not answer now
        return False

    async def _give(self, outbound: Outbound, owed: Sequence[Device]) -> None:
        if not owed:
            return
        await self._olm.establish(owed)
        letters: dict[Device, Mapping[str, Any]] = {}

        async def give(some: Sequence[Device]) -> None:
            letters.update(await self._encrypted([device for device in some if device not in letters], outbound.key()))
            await self._send("m.room.encrypted", outbound, {device: letters[device] for device in some})
            outbound.told(some, withheld=False)

        await self._to_all([device for device in owed if self._machine.has_session(device)], give)

    async def _encrypted(self, devices: Sequence[Device], key: Mapping[str, Any]) -> dict[Device, Mapping[str, Any]]:
        letters: dict[Device, Mapping[str, Any]] = {}
        for start in range(0, len(devices), AT_ONCE):
            some = devices[start : start + AT_ONCE]
            with self._store.batch():
                letters |= {device: self._machine.encrypt_for(device, "m.room_key", key) for device in some}
            await asyncio.sleep(0)
        return letters

    async def _withhold(self, outbound: Outbound, devices: Sequence[Device]) -> None:
        """Tell each device that is not believed, once for each session, why it gets no key."""
        told = outbound.shares
        fresh = [device for device in devices if (device.user_id, device.device_id) not in told]
        notice = {
            "algorithm": MEGOLM,
            "room_id": outbound.room_id,
            "session_id": outbound.session_id,
            "sender_key": self._machine.curve25519,
            "code": "m.unverified",
            "reason": "This device has not been verified by its owner.",
        }

        async def tell(some: Sequence[Device]) -> None:
            await self._send("m.room_key.withheld", outbound, dict.fromkeys(some, notice))
            outbound.told(some, withheld=True)

        await self._to_all(fresh, tell)

    async def _to_all(self, devices: Sequence[Device], send: Callable[[Sequence[Device]], Awaitable[None]]) -> None:
        """`send` to all of them; those for which the homeserver takes nothing are left alone for a while."""
        self._pauses.begin(await in_halves("to-device messages", devices, PER_REQUEST, send))

    async def _send(self, kind: str, outbound: Outbound, letters: Mapping[Device, Mapping[str, Any]]) -> None:
        """One to-device request."""
        messages: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for device, content in letters.items():
            messages[device.user_id][device.device_id] = content
        txn_id = _txn_id(kind, outbound.session_id, list(letters))
        await self._wire.call("PUT", path("v3", "sendToDevice", kind, txn_id), {"messages": messages})


def _txn_id(kind: str, session_id: str, devices: Sequence[Device]) -> str:
    """The same for the same thing said to the same devices, so that a repetition after a crash is dropped."""
    whole = "\0".join([kind, session_id, *(f"{device.user_id}\0{device.curve25519}" for device in devices)])
    return hashlib.sha256(whole.encode()).hexdigest()
