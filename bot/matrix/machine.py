"""nio's Olm machine, mended: what arrives encrypted for this device, and the keys that others need to reach it.

It does no input or output but to the crypto store. Sending room keys is sharing.py, whom to believe is trust.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import vodozemac
from nio.crypto import InboundGroupSession, Olm, OlmAccount, OutboundSession, Session

from bot.matrix.crypto_store import CryptoStore, StoreError
from bot.matrix.fallback import FallbackKeys
from bot.matrix.signing import decode
from bot.matrix.trust import Device

OLM = "m.olm.v1.curve25519-aes-sha2"
MEGOLM = "m.megolm.v1.aes-sha2"
REMEMBERED = 5000  # digests of Olm messages: far more than one batch holds
# Room keys of one device: anyone can send us keys, and an ordinary device makes a few hundred in a year.
KEPT_KEYS, MOST_KEYS = 1000, 2000
FORGET_KEYS = """
DELETE FROM room_keys WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, row_number() OVER (PARTITION BY sender_key ORDER BY rowid DESC) AS age FROM room_keys)
    WHERE age > ?)"""


class NotForUs(Exception):
    """A to-device message that cannot be read; the reason holds no content."""


class _Opened(Session):  # type: ignore[misc]  # nio ships no types
    """A new inbound session that has read its first message already, and gives it once more to nio."""

    def __init__(self, session: vodozemac.Session, first: bytes) -> None:
        super().__init__(session)
        self._first: bytes | None = first

    def decrypt(self, message: object, unicode_errors: str = "replace") -> Any:
        if self._first is None:
            return super().decrypt(message, unicode_errors)
        first, self._first = self._first, None
        return first.decode(errors=unicode_errors)


class Machine(Olm):  # type: ignore[misc]  # nio ships no types
    """The account, Olm sessions and received room keys of our one device."""

    store: CryptoStore

    def __init__(self, store: CryptoStore) -> None:
        store.run(FORGET_KEYS, KEPT_KEYS)
        store.run("DELETE FROM olm_seen WHERE number <= (SELECT max(number) FROM olm_seen) - ?", REMEMBERED)
        super().__init__(store.user_id, store.device_id, store)
        self.fallback = FallbackKeys(store, self.account)
        self.wedged: set[tuple[str, str]] = set()  # (user id, Curve25519 key) whose messages we cannot read

    @property
    def curve25519(self) -> str:
        """This device's identity key."""
        return str(self.account.identity_keys["curve25519"])

    @property
    def ed25519(self) -> str:
        """This device's fingerprint key."""
        return str(self.account.identity_keys["ed25519"])

    def signed(self, thing: dict[str, Any]) -> dict[str, Any]:
        """`thing` with this device's signature."""
        signature = {self.user_id: {f"ed25519:{self.device_id}": self.sign_json(thing)}}
        return {**thing, "signatures": signature}

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
        if content.get("algorithm") != OLM or not isinstance(sender, str):
            raise NotForUs("not Olm")
        mine = content["ciphertext"].get(self.curve25519)
        if mine is None:
            raise NotForUs("for another device")
        digest = hashlib.sha256(str(mine["body"]).encode()).hexdigest()
        if self.store.rows("SELECT 1 FROM olm_seen WHERE digest = ?", digest):
            return None  # a replay after a restart from an older cursor
        try:
            with self.store.batch():
                key = self.decrypt(sender, content["sender_key"], _message(mine["type"], mine["body"]))
                self.store.run("INSERT INTO olm_seen (digest) VALUES (?)", digest)
        except StoreError:
            self.load()  # what we remember must be what is written, or the message cannot be read when it comes again
            self.account = self.store.load_account()
            raise
        if key is None:
            raise NotForUs("unreadable")
        room_id, session_id = getattr(key, "room_id", None), getattr(key, "session_id", None)
        return (room_id, session_id) if room_id and session_id else None

    def encrypt_for(self, device: Device, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """One Olm message for a device that we have a session with; the session's new state is in the store."""
        session = self.session_store.get(device.curve25519)
        message: dict[str, Any] = self._olm_encrypt(session, device, kind, content)
        return message

    def has_session(self, device: Device) -> bool:
        """Whether an Olm session with this device exists."""
        return self.session_store.get(device.curve25519) is not None

    def room_keys(self, room_id: str, session_id: str) -> list[Any]:
        """The received room keys with this id, one for each device that claims to have made it."""
        senders = self.inbound_group_store[room_id].values()
        return [sessions[session_id] for sessions in senders if session_id in sessions]

    def create_group_session(
        self, sender_key: str, sender_fp_key: str, room_id: str, session_id: str, session_key: str
    ) -> None:
        """Keep a room key; one that reaches further back is never replaced by one that does not."""
        session = InboundGroupSession(session_key, sender_fp_key, sender_key, room_id)
        if session.id != session_id:
            raise NotForUs("a room key under another's id")
        ((count,),) = self.store.rows("SELECT count(*) FROM room_keys WHERE sender_key = ?", sender_key)
        if count >= MOST_KEYS:
            raise NotForUs("too many room keys of one device")
        known = self.inbound_group_store.get(room_id, sender_key, session_id)
        if known is None or session.first_known_index < known.first_known_index:
            self.inbound_group_store.add(session)
            self.save_inbound_group_session(session)

    def create_session(self, one_time_key: str, curve_key: str) -> Any:
        """A new Olm session towards a device. nio saves the whole account here, which did not change."""
        session = OutboundSession(self.account, curve_key, one_time_key)
        self.session_store.add(curve_key, session)
        self.save_session(curve_key, session)
        return session

    def _create_inbound_session(self, sender: str, sender_key: str, message: Any) -> _Opened:  # noqa: ARG002
        """nio saves the account before the one-time key is used up, and knows no fallback keys; we do and do."""
        account: OlmAccount = self.account
        try:
            session, first = account.create_inbound_session(sender_key, message)
        except vodozemac.SessionCreationException:
            session, first = self.fallback.create_inbound_session(sender_key, message)
        self.save_account()
        return _Opened(session, first)

    def _mark_device_for_unwedging(self, sender: str, sender_key: str) -> None:
        self.wedged.add((sender, sender_key))


def _message(kind: object, body: str) -> vodozemac.PreKeyMessage | vodozemac.AnyOlmMessage:
    if kind == 0:
        return vodozemac.PreKeyMessage.from_base64(body)
    if kind == 1:
        return vodozemac.AnyOlmMessage.normal(decode(body))
    raise NotForUs("an unknown kind of Olm message")
