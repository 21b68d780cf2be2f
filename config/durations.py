"""Times and postcodes as a district manager writes them: "48h", "22:00-07:00", "7520-7529". Pure reading."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

from domain.people import PostcodeRange

_UNITS = {"m": "minutes", "h": "hours", "u": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"([0-9]{1,5}) ?([mhudw])")
_LONGEST = timedelta(days=3660)
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_BETWEEN = re.compile(r" ?[-–] ?")
_PC4 = re.compile(r"[1-9][0-9]{3}")
NEVER = "never"


def duration(value: Any) -> timedelta:
    """`"90m"`, `"48h"` (or Dutch `"48u"`), `"30d"`, `"2w"`. Raises ValueError."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    length = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < length <= _LONGEST:
        raise ValueError('must be a duration such as "90m", "48h" or "30d"')
    return length


def duration_or_never(value: Any) -> timedelta | None:
    """A duration, or `"never"`. Raises ValueError."""
    if value == NEVER:
        return None
    try:
        return duration(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "{NEVER}"') from None


def clock_time(value: Any) -> time:
    """`"08:00"`; TOML's own 08:00:00 is a time already. Raises ValueError."""
    if isinstance(value, time) and not (value.second or value.microsecond):
        return value
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be a time such as "08:00"')
    return time(int(found[1]), int(found[2]))


def quiet_hours(value: Any) -> tuple[time, time]:
    """`"22:00-07:00"`: from and until; `"never"` is an empty night. Raises ValueError."""
    if value == NEVER:
        return time(), time()
    ends = _BETWEEN.split(value) if isinstance(value, str) else []
    try:
        start, end = map(clock_time, ends)
    except ValueError:
        raise ValueError(f'must be two times such as "22:00-07:00", or "{NEVER}"') from None
    if start == end:
        raise ValueError(f'must begin and end at different times, or be "{NEVER}"')
    return start, end


def postcodes(value: Any) -> PostcodeRange:
    """`"7531"`, the number 7531, or `"7520-7529"`, both ends included. Raises ValueError."""
    ends = _BETWEEN.split(value) if isinstance(value, str) else [str(value)]
    if len(ends) > 2 or not all(_PC4.fullmatch(end) for end in ends) or ends[0] > ends[-1]:
        raise ValueError('must be a PC4 such as "7531", or a run of them such as "7520-7529"')
    return PostcodeRange(ends[0], ends[-1])


Duration = Annotated[timedelta, BeforeValidator(duration)]
DurationOrNever = Annotated[timedelta | None, BeforeValidator(duration_or_never)]
ClockTime = Annotated[time, BeforeValidator(clock_time)]
QuietHours = Annotated[tuple[time, time], BeforeValidator(quiet_hours)]
Postcodes = Annotated[PostcodeRange, BeforeValidator(postcodes)]
