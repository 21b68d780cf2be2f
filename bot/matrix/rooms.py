"""What we know of the rooms that we are in, fed by state events. It asks nothing and sends nothing.

Room ids are opaque: since room version 12 they hold no server name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MARK = "nl.schakelbot.room"  # our own state event: {"purpose": ...}
_USER_ID = re.compile(r"@[^:]*:.+")
WEEK_MS = 7 * 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Rotation:
    """After how long and how many messages a room wants a new Megolm session."""

    period_ms: int
    messages: int


@dataclass(frozen=True)
class State:
    """What is kept of one state event; `at` in milliseconds, 0 when unknown."""

    sender: str
    content: Mapping[str, Any]
    at: int


@dataclass
class Room:
    """One room, as its state events describe it. Whatever is missing or malformed reads as absent."""

    room_id: str
    state: dict[tuple[str, str], State] = field(default_factory=dict)

    def apply(self, event: Mapping[str, Any]) -> None:
        """Take in one state event, or ignore what is none."""
        match event:
            case {"type": str(kind), "state_key": str(key), "sender": str(sender), "content": dict(content)}:
                self.state[kind, key] = State(sender, content, _whole(event.get("origin_server_ts"), 0))

    def content(self, kind: str, key: str = "") -> Mapping[str, Any]:
        """The content of one state event; empty when there is none."""
        event = self.state.get((kind, key))
        return event.content if event else {}

    def _text(self, kind: str, name: str) -> str | None:
        value = self.content(kind).get(name)
        return value if isinstance(value, str) else None

    @property
    def encrypted(self) -> bool:
        """Whether the room is encrypted in the way that we can use."""
        return self._text("m.room.encryption", "algorithm") == "m.megolm.v1.aes-sha2"

    @property
    def rotation(self) -> Rotation:
        """The room's rotation settings, within sane bounds. Source: specification, m.room.encryption."""
        content = self.content("m.room.encryption")
        period = _whole(content.get("rotation_period_ms"), WEEK_MS)
        messages = _whole(content.get("rotation_period_msgs"), 100)
        return Rotation(min(max(period, 3_600_000), WEEK_MS), min(max(messages, 1), 10_000))

    @property
    def name(self) -> str | None:
        """The room's name."""
        return self._text("m.room.name", "name")

    @property
    def topic(self) -> str | None:
        """The room's topic."""
        return self._text("m.room.topic", "topic")

    @property
    def version(self) -> str:
        """The room's version."""
        return self._text("m.room.create", "room_version") or "1"

    @property
    def creators(self) -> frozenset[str]:
        """Those who stand above all power levels; nobody before room version 12."""
        create = self.state.get(("m.room.create", ""))
        if create is None or not creators_rule(self.version):
            return frozenset()
        more = create.content.get("additional_creators")
        also = [user for user in more if isinstance(user, str)] if isinstance(more, list) else []
        return frozenset([create.sender, *also])

    def power(self, user_id: str) -> float:
        """Somebody's power level; a creator's is without end."""
        if user_id in self.creators:
            return float("inf")
        levels = self.content("m.room.power_levels")
        users = levels.get("users")
        own = users.get(user_id) if isinstance(users, dict) else None
        return _whole(own if own is not None else levels.get("users_default"), 0)

    def needs(self, kind: str) -> int:
        """The power level that setting this kind of state takes."""
        levels = self.content("m.room.power_levels")
        events = levels.get("events")
        own = events.get(kind) if isinstance(events, dict) else None
        return _whole(own if own is not None else levels.get("state_default"), 50)

    def membership(self, user_id: str) -> str | None:
        """ "join", "invite", "leave", "ban", "knock", or None for a stranger."""
        value = self.content("m.room.member", user_id).get("membership")
        return value if isinstance(value, str) else None

    def members(self, *memberships: str) -> list[str]:
        """The user ids with one of these memberships, in a fixed order."""
        # A key that is no user id is nobody, and a homeserver that is asked for nobody may refuse the whole question.
        users = [key for kind, key in self.state if kind == "m.room.member" and _USER_ID.fullmatch(key)]
        return sorted(user for user in users if self.membership(user) in memberships)

    def display_name(self, user_id: str) -> str | None:
        """What somebody calls himself in this room; never a reason to believe anything."""
        value = self.content("m.room.member", user_id).get("displayname")
        return value if isinstance(value, str) else None

    def purpose(self, us: str) -> str | None:
        """Our mark, if we set it ourselves."""
        mark = self.state.get((MARK, ""))
        return self._text(MARK, "purpose") if mark and mark.sender == us else None

    @property
    def born(self) -> int:
        """When the room was made, in milliseconds; 0 when unknown."""
        create = self.state.get(("m.room.create", ""))
        return create.at if create else 0


class RoomBook:
    """All rooms that we have joined."""

    def __init__(self, us: str) -> None:
        self.us = us
        self._rooms: dict[str, Room] = {}

    def get(self, room_id: str) -> Room | None:
        """A joined room, or None."""
        return self._rooms.get(room_id)

    def joined(self) -> Iterable[Room]:
        """Every joined room."""
        return tuple(self._rooms.values())

    def learn(self, room_id: str, events: Iterable[Mapping[str, Any]]) -> Room:
        """Take in state events of a room that we have joined."""
        room = self._rooms.setdefault(room_id, Room(room_id))
        for event in events:
            if isinstance(event, dict):
                room.apply(event)
        return room

    def forget(self, room_id: str) -> None:
        """We are no longer in this room."""
        self._rooms.pop(room_id, None)

    def marked(self, purpose: str) -> Room | None:
        """The oldest joined, encrypted room that carries our mark `purpose`."""
        found = [room for room in self._rooms.values() if room.purpose(self.us) == purpose and room.encrypted]
        return min(found, key=lambda room: (room.born, room.room_id), default=None)


def creators_rule(version: str) -> bool:
    """Whether creators outrank power levels in this room version (12 and later; unstable ones count as older)."""
    return version.isdigit() and int(version) >= 12


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
