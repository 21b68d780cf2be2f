"""Hours a week in a !zorgvraag line, and the times of day that look like them: patterns on folded text. Nothing else.

Decisions: "8 uur" beside a dagdeel is asked back, and so is "8u" beside "'s ochtends"; "5u" behind "ochtend,avond" is
hours, and so is "3,5 uur" anywhere. A time of day belongs in the note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from commands.language import moments
from commands.language.care_draft import VERB, Draft, once
from commands.language.vocabulary import DAGDEEL
from commands.language.words import echo
from domain.refusals import BadValue, ClockOrHours, UnknownWord

_MOST_HOURS = 168
_NEAR = 30  # characters in which the longest name of a dagdeel stands

_AMOUNT = r"\d{1,3}(?:[.,]\d{1,2})?|[.,]\d{1,2}"
_WEEKLY = r"(?:(?: ?/ ?| ?per | ?p\.?/?| in de )(?:week|wk|w)(?!\w))?"
_HOURS = re.compile(rf"(?P<low>\d{{1,3}} ?[-/] ?)?(?P<hours>{_AMOUNT}) ?(?:uren|uur|u|hrs?|h){_WEEKLY}(?!\w)")
_HOURS_BEHIND = re.compile(rf"(?P<low>(?!))?(?:aantal )?uren ?:? ?(?P<hours>{_AMOUNT})(?![\w.,]\d)(?!\w)")
_NOT_HOURS = re.compile(
    rf"(?:{_AMOUNT}) ?(?:(?:min|minuten|minuut)|(?:uren|uur|u) ?(?:per |/ ?|p)(?:dag|d|keer|bezoek))(?!\w)"
)
_OCLOCK = re.compile(
    rf"(?:(?:om|omstreeks|rond|tussen|vanaf|voor|na|tot) )+{moments.TIME}|\d{{1,2}}:\d\d(?: ?uur| ?u)?(?!\w)"
    r"|\d{1,2}\.(?:15|30|45) ?(?:uur|u)(?!\w)"
)

_LIKE_A_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-4]) ?(?:(?P<uur>uur)|u|h)")
_BEHIND_DAGDEEL = re.compile(rf"(?:{DAGDEEL.pattern})[ ,;:]*$")
_TIMELY = r"(?:ochtends|morgens|middags|avonds|nachts)"
_BEHIND_TIMELY = re.compile(rf"{_TIMELY}[ ,;:]*$")
_BEFORE_TIMELY = re.compile(rf"[ ,]*(?:'?s? ?{_TIMELY}|in de (?:ochtend|morgen|middag|avond|nacht))(?!\w)")


def _hours(draft: Draft, match: re.Match[str]) -> None:
    hours = Decimal(match["hours"].replace(",", "."))
    if match["low"] or not 0 < hours <= _MOST_HOURS:
        raise BadValue("uren", echo(match[0]))
    _refuse_clock(match)
    draft.hours = once("uren", draft.hours, hours, match[0])


def _refuse_clock(match: re.Match[str]) -> None:
    like = _LIKE_A_CLOCK.fullmatch(match[0])
    if like is None:
        return
    before = match.string[max(0, match.start() - _NEAR) : match.start()]
    is_behind = (_BEHIND_DAGDEEL if like["uur"] else _BEHIND_TIMELY).search(before)
    if is_behind or _BEFORE_TIMELY.match(match.string, match.end()):
        raise ClockOrHours(match[0], f"{like['hour']}u/week")


def _not_hours(_: Draft, match: re.Match[str]) -> None:
    raise BadValue("uren", echo(match[0]))


def _oclock(_: Draft, match: re.Match[str]) -> None:
    raise UnknownWord(VERB, echo(match[0]))


# Of equals the first counts: "8.30 uur" is a time.
HOURS: Mapping[re.Pattern[str], Callable[[Draft, re.Match[str]], None]] = {
    _OCLOCK: _oclock,
    _HOURS: _hours,
    _HOURS_BEHIND: _hours,
    _NOT_HOURS: _not_hours,
}
