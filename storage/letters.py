"""Letters: one row of the outbox each, and how many of them become one event. Nothing is read or written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain import announcements, refusals
from domain.announcements import Announcement, DetailsTaken, Post, PostChanged, Redact, StatusOf, StillOpen
from domain.audience import Audience, Coordinators, Person, RegionRoom, Room
from domain.refusals import NotClaimed, Refusal

Message = Announcement | Refusal

KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in announcements.ALL}
KINDS |= {kind.__name__: kind for kind in refusals.ALL}
WORDLESS = [name for name, kind in KINDS.items() if issubclass(kind, (Redact, DetailsTaken))]
# Under these somebody may take the zorgvraag without a word that says which: a post, or an answer that asks who will.
OFFERS = [
    name for name, kind in KINDS.items() if issubclass(kind, (Post, PostChanged, StatusOf, StillOpen, NotClaimed))
]
POSTS = [name for name, kind in KINDS.items() if issubclass(kind, Post)]
AUDIENCES: dict[str, type[Audience]] = {kind.__name__: kind for kind in (RegionRoom, Coordinators, Person, Room)}


@dataclass(frozen=True)
class Letter:
    """Something to be said to one audience. Times are UTC; `attempts` counts the failed ones."""

    id: int
    audience: Audience
    region_id: str | None
    message: Message
    zorgvraag_id: int | None
    asked_by: str | None
    reply_to: str | None
    created_at: datetime
    attempts: int
    secret: str | None


@dataclass(frozen=True)
class Batch:
    """Letters that are told as one event, oldest first; `txn_id` stays the same however often it is tried."""

    txn_id: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Sent:
    """An event of ours as it stands in a room; `anew`: it edits nothing, though it may have been meant to."""

    room_id: str
    event_id: str
    anew: bool = False
