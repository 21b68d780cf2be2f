"""Every "no", as one tree. A refusal is a fact with what its reader needs; its Dutch sentence lives in texts/.

Refusal
├── NotAllowed
│   ├── UnknownPerson        the area file does not know them
│   ├── LeadsOnly            a team's light is its lead's to set
│   └── WrongRole            this verb is for other roles
├── NotPossible
│   ├── AlreadyClaimed       somebody was first
│   ├── NotOpen              closed or withdrawn already
│   ├── NotClaimed           nobody has it, so it cannot be given back or finished
│   ├── NotYours             claimed by somebody else
│   ├── NotEnded             it never ended, so there is nothing to undo
│   ├── NotYoursToRestore    withdrawn, and only coordinators undo that
│   ├── Erased               ended so long ago that we know nothing of it any more
│   ├── DetailsOfAnother     the client's details are for its claimant alone
│   ├── NoDetails            its claimant asks for details that we do not have
│   ├── UnknownZorgvraag     no such number in this region
│   ├── UnknownPostcode      no region covers this PC4
│   ├── OtherRegion          the postcode belongs to another region's room
│   ├── NoTeam               a light needs a team
│   ├── OtherTeam            a light of somebody else's team
│   └── ReferenceReused      the same reference came with another body
├── NotUnderstood
│   ├── UnknownVerb          with what was perhaps meant
│   ├── NoCommand            talk, where nobody but us can hear it
│   ├── Unsure               known words, but not clear enough to change something
│   ├── OneAtATime           several numbers or commands in one message
│   ├── MissingNumber        which zorgvraag?
│   ├── MissingParts         a zorgvraag without postcode or kind of care
│   ├── UnknownWord          a token that means nothing here
│   ├── BadValue             a number, date or time that cannot be
│   ├── ClockOrHours         a time of day, or hours a week?
│   ├── TwoColours           two colours for one light
│   ├── LaterLight           a light that would begin later
│   └── WhichRegion          the person works in several regions
├── PersonalData             something that may identify a person
├── TooLong                  more text than a post may hold
└── Failed                   our own mistake: nothing was done
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class Refusal(Exception):
    """Root of every "no" that a person or a system hears; nothing was changed."""

    def merge_key(self) -> str | None:
        """Waiting refusals to one audience with the same key are told as one; None: each by itself."""
        return None


class NotAllowed(Refusal):
    """The person may not do this."""


@dataclass(eq=False)
class UnknownPerson(NotAllowed):
    """The area file does not know who asks, whatever their display name says."""


@dataclass(eq=False)
class LeadsOnly(NotAllowed):
    """A light is set by the team's lead; `team_id` is the team of who asks, if any."""

    team_id: str | None


@dataclass(eq=False)
class WrongRole(NotAllowed):
    """`verb` is for others; `allowed` are the values of the roles that may."""

    verb: str
    allowed: tuple[str, ...]


class NotPossible(Refusal):
    """The state of the world forbids it."""


@dataclass(eq=False)
class AlreadyClaimed(NotPossible):
    """Somebody was first: `by` (a user id) at `at`."""

    zorgvraag_id: int
    by: str
    at: datetime

    def merge_key(self) -> str | None:
        return f"lost:{self.zorgvraag_id}:{self.by}"


@dataclass(eq=False)
class NotOpen(NotPossible):
    """It has ended: `state` is "closed" or "withdrawn"."""

    zorgvraag_id: int
    state: str


@dataclass(eq=False)
class NotClaimed(NotPossible):
    """Nobody has claimed it."""

    zorgvraag_id: int


@dataclass(eq=False)
class NotYours(NotPossible):
    """Only its claimant `by` or a coordinator may do that."""

    zorgvraag_id: int
    by: str


@dataclass(eq=False)
class NotEnded(NotPossible):
    """It is open or claimed: nothing was finished or withdrawn that could be undone."""

    zorgvraag_id: int


@dataclass(eq=False)
class NotYoursToRestore(NotPossible):
    """It was withdrawn, which only a coordinator may undo."""

    zorgvraag_id: int


@dataclass(eq=False)
class Erased(NotPossible):
    """It ended so long ago that its posts and the client's details were erased."""

    zorgvraag_id: int


@dataclass(eq=False)
class DetailsOfAnother(NotPossible):
    """The client's details go to the claimant `by` alone."""

    zorgvraag_id: int
    by: str


@dataclass(eq=False)
class NoDetails(NotPossible):
    """None were given, or they were erased."""

    zorgvraag_id: int


