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
from bot.matrix.sealed_file import SealedFile
from bot.matrix.signing import SigningKey, decode, encode, is_key, signed_by
from bot.matrix.wire import Refused, Wire, path
from storage.seal import Seal

USAGES = ("master", "self_signing", "user_signing")


class IdentityError(ChatError):
    """Our identity cannot be put in order without an administrator; the text says why."""


@dataclass(frozen=True)
class IdentityState:
    """How our identity stands on the server.

    `trusted`: the whole chain is there and ours, so others can believe this device. `foreign`: the server has a
    master key of which we do not hold the private half; it is never replaced without `reset`. `broken`: the keys
    are ours and yet the chain does not hold.
    """

    status: Literal["trusted", "foreign", "broken"]
    fingerprint: str  # the public master key that the server shows, unpadded base64; "" when there is none

    @property
    def trusted(self) -> bool:
        """Whether others can believe this device."""
        return self.status == "trusted"


def verified_self_signing(answer: Mapping[str, Any], user_id: str) -> tuple[str, str | None] | None:
    """(master, self-signing key or None) of a user in a raw /keys/query answer; None without a master key.

    The self-signing key is None unless the master key signed it.
    """
    master = _public(answer, "master", user_id)
    if master is None:
        return None
    key = answer["self_signing_keys"].get(user_id) if _has(answer, "self_signing_keys") else None
    public = _public(answer, "self_signing", user_id)
    chained = public is not None and signed_by(key, user_id, master, master)
    return master, public if chained else None


def _has(answer: Mapping[str, Any], name: str) -> bool:
    return isinstance(answer.get(name), dict)


def _public(answer: Mapping[str, Any], usage: str, user_id: str) -> str | None:
    """The one public key of a cross-signing key object that is what it says it is."""
    key = answer[f"{usage}_keys"].get(user_id) if _has(answer, f"{usage}_keys") else None
    match key:
        case {"user_id": str(owner), "usage": [*usages], "keys": {**keys}} if owner == user_id and usage in usages:
            for key_id, public in keys.items():
                if is_key(public) and key_id == f"ed25519:{public}":
                    return public
    return None


class _Keys:
    """The three private keys."""

    def __init__(self, seeds: Mapping[str, str]) -> None:
        self._by_usage = {usage: SigningKey(decode(seeds[usage])) for usage in USAGES}
        self.master = self._by_usage["master"]
        self.self_signing = self._by_usage["self_signing"]

    @classmethod
    def new(cls) -> _Keys:
        return cls({usage: encode(SigningKey.new().seed) for usage in USAGES})

    def seeds(self) -> dict[str, str]:
        return {usage: encode(key.seed) for usage, key in self._by_usage.items()}

    def upload(self, user_id: str) -> dict[str, Any]:
        """The body of /keys/device_signing/upload."""
        body: dict[str, Any] = {}
        for usage, key in self._by_usage.items():
            public = {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}
            body[f"{usage}_key"] = public if usage == "master" else self.master.sign(public, user_id)
        return body

    def same_as(self, answer: Mapping[str, Any], user_id: str) -> bool:
        """Whether the server shows these very keys, rightly signed."""
        return verified_self_signing(answer, user_id) == (self.master.public, self.self_signing.public)


class Identity:
    """The identity of one account with one device of ours, its private halves sealed in `directory`."""

    def __init__(self, wire: Wire, seal: Seal, directory: Path, user_id: str, device_id: str) -> None:
        self._wire = wire
        self._user_id = user_id
        self._device_id = device_id
        self._file = SealedFile(directory / "identity.sealed", seal)
        self._next = SealedFile(directory / "identity-next.sealed", seal)

    async def ensure(self, password: str | None = None) -> IdentityState:
        """Bring the chain in order as far as that needs no replacing, verify it on the server, and say how it stands.

        The device's own keys must have been uploaded. `password` is used only if the server asks for one at the
        first upload. Whatever step a crash fell on, calling this again heals it. Raises ChatError.
        """
        answer = await self._query()
        on_server = verified_self_signing(answer, self._user_id)
        keys = self._stored(on_server)
        if keys is None and on_server is not None:
            return IdentityState("foreign", on_server[0])
        if keys is None:
            keys = _Keys.new()
            self._file.write(keys.seeds())
        if on_server is not None and on_server[0] != keys.master.public:
            return IdentityState("foreign", on_server[0])
        if not keys.same_as(answer, self._user_id):
            await self._upload(keys, password)
        return await self._sign_and_verify(keys)

    async def reset(self, password: str) -> IdentityState:
        """Replace the identity that the server has. Everyone who trusted the old one is warned by their client."""
        keys = _Keys.new()
        self._next.write(keys.seeds())
        await self._upload(keys, password)
        self._next.move(self._next.path, self._file.path)
        return await self._sign_and_verify(keys)

    def _stored(self, on_server: tuple[str, str | None] | None) -> _Keys | None:
        """Our private keys; those of a reset that was cut short after its upload take their place here."""
        coming = self._next.read()
        if coming is not None and on_server is not None and _Keys(coming).master.public == on_server[0]:
            self._next.move(self._next.path, self._file.path)
        seeds = self._file.read()
        return None if seeds is None else _Keys(seeds)

    async def _query(self) -> dict[str, Any]:
        return await self._wire.call("POST", path("v3", "keys", "query"), {"device_keys": {self._user_id: []}})

    async def _upload(self, keys: _Keys, password: str | None) -> None:
        where, body = path("v3", "keys", "device_signing", "upload"), keys.upload(self._user_id)
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
                "identifier": {"type": "m.id.user", "user": self._user_id},
                "password": password,
            }
            await self._wire.call("POST", where, {**body, "auth": auth})

    async def _sign_and_verify(self, keys: _Keys) -> IdentityState:
        answer = await self._query()
        if not self._whole(answer, keys):
            device = _device(answer, self._user_id, self._device_id)
            if device is None:
                raise IdentityError("the homeserver does not show our own device")
            bare = {key: value for key, value in device.items() if key not in ("signatures", "unsigned")}
            signed = keys.self_signing.sign(bare, self._user_id)
            body = {self._user_id: {self._device_id: signed}}
            await self._wire.call("POST", path("v3", "keys", "signatures", "upload"), body)
            answer = await self._query()
        return IdentityState("trusted" if self._whole(answer, keys) else "broken", keys.master.public)

    def _whole(self, answer: Mapping[str, Any], keys: _Keys) -> bool:
        device = _device(answer, self._user_id, self._device_id)
        public = keys.self_signing.public
        return (
            keys.same_as(answer, self._user_id)
            and device is not None
            and signed_by(device, self._user_id, public, public)
        )


def _device(answer: Mapping[str, Any], user_id: str, device_id: str) -> dict[str, Any] | None:
    match answer.get("device_keys"):
        case {**users}:
            match users.get(user_id):
                case {**devices}:
                    found = devices.get(device_id)
                    return found if isinstance(found, dict) else None
    return None
