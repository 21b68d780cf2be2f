"""Sealing: what lies on disk and must not be read there. Keys and ciphertext only, no files and no settings."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealError(Exception):
    """The key does not fit: either it is no key at all, or something was sealed with another one."""


class Seal:
    """Closes and opens bytes with the house's key.

    `key` is what `new_key()` gives. Several keys may stand in it, separated by commas: the first one closes, all of
    them open, so that a key can be replaced without losing what the old one closed.
    """

    def __init__(self, key: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(part.strip()) for part in key.split(",")])
        except ValueError as error:
            raise SealError("the sealing key is not valid; make one with `python -m bot new-key`") from error

    @staticmethod
    def new_key() -> str:
        """A fresh random key: 44 characters of URL-safe base64."""
        return Fernet.generate_key().decode()

    def close(self, data: bytes) -> bytes:
        """Seal `data`; the result shows its length and the time of sealing, and nothing else."""
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """What `close` was given. Raises SealError for another key or for damaged bytes."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise SealError("this was sealed with another key, or it is damaged") from error
