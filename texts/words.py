"""Small Dutch words: days, hours, numbers, colours and names. Pieces of sentences, never whole ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.capacity import Colour
from domain.care import Care, Kind, Urgency
from domain.people import Region, Role

DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

DOTS = {Colour.GROEN: "🟢", Colour.ORANJE: "🟠", Colour.ROOD: "🔴"}
MEANINGS = {Colour.GROEN: "ruimte", Colour.ORANJE: "in overleg", Colour.ROOD: "geen ruimte"}

SHORT_KINDS = {Kind.VERZORGING: "PV", Kind.VERPLEGING: "VP"}

ROLES = {Role.NURSE: "de wijkverpleging", Role.TEAM_LEAD: "teamleiders", Role.COORDINATOR: "coördinatoren"}

ONE_OF_THEM = {Role.NURSE: "wijkverpleegkundige", Role.TEAM_LEAD: "teamleider", Role.COORDINATOR: "coördinator"}

PERSONAL = {
    "bsn": "een BSN",
    "telefoon": "een telefoonnummer",
    "email": "een e-mailadres",
    "postcode": "een volledige postcode",
    "geboortedatum": "een geboortedatum",
    "iban": "een IBAN",
    "locatie": "een exacte locatie",
    "sleutelcode": "een code van een sleutelkastje",
    "foto": "een foto of filmpje",
}


def day(when: date) -> str:
    """Say "do 26 nov"."""
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]}"


def clock(when: datetime) -> str:
    """Say "09:14"; the moment is local already."""
    return f"{when:%H:%M}"


def moment(when: datetime, now: datetime, region: Region) -> str:
    """Say "09:14" today, "gisteren 09:14", "morgen 12:00", else "ma 23 nov 09:14"; all on the region's clock."""
    local, today = region.local(when), region.local(now).date()
    name = {0: "", -1: "gisteren ", 1: "morgen "}.get((local.date() - today).days)
    return f"{day(local.date()) + ' ' if name is None else name}{clock(local)}"


def at(when: datetime, now: datetime, region: Region) -> str:
    """Say "om 09:14" today, "gisteren om 09:14", else "ma 23 nov om 09:14"; all on the region's clock."""
    *before, time = moment(when, now, region).split(" ")
    return " ".join((*before, "om", time))


def until(when: datetime, now: datetime, region: Region) -> str:
    """Say "morgen 12:00", and "vr 27 nov" for the midnight in which that day begins; on the region's clock."""
    return moment(when, now, region).removesuffix(" 00:00")


def long_ago(span: timedelta) -> str:
    """Say "20 min", "5 uur" or "3 dagen", whichever fits; at least "1 min"."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} uur" if hours < 72 else f"{hours // 24} dagen"


def number(value: Decimal) -> str:
    """Say "3,5"; a whole number without its zeros."""
    return f"{value.normalize():f}".replace(".", ",")


def short(text: str, most: int) -> str:
    """`text`, or its first `most` characters with an ellipsis for the rest."""
    return text if len(text) <= most else text[: most - 1] + "…"


def and_(names: Iterable[str], last: str = "en") -> str:
    """Say "a, b en c"."""
    *rest, end = list(names) or [""]
    return f"{', '.join(rest)} {last} {end}" if rest else end


def kinds(care: Care) -> str:
    """Say "wondzorg + PV"."""
    return " + ".join(SHORT_KINDS.get(kind, kind.value) for kind in care.kinds)


def visits(care: Care) -> str | None:
    """Say "2×/dag (ochtend, avond)", or whichever half was said."""
    times = f"{care.visits.count}×/{care.visits.per}" if care.visits else None
    parts = ", ".join(care.dagdelen) or None
    return f"{times} ({parts})" if times and parts else times or parts


def hours(care: Care) -> str | None:
    """Say "3,5 u/week"."""
    return None if care.hours is None else f"{number(care.hours)} u/week"


def start(care: Care) -> str | None:
    """Say "start do 26 nov"."""
    return None if care.start is None else f"start {day(care.start)}"


def urgency(care: Care) -> str | None:
    """Say "SPOED" in capitals, because it is; nothing for what is merely planned."""
    match care.urgency:
        case Urgency.SPOED:
            return "SPOED"
        case Urgency.GEPLAND:
            return None
        case other:
            return other.value


def asked_for(care: Care) -> str:
    """The first line behind number and urgency: "7523 · wondzorg + PV · 2×/dag (ochtend) · start do 26 nov"."""
    parts = (care.pc4, kinds(care), visits(care), hours(care), start(care))
    return " · ".join(part for part in parts if part)
