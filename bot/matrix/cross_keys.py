"""Cross-signing keys: three private ones of our own, and what a /keys/query answer says of somebody's public ones.

Pure: no files, no network. Source: Matrix specification, client-server API, "Cross-signing".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.matrix.signing import SigningKey, decode, encode, is_key, signed_by

USAGES = ("master", "self_signing", "user_signing")


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


class PrivateKeys:
    """The private halves of master, self-signing and user-signing key."""

    def __init__(self, seeds: Mapping[str, str]) -> None:
        self._by_usage = {usage: SigningKey(decode(seeds[usage])) for usage in USAGES}
        self.master = self._by_usage["master"]
        self.self_signing = self._by_usage["self_signing"]

    @classmethod
    def new(cls) -> PrivateKeys:
        """Three fresh keys."""
        return cls({usage: encode(SigningKey.new().seed) for usage in USAGES})

    def seeds(self) -> dict[str, str]:
        """usage -> private half, as `__init__` takes them."""
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
