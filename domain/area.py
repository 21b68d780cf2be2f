"""An area: everything that is divided, by whom. What the area file says, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from domain.people import Member, Organisation, PostcodeRange, Region, Team


@dataclass(frozen=True)
class Area:
    """Regions, the organisations with their teams, and everybody's place: one `Member` per person and region.

    Whoever makes one has checked that it fits together: ids are unique and whatever is named exists.
    """

    regions: tuple[Region, ...]
    organisations: tuple[Organisation, ...]
    teams: tuple[Team, ...]
    members: tuple[Member, ...]


def spell(postcodes: PostcodeRange) -> str:
    """As the area file writes it: `7520-7529`, or `7531` for a single one."""
    return postcodes.first if postcodes.first == postcodes.last else f"{postcodes.first}-{postcodes.last}"
