"""Domain objects to JSON and back. Pydantic reads the dataclasses' own types, so there is no second description."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T", bound=Hashable)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(kind: type[T], value: T) -> Any:
    """`value` as what a JSON column can hold."""
    return _adapter(kind).dump_python(value, mode="json")


def from_json(kind: type[T], stored: Any) -> T:
    """What `to_json` made, as a domain object again. Raises pydantic.ValidationError for anything else."""
    value: T = _adapter(kind).validate_python(stored)
    return value
