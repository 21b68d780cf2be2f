"""Ed25519 signatures on JSON as the Matrix specification has them. Pure: no files, no network, no Matrix library.

Source: Matrix specification, appendices "Signing JSON" and "Unpadded Base64".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def encode(data: bytes) -> str:
    """Unpadded base64: clients drop padded ids and signatures without a word."""
    return base64.b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The reverse of `encode`. Raises ValueError for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error


def is_key(text: object) -> TypeGuard[str]:
    """Whether this is a public key: 32 bytes in unpadded base64, written in the one right way."""
    try:
        return isinstance(text, str) and len(decode(text)) == 32 and encode(decode(text)) == text
    except ValueError:
        return False


def canonical(thing: Mapping[str, Any]) -> bytes:
    """Canonical JSON of `thing` without `signatures` and `unsigned`: what a signature is made over."""
    bare = {key: value for key, value in thing.items() if key not in ("signatures", "unsigned")}
    return json.dumps(bare, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


class SigningKey:
    """The private half of one Ed25519 key."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.seed = seed
        self.public = encode(self._private.public_key().public_bytes_raw())

    @classmethod
    def new(cls) -> SigningKey:
        """A fresh random key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    def sign(self, thing: Mapping[str, Any], user_id: str) -> dict[str, Any]:
        """A copy of `thing` with our signature as `user_id` added to those it has."""
        signatures = {user: dict(by) for user, by in thing.get("signatures", {}).items()}
        signature = encode(self._private.sign(canonical(thing)))
        signatures.setdefault(user_id, {})[f"ed25519:{self.public}"] = signature
        return {**thing, "signatures": signatures}


def signed_by(thing: Any, user_id: str, key_id: str, public: str) -> bool:
    """Whether `user_id`'s key `key_id` (without "ed25519:"), whose public half is `public`, signed `thing`.

    Never raises, whatever a server made of `thing`.
    """
    try:
        signature = decode(thing["signatures"][user_id][f"ed25519:{key_id}"])
        Ed25519PublicKey.from_public_bytes(decode(public)).verify(signature, canonical(thing))
    except (InvalidSignature, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return False
    return True
