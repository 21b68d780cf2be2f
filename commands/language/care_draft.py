"""What was read so far of a !zorgvraag line, and how something is said in it once. No patterns, no reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from commands.language.words import echo
from domain.care import Dagdeel, Funding, Kind, Per, Referrer, Urgency, Visits
from domain.refusals import BadValue

T = TypeVar("T")

VERB = "zorgvraag"


@dataclass
class Draft:
    """What was read so far. `often` is "dagelijks" or "wekelijks", `soon` is "zsm"; the sets have no order yet.

    `place` are the unknown words before the postcode, as typed: perhaps a region's name.
    """

    today: date
    pc4: str | None = None
    kinds: set[Kind] = field(default_factory=set)
    visits: Visits | None = None
    often: Per | None = None
    dagdelen: set[Dagdeel] = field(default_factory=set)
    hours: Decimal | None = None
    start: date | None = None
    urgencies: set[Urgency] = field(default_factory=set)
    soon: bool = False
    funding: Funding | None = None
    referrer: Referrer | None = None
    place: list[str] = field(default_factory=list)


def once(what: str, old: T | None, new: T, typed: str) -> T:
    """The new value: to say the same twice is fine, to say two things is not. Raises BadValue."""
    if old is not None and old != new:
        raise BadValue(what, echo(typed))
    return new
