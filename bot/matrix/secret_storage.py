"""Matrix secret storage: our cross-signing keys in our account's data, sealed with a recovery key. Pure, no network.

With the recovery key an administrator can verify the account in Element. Source: Matrix specification, client-server
API, "Secret storage" (m.secret_storage.v1.aes-hmac-sha2) and, for how the key is written, "Recovery key".
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.matrix.signing import encode

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
DEFAULT = "m.secret_storage.default_key"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
HEADER = b"\x8b\x01"


class RecoveryKey:
    """Thirty-two random bytes that open our secret storage."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @classmethod
    def new(cls) -> RecoveryKey:
        """A fresh key."""
        return cls(secrets.token_bytes(32))

    @property
    def written(self) -> str:
        """As Element shows it and asks for it: base58 in groups of four, with a byte of parity."""
        data = HEADER + self.raw
        parity = 0
        for byte in data:
            parity ^= byte
        text = _base58(data + bytes([parity]))
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

    def account_data(self, private_keys: Mapping[str, str]) -> dict[str, Mapping[str, object]]:
        """The account data that puts `private_keys` (usage -> base64) into storage, in the order to upload it.

        The default key comes last: until then whatever was stored before stays in force.
        """
        key_id = secrets.token_hex(16)
        check = self._seal("", bytes(32))
        description = {"algorithm": ALGORITHM, "iv": check["iv"], "mac": check["mac"]}
        data: dict[str, Mapping[str, object]] = {f"m.secret_storage.key.{key_id}": description}
        for usage, private in private_keys.items():
            name = f"m.cross_signing.{usage}"
            data[name] = {"encrypted": {key_id: self._seal(name, private.encode())}}
        data[DEFAULT] = {"key": key_id}
        return data

    def _seal(self, name: str, secret: bytes) -> dict[str, str]:
        derived = HKDF(SHA256(), 64, salt=bytes(32), info=name.encode()).derive(self.raw)
        # The specification clears bit 63: some implementations count with 64 bits only.
        iv = (int.from_bytes(secrets.token_bytes(16)) & ~(1 << 63)).to_bytes(16)
        encryptor = Cipher(algorithms.AES(derived[:32]), modes.CTR(iv)).encryptor()
        ciphertext = encryptor.update(secret) + encryptor.finalize()
        mac = hmac.digest(derived[32:], ciphertext, "sha256")
        return {"iv": encode(iv), "ciphertext": encode(ciphertext), "mac": encode(mac)}


def _base58(data: bytes) -> str:
    """Of data that does not begin with a zero byte."""
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return text
