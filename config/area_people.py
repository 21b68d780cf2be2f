"""Everybody's place in each region, from the lists of people: one `Member` per person and region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from config.area_file import PersonTable, RegionTable, TeamTable
from config.area_items import Item, Problems
from domain.people import Member, Region, Role, Team


@dataclass
class _Place:
    name: str
    roles: set[Role] = field(default_factory=set)
    team: Team | None = None
    team_place: str = ""


class PeopleReader:
    """Collects people list by list; `members` are right when no problem was found."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._places: dict[tuple[str, str], _Place] = {}
        self._names: dict[str, tuple[str, str]] = {}  # user id -> name, and where it was read first

    def read_region(self, item: Item[RegionTable], region: Region) -> None:
        """The region's coordinators."""
        self._read_list(item.place, "coordinators", item.table.coordinators)
        for person in item.table.coordinators:
            self._place(person, region.id).roles.add(Role.COORDINATOR)

    def read_team(self, item: Item[TeamTable], team: Team) -> None:
        """The team's leads and nurses."""
        self._read_list(item.place, "team_leads", item.table.team_leads)
        self._read_list(item.place, "nurses", item.table.nurses)
        for role, people in ((Role.TEAM_LEAD, item.table.team_leads), (Role.NURSE, item.table.nurses)):
            for person in people:
                place = self._place(person, team.region_id)
                place.roles.add(role)
                if place.team is None:
                    place.team, place.team_place = team, item.place
                elif place.team != team:
                    self._problems.add(f"{item.place}: {person.id} is in {place.team_place} of the same region already")

    def members(self) -> Iterable[Member]:
        """Everybody, by region and user id."""
        for (region_id, user_id), place in sorted(self._places.items()):
            team_id = place.team.id if place.team else None
            yield Member(user_id, region_id, frozenset(place.roles), place.name, team_id)

    def _read_list(self, place: str, key: str, people: Iterable[PersonTable]) -> None:
        seen = set()
        for person in people:
            if person.id in seen:
                self._problems.add(f"{place}: {key}: {person.id} is there twice")
            seen.add(person.id)
            name, first_place = self._names.setdefault(person.id, (person.name, place))
            if name != person.name:  # a copied line whose id was not changed looks just like this
                self._problems.add(f'{place}: {person.id} is "{person.name}" here and "{name}" in {first_place}')

    def _place(self, person: PersonTable, region_id: str) -> _Place:
        return self._places.setdefault((region_id, person.id), _Place(person.name))
