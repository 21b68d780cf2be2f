"""To whom something is said: a region's room, its coordinators, one person, or the very room where was asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RegionRoom:
    """Everybody of the region."""

    region_id: str


@dataclass(frozen=True)
class Coordinators:
    """The coordinators of the region, in their own room."""

    region_id: str


@dataclass(frozen=True)
class Person:
    """One person, one to one."""

    user_id: str


@dataclass(frozen=True)
class Room:
    """The room with this id, whatever it is."""

    room_id: str


Audience = RegionRoom | Coordinators | Person | Room
