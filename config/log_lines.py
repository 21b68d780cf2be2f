"""What a log line may hold: an allow-list of keys, each with its one shape. Nothing is written here."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from traceback import walk_tb
from typing import Any

from domain.announcements import Lapse

# Our own constant words, also with the places for ids in them (%s): no capital and no digit, so no name and no number.
_EVENT = re.compile(r"(?:[a-z ,;:()'…-]|%[sd]|%\.\df){1,100}")
_EVENT_ID = re.compile(r"\$[A-Za-z0-9_/+-]{43}")
_ROOM_ID = re.compile(r"![A-Za-z0-9_-]{43}|![A-Za-z]{18}:[A-Za-z0-9.:\[\]-]{1,230}")
# Our own reasons why something cannot be done, word for word: a pattern that fits sentences would fit names.
REASONS = (
    "a homeserver that may not take part",
    "a repetition of another event",
    "a sync without next_batch",
    "an answer without a room id",
    "an answer without an event id",
    "an answer that is too long",
    "an unknown kind of Olm message",
    "another connection holds the database",
    "another process holds the database",
    "every connection with the database is in use",
    "for another device",
    "from a homeserver that may not take part",
    "limited",
    "no key",
    "not JSON",
    "not Olm",
    "not a Matrix answer",
    "not a Megolm message",
    "not an event of this room",
    "not from a device of the sender",
    "not from a verified device",
    "state is never encrypted",
    "the database cannot be opened",
    "the database cannot be written: it is read-only",
    "the database is damaged",
    "the database may not be read or written",
    "the disk cannot be read or written",
    "the disk is full",
    "the homeserver has us in rooms that we have not heard of",
    "nobody there can be given the key",
    "the room is not encrypted",
    "unreadable",
    "we are not in the room",
)
# What a homeserver answers, and types of exceptions, also with where they were raised.
_CODE = re.compile(
    r"(?:[0-9]{3} )?M_[A-Z_]{1,60}|(?:status )?[0-9]{3}"
    r"|(?:[A-Z][a-z]{1,20}){2,6}(?: at [a-z_]{1,40}\.py:[0-9]{1,6}|\.[a-z_]{1,40})?"
    f"|{'|'.join(map(re.escape, REASONS))}"
)
# An id of the area file, such as oost-twente: no telephone and no BSN.
_SLUG = re.compile(r"(?!.*[0-9]{5})[a-z][a-z0-9]{0,40}(?:-[a-z0-9]{1,40}){0,5}")
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
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
    "lapse": re.compile("|".join(Lapse)),
    "status": re.compile("trusted|foreign|broken|absent|taken|declined"),  # our identity, an invitation
    "region_id": _SLUG,
    "version": _VERSION,
    "error": _TYPE,
    "errors": _TYPE,
    "frames": _FRAME,
    "letters": _NUMBER,
    "zorgvraag_id": _NUMBER,
    "attempts": _NUMBER,
    "count": _NUMBER,
    "round": _NUMBER,
    "port": _NUMBER,
    "regions": _NUMBER,
    "seconds": _NUMBER,
}

WITHHELD = "withheld"
HIDDEN = "…"
_PLACE = re.compile(r"%[sd]|%\.\df")
MOST_ERRORS = 10


def only_ids(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: an exception becomes types and frames; what is not allowed is dropped, and counted."""
    values = line.pop("values", ())
    error = _exception(line.pop("exc_info", None))
    line.update(_about(error) if error is not None else {})
    kept = {key: value for key, value in line.items() if _is_allowed(key, value)}
    dropped = sorted(key if _TYPE.fullmatch(key) else "?" for key in line.keys() - kept.keys() - {"event"})
    if "event" in kept and values:
        kept["event"] = _filled(kept["event"], values)
    return {"event": WITHHELD} | kept | ({"dropped": dropped} if dropped else {})


def _filled(words: str, values: Iterable[Any]) -> str:
    """Constant words with ids, codes and numbers in their places; whatever else stood there is hidden."""
    shown = iter([_shown(value) for value in values])
    return _PLACE.sub(lambda _: next(shown, HIDDEN), words)


def _shown(value: Any) -> str:
    if isinstance(value, (int, float)):
        return str(round(value, 1))
    text = str(value)
    return text if any(_is_allowed(key, text) for key in ("ids", "code", "status")) else HIDDEN


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
