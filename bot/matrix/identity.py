"""Cross-signing: our own master, self-signing and user-signing keys, and our device signed by them.

Clients give no keys to a device that its owner has not cross-signed, and hide what it says. Other people's
identities are trust.py. Source: Matrix specification, client-server API, "Cross-signing"; MSC4153.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.chat import ChatError
from bot.matrix.cross_keys import PrivateKeys, verified_self_signing
from bot.matrix.sealed_file import SealedFile
from bot.matrix.signing import signed_by
from bot.matrix.wire import Refused, Wire, path
from storage.seal import Seal


class IdentityError(ChatError):
    """Our identity cannot be put in order without an administrator; the text says why."""


@dataclass(frozen=True)
class IdentityState:
    """How our identity stands on the server.

    `trusted`: the whole chain is there and ours, so others can believe this device. `foreign`: the server has a
    master key of which we do not hold the private half; it is never replaced without `reset`. `broken`: the keys
    are ours and yet the chain does not hold. `absent`: there is none yet.
    """

    status: Literal["trusted", "foreign", "broken", "absent"]
    fingerprint: str  # the public master key that the server shows, unpadded base64; "" when there is none

    @property
    def trusted(self) -> bool:
        """Whether others can believe this device."""
        return self.status == "trusted"


class Identity:
    """The identity of one account with one device of ours, its private halves sealed in `directory`."""

    def __init__(self, wire: Wire, seal: Seal, directory: Path, user_id: str, device_id: str) -> None:
        self._wire = wire
        self.user_id = user_id
        self._device_id = device_id
        self._file = SealedFile(directory / "identity.sealed", seal)
        self._next = SealedFile(directory / "identity-next.sealed", seal)

    async def ensure(self, password: str | None = None) -> IdentityState:
        """Bring the chain in order as far as that needs no replacing, verify it on the server, and say how it stands.

        The device's own keys must have been uploaded. `password` is used only if the server asks for one at the
        first upload. Whatever step a crash fell on, calling this again heals it. Raises ChatError.
        """
        answer = await self._query()
        on_server = verified_self_signing(answer, self.user_id)
        keys = self._stored(on_server)
        if keys is None and on_server is not None:
            return IdentityState("foreign", on_server[0])
        if keys is None:
            keys = PrivateKeys.new()
            self._file.write(keys.seeds())
        if on_server is not None and on_server[0] != keys.master.public:
            return IdentityState("foreign", on_server[0])
        if not keys.same_as(answer, self.user_id):
            await self._upload(keys, password)
        return await self._sign_and_verify(keys)

    async def look(self) -> IdentityState:
        """How it stands; nothing is changed, neither here nor there, so a bot may be running. Raises ChatError."""
        answer = await self._query()
        on_server = verified_self_signing(answer, self.user_id)
        if on_server is None:
            return IdentityState("absent", "")
        seeds = self._file.read()
        if seeds is None or PrivateKeys(seeds).master.public != on_server[0]:
            return IdentityState("foreign", on_server[0])
        return IdentityState("trusted" if self._whole(answer, PrivateKeys(seeds)) else "broken", on_server[0])

    def private_keys(self) -> dict[str, str] | None:
        """usage -> private half in unpadded base64, or None when we hold none: for secret storage alone."""
        return self._file.read()

    async def reset(self, password: str) -> IdentityState:
        """Replace the identity that the server has. Everyone who trusted the old one is warned by their client."""
        keys = PrivateKeys.new()
        self._next.write(keys.seeds())
        await self._upload(keys, password)
        self._next.move(self._next.path, self._file.path)
        return await self._sign_and_verify(keys)

    def _stored(self, on_server: tuple[str, str | None] | None) -> PrivateKeys | None:
        """Our private keys; those of a reset that was cut short after its upload take their place here."""
        coming = self._next.read()
        if coming is not None and on_server is not None and PrivateKeys(coming).master.public == on_server[0]:
            self._next.move(self._next.path, self._file.path)
        seeds = self._file.read()
        return None if seeds is None else PrivateKeys(seeds)

    async def _query(self) -> dict[str, Any]:
        return await self._wire.call("POST", path("v3", "keys", "query"), {"device_keys": {self.user_id: []}})

    async def _upload(self, keys: PrivateKeys, password: str | None) -> None:
        where, body = path("v3", "keys", "device_signing", "upload"), keys.upload(self.user_id)
        try:
            await self._wire.call("POST", where, body)
        except Refused as refused:
            if refused.status != 401 or "session" not in refused.answer:
                raise
            if password is None:
                raise IdentityError("the homeserver asks for the password before it takes our identity") from None
            auth = {
                "type": "m.login.password",
                "session": refused.answer["session"],
                "identifier": {"type": "m.id.user", "user": self.user_id},
                "password": password,
            }
            await self._wire.call("POST", where, {**body, "auth": auth})

    async def _sign_and_verify(self, keys: PrivateKeys) -> IdentityState:
        answer = await self._query()
        if not self._whole(answer, keys):
            device = _device(answer, self.user_id, self._device_id)
            if device is None:
                raise IdentityError("the homeserver does not show our own device")
            bare = {key: value for key, value in device.items() if key not in ("signatures", "unsigned")}
            signed = keys.self_signing.sign(bare, self.user_id)
            body = {self.user_id: {self._device_id: signed}}
            await self._wire.call("POST", path("v3", "keys", "signatures", "upload"), body)
            answer = await self._query()
        return IdentityState("trusted" if self._whole(answer, keys) else "broken", keys.master.public)

    def _whole(self, answer: Mapping[str, Any], keys: PrivateKeys) -> bool:
        device = _device(answer, self.user_id, self._device_id)
        public = keys.self_signing.public
        return (
            keys.same_as(answer, self.user_id)
            and device is not None
            and signed_by(device, self.user_id, public, public)
        )


def _device(answer: Mapping[str, Any], user_id: str, device_id: str) -> dict[str, Any] | None:
    match answer.get("device_keys"):
        case {**users}:
            match users.get(user_id):
                case {**devices}:
                    found = devices.get(device_id)
                    return found if isinstance(found, dict) else None
    return None
