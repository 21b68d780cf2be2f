"""Frozen facts worth telling: ids and moments, never a finished sentence. texts/ says them, the postman carries them.

Announcement
├── about one zorgvraag
│   ├── Post        a new message that stands for the zorgvraag: Opened, Reopened, LeftBehind, Restored, Reposted
│   ├── Edit        PostChanged (the newest post shows the state), Superseded (an old one points to the newest)
│   └── Notice      Claimed, Closed, Resumed, Withdrawn, StillOpen, Details, DetailsTaken, StatusOf
├── about a region  Digest, Overview, OpenList, OpenPart, Board, LightsSet, Welcome, Alarm
├── about a person  Departed, OwnList, Help, GivenBack, Stranger, ShutOut, Unread, KeyChanged
└── about an event  Redact, at once; Erase, when its time has come
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import ClassVar

from domain.wanted import EVERYTHING, Wanted


class Priority(IntEnum):
    """What goes first when the homeserver lets us say little: answers before posts, welcomes last."""

    ANSWER = 0
    POST = 1
    EDIT = 2
    DIGEST = 3
    LATER = 4


@dataclass(frozen=True)
class Announcement:
    """Root of all that can be told."""

    priority: ClassVar[Priority] = Priority.ANSWER

    def merge_key(self) -> str | None:
        """Waiting announcements to one audience with the same key are told as one; None: each by itself."""
        return None


@dataclass(frozen=True)
class Post(Announcement):
    """A new message in the region's room that stands for zorgvraag `zorgvraag_id`."""

    zorgvraag_id: int
    priority: ClassVar[Priority] = Priority.POST

    def merge_key(self) -> str | None:
        return f"post:{self.zorgvraag_id}"


@dataclass(frozen=True)
class Opened(Post):
    """A zorgvraag came in."""


@dataclass(frozen=True)
class Reopened(Post):
    """`claimant` does not have it any more; `by` (the claimant or a coordinator) gave it back."""

    claimant: str
    by: str
    reason: str | None = None


@dataclass(frozen=True)
class LeftBehind(Post):
    """Who had it works in the region no more, so it is open again."""


@dataclass(frozen=True)
class Restored(Post):
    """It ended by mistake, as `by` says: open again."""

    by: str


@dataclass(frozen=True)
class Reposted(Post):
    """Nobody took it in `waited_hours` elapsed hours. `loud` mentions the room; `escalated` tells coordinators."""

    round: int
    waited_hours: int
    loud: bool
    escalated: bool


@dataclass(frozen=True)
class PostChanged(Announcement):
    """The newest post of the zorgvraag must show its state again."""

    zorgvraag_id: int
    priority: ClassVar[Priority] = Priority.EDIT

    def merge_key(self) -> str | None:
        return f"post:{self.zorgvraag_id}"


@dataclass(frozen=True)
class Superseded(Announcement):
    """The post `event_id` is no longer the newest: it must point to the one that is."""

    zorgvraag_id: int
    event_id: str
    priority: ClassVar[Priority] = Priority.EDIT


@dataclass(frozen=True)
class Claimed(Announcement):
    """`by` took it at `at` (UTC)."""

    zorgvraag_id: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Closed(Announcement):
    """The care has started; `by` said so."""

    zorgvraag_id: int
    by: str


@dataclass(frozen=True)
class Resumed(Announcement):
    """It was called finished by mistake, as `by` says: `claimant` has it again."""

    zorgvraag_id: int
    claimant: str
    by: str


@dataclass(frozen=True)
class Withdrawn(Announcement):
    """It is no longer needed."""

    zorgvraag_id: int
    by: str
    reason: str | None = None


@dataclass(frozen=True)
class StillOpen(Announcement):
    """For coordinators: posted again and again, and still nobody."""

    zorgvraag_id: int
    waited_hours: int


@dataclass(frozen=True)
class Departed(Announcement):
    """For coordinators: somebody works in the region no more; what they had, these `numbers`, is open again.

    Who that was is told by `role` (a value of `people.Role`) and the name of their `organisation`, as far as known:
    the register has forgotten them, and the organisation may have gone with them.
    """

    numbers: tuple[int, ...]
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True)
class Details(Announcement):
    """For the claimant alone: who the client is. The details themselves stay sealed until they are said."""

    zorgvraag_id: int


@dataclass(frozen=True)
class DetailsTaken(Announcement):
    """To who had the details: they have no claim to them any more, so the details leave the one-to-one room."""

    zorgvraag_id: int


