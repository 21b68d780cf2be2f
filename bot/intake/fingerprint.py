"""The fingerprint of a body: the same content gives the same one, and without the key it tells nothing."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def fingerprint_key(sealing_keys: str) -> bytes:
    """A key of its own, derived from the last of the (comma-separated) sealing keys.

    A new sealing key is put in front. So the last one is the oldest, and as long as it is there, a body that was
    sent before the change still has its fingerprint.
    """
    oldest = urlsafe_b64decode(sealing_keys.split(",")[-1].strip())
    return HKDF(SHA256(), 32, salt=None, info=b"schakelbot intake fingerprint").derive(oldest)


def fingerprint(content: dict[str, Any], key: bytes) -> str:
    """HMAC-SHA256 in hex of the canonical JSON of `content`. Keyed, because a telephone number is soon guessed."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, canonical.encode(), sha256).hexdigest()
