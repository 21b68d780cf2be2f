"""A picture: all that a sentence may need to know about one region at one moment. Read, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.capacity import Light
from domain.care import Contact
from domain.people import Member, Organisation, Region, Role, Team
from domain.zorgvraag import Zorgvraag

NOWHERE = Region(id="", name="", postcodes=())
SHOWN = 15  # of a long list; nobody reads more on a telephone


@dataclass(frozen=True)
class Few:
    """The first few of many: those to be `shown`, in the order to tell them, and how many there are in all."""

    shown: tuple[Zorgvraag, ...] = ()
    count: int = 0

    @property
    def more(self) -> int:
        """How many there are besides those shown."""
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Figures:
    """What happened since `since` (UTC): for the digest."""

    since: datetime
    submitted: int
    claimed: Few
    closed: Few
    withdrawn: Few
    reposted: Few
    median_to_claim: timedelta | None


@dataclass(frozen=True)
class Picture:
    """One region at `now` (UTC). `zorgvragen` holds those that the sentence is about.

    `asked_by` are the user ids that wait for this answer; `newest_post` is the event id and room of the post that
    an old one should point to; `given_back` is the text that its sender gets back; `unreachable` are the members who
    have no device that can read what is said in the region's room.
    """

    now: datetime
    region: Region
    teams: Mapping[str, Team] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    members: Mapping[str, Member] = field(default_factory=dict)
    lights: tuple[Light, ...] = ()
    zorgvragen: Few = Few()
    contact: Contact | None = None
    figures: Figures | None = None
    asked_by: tuple[str, ...] = ()
    newest_post: tuple[str, str] | None = None
    given_back: str | None = None
    unreachable: tuple[str, ...] = ()

    @property
    def zorgvraag(self) -> Zorgvraag:
        """The one zorgvraag that this is about."""
        return self.zorgvragen.shown[0]

    def number(self, zorgvraag: Zorgvraag) -> str:
        """Say "Noord-42": the region's name and the number that people type."""
        return f"{self.region.name}-{zorgvraag.number}"

    def colleague(self, user_id: str) -> str:
        """Say "Fatima (Team Roombeek, Buurtzorg)" or "Carla (coördinator)"; a bare account tells nobody who it was."""
        member = self.members.get(user_id)
        if member is None:
            return "een oud-collega"
        team = self.teams.get(member.team_id or "")
        behind = self.team_name(team) if team else "coördinator" if Role.COORDINATOR in member.roles else ""
        return f"{member.name} ({behind})" if behind else member.name

    def team_name(self, team: Team) -> str:
        """The team's name, with its organisation unless that stands in the name already."""
        organisation = self.organisations[team.organisation_id].name
        return team.name if organisation.lower() in team.name.lower() else f"{team.name}, {organisation}"
