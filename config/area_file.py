"""What the tables of the area file may hold, each checked by itself. How they fit together is for config/area.py."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from config.durations import ClockTime, Duration, DurationOrNever, Postcodes, QuietHours
from config.fields import Slug, UserId
from config.reading import closest
from domain.care import Urgency
from domain.people import DEFAULT_STEPS, Policy

T = TypeVar("T")

_DEFAULT = Policy()
_REGION_NAME = re.compile(r"[^\W\d_]{2,30}(?:[ '-][^\W\d_]{1,30}){0,3}")


def slug(name: str) -> str:
    """`Enschede Noord` as `enschede-noord`: the id of what has no id of its own; empty without a Latin letter."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def _timezone(value: str) -> str:
    known = zoneinfo.available_timezones()
    if value not in known:
        meant = closest(value, known)
        raise ValueError("must be a time zone such as Europe/Amsterdam" + (f"; did you mean {meant}?" if meant else ""))
    return value


def _not_empty(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise ValueError("must hold at least one")
    return values


def _rising(steps: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    if any(later <= earlier for earlier, later in pairwise(steps)):
        raise ValueError("must rise: each is counted from the beginning")
    return steps


def _urgencies(value: Any) -> Any:
    """A key without quotes has no spaces: `binnen_24` is "binnen 24 uur"."""
    if not isinstance(value, dict):
        return value
    short = {"binnen_24": Urgency.BINNEN_24.value, "binnen_48": Urgency.BINNEN_48.value}
    return {short.get(key, key): steps for key, steps in value.items()}


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line of ordinary characters")
    return value


def _region_name(value: str) -> str:
    if not _REGION_NAME.fullmatch(value):
        raise ValueError("must be at most four words of letters, such as Noord, because a number follows it in chat")
    return value


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_one_line)]
RegionName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_region_name)]
Steps = Annotated[tuple[Duration, ...], AfterValidator(_not_empty), AfterValidator(_rising)]
Timezone = Annotated[str, AfterValidator(_timezone)]


class Table(BaseModel):
    """What all tables share: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PersonTable(Table):
    """Somebody: a Matrix user id, and the name that colleagues see behind a claim."""

    id: UserId
    name: Name


class PolicyTable(Table):
    """How a region wants to be reminded; what is left out is as in `domain.people.Policy`."""

    quiet_hours: QuietHours = (_DEFAULT.quiet_from, _DEFAULT.quiet_until)
    digest_at: ClockTime = _DEFAULT.digest_at
    erase_after: DurationOrNever = _DEFAULT.erase_after
    lights_stale_after: Duration = _DEFAULT.lights_stale_after
    steps: Annotated[dict[Urgency, Steps], BeforeValidator(_urgencies)] = {}

    def policy(self) -> Policy:
        """The same, as the rules know it."""
        quiet_from, quiet_until = self.quiet_hours
        return Policy(
            steps={**DEFAULT_STEPS, **self.steps},
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            digest_at=self.digest_at,
            erase_after=self.erase_after,
            lights_stale_after=self.lights_stale_after,
        )


class RegionTable(Table):
    """`[[region]]`."""

    name: RegionName
    id: Slug | None = None
    postcodes: Annotated[tuple[Postcodes, ...], AfterValidator(_not_empty)]
    timezone: Timezone = "Europe/Amsterdam"
    coordinators: tuple[PersonTable, ...] = ()
    policy: PolicyTable = PolicyTable()


class OrganisationTable(Table):
    """`[[organisation]]`."""

    name: Name
    id: Slug | None = None


class TeamTable(Table):
    """`[[team]]`; `organisation` and `region` are names or ids from the same file."""

    name: Name
    id: Slug | None = None
    organisation: str
    region: str
    postcodes: tuple[Postcodes, ...] = ()
    expertise: tuple[Name, ...] = ()
    team_leads: tuple[PersonTable, ...] = ()
    nurses: tuple[PersonTable, ...] = ()
