"""What may come in: the fields of a zorgvraag, their bounds, and what they mean in the domain. No HTTP here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_serializer
from pydantic_core import PydanticCustomError

from bot.intake.fingerprint import fingerprint
from domain import privacy
from domain.care import Care, Contact, Dagdeel, Funding, Kind, Per, Referrer, Urgency, Visits
from texts import words

T = TypeVar("T")

SHORT = {"pv": Kind.VERZORGING, "vp": Kind.VERPLEGING}
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _choice(kind: type[StrEnum], short: Mapping[str, StrEnum] | None = None) -> BeforeValidator:
    """One of these values, in capitals or not, or one of their abbreviations."""
    known: dict[str, StrEnum] = {one.value.casefold(): one for one in kind} | dict(short or {})
    names = {one: name.upper() for name, one in (short or {}).items()}
    choices = ", ".join(f"{one.value} ({names[one]})" if one in names else one.value for one in kind)

    def read(value: Any) -> StrEnum:
        found = known.get(value.strip().casefold()) if isinstance(value, str) else None
        if found is None:
            raise PydanticCustomError("choice", "not one of the choices", {"choices": choices})
        return found

    return BeforeValidator(read)


def _once(values: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _in_order_of_day(values: tuple[Dagdeel, ...]) -> tuple[Dagdeel, ...]:
    return tuple(dagdeel for dagdeel in Dagdeel if dagdeel in values)


def _text(longest: int, pattern: str = ONE_LINE) -> Any:
    return Field(min_length=1, max_length=longest, pattern=pattern)


def _just_a_key(reference: str) -> str:
    found = privacy.given_away_by(reference)
    if found is not None:
        raise PydanticCustomError("personal_reference", "personal data", {"what": words.PERSONAL[found.value]})
    return reference


Words = Annotated[str, _text(100)]
KindOfCare = Annotated[Kind, _choice(Kind, SHORT)]
PartOfDay = Annotated[Dagdeel, _choice(Dagdeel)]


class Body(BaseModel):
    """What all parts share: nothing unknown, nothing guessed from another type, no input in an error."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, hide_input_in_errors=True
    )


class NewVisits(Body):
    """How often somebody comes."""

    count: int = Field(ge=1, le=99, description="How many times per day, week or month.")
    per: Annotated[Per, _choice(Per)]


class NewContact(Body):
    """Who the client is. Kept sealed, and told to the claimant alone, one to one; never a BSN or a birth date."""

    name: Words
    address: Annotated[str, _text(200)]
    telephone: Annotated[str, _text(40)]
    remark: Annotated[str, _text(500, LINES)] | None = None


class NewZorgvraag(Body):
    """A zorgvraag as a system sends it. Everything but `contact` may be read in the region's room."""

    reference: Annotated[str, AfterValidator(_just_a_key)] = Field(
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:~-]*$",
        description=(
            "The sender's own key. Sending the same again is safe. It stands in addresses: no personal data. "
            "What begins with a BSN, or holds a telephone number or an IBAN, is refused."
        ),
    )
    pc4: str = Field(pattern=r"^[1-9][0-9]{3}$", description="The four digits of the postcode; they choose the region.")
    kinds: Annotated[tuple[KindOfCare, ...], AfterValidator(_once)] = Field(
        min_length=1, max_length=len(Kind), description="What care; PV and VP are understood as well."
    )
    visits: NewVisits | None = None
    dagdelen: Annotated[tuple[PartOfDay, ...], AfterValidator(_in_order_of_day)] = Field(
        (), max_length=len(Dagdeel), description="The parts of the day in which somebody must come."
    )
    hours: Decimal | None = Field(None, gt=0, le=168, decimal_places=2, description="Hours per week.")
    start: date | None = Field(None, description="The first day: not in the past, at most a year ahead.")
    urgency: Annotated[Urgency, _choice(Urgency)] = Urgency.GEPLAND
    funding: Annotated[Funding, _choice(Funding)] | None = None
    referrer: Annotated[Referrer, _choice(Referrer)] | None = None
    expertise: Words | None = Field(None, description="What the nurse must be able to do.")
    preferred: Words | None = Field(None, description="The organisation that the client prefers.")
    wish: Words | None = Field(None, description="A wish such as language or gender.")
    note: Annotated[str, _text(500, LINES)] | None = Field(None, description="An explanation for all nurses to read.")
    contact: NewContact | None = None

    @field_serializer("hours")
    def _plain(self, hours: Decimal | None) -> str | None:
        """The same for 3.5 and 3.50, so that the fingerprint is too."""
        return None if hours is None else f"{hours.normalize():f}"

    def as_care(self) -> Care:
        """What is asked, in the words of the domain."""
        taken = {name: getattr(self, name) for name in Care.__dataclass_fields__ if name != "visits"}
        return Care(**taken, visits=Visits(self.visits.count, self.visits.per) if self.visits else None)

    def as_contact(self) -> Contact | None:
        """Who the client is, if that was told."""
        return Contact(**dict(self.contact)) if self.contact else None

    def fingerprint(self, key: bytes) -> str:
        """What was meant, whatever the order of its keys; absent, null and default are the same."""
        return fingerprint(self.model_dump(mode="json", exclude_defaults=True, exclude_none=True), key)


EXAMPLE: dict[str, Any] = {
    "reference": "ZD-2026-00187",
    "pc4": "7523",
    "kinds": ["wondzorg", "PV"],
    "visits": {"count": 2, "per": "dag"},
    "dagdelen": ["ochtend", "avond"],
    "hours": 3.5,
    "urgency": "binnen 24 uur",
    "funding": "Zvw",
    "referrer": "ziekenhuis",
    "preferred": "Livio",
    "note": "Wond aan het onderbeen, dagelijks verbinden.",
}
