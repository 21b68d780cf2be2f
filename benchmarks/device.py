"""Devices for many people at once: logged in, with keys made straight by vodozemac, vouched for by their owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import vodozemac

from bot.matrix.signing import SigningKey, canonical
from bot.matrix.wire import Wire, path

ALGORITHMS = ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"]


class Device:
    """One device of one account. `wire` speaks as this device while its token is set there."""

    def __init__(self, wire: Wire, user_id: str, device_id: str, token: str) -> None:
        self.wire = wire
        self.user_id = user_id
        self.device_id = device_id
        self.token = token
        self.account = vodozemac.Account()

    @property
    def curve25519(self) -> str:
        """The identity key."""
        return self.account.curve25519_key.to_base64()

    @property
    def ed25519(self) -> str:
        """The fingerprint key."""
        return self.account.ed25519_key.to_base64()

    def keys(self) -> dict[str, Any]:
        """What the homeserver tells others about this device."""
        return self.signed(
            {
                "user_id": self.user_id,
                "device_id": self.device_id,
                "algorithms": ALGORITHMS,
                "keys": {f"curve25519:{self.device_id}": self.curve25519, f"ed25519:{self.device_id}": self.ed25519},
            }
        )

    def signed(self, thing: dict[str, Any]) -> dict[str, Any]:
        """`thing` with the device's signature."""
        signature = self.account.sign(canonical(thing)).to_base64()
        return {**thing, "signatures": {self.user_id: {f"ed25519:{self.device_id}": signature}}}

    async def upload(self, one_time_keys: int) -> None:
        """Tell the homeserver the device's keys and so many one-time keys. Raises ChatError."""
        self.account.generate_one_time_keys(one_time_keys)
        keys = {
            f"signed_curve25519:{name}": self.signed({"key": key.to_base64()})
            for name, key in self.account.one_time_keys.items()
        }
        body = {"device_keys": self.keys(), "one_time_keys": keys}
        await self.wire.call("POST", path("v3", "keys", "upload"), body)
        self.account.mark_keys_as_published()


async def log_in(wire: Wire, localpart: str, password: str) -> Device:
    """A new device of this account, of which nobody knows a key yet; `wire` speaks as it. Raises ChatError."""
    identifier = {"type": "m.id.user", "user": localpart}
    body = {"type": "m.login.password", "identifier": identifier, "password": password}
    answer = await wire.call("POST", path("v3", "login"), body)
    wire.token = str(answer["access_token"])
    return Device(wire, str(answer["user_id"]), str(answer["device_id"]), wire.token)


async def vouch(devices: Sequence[Device]) -> None:
    """Give the owner of these devices a cross-signing identity, and sign all of them with it. Raises ChatError."""
    wire, user_id = devices[0].wire, devices[0].user_id
    master = SigningKey.new()
    body = {"master_key": _public(user_id, "master", master)}
    self_signing = SigningKey.new()
    for usage, key in (("self_signing", self_signing), ("user_signing", SigningKey.new())):
        body[f"{usage}_key"] = master.sign(_public(user_id, usage, key), user_id)
    await wire.call("POST", path("v3", "keys", "device_signing", "upload"), body)
    signed = {device.device_id: self_signing.sign(device.keys(), user_id) for device in devices}
    await wire.call("POST", path("v3", "keys", "signatures", "upload"), {user_id: signed})


def _public(user_id: str, usage: str, key: SigningKey) -> dict[str, Any]:
    return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}
