"""Whom to believe: everybody's devices, which of them their owner has cross-signed, and pinned master keys.

Our own identity is identity.py; what follows from trust is decided by sharing.py and reading.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from bot.matrix.cross_keys import verified_self_signing
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.halving import in_halves
from bot.matrix.pauses import Pauses
from bot.matrix.pins import Pins
from bot.matrix.signing import is_key, signed_by
from bot.matrix.wire import Wire, path

log = logging.getLogger(__name__)

OnChanged = Callable[[str, str, Callable[[], None]], None]
Policy = Literal["cross-signed", "all"]
PER_QUERY = 250  # users in one /keys/query
AT_ONCE = 10  # people who are pinned, or devices whose signatures are checked, before other tasks get their turn
SERVER_PATIENCE_MS = 5_000  # what our homeserver may spend on asking other homeservers
PAUSE_MS = 300_000  # before somebody is asked for again whose homeserver did not answer, or ours refused


@dataclass(frozen=True)
class Device:
    """One device of one person; `signed`: its owner's identity vouches for it, and that identity is the pinned one."""

    user_id: str
    device_id: str
    curve25519: str
    ed25519: str
    signed: bool


class Trust:
    """What we know of people's devices. It is asked anew after each start; only the pinned master keys are kept.

    `on_changed_identity` hears a user id and the new master key when somebody's is another one than the pinned one, and
    what to call when that is written down: until then it is told again after each start.
    """

    def __init__(
        self,
        wire: Wire,
        store: CryptoStore,
        policy: Policy,
        on_changed_identity: OnChanged,
        now_ms: Callable[[], int],
    ) -> None:
        self._wire = wire
        self._store = store
        self._pins = Pins(store)
        self._policy = policy
        self._on_changed_identity = on_changed_identity
        self._told: set[tuple[str, str]] = set()  # (user id, master key) of this process
        self._devices: dict[str, tuple[Device, ...]] = {}
        self._changes: dict[str, int] = {}  # how often a user's devices were said to have changed
        self._known_at: dict[str, int] = {}  # the value of that count when they were last asked for
        self._pauses = Pauses[str](now_ms, PAUSE_MS)  # of people who were not answered for

    def changed(self, users: Collection[str]) -> None:
        """These people's devices changed: what we know of them must be asked anew before it is used."""
        for user_id in users:
            self._changes[user_id] = self._changes.get(user_id, 0) + 1
            self._pauses.end(user_id)

    def is_fresh(self, user_id: str) -> bool:
        """Whether we know this person's devices as they are now."""
        return self._known_at.get(user_id) == self._changes.get(user_id, 0)

    def changes(self, user_id: str) -> int:
        """How often this person's devices were said to have changed."""
        return self._changes.get(user_id, 0)

    async def refresh(self, users: Collection[str]) -> None:
        """Ask for the devices of those of `users` that we do not know, or that changed. Raises ChatError.

        People whose homeserver does not answer, or whom ours refuses to tell of, stay as they were, unfresh, and are
        left alone for a while.
        """
        stale = [user for user in users if not self.is_fresh(user) and user not in self._pauses]
        self._pauses.begin(await in_halves("to tell devices", stale, PER_QUERY, self._ask))

    def devices(self, user_id: str) -> tuple[Device, ...]:
        """The devices of one person, as far as known."""
        return self._devices.get(user_id, ())

    def believes(self, device: Device) -> bool:
        """Whether this device may have room keys and give commands, by the policy of this house."""
        return device.signed or self._policy == "all"

    def owner(self, user_id: str, curve25519: str, ed25519: str) -> Device | None:
        """The device of `user_id` with exactly these two keys, or None."""
        for device in self.devices(user_id):
            if (device.curve25519, device.ed25519) == (curve25519, ed25519):
                return device
        return None

    def heed_accepted(self) -> bool:
        """Ask anew for the people whose new identity an administrator accepted meanwhile; whether there were any."""
        accepted = self._pins.newly_accepted()
        self.changed(accepted)
        return bool(accepted)

    async def _ask(self, users: Sequence[str]) -> None:
        asked = {user_id: self._changes.get(user_id, 0) for user_id in users}
        body = {"device_keys": {user_id: [] for user_id in asked}, "timeout": SERVER_PATIENCE_MS}
        answer = await self._wire.call("POST", path("v3", "keys", "query"), body)
        await self._learn(answer, asked)

    async def _learn(self, answer: Mapping[str, Any], asked: Mapping[str, int]) -> None:
        everyone = answer.get("device_keys")
        everyone = everyone if isinstance(everyone, dict) else {}
        known = {user_id: theirs for user_id in asked if isinstance(theirs := everyone.get(user_id), dict)}
        self._pauses.begin(asked.keys() - known.keys())
        signers = await self._pinned_signers(answer, list(known))
        for user_id, theirs in known.items():
            self._devices[user_id] = await _devices(user_id, theirs, signers[user_id])
            self._known_at[user_id] = asked[user_id]

    async def _pinned_signers(self, answer: Mapping[str, Any], users: Sequence[str]) -> dict[str, str | None]:
        """The self-signing key of each person's pinned identity; pinned in few transactions, not one for each."""
        signers: dict[str, str | None] = {}
        for start in range(0, len(users), AT_ONCE):
            with self._store.batch():
                signers |= {user: self._pinned_signer(answer, user) for user in users[start : start + AT_ONCE]}
            await asyncio.sleep(0)
        return signers

    def _pinned_signer(self, answer: Mapping[str, Any], user_id: str) -> str | None:
        """The self-signing key of the person's pinned identity; the first identity seen becomes the pinned one."""
        identity = verified_self_signing(answer, user_id)
        if identity is None:
            return None
        master, self_signing = identity
        if self._pins.agrees(user_id, master):
            return self_signing
        if (user_id, master) not in self._told and not self._pins.is_reported(user_id, master):
            log.warning("the identity of %s changed", user_id)
            self._told.add((user_id, master))
            self._on_changed_identity(user_id, master, partial(self._pins.keep_reported, user_id, master))
        return None


async def _devices(user_id: str, theirs: Mapping[str, Any], signer: str | None) -> tuple[Device, ...]:
    """The usable ones among the devices that the server shows for somebody; other tasks get their turn in between."""
    found = []
    for number, (device_id, keys) in enumerate(theirs.items()):
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
        device = _device(user_id, device_id, keys, signer)
        if device is not None:
            found.append(device)
    return tuple(found)


def _device(user_id: str, device_id: str, keys: object, signer: str | None) -> Device | None:
    """A device from what the server says, or None when it is not one we can use or has not signed itself."""
    match keys:
        case {"user_id": str(owner), "device_id": str(name), "keys": {**public}} if (owner, name) == (
            user_id,
            device_id,
        ):
            curve25519, ed25519 = public.get(f"curve25519:{device_id}"), public.get(f"ed25519:{device_id}")
            if not is_key(curve25519) or not is_key(ed25519):
                return None
            if not signed_by(keys, user_id, device_id, ed25519):
                return None
            signed = signer is not None and signed_by(keys, user_id, signer, signer)
            return Device(user_id, device_id, curve25519, ed25519, signed)
    return None
