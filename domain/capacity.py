"""The stoplicht: green, orange or red per team and dagdeel, and when a light has grown stale.

Source: the Stoplichtapp (RIVM, wijkverpleging, 2023): green = room, orange = perhaps, in consultation, red = in
principle none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.care import Dagdeel


class Colour(StrEnum):
    """A light's colour; never shown without its word."""

    GROEN = "groen"
    ORANJE = "oranje"
    ROOD = "rood"


@dataclass(frozen=True)
class Light:
    """What one team said of one dagdeel at `set_at`; it holds until `until`, or until it grows stale (UTC)."""

    team_id: str
    dagdeel: Dagdeel
    colour: Colour
    set_at: datetime
    set_by: str
    until: datetime | None = None
    note: str | None = None

    def is_stale(self, now: datetime, stale_after: timedelta) -> bool:
        """True when nobody may rely on it any more: its end has passed, or it was not renewed in time."""
        if self.until is not None:
            return now >= self.until
        return now - self.set_at >= stale_after

    def says_room(self, now: datetime, stale_after: timedelta) -> bool:
        """True when the team has room, or perhaps has, according to a light that is still fresh."""
        return self.colour is not Colour.ROOD and not self.is_stale(now, stale_after)


def teams_with_room(
    lights: Iterable[Light], dagdelen: Iterable[Dagdeel], now: datetime, stale_after: timedelta
) -> dict[str, Colour]:
    """Team id -> its worst colour over the asked dagdelen, for teams with fresh room in every one of them.

    Without asked dagdelen any fresh light with room counts. Green teams come first.
    """
    asked = set(dagdelen)
    fresh: dict[str, dict[Dagdeel, Colour]] = {}
    for light in lights:
        if light.says_room(now, stale_after):
            fresh.setdefault(light.team_id, {})[light.dagdeel] = light.colour
    found: dict[str, Colour] = {}
    for team_id, colours in fresh.items():
        if asked <= colours.keys():
            relevant = [colours[dagdeel] for dagdeel in asked] or [min(colours.values())]
            found[team_id] = max(relevant)  # "oranje" sorts after "groen"
    return dict(sorted(found.items(), key=lambda item: item[1]))
