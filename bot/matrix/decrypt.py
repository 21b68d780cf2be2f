"""Reading `m.room.encrypted`: which key, from whose device, once only. What the message means is reading.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import vodozemac

from bot.matrix.crypto_store import CryptoStore
from bot.matrix.machine import Machine
from bot.matrix.room_keys import MEGOLM
from bot.matrix.trust import Trust

# A position is remembered as long as its key is there: whoever can make us forget can have us read it again as new.
FORGET_POSITIONS = """
DELETE FROM read_positions WHERE (session_id, sender_key) NOT IN (SELECT session_id, sender_key FROM room_keys)"""

# Nobody but the server can have checked these, and it cannot check what it cannot read.
NEVER_ENCRYPTED = ("m.room.redaction", "m.room.member", "m.room.encrypted", "m.room.tombstone")


class NotYet(Exception):
    """It cannot be read now, and perhaps later: a key is missing, or its device is not cross-signed."""


class Unverified(NotYet):
    """The key is there, from a device that its owner has not cross-signed (yet)."""


class Forged(Exception):
    """It will never be read: it is not what it says it is."""


class Decryptor:
    """Opens encrypted events of rooms, each position of each session for one event only.

    `trust.refresh` is called for senders, so opening may ask the homeserver.
    """

    def __init__(self, store: CryptoStore, machine: Machine, trust: Trust) -> None:
        self._store = store
        self._machine = machine
        self._trust = trust
        # (session id, sender key, position) -> event id; not yet in the store: a crash reads them again.
        self._read: dict[tuple[str, str, int], str] = {}
        store.run(FORGET_POSITIONS)

    async def open(self, room_id: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """The event with its plain `type` and `content`. Raises NotYet, Forged or ChatError."""
        if "state_key" in event:
            raise Forged("state is never encrypted")
        match event["content"]:
            case {"algorithm": algorithm, "session_id": str(session_id), "ciphertext": str(text)} if (
                algorithm == MEGOLM
            ):
                key = await self._key(room_id, session_id, event["sender"])
                plaintext = self._plaintext(key, text, event)
                return {**event, **_payload(plaintext, room_id, event["content"])}
        raise Forged("not a Megolm message")

    def save_read(self) -> None:
        """Make what was read last: nobody can then sell an old message for a new one."""
        rows = [(*position, event_id) for position, event_id in self._read.items()]
        self._store.run_many("INSERT OR IGNORE INTO read_positions VALUES (?, ?, ?, ?)", rows)
        self._read.clear()

    async def _key(self, room_id: str, session_id: str, sender: str) -> Any:
        """The room key that a device of the sender made itself."""
        keys = self._machine.room_keys.of(room_id, session_id)
        if not keys:
            raise NotYet("no key")
        await self._trust.refresh([sender])
        found = [(self._trust.owner(sender, key.sender_key, key.ed25519), key) for key in keys]
        owned = [(device, key) for device, key in found if device is not None]
        for device, key in owned:
            if self._trust.believes(device):
                return key
        raise Unverified("not from a verified device") if owned else NotYet("not from a device of the sender")

    def _plaintext(self, key: Any, ciphertext: str, event: Mapping[str, Any]) -> str:
        try:
            plaintext, index = key.decrypt(ciphertext)
        except (vodozemac.MegolmDecryptionException, vodozemac.DecodeException, UnicodeDecodeError) as error:
            raise NotYet(type(error).__name__) from error
        position = (key.id, key.sender_key, index)
        if position not in self._read:
            query = "SELECT event_id FROM read_positions WHERE (session_id, sender_key, position) = (?, ?, ?)"
            before = self._store.rows(query, *position)
            self._read[position] = before[0][0] if before else event["event_id"]
        if self._read[position] != event["event_id"]:
            raise Forged("a repetition of another event")
        return str(plaintext)


def _payload(plaintext: str, room_id: str, outside: Mapping[str, Any]) -> dict[str, Any]:
    try:
        payload = json.loads(plaintext)
    except (ValueError, RecursionError) as error:
        raise Forged("not JSON") from error
    match payload:
        case {"type": str(kind), "content": {**content}, "room_id": str(room)} if (
            room == room_id and kind not in NEVER_ENCRYPTED
        ):
            if "m.relates_to" in outside:  # a relation is the server's to see, and so are edits and threads
                content.setdefault("m.relates_to", outside["m.relates_to"])
            return {"type": kind, "content": content}
    raise Forged("not an event of this room")
