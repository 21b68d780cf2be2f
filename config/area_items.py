"""The tables of the area file one by one, each with its place in it, and every problem on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.area_file import OrganisationTable, RegionTable, Table, TeamTable
from config.reading import closest, ordinal, what_is_wrong

T = TypeVar("T", bound=Table)

KINDS: Mapping[str, type[Table]] = {"region": RegionTable, "organisation": OrganisationTable, "team": TeamTable}


@dataclass(frozen=True)
class Item(Generic[T]):
    """One valid table; `place` is how an administrator finds it: `team "Noord" (3rd)`."""

    place: str
    table: T


@dataclass
class Problems:
    """What is wrong, in the order of finding, each line with the name of the file."""

    file: str
    lines: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """One more; `sentence` begins with its place in the file."""
        self.lines.append(f"{self.file}: {sentence}")


def items(raw: Mapping[str, Any], kind: str, model: type[T], problems: Problems) -> list[Item[T]]:
    """The valid tables of one kind; of the others their problems."""
    tables = raw.get(kind, [])
    if not isinstance(tables, list):
        problems.add(f"{kind} must be written as [[{kind}]]")
        return []
    found = []
    for index, table in enumerate(tables):
        place = f"{kind} {_numbered(table, index)}"
        try:
            found.append(Item(place, model.model_validate(table)))
        except ValidationError as error:
            for line in _lines(error, table, model):
                problems.add(f"{place}: {line}")
    return found


def refuse_unknown_kinds(raw: Mapping[str, Any], problems: Problems) -> None:
    """Anything at the top of the file but `KINDS`."""
    for key in raw:
        if key not in KINDS:
            meant = closest(key, KINDS)
            problems.add(f"{key} is not known" + (f"; did you mean [[{meant}]]?" if meant else ""))


def names_written(raw: Mapping[str, Any], kind: str) -> Iterator[str]:
    """Every name and id of one kind, also of tables with problems: a reference to those is no second problem."""
    tables = raw.get(kind, [])
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict):
            yield from (str(table[key]) for key in ("name", "id") if key in table)


def _numbered(table: Any, index: int) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return f'"{name}" ({ordinal(index)})' if isinstance(name, str) and name.isprintable() else f"({ordinal(index)})"


def _lines(error: ValidationError, table: Any, model: type[BaseModel]) -> Iterator[str]:
    for problem in error.errors():
        place = _place_within(table, problem)
        if problem["type"] == "extra_forbidden":
            key = str(problem["loc"][-1])
            meant = closest(key, _keys(model, problem["loc"][:-1]))
            yield f"{place} is not known" + (f"; did you mean {meant}?" if meant else "")
        elif problem["type"] == "missing":
            yield f"{place} is missing"
        else:
            yield f"{place} {what_is_wrong(problem)}".lstrip()


def _place_within(table: Any, problem: ErrorDetails) -> str:
    """`policy.digest_at`; within a list `nurses "Els" (2nd): id` or `postcodes (1st)`."""
    text, below = "", table
    for step in problem["loc"]:
        if step == "[key]":  # pydantic's own mark for a key of a free table
            continue
        if isinstance(step, int):
            below = below[step]
            text += f" {_numbered(below, step)}"
        else:
            below = below.get(step) if isinstance(below, dict) else None
            text += f"{': ' if text.endswith(')') else '.' if text else ''}{step}"
    return text


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> Sequence[str]:
    """The keys that exist at this place of a table."""
    for step in path:
        if isinstance(step, str):
            kind = model.model_fields[step].annotation
            model = next(part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, Table))
    return list(model.model_fields)
