"""Somebody of the region who remembers everything that the bot ever said within hearing, each event by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from demo.people import Person


@dataclass(frozen=True)
class Heard:
    """One event of the bot as this person's client decrypted it; `target` is what it edits or takes away."""

    event_id: str
    room_id: str
    kind: str  # "new", "edit" or "redaction"
    body: str
    target: str | None
    reply_to: str | None
    mentions: tuple[str, ...]
    encrypted: bool
    at: float  # by time.monotonic()


class Witness(Person):
    """A person with a client, a name, and a perfect memory for one bot."""

    def __init__(self, homeserver: str, localpart: str, password: str, name: str, bot: str) -> None:
        super().__init__(homeserver, localpart, password)
        self.name = name
        self.heard: dict[str, Heard] = {}
        self._bot = bot

    def said_in(self, room_id: str) -> list[Heard]:
        """What the bot said in one room, in order; keys that came late are tried first."""
        self._try_unread()
        return [heard for heard in self.heard.values() if heard.room_id == room_id]

    def is_taken_back(self, event_id: str) -> bool:
        """Whether this client no longer shows the event."""
        return event_id in self._taken_back

    async def _happened(self, room: Any, event: Any) -> None:
        await super()._happened(room, event)
        if event.sender == self._bot and event.source["type"] == "m.room.message":
            self._keep(room.room_id, event.source, encrypted=event.decrypted)

    def _show(self, room_id: str, source: dict[str, Any]) -> None:
        super()._show(room_id, source)
        if source["sender"] == self._bot and source["event_id"] not in self.heard:
            self._keep(room_id, source, encrypted=True)

    def _keep(self, room_id: str, source: dict[str, Any], *, encrypted: bool) -> None:
        content, event_id = source.get("content", {}), source["event_id"]
        relation = content.get("m.relates_to", {})
        if source["type"] == "m.room.redaction":
            kind, target = "redaction", content.get("redacts") or source.get("redacts")
        elif source["type"] != "m.room.message" or "body" not in content:
            return
        elif relation.get("rel_type") == "m.replace":
            kind, target, content = "edit", relation["event_id"], content.get("m.new_content", {})
        else:
            kind, target = "new", None
        self.heard[event_id] = Heard(
            event_id=event_id,
            room_id=room_id,
            kind=kind,
            body=content.get("body", ""),
            target=target,
            reply_to=relation.get("m.in_reply_to", {}).get("event_id"),
            mentions=tuple(content.get("m.mentions", {}).get("user_ids", ())),
            encrypted=encrypted,
            at=time.monotonic(),
        )
