"""Monday 23 November 2026, 10:10 in Amsterdam, in region Noord: the people, teams and zorgvragen of the sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.capacity import Colour, Light
from domain.care import Care, Contact, Dagdeel, Funding, Kind, Per, Referrer, Urgency, Visits
from domain.people import Member, Organisation, PostcodeRange, Region, Role, Team
from domain.picture import Few, Figures, Picture
from domain.zorgvraag import State, Zorgvraag

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = date(2026, 11, 23)

FATIMA, JAN, CARLA = "@fatima:zorg.test", "@jan:zorg.test", "@carla:zorg.test"
NURSE = frozenset({Role.NURSE})
MEMBERS = {
    FATIMA: Member(FATIMA, "noord", NURSE, "Fatima", "roombeek"),
    JAN: Member(JAN, "noord", NURSE, "Jan", "centrum"),
    CARLA: Member(CARLA, "noord", frozenset({Role.COORDINATOR}), "Carla"),
}
TEAMS = {
    "centrum": Team("centrum", "Team Centrum", "livio", "noord"),
    "roombeek": Team("roombeek", "Buurtzorg Roombeek", "buurtzorg", "noord", (PostcodeRange("7520", "7529"),)),
}
PICTURE = Picture(
    now=NOW,
    region=Region("noord", "Noord", (PostcodeRange("7520", "7529"),)),
    teams=TEAMS,
    organisations={"livio": Organisation("livio", "Livio"), "buurtzorg": Organisation("buurtzorg", "Buurtzorg")},
    members=MEMBERS,
)

CARE = Care(
    "7523",
    (Kind.WONDZORG, Kind.VERZORGING),
    visits=Visits(2, Per.DAG),
    dagdelen=(Dagdeel.OCHTEND, Dagdeel.AVOND),
    hours=Decimal("5.0"),
    start=date(2026, 11, 26),
)
FULL = replace(
    CARE,
    urgency=Urgency.SPOED,
    funding=Funding.ZVW,
    referrer=Referrer.ZIEKENHUIS,
    expertise="wondverpleegkundige",
    preferred="Livio",
    wish="spreekt Turks",
    note="hond in huis",
)
OPEN = Zorgvraag(
    id=7,
    region_id="noord",
    number=42,
    care=CARE,
    submitted_by=CARLA,
    submitted_at=NOW - 50 * HOUR,
    opened_at=NOW - 50 * HOUR,
    due_at=NOW,
)
CLAIMED = replace(OPEN, state=State.CLAIMED, claimed_by=FATIMA, claimed_at=NOW - HOUR, due_at=None)
CLOSED = replace(CLAIMED, state=State.CLOSED, ended_at=NOW)
WITHDRAWN = replace(OPEN, state=State.WITHDRAWN, reason="opname in het ziekenhuis", ended_at=NOW)
WHO = "Fatima (Buurtzorg Roombeek)"
CONTACT = Contact("Mevr. De Vries", "Roombeekweg 12, Enschede", "053 123 45 67", "sleutel bij de buren")


def light(team: str, dagdeel: Dagdeel, colour: Colour, **more: Any) -> Light:
    """What a team said an hour ago."""
    return Light(team, dagdeel, colour, more.pop("set_at", NOW - HOUR), JAN, **more)


LIGHTS = (
    *(light("roombeek", dagdeel, Colour.GROEN) for dagdeel in Dagdeel),
    light("centrum", Dagdeel.OCHTEND, Colour.ORANJE),
    light("centrum", Dagdeel.MIDDAG, Colour.ORANJE),
    light("centrum", Dagdeel.AVOND, Colour.ROOD, until=NOW + 26 * HOUR, note="twee zieken"),
    light("centrum", Dagdeel.NACHT, Colour.GROEN, set_at=NOW - 26 * HOUR),
)
FIGURES = Figures(
    since=NOW - 26 * HOUR,
    submitted=3,
    claimed=Few((CLAIMED, replace(CLAIMED, id=8, number=43)), 2),
    closed=Few((CLOSED,), 1),
    withdrawn=Few((WITHDRAWN,), 1),
    reposted=Few((OPEN,), 20),
    median_to_claim=5 * HOUR,
)
QUIET_DAY = Figures(
    NOW - 26 * HOUR, 0, claimed=Few(), closed=Few(), withdrawn=Few(), reposted=Few(), median_to_claim=None
)


def picture(*zorgvragen: Zorgvraag, count: int | None = None, **more: Any) -> Picture:
    """The scene with these zorgvragen, of `count` in all, and with whatever else the sentence needs."""
    few = Few(zorgvragen, len(zorgvragen) if count is None else count)
    return replace(PICTURE, zorgvragen=few, **more)
