"""What it takes to get from the stored area to that of a file, and how to tell it. Pure: nothing is done here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from commands.area_facts import Facts, about_member, about_organisation, about_region, about_team, names_in
from domain.area import Area

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True)
class Difference(Generic[T]):
    """What becomes of one kind of thing; a change is (as it was, as it will be)."""

    added: tuple[T, ...]
    changed: tuple[tuple[T, T], ...]
    removed: tuple[T, ...]

    @property
    def put(self) -> tuple[T, ...]:
        """Everything to be written as it will be."""
        return (*self.added, *(new for _, new in self.changed))

    @property
    def is_empty(self) -> bool:
        """True when all stays as it is."""
        return not (self.added or self.changed or self.removed)


def difference(before: Mapping[K, T], after: Mapping[K, T]) -> Difference[T]:
    """What has the same key is the same thing."""
    return Difference(
        added=tuple(new for key, new in after.items() if key not in before),
        changed=tuple((before[key], new) for key, new in after.items() if key in before and before[key] != new),
        removed=tuple(old for key, old in before.items() if key not in after),
    )


class Plan:
    """Everything that differs between the area as it is and as it will be.

    `warnings` are sentences about what is left behind; they are told, and change nothing.
    """

    def __init__(self, before: Area, after: Area) -> None:
        self.regions = difference({one.id: one for one in before.regions}, {one.id: one for one in after.regions})
        self.organisations = difference(
            {one.id: one for one in before.organisations}, {one.id: one for one in after.organisations}
        )
        self.teams = difference({one.id: one for one in before.teams}, {one.id: one for one in after.teams})
        self.members = difference(
            {(one.region_id, one.user_id): one for one in before.members},
            {(one.region_id, one.user_id): one for one in after.members},
        )
        self.warnings: tuple[str, ...] = ()
        self._was = names_in(before)
        self._will_be = names_in(before, after)

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to do."""
        return all(part.is_empty for part in (self.regions, self.organisations, self.teams, self.members))

    def lines(self) -> list[str]:
        """For an administrator: + comes, ~ changes, - goes, ! needs a look. User ids may stand in it."""
        return [
            *self._region_lines(),
            *self._organisation_lines(),
            *self._team_lines(),
            *self._member_lines(),
            *(f"! {warning}" for warning in self.warnings),
        ]

    def _region_lines(self) -> Iterator[str]:
        for region in self.regions.added:
            yield f"+ region {region.name}: postcodes {about_region(region)['postcodes']}"
        for old, new in self.regions.changed:
            yield f"~ region {old.name}: {_changes(about_region(old), about_region(new))}"
        for region in self.regions.removed:
            yield f"- region {region.name}"

    def _organisation_lines(self) -> Iterator[str]:
        for organisation in self.organisations.added:
            yield f"+ organisation {organisation.name}"
        for old, new in self.organisations.changed:
            yield f"~ organisation {old.name}: {_changes(about_organisation(old), about_organisation(new))}"
        for organisation in self.organisations.removed:
            yield f"- organisation {organisation.name}"

    def _team_lines(self) -> Iterator[str]:
        for team in self.teams.added:
            facts = about_team(team, self._will_be)
            yield f"+ team {team.name} of {facts['organisation']} in {facts['region']}: postcodes {facts['postcodes']}"
        for old, new in self.teams.changed:
            yield f"~ team {old.name}: {_changes(about_team(old, self._was), about_team(new, self._will_be))}"
        for team in self.teams.removed:
            yield f"- team {team.name} of {self._was.organisations[team.organisation_id]}"

    def _member_lines(self) -> Iterator[str]:
        for member in self.members.added:
            facts = about_member(member, self._will_be)
            team = f", team {facts['team']}" if member.team_id else ""
            yield f"+ {member.user_id} joins {self._will_be.regions[member.region_id]}: {facts['roles']}{team}"
        for old, new in self.members.changed:
            changes = _changes(about_member(old, self._was), about_member(new, self._will_be))
            yield f"~ {new.user_id} in {self._will_be.regions[new.region_id]}: {changes}"
        for member in self.members.removed:
            yield f"- {member.user_id} leaves {self._was.regions[member.region_id]}"


def _changes(old: Facts, new: Facts) -> str:
    """`name Noord -> Enschede Noord; digest_at 08:00 -> 07:30`."""
    return "; ".join(f"{key} {old[key]} -> {new[key]}" for key in new if old[key] != new[key])
