"""What a log line may hold: an allow-list of keys, each with its one shape. Nothing is written here."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, MutableMapping
from traceback import walk_tb
from typing import Any

# Our own constant words, also with the places for ids in them (%s): no capital and no digit, so no name and no number.
_EVENT = re.compile(r"(?:[a-z ,;:()'…-]|%[sd]|%\.\df){1,100}")
_EVENT_ID = re.compile(r"\$[A-Za-z0-9_/+-]{43}")
_ROOM_ID = re.compile(r"![A-Za-z0-9_-]{43}|![A-Za-z]{18}:[A-Za-z0-9.:\[\]-]{1,230}")
_CODE = re.compile(r"(?:[0-9]{3} )?M_[A-Z_]{1,60}|[0-9]{3}|(?:[A-Z][a-z]{1,20}){2,6}")
_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_FRAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,100}:[0-9]{1,6}")
_LOGGER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}")
_LEVEL = re.compile(r"debug|info|warning|error|critical")
_TIME = re.compile(r"[0-9TZ:.-]{20,32}")
_NUMBER = None  # an int or a float

ALLOWED: dict[str, re.Pattern[str] | None] = {
    "event": _EVENT,
    "level": _LEVEL,
    "timestamp": _TIME,
    "logger": _LOGGER,
    "event_id": _EVENT_ID,
    "room_id": _ROOM_ID,
    "ids": re.compile(f"{_EVENT_ID.pattern}|{_ROOM_ID.pattern}"),
    "code": _CODE,
    "error": _TYPE,
    "errors": _TYPE,
    "frames": _FRAME,
    "letters": _NUMBER,
    "zorgvraag_id": _NUMBER,
    "attempts": _NUMBER,
    "count": _NUMBER,
    "round": _NUMBER,
    "port": _NUMBER,
    "seconds": _NUMBER,
}

WITHHELD = "withheld"
MOST_ERRORS = 10


def only_ids(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: an exception becomes types and frames; what is not allowed is dropped, and counted."""
    error = _exception(line.pop("exc_info", None))
    line.update(_about(error) if error is not None else {})
    kept = {key: value for key, value in line.items() if _is_allowed(key, value)}
    dropped = sorted(key if _TYPE.fullmatch(key) else "?" for key in line.keys() - kept.keys() - {"event"})
    return {"event": WITHHELD} | kept | ({"dropped": dropped} if dropped else {})


def ids_among(values: Any) -> list[str]:
    """The event and room ids among the arguments of a log call."""
    values = values if isinstance(values, tuple) else (values,)
    return [value for value in values if isinstance(value, str) and _is_allowed("ids", value)]


def _is_allowed(key: str, value: Any) -> bool:
    if key not in ALLOWED:
        return False
    if isinstance(value, (list, tuple)):
        return all(_is_allowed(key, one) for one in value)
    shape = ALLOWED[key]
    if shape is None:
        return isinstance(value, (int, float))
    return isinstance(value, str) and shape.fullmatch(value) is not None


def _exception(exc_info: Any) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exception()
    return None


def _about(error: BaseException) -> dict[str, Any]:
    """Types of the exception and of what lies behind it, and where: `bot.dispatch:56`. Never a message or a value."""
    errors = list(_with_causes(error))
    frames = [
        f"{frame.f_globals.get('__name__', '_')}:{number}"
        for one in reversed(errors)
        for frame, number in walk_tb(one.__traceback__)
    ]
    return {"errors": [type(one).__name__ for one in errors], "frames": frames}


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < MOST_ERRORS:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else []
        behind = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        waiting += [behind] if behind else []