@dataclass(frozen=True)
class StatusOf(Announcement):
    """An answer: how it stands with one zorgvraag. `reason_shown`: what was just typed with it stands in the room."""

    zorgvraag_id: int
    reason_shown: bool = False


@dataclass(frozen=True)
class LightsSet(Announcement):
    """A team's lights for these dagdelen changed just now (values of `care.Dagdeel`)."""

    team_id: str
    dagdelen: tuple[str, ...]


@dataclass(frozen=True)
class Board(Announcement):
    """An answer: all lights of the region."""


@dataclass(frozen=True)
class OpenList(Announcement):
    """An answer: the first of what is open in the region and `wanted`."""

    wanted: Wanted = EVERYTHING


@dataclass(frozen=True)
class OpenPart(Announcement):
    """An answer, one to one: part `number` of `parts` of the whole list of what is open; `more` is not in it.

    It names its zorgvragen: were it to say "the second thirty", one would fall out when another is claimed meanwhile.
    """

    zorgvraag_ids: tuple[int, ...]
    number: int
    parts: int
    more: int = 0
    priority: ClassVar[Priority] = Priority.DIGEST


@dataclass(frozen=True)
class OwnList(Announcement):
    """An answer: what `user_id` has claimed."""

    user_id: str


@dataclass(frozen=True)
class Welcome(Announcement):
    """For somebody who just joined, and cannot read what was said before: what is open.

    It can wait: a whole region may join in one morning, and what nurses ask meanwhile goes first.
    """

    user_id: str
    new_device: bool = False
    priority: ClassVar[Priority] = Priority.LATER


@dataclass(frozen=True)
class Help(Announcement):
    """An answer: what somebody with these roles (values of `people.Role`) can say."""

    roles: tuple[str, ...]


@dataclass(frozen=True)
class Digest(Announcement):
    """The daily digest of one local day."""

    day: date
    priority: ClassVar[Priority] = Priority.DIGEST


@dataclass(frozen=True)
class Overview(Announcement):
    """An answer: the digest as it stands now."""


@dataclass(frozen=True)
class GivenBack(Announcement):
    """To its sender alone: the refused text, to be mended. The text lies sealed beside the letter until sent."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Stranger(Announcement):
    """For coordinators: `user_id` turned up in the region's room and does not belong there.

    The area file does not know them, or they are of a server (`other_server`) that may not take part.
    """

    user_id: str
    other_server: bool = False


@dataclass(frozen=True)
class ShutOut(Announcement):
    """`by` put the bot out of the region's room (`of_region`), or else out of the coordinators' room."""

    by: str
    of_region: bool


@dataclass(frozen=True)
class Unread(Announcement):
    """To the sender: a message could not be read, because its key never came, or came from an unverified device."""

    user_id: str
    unverified: bool = False


@dataclass(frozen=True)
class KeyChanged(Announcement):
    """For coordinators: `user_id` has a new identity; somebody should ask them whether that is right."""

    user_id: str


class Lapse(StrEnum):
    """What an auditor may find: something should have happened and did not.

    REFUSED: something that we gave up for good; STANDS: so was the taking out of what may not stand in a room.
    """

    LATE = "late"
    UNSAID = "unsaid"
    STUCK = "stuck"
    REFUSED = "refused"
    STANDS = "stands"


@dataclass(frozen=True)
class Alarm(Announcement):
    """For coordinators: the bot itself lapses, since `since` (UTC). `lapse` is a value of `Lapse`."""

    lapse: str
    since: datetime


@dataclass(frozen=True)
class Redact(Announcement):
    """Take the event `event_id` out of the room: somebody typed what may not stand there."""

    event_id: str


@dataclass(frozen=True)
class Erase(Redact):
    """Take it out because its time has come."""

    priority: ClassVar[Priority] = Priority.LATER


ALL: tuple[type[Announcement], ...] = (
    Opened,
    Reopened,
    LeftBehind,
    Restored,
    Reposted,
    PostChanged,
    Superseded,
    Claimed,
    Closed,
    Resumed,
    Withdrawn,
    StillOpen,
    Departed,
    Details,
    DetailsTaken,
    StatusOf,
    LightsSet,
    Board,
    OpenList,
    OpenPart,
    OwnList,
    Welcome,
    Help,
    Digest,
    Overview,
    GivenBack,
    Stranger,
    ShutOut,
    Unread,
    KeyChanged,
    Alarm,
    Redact,
    Erase,
)
