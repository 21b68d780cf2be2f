"""Our Olm account: what arrives encrypted for this device, and the keys that others need to reach it.

It does no input or output but to the crypto store. Sending room keys is sharing.py, whom to believe is trust.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import vodozemac
from nio.crypto import OlmAccount

from bot.matrix.crypto_store import CryptoStore, StoreError
from bot.matrix.kept_sessions import KeptSessions
from bot.matrix.room_keys import MEGOLM, RoomKeys
from bot.matrix.signing import canonical, decode, encode, is_key
from bot.matrix.trust import Device

OLM = "m.olm.v1.curve25519-aes-sha2"
REMEMBERED = 5000  # digests of Olm messages: far more than one batch holds
FORGET_SEEN = "DELETE FROM olm_seen WHERE number <= (SELECT max(number) FROM olm_seen) - ?"


class NotForUs(Exception):
    """A to-device message that cannot be read; the reason holds no content."""


class Machine:
    """The account of our one device, and what came through its Olm sessions."""

    def __init__(self, store: CryptoStore) -> None:
        self._store = store
        self._sessions = KeptSessions(store)
        self.room_keys = RoomKeys(store)
        self.user_id: str = store.user_id
        self.device_id: str = store.device_id
        self.account: Any = store.load_account()
        if self.account is None:
            self.account = OlmAccount()
            self.save_account()
        self.wedged: set[tuple[str, str]] = set()  # (user id, Curve25519 key) whose messages we cannot read

    @property
    def curve25519(self) -> str:
        """This device's identity key."""
        return str(self.account.identity_keys["curve25519"])

    @property
    def ed25519(self) -> str:
        """This device's fingerprint key."""
        return str(self.account.identity_keys["ed25519"])

    def save_account(self) -> None:
        """Write the account as it is now."""
        self._store.save_account(self.account)

    def signed(self, thing: dict[str, Any]) -> dict[str, Any]:
        """`thing` with this device's signature."""
        signature = self.account.sign(canonical(thing).decode())
        return {**thing, "signatures": {self.user_id: {f"ed25519:{self.device_id}": signature}}}

    def device_keys(self) -> dict[str, Any]:
        """What the server tells others about this device."""
        return self.signed(
            {
                "algorithms": [OLM, MEGOLM],
                "device_id": self.device_id,
                "user_id": self.user_id,
                "keys": {f"curve25519:{self.device_id}": self.curve25519, f"ed25519:{self.device_id}": self.ed25519},
            }
        )

    def open(self, event: Mapping[str, Any]) -> tuple[str, str] | None:
        """Read one `m.room.encrypted` to-device event; (room id, session id) when it brought a room key.

        Everything that it changes is one transaction, so that a kill leaves the message either unread or done with.
        Raises StoreError, NotForUs, or whatever a hostile event makes the libraries raise: the caller guards.
        """
        content, sender = event["content"], event["sender"]
        if content.get("algorithm") != OLM or not isinstance(sender, str) or not is_key(content["sender_key"]):
            raise NotForUs("not Olm")
        mine = content["ciphertext"].get(self.curve25519)
        if mine is None:
            raise NotForUs("for another device")
        message = _message(mine["type"], mine["body"])
        digest = hashlib.sha256(f"{sender}\0{content['sender_key']}\0{mine['body']}".encode()).hexdigest()
        if self._store.rows("SELECT 1 FROM olm_seen WHERE digest = ?", digest):
            return None  # a replay after a restart from an older cursor
        try:
            with self._store.batch():
                plaintext = self._decrypted(sender, content["sender_key"], message)
                self._store.run("INSERT INTO olm_seen (digest) VALUES (?)", digest)
                self._store.run(FORGET_SEEN, REMEMBERED)
                found = None if plaintext is None else self._taken(plaintext, sender, content["sender_key"])
        except StoreError:
            # What we remember must be what is written, or the message cannot be read when it comes again.
            self.account = self._store.load_account()
            raise
        if plaintext is None:
            self.wedged.add((sender, content["sender_key"]))
            raise NotForUs("unreadable")
        return found

    def fallback_key(self) -> dict[str, Any]:
        """How we can be reached when the one-time keys have run out: a new key, as it is uploaded, by its id.

        Asked again before it was uploaded, the same one. The account keeps the one before as well, and no third.
        """
        account = self.account._account  # noqa: SLF001  # nio's wrapper knows no fallback keys
        if not account.fallback_key:
            account.generate_fallback_key()
        ((name, key),) = account.fallback_key.items()
        return {f"signed_curve25519:fallback{name}": self.signed({"key": key.to_base64(), "fallback": True})}

    def encrypt_for(self, device: Device, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """One Olm message for a device that `has_session`; the session's new state is in the store."""
        session = self._sessions.newest(device.user_id, device.curve25519)
        payload = {
            "type": kind,
            "content": content,
            "sender": self.user_id,
            "sender_device": self.device_id,
            "keys": {"ed25519": self.ed25519},
            "recipient": device.user_id,
            "recipient_keys": {"ed25519": device.ed25519},
        }
        number, ciphertext = session.encrypt(json.dumps(payload).encode()).to_parts()
        self._sessions.save(device.user_id, device.curve25519, session)
        message = {"type": number, "body": encode(ciphertext)}
        return {"algorithm": OLM, "sender_key": self.curve25519, "ciphertext": {device.curve25519: message}}

    def has_session(self, device: Device) -> bool:
        """Whether an Olm session with this device exists."""
        return self._sessions.exists(device.user_id, device.curve25519)

    def create_session(self, device: Device, one_time_key: str) -> None:
        """Begin an Olm session with a device. Raises ValueError for a key that is none."""
        session = self.account.create_outbound_session(device.curve25519, one_time_key)
        self._sessions.put_first(device.user_id, device.curve25519, session)

    def _decrypted(self, sender: str, sender_key: str, message: _Message) -> bytes | None:
        """The plaintext, or None when no session of the sender with this key, old or new, opens it."""
        begins, ordinary = message
        for session in self._sessions.of(sender, sender_key):
            if begins is not None and not session.session_matches(begins):
                continue
            try:
                plaintext = session.decrypt(ordinary)
            except ValueError:  # vodozemac's errors are; a session that could not read is as it was
                continue
            self._sessions.put_first(sender, sender_key, session)
            return plaintext
        return None if begins is None else self._begun(sender, sender_key, begins)

    def _begun(self, sender: str, sender_key: str, message: vodozemac.PreKeyMessage) -> bytes | None:
        try:
            session, plaintext = self.account.create_inbound_session(sender_key, message)
        except ValueError:  # as above: for one, the message was made with a one-time key that we do not have
            return None
        self.save_account()  # the one-time key is used up
        self._sessions.put_first(sender, sender_key, session)
        return bytes(plaintext)

    def _taken(self, plaintext: bytes, sender: str, sender_key: str) -> tuple[str, str] | None:
        """What an Olm message brings: a room key, if it is one from this sender to us.

        Keys that others forward, and secrets, are asked for by nobody here and so not taken. Source of what is checked:
        Matrix specification, client-server API, "m.olm.v1.curve25519-aes-sha2".
        """
        try:
            payload = json.loads(plaintext)
        except (ValueError, RecursionError):
            return None
        match payload:
            case {
                "type": "m.room_key",
                "sender": said_sender,
                "recipient": recipient,
                "recipient_keys": {"ed25519": recipient_key},
                "keys": {"ed25519": str(fp_key)},
            } if (said_sender, recipient, recipient_key) == (sender, self.user_id, self.ed25519):
                return self.room_keys.keep(sender_key, fp_key, payload.get("content"))
        return None


# A message that begins a session, also as an ordinary one; or an ordinary one alone.
_Message = tuple[vodozemac.PreKeyMessage | None, vodozemac.AnyOlmMessage]


def _message(kind: object, body: str) -> _Message:
    if kind == 0:
        begins = vodozemac.PreKeyMessage.from_base64(body)
        return begins, begins.to_any()
    if kind == 1:
        return None, vodozemac.AnyOlmMessage.normal(decode(body))
    raise NotForUs("an unknown kind of Olm message")
