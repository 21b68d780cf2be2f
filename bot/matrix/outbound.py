"""Our Megolm sessions: one for each room, kept over restarts, never at one position twice. No network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import vodozemac

from bot.matrix.crypto_store import CryptoStore
from bot.matrix.machine import Machine
from bot.matrix.room_keys import MEGOLM
from bot.matrix.rooms import Rotation
from bot.matrix.trust import Device


@dataclass(frozen=True)
class Share:
    """What one device was told about one session: its key, or (`withheld`) that it does not get it."""

    device_key: str
    withheld: bool


class Outbound:
    """The session that encrypts what we say in one room, and who has its key."""

    _session: vodozemac.GroupSession

    def __init__(self, store: CryptoStore, machine: Machine, room_id: str, now_ms: int) -> None:
        self._store = store
        self._machine = machine
        self.room_id = room_id
        self.shares: dict[tuple[str, str], Share] = {}
        kept = store.rows("SELECT pickle, born_ms, messages FROM outbound WHERE room_id = ?", room_id)
        if kept:
            self._open(*kept[0])
        else:
            self.rotate(now_ms)

    @property
    def session_id(self) -> str:
        """The Megolm session's id."""
        return self._session.session_id

    def _open(self, pickle: str, born_ms: int, messages: int) -> None:
        self._session = vodozemac.GroupSession.from_pickle(pickle, self._store.pickle_bytes)
        self._born_ms, self._messages = born_ms, messages
        query = "SELECT user_id, device_id, device_key, withheld FROM shares WHERE session_id = ?"
        for user_id, device_id, key, withheld in self._store.rows(query, self.session_id):
            self.shares[user_id, device_id] = Share(key, bool(withheld))

    def rotate(self, now_ms: int) -> None:
        """Begin a new session that nobody has yet."""
        with self._store.batch():
            if self.shares:
                self._store.run("DELETE FROM shares WHERE session_id = ?", self.session_id)
            self._session = vodozemac.GroupSession()
            self._born_ms, self._messages, self.shares = now_ms, 0, {}
            self._save()

    def is_old(self, rotation: Rotation, now_ms: int) -> bool:
        """Whether the room's settings ask for a new one. A clock that went back counts as old too."""
        return self._messages >= rotation.messages or not 0 <= now_ms - self._born_ms < rotation.period_ms

    def told(self, devices: Sequence[Device], *, withheld: bool) -> None:
        """Remember that these devices have the key now, or know that they do not get it."""
        rows = [(self.session_id, d.user_id, d.device_id, d.curve25519, int(withheld)) for d in devices]
        self._store.run_many("INSERT OR REPLACE INTO shares VALUES (?, ?, ?, ?, ?)", rows)
        for device in devices:
            self.shares[device.user_id, device.device_id] = Share(device.curve25519, withheld)

    def has_key(self, device: Device) -> bool:
        """Whether this device was given the key of this session."""
        share = self.shares.get((device.user_id, device.device_id))
        return share == Share(device.curve25519, withheld=False)

    def key(self) -> dict[str, Any]:
        """The content of `m.room_key`, good from the next message on."""
        return {
            "algorithm": MEGOLM,
            "room_id": self.room_id,
            "session_id": self.session_id,
            "session_key": self._session.session_key.to_base64(),
        }

    def encrypt(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content of `m.room.encrypted`.

        The ratchet that comes after it is on the disk before this returns, hence before anything is sent: a kill at
        any moment can skip a position, and never use one twice.
        """
        payload = {"type": kind, "content": content, "room_id": self.room_id}
        ciphertext = self._session.encrypt(json.dumps(payload).encode())
        self._messages += 1
        self._save()
        encrypted = {
            "algorithm": MEGOLM,
            "sender_key": self._machine.curve25519,
            "device_id": self._machine.device_id,
            "session_id": self.session_id,
            "ciphertext": ciphertext.to_base64(),
        }
        if "m.relates_to" in content:
            encrypted["m.relates_to"] = content["m.relates_to"]  # the server needs it to join edits and threads
        return encrypted

    def _save(self) -> None:
        pickle = self._session.pickle(self._store.pickle_bytes)
        row = (self.room_id, pickle, self._born_ms, self._messages)
        self._store.run("INSERT OR REPLACE INTO outbound VALUES (?, ?, ?, ?)", *row)
