"""The keys of one telephone: Olm sessions with bots, and Megolm sessions of rooms. Straight vodozemac; no requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import vodozemac

from benchmarks.device import ALGORITHMS, Device
from bot.matrix.signing import decode, encode

OLM, MEGOLM = ALGORITHMS


class Keyring:
    """What one device can encrypt and decrypt."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._sessions: dict[str, list[vodozemac.Session]] = {}  # by the other side's Curve25519 key
        self._received: dict[str, vodozemac.InboundGroupSession] = {}
        self._speaking: dict[str, vodozemac.GroupSession] = {}  # by room

    def speak(self, room_id: str) -> dict[str, Any]:
        """Begin a session for the room; the content of the `m.room_key` that whoever shall read must get."""
        session = self._speaking[room_id] = vodozemac.GroupSession()
        return {
            "algorithm": MEGOLM,
            "room_id": room_id,
            "session_id": session.session_id,
            "session_key": session.session_key.to_base64(),
        }

    def for_device(self, theirs: Mapping[str, Any], one_time_key: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """An `m.room_key` in a new Olm session with a device, given as /keys/query shows it."""
        user_id, device_id = theirs["user_id"], theirs["device_id"]
        curve25519 = theirs["keys"][f"curve25519:{device_id}"]
        session = self._device.account.create_outbound_session(
            vodozemac.Curve25519PublicKey.from_base64(curve25519),
            vodozemac.Curve25519PublicKey.from_base64(one_time_key),
        )
        self._sessions.setdefault(curve25519, []).append(session)
        payload = {
            "type": "m.room_key",
            "content": content,
            "sender": self._device.user_id,
            "recipient": user_id,
            "recipient_keys": {"ed25519": theirs["keys"][f"ed25519:{device_id}"]},
            "keys": {"ed25519": self._device.ed25519},
        }
        kind, body = session.encrypt(json.dumps(payload).encode()).to_parts()
        ciphertext = {curve25519: {"type": kind, "body": encode(body)}}
        return {"algorithm": OLM, "sender_key": self._device.curve25519, "ciphertext": ciphertext}

    def close(self, room_id: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content of the `m.room.encrypted` that says this message in the room."""
        session = self._speaking[room_id]
        payload = {"type": "m.room.message", "content": content, "room_id": room_id}
        return {
            "algorithm": MEGOLM,
            "sender_key": self._device.curve25519,
            "device_id": self._device.device_id,
            "session_id": session.session_id,
            "ciphertext": session.encrypt(json.dumps(payload).encode()).to_base64(),
        }

    def open(self, encrypted: Mapping[str, Any]) -> dict[str, Any] | None:
        """The content of a message of a room, or None when its key is not here (yet)."""
        key = self._received.get(encrypted.get("session_id", ""))
        if key is None:
            return None
        message = vodozemac.MegolmMessage.from_base64(encrypted["ciphertext"])
        content: dict[str, Any] = json.loads(key.decrypt(message).plaintext)["content"]
        return content

    def take(self, event: Mapping[str, Any]) -> None:
        """Keep the room key that a to-device event brings, if it brings one."""
        content = event["content"]
        mine = content.get("ciphertext", {}).get(self._device.curve25519)
        if event["type"] != "m.room.encrypted" or mine is None:
            return
        payload = json.loads(self._open_olm(content["sender_key"], mine["type"], mine["body"]))
        if payload["type"] == "m.room_key":
            key = vodozemac.InboundGroupSession(vodozemac.SessionKey(payload["content"]["session_key"]))
            self._received[key.session_id] = key

    def _open_olm(self, sender_key: str, kind: int, body: str) -> bytes:
        sessions = self._sessions.setdefault(sender_key, [])
        if kind == 0:
            first = vodozemac.PreKeyMessage.from_base64(body)
            for session in sessions:
                if session.session_matches(first):
                    return session.decrypt(first.to_any())
            sender = vodozemac.Curve25519PublicKey.from_base64(sender_key)
            session, plaintext = self._device.account.create_inbound_session(sender, first)
            sessions.append(session)
            return plaintext
        message = vodozemac.AnyOlmMessage.normal(decode(body))
        for session in reversed(sessions):
            try:
                return session.decrypt(message)
            except vodozemac.OlmDecryptionException:
                continue
        raise LookupError("no session opens this message")