@dataclass(eq=False)
class UnknownZorgvraag(NotPossible):
    """There is no zorgvraag with this number ("Noord-42") here."""

    number: str


@dataclass(eq=False)
class UnknownPostcode(NotPossible):
    """No region covers this PC4; `nearest` are the covered ranges closest to it, as text."""

    pc4: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class OtherRegion(NotPossible):
    """The postcode belongs to the region with this name, in another room."""

    pc4: str
    region: str


@dataclass(eq=False)
class NoTeam(NotPossible):
    """Who sets a light must belong to a team."""


@dataclass(eq=False)
class OtherTeam(NotPossible):
    """Somebody named another team than their own, whose id is `own`."""

    own: str


@dataclass(eq=False)
class ReferenceReused(NotPossible):
    """A source sent another body under a reference that it used before."""

    reference: str


class NotUnderstood(Refusal):
    """The words could not be read."""


@dataclass(eq=False)
class UnknownVerb(NotUnderstood):
    """`word` is no verb; `meant` is the whole line as it was perhaps meant, ready to be copied."""

    word: str
    meant: str | None = None


@dataclass(eq=False)
class NoCommand(NotUnderstood):
    """One to one nobody else answers, and silence looks like consent; the words are not repeated."""

    def merge_key(self) -> str:
        """However many lines: one answer."""
        return "no command"


@dataclass(eq=False)
class Unsure(NotUnderstood):
    """Perhaps a command, perhaps talk: nothing was done. `meant` is the line to type if it was one."""

    meant: str


@dataclass(eq=False)
class OneAtATime(NotUnderstood):
    """More than one number or command in a message: nothing was done. `meant` are the lines to type, one by one."""

    meant: tuple[str, ...]


@dataclass(eq=False)
class MissingNumber(NotUnderstood):
    """`verb` needs to know which zorgvraag."""

    verb: str


@dataclass(eq=False)
class MissingParts(NotUnderstood):
    """A zorgvraag lacks these parts ("postcode", "zorg")."""

    parts: tuple[str, ...]


@dataclass(eq=False)
class UnknownWord(NotUnderstood):
    """`word` means nothing to `verb`; `meant` is a close one that would."""

    verb: str
    word: str
    meant: str | None = None


@dataclass(eq=False)
class BadValue(NotUnderstood):
    """`word` cannot be a `what` ("datum", "tijd", "uren", "nummer", "bezoeken")."""

    what: str
    word: str


@dataclass(eq=False)
class ClockOrHours(NotUnderstood):
    """`word` beside a dagdeel may be a time of day; `meant` is what to type when it was hours a week."""

    word: str
    meant: str


@dataclass(eq=False)
class TwoColours(NotUnderstood):
    """Two colours for one light: no choice was made. `meant` are the two lines of which one can be typed."""

    meant: tuple[str, ...]


@dataclass(eq=False)
class LaterLight(NotUnderstood):
    """A light holds from now on and cannot begin at `word`; `meant` is a line with an end, as an example."""

    word: str
    meant: str


@dataclass(eq=False)
class WhichRegion(NotUnderstood):
    """Outside a region's room, somebody of several regions must name one; `meant` is a whole line that does."""

    regions: tuple[str, ...]
    meant: str


@dataclass(eq=False)
class PersonalData(Refusal):
    """Something that may identify a person stands in the text: the values of `privacy.Kind`, never the text."""

    kinds: tuple[str, ...]


@dataclass(eq=False)
class TooLong(Refusal):
    """More than `limit` characters of free text; `what` names it when it is not the note ("voorkeur", "wens")."""

    limit: int
    what: str | None = None


@dataclass(eq=False)
class Failed(Refusal):
    """Our own mistake: nothing was done and the same words may be tried again."""


ALL: tuple[type[Refusal], ...] = (
    UnknownPerson,
    LeadsOnly,
    WrongRole,
    AlreadyClaimed,
    NotOpen,
    NotClaimed,
    NotYours,
    NotEnded,
    NotYoursToRestore,
    Erased,
    DetailsOfAnother,
    NoDetails,
    UnknownZorgvraag,
    UnknownPostcode,
    OtherRegion,
    NoTeam,
    OtherTeam,
    ReferenceReused,
    UnknownVerb,
    NoCommand,
    Unsure,
    OneAtATime,
    MissingNumber,
    MissingParts,
    UnknownWord,
    BadValue,
    ClockOrHours,
    TwoColours,
    LaterLight,
    WhichRegion,
    PersonalData,
    TooLong,
    Failed,
)
