"""The words of the care: what a zorgvraag may ask for. Only vocabulary and the shape of a request live here.

The code lists are the project's own (no national list of care kinds was found); the dagdelen are those of the
Stoplichtapp and the urgencies those that regions use in their chat groups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """A kind of care, by its full Dutch name."""

    VERZORGING = "persoonlijke verzorging"
    VERPLEGING = "verpleging"
    WONDZORG = "wondzorg"
    STEUNKOUSEN = "steunkousen"
    MEDICATIE = "medicatie"
    INJECTIES = "injecties"
    INFUUS = "infuus"
    KATHETER = "katheter"
    STOMA = "stoma"
    PALLIATIEF = "palliatief"
    DEMENTIE = "dementie"
    MSVT = "MSVT"
    NACHTZORG = "nachtzorg"
    KINDZORG = "kindzorg"
    BEGELEIDING = "begeleiding"
    ANDERS = "anders"


class Dagdeel(StrEnum):
    """A part of the day, in the order of the day."""

    OCHTEND = "ochtend"
    MIDDAG = "middag"
    AVOND = "avond"
    NACHT = "nacht"


class Urgency(StrEnum):
    """How soon the care must start; spoed is today."""

    SPOED = "spoed"
    BINNEN_24 = "binnen 24 uur"
    BINNEN_48 = "binnen 48 uur"
    GEPLAND = "gepland"


class Referrer(StrEnum):
    """Who sent the client, as a kind, never as a name."""

    HUISARTS = "huisarts"
    ZIEKENHUIS = "ziekenhuis"
    CLIENT = "cliënt/mantelzorger"
    WIJKTEAM = "wijkteam"
    COLLEGA = "collega"


class Funding(StrEnum):
    """Under which law the care is paid."""

    ZVW = "Zvw"
    WLZ = "Wlz"
    WMO = "Wmo"


class Per(StrEnum):
    """The period in which visits are counted."""

    DAG = "dag"
    WEEK = "week"
    MAAND = "maand"


@dataclass(frozen=True)
class Visits:
    """How often somebody comes: `count` times per day, week or month."""

    count: int
    per: Per


@dataclass(frozen=True)
class Care:
    """What is asked, without anything that identifies a person.

    `pc4` is the four digits of the postcode; `hours` are hours a week. `expertise`, `preferred` (organisation),
    `wish` (language or gender) and `note` are free text, which `domain.privacy` has to pass.
    """

    pc4: str
    kinds: tuple[Kind, ...]
    visits: Visits | None = None
    dagdelen: tuple[Dagdeel, ...] = ()
    hours: Decimal | None = None
    start: date | None = None
    urgency: Urgency = Urgency.GEPLAND
    funding: Funding | None = None
    referrer: Referrer | None = None
    expertise: str | None = None
    preferred: str | None = None
    wish: str | None = None
    note: str | None = None

    def free_text(self) -> dict[str, str]:
        """Every field that a person typed freely, by name; the fields that must pass the privacy check."""
        fields = {
            "expertise": self.expertise,
            "preferred": self.preferred,
            "wish": self.wish,
            "note": self.note,
        }
        return {name: text for name, text in fields.items() if text}

    def without_free_text(self) -> Care:
        """The same care, in codes and figures alone."""
        return replace(self, expertise=None, preferred=None, wish=None, note=None)


@dataclass(frozen=True, repr=False)
class Contact:
    """Who the client is: told to the claimant alone, one to one. Its repr is empty, so that no log can show it."""

    name: str
    address: str
    telephone: str
    remark: str | None = None

    def __repr__(self) -> str:
        return "Contact(...)"
