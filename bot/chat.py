"""What the house and the chat say to one another: plain data, one Protocol, its errors. No Matrix library here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that one person did in one room. `at` is the homeserver's time, in UTC.

    `shown` is every text in it that others in the room can read, as its sender typed it first.
    """

    event_id: str
    room_id: str
    sender: str
    at: datetime
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """A decrypted text message that is neither an edit nor our own.

    `body` is the plain text without the quoted reply; `about` are the event ids that it answers (the reply's
    target first, then the thread's root); `addressed` is true when it mentions the bot.
    """

    body: str
    about: tuple[str, ...] = ()
    addressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Showed(Event):
    """Whatever else others in the room can read or see, and never a command.

    Such as an edit, a picture with its caption, a poll, a place, an emote, or a text that did not come encrypted.
    """

    photograph: bool = False  # or a film


@dataclass(frozen=True, kw_only=True)
class Reacted(Event):
    """An emoji put under the event `about`, or any other text: clients allow it."""

    emoji: str
    about: str


@dataclass(frozen=True, kw_only=True)
class TookBack(Event):
    """Somebody redacted the event `taken`; who owned that event is for the reader to know."""

    taken: str


@dataclass(frozen=True, kw_only=True)
class Entered(Event):
    """`sender` became a member of the room (joined; renaming oneself is not entering)."""


@dataclass(frozen=True, kw_only=True)
class Departed(Event):
    """`who` is no longer in the room: left, kicked or banned; `sender` did it."""

    who: str


@dataclass(frozen=True, kw_only=True)
class PutOut(Event):
    """We ourselves are no longer in the room: `sender` kicked or banned us, or the homeserver took us out."""


@dataclass(frozen=True, kw_only=True)
class Unreadable(Event):
    """A message that stayed unread although it was waited for: its key did not come.

    Or (`unverified`) it came, from a device that its owner has not verified, and those are not heard here.
    """

    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class AskedForKeys(Event):
    """A device of `sender` that we believe asks for keys of what was said in the room; once for each device."""


@dataclass(frozen=True, kw_only=True)
class Arrived(Event):
    """What we ourselves said under `txn_id` stands in the room, whether or not the answer to our request came.

    `anew`: it is a message of its own and edits no other.
    """

    txn_id: str
    anew: bool = True


@dataclass(frozen=True, kw_only=True)
class Moved(Event):
    """The room was upgraded by somebody with the power to; `successor` is the new room, which we joined."""

    successor: str


class ChatError(Exception):
    """Root of what can go wrong with the chat.

    ChatError
    ├── TryLater        the homeserver is away, slow or limits us: the same call may succeed later
    │   └── NotKept     it is there; our own disk takes nothing now
    └── Undeliverable   it will never succeed: no such room, not allowed, too large
        ├── NotEncrypted  the room is not encrypted: nothing is ever said there
        ├── NotInRoom     we were put out of the room, and may be let in again
        └── NobodyReads   nobody there could be given the key of it now
    """


class TryLater(ChatError):
    """Come back after `after` seconds (None: the caller chooses)."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class NotKept(TryLater):
    """What was heard cannot be kept now, and is to come again."""


class Undeliverable(ChatError):
    """The homeserver refuses for good; `reason` holds an error code, never content."""


class NotEncrypted(Undeliverable):
    """The room has no encryption; sending there would show everything to the server."""


class NotInRoom(Undeliverable):
    """We are not in the room (any more)."""


class NobodyReads(Undeliverable):
    """There are people, and none could be given the key: said now, it could never be read."""


class Chat(Protocol):
    """The one way to be heard. Every method raises `ChatError` and nothing else."""

    async def send(self, room_id: str, content: Mapping[str, Any], txn_id: str) -> str:
        """Encrypt and send one `m.room.message`; the same `txn_id` gives the same event id, for ever."""
        ...

    async def redact(self, room_id: str, event_id: str, txn_id: str) -> str:
        """Remove what somebody said from the room; returns the redaction's event id."""
        ...

    async def direct_room(self, user_id: str) -> str:
        """The encrypted one-to-one room with `user_id`, made and invited to when there is none."""
        ...

    async def cannot_read(self, room_id: str) -> list[str]:
        """The user ids of members and invited people who have no device that may read what we say there."""
        ...


@dataclass(frozen=True)
class RoomPlan:
    """A shared room as it should be.

    `purpose` is our own opaque mark (such as "region:noord"), kept in the room's state so that a room made just
    before a crash is found again. `people` maps each user id to its power level (0, 50, ...).
    """

    purpose: str
    name: str
    topic: str
    people: Mapping[str, int]


class Rooms(Protocol):
    """Making and keeping rooms. Every method raises `ChatError` and nothing else."""

    async def find(self, purpose: str) -> str | None:
        """The joined, encrypted room that carries our mark `purpose`, or None."""
        ...

    async def create(self, plan: RoomPlan) -> str:
        """A private encrypted room, history for members only, invitations by power 50, marked with `purpose`."""
        ...

    def is_in(self, room_id: str) -> bool:
        """Whether we are in this room, as far as we have heard."""
        ...

    async def members(self, room_id: str) -> Mapping[str, str]:
        """user id -> "join" | "invite", without the bot itself."""
        ...

    async def settle(self, room_id: str, plan: RoomPlan) -> None:
        """Make name, topic, power levels and allowed servers as planned; does nothing when they are."""
        ...

    async def invite(self, room_id: str, user_id: str) -> None:
        """Invite; somebody who is in already is fine."""
        ...

    async def remove(self, room_id: str, user_id: str) -> None:
        """Kick, or take the invitation back; somebody who is gone already is fine."""
        ...
