"""The seal: what may identify a client, and every key of ours, lies on disk only as ciphertext."""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(Exception):
    """The key is malformed, or not the one that this data was sealed with."""


class Seal:
    """Seals with the first of the given keys (comma-separated, so that keys can be rotated), opens with any."""

    def __init__(self, keys: str) -> None:
        """`keys` as `new_key` makes them. Raises WrongKey when one is malformed."""
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
        except ValueError:
            raise WrongKey("a sealing key must be 32 bytes in url-safe base64") from None

    @staticmethod
    def new_key() -> str:
        """A fresh key."""
        return Fernet.generate_key().decode()

    def close(self, data: bytes) -> bytes:
        """`data`, unreadable without the key."""
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises WrongKey."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise WrongKey("this was sealed with another key, or it is damaged") from None

    def close_json(self, value: Any) -> bytes:
        """Seal anything that JSON can hold."""
        return self.close(json.dumps(value).encode())

    def open_json(self, sealed: bytes) -> Any:
        """What `close_json` sealed. Raises WrongKey."""
        return json.loads(self.open(sealed))
