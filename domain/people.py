"""Regions and the people who work in them: who somebody is, and what that lets them do. The area file says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.care import Urgency


class Role(StrEnum):
    """What somebody is in a region. A team lead nurses as well; a coordinator need not."""

    NURSE = "nurse"
    TEAM_LEAD = "team lead"
    COORDINATOR = "coordinator"


DEFAULT_STEPS: Mapping[Urgency, tuple[timedelta, ...]] = {
    Urgency.SPOED: (timedelta(hours=2), timedelta(hours=4)),
    Urgency.BINNEN_24: (timedelta(hours=24),),
    Urgency.BINNEN_48: (timedelta(hours=48),),
    Urgency.GEPLAND: (timedelta(hours=48),),
}


@dataclass(frozen=True)
class Policy:
    """How a region wants to be reminded.

    `steps` are elapsed times since a zorgvraag (re)opened; after the last one its length repeats. Between
    `quiet_from` and `quiet_until`, local time, nobody is mentioned. `erase_after` is how long after its end a
    post stays readable (Siilo erases after 30 days); None keeps it.
    """

    steps: Mapping[Urgency, tuple[timedelta, ...]] = field(default_factory=lambda: dict(DEFAULT_STEPS))
    quiet_from: time = time(22)
    quiet_until: time = time(7)
    digest_at: time = time(8)
    erase_after: timedelta | None = timedelta(days=30)
    lights_stale_after: timedelta = timedelta(hours=24)

    def next_step(self, urgency: Urgency, opened: datetime, now: datetime) -> datetime:
        """The first step that lies after `now`, both UTC; what was missed in between is not made up for."""
        elapsed = now - opened
        steps = self.steps[urgency]
        for step in steps:
            if step > elapsed:
                return opened + step
        return opened + (elapsed // steps[-1] + 1) * steps[-1]

    def longest_wait(self, urgency: Urgency) -> timedelta:
        """The longest time between two steps, or before the first one."""
        steps = self.steps[urgency]
        return max(steps[-1], *(step - before for before, step in zip((timedelta(0), *steps), steps, strict=False)))

    def furthest_step(self, urgency: Urgency, now: datetime) -> datetime:
        """A step that lies after this was planned by a clock that was ahead; one wait more than there can be."""
        return now + 2 * self.longest_wait(urgency)

    def steps_passed(self, urgency: Urgency, opened: datetime, now: datetime) -> int:
        """How many steps lie behind us at `now` (0: none yet)."""
        elapsed = now - opened
        steps = self.steps[urgency]
        passed = sum(step <= elapsed for step in steps)
        return passed if passed < len(steps) else passed - 1 + elapsed // steps[-1]

    def is_quiet(self, local: time) -> bool:
        """True when, at this local time, nobody is to be woken."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return local >= self.quiet_from or local < self.quiet_until


@dataclass(frozen=True)
class PostcodeRange:
    """A run of PC4 areas, both ends included: ("7520", "7529")."""

    first: str
    last: str

    def __contains__(self, pc4: object) -> bool:
        return isinstance(pc4, str) and len(pc4) == len(self.first) and self.first <= pc4 <= self.last


@dataclass(frozen=True)
class Region:
    """One room of organisations. `id` is a slug, `name` stands before each number (Noord-42)."""

    id: str
    name: str
    postcodes: tuple[PostcodeRange, ...]
    timezone: str = "Europe/Amsterdam"
    policy: Policy = Policy()

    def local(self, moment: datetime) -> datetime:
        """`moment` (aware) on this region's clock."""
        return moment.astimezone(ZoneInfo(self.timezone))

    def day_before(self, now: datetime) -> datetime:
        """Yesterday at the digest's local time (UTC): since when a digest at `now` counts."""
        yesterday = self.local(now).date() - timedelta(days=1)
        local = datetime.combine(yesterday, self.policy.digest_at, ZoneInfo(self.timezone))
        return local.astimezone(UTC)

    def has_later_digest(self, day: date, now: datetime) -> bool:
        """Whether the digest of a day after `day` is due at `now`: nobody needs to read two."""
        local = self.local(now)
        today = timedelta() if local.time() >= self.policy.digest_at else timedelta(days=1)
        return local.date() - today > day

    def covers(self, pc4: str) -> bool:
        """True when this postcode area belongs to the region."""
        return any(pc4 in postcodes for postcodes in self.postcodes)


@dataclass(frozen=True)
class Organisation:
    """A care provider."""

    id: str
    name: str


@dataclass(frozen=True)
class Team:
    """A team of one organisation in one region. No postcodes means: the whole region."""

    id: str
    name: str
    organisation_id: str
    region_id: str
    postcodes: tuple[PostcodeRange, ...] = ()
    expertise: tuple[str, ...] = ()

    def covers(self, pc4: str) -> bool:
        """True when the team works in this postcode area."""
        return not self.postcodes or any(pc4 in postcodes for postcodes in self.postcodes)


@dataclass(frozen=True)
class Member:
    """Somebody's place in one region, as the area file has it; a display name in chat counts for nothing.

    `team_id` is None for a coordinator without a team. `name` is what colleagues see behind a claim.
    """

    user_id: str
    region_id: str
    roles: frozenset[Role]
    name: str
    team_id: str | None = None

    def is_any(self, roles: Iterable[Role]) -> bool:
        """True when one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)
