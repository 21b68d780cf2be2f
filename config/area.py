"""The area file: read, checked as a whole, and given as domain objects. Nothing is stored or changed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any, Generic, TypeVar

from config.area_file import OrganisationTable, RegionTable, TeamTable, slug
from config.area_items import Item, Problems, items, names_written, refuse_unknown_kinds
from config.area_people import PeopleReader
from config.reading import ConfigError, closest, read_toml
from domain.area import Area, spell
from domain.people import Organisation, PostcodeRange, Region, Team

N = TypeVar("N", Region, Organisation)


class AreaError(ConfigError):
    """The area file cannot be applied; one line per problem, with its place in the file."""


def read_area(file: Path) -> Area:
    """The area in this file. Raises AreaError with every problem at once."""
    try:
        raw = read_toml(file)
    except ConfigError as error:
        raise AreaError(*error.lines) from None
    problems = Problems(file.name)
    area = _read(raw, problems)
    if problems.lines:
        raise AreaError(*problems.lines)
    return area


def _read(raw: Mapping[str, Any], problems: Problems) -> Area:
    refuse_unknown_kinds(raw, problems)
    if raw.get("region", []) == []:  # an empty file would retire every region
        problems.add("holds no [[region]]")
    people = PeopleReader(problems)
    regions = _Named[Region]("region", raw, problems)
    for region_item in items(raw, "region", RegionTable, problems):
        region = _region(region_item.table)
        regions.put(region_item.place, region)
        people.read_region(region_item, region)
    organisations = _Named[Organisation]("organisation", raw, problems)
    for item in items(raw, "organisation", OrganisationTable, problems):
        organisations.put(item.place, Organisation(item.table.id or slug(item.table.name), item.table.name))
    teams: dict[str, tuple[str, Team]] = {}
    for team_item in items(raw, "team", TeamTable, problems):
        organisation = organisations.find(team_item.place, team_item.table.organisation)
        in_region = regions.find(team_item.place, team_item.table.region)
        if organisation and in_region:
            team = _team(team_item.table, organisation, in_region)
            _check_team(team_item, team, in_region, teams, problems)
            people.read_team(team_item, team)
    _refuse_overlap(regions, problems)
    return Area(
        regions=tuple(sorted(regions.values(), key=lambda region: region.id)),
        organisations=tuple(sorted(organisations.values(), key=lambda organisation: organisation.id)),
        teams=tuple(team for _, (_, team) in sorted(teams.items())),
        members=tuple(people.members()),
    )


class _Named(Generic[N]):
    """Regions or organisations by name and by id, as others in the file may call them."""

    def __init__(self, kind: str, raw: Mapping[str, Any], problems: Problems) -> None:
        self._kind = kind
        self._written = {name.casefold(): name for name in names_written(raw, kind)}
        self._problems = problems
        self._known: dict[str, tuple[str, N]] = {}

    def put(self, place: str, thing: N) -> None:
        """Keep it, unless its id is empty or something before it goes by its name or id."""
        if not thing.id:
            self._problems.add(f"{place}: needs an id, because none can be made from this name")
        for word in sorted({thing.id, thing.name.casefold()}):
            if word in self._known:
                self._problems.add(f'{place}: {self._known[word][0]} goes by the name or id "{word}" already')
                return
        for word in (thing.id, thing.name.casefold()):
            self._known[word] = (place, thing)

    def find(self, place: str, word: str) -> N | None:
        """The one that the table at `place` calls `word`; when there is none, that is a problem."""
        folded = word.casefold()
        if folded in self._known:
            return self._known[folded][1]
        if folded not in self._written:
            meant = closest(folded, self._written)
            hint = f'; did you mean "{self._written[meant]}"?' if meant else ""
            self._problems.add(f'{place}: {self._kind} "{word}" is not in the file{hint}')
        return None

    def placed(self) -> list[tuple[str, N]]:
        """Each once, with its place, in the order of the file."""
        return list({thing.id: (place, thing) for place, thing in self._known.values()}.values())

    def values(self) -> Iterator[N]:
        """Each once."""
        return (thing for _, thing in self.placed())


def _region(table: RegionTable) -> Region:
    return Region(
        id=table.id or slug(table.name),
        name=table.name,
        postcodes=_sorted(table.postcodes),
        timezone=table.timezone,
        policy=table.policy.policy(),
    )


def _team(table: TeamTable, organisation: Organisation, region: Region) -> Team:
    """Its id begins with the organisation's: many organisations have a team of the same name."""
    own = slug(table.name)
    return Team(
        id=table.id or (own and f"{organisation.id}-{own}"),
        name=table.name,
        organisation_id=organisation.id,
        region_id=region.id,
        postcodes=_sorted(table.postcodes),
        expertise=table.expertise,
    )


def _check_team(
    item: Item[TeamTable], team: Team, region: Region, teams: dict[str, tuple[str, Team]], problems: Problems
) -> None:
    if not team.id:
        problems.add(f"{item.place}: needs an id, because none can be made from this name")
    elif team.id in teams:
        problems.add(f'{item.place}: {teams[team.id][0]} has the id "{team.id}" already; give one of them another id')
    teams.setdefault(team.id, (item.place, team))
    for postcodes in team.postcodes:
        if not any(_overlap(postcodes, others) for others in region.postcodes):
            problems.add(f'{item.place}: postcodes {spell(postcodes)} lie outside its region "{region.name}"')


def _refuse_overlap(regions: _Named[Region], problems: Problems) -> None:
    for (place, one), (other_place, other) in combinations(regions.placed(), 2):
        for postcodes, others in product(one.postcodes, other.postcodes):
            if _overlap(postcodes, others):
                problems.add(f"{other_place}: postcodes {spell(others)} overlap with {spell(postcodes)} of {place}")


def _overlap(one: PostcodeRange, other: PostcodeRange) -> bool:
    return one.first <= other.last and other.first <= one.last


def _sorted(postcodes: tuple[PostcodeRange, ...]) -> tuple[PostcodeRange, ...]:
    return tuple(sorted(postcodes, key=lambda postcodes: (postcodes.first, postcodes.last)))
