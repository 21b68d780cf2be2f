"""Dutch days and times, as patterns on folded text and what they mean. No clock: `today` and `now` are arguments.

Conventions: times are on the 24-hour clock ("5 uur" is 05:00). "Tot vrijdag" ends where Friday begins, "t/m vrijdag"
where it ends. A weekday is the coming one, never today. A date without a year is the next such date, but one that lies
almost a year ahead has just passed and was a mistake.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, datetime, time, timedelta

from commands.language.words import echo
from domain.care import Dagdeel
from domain.refusals import BadValue

# The hours at which each dagdeel begins and ends; 31 is seven o'clock the next morning.
_HOURS = {Dagdeel.OCHTEND: (7, 12), Dagdeel.MIDDAG: (12, 17), Dagdeel.AVOND: (17, 23), Dagdeel.NACHT: (23, 31)}
_JUST_PASSED = timedelta(days=300)
_FARTHEST = timedelta(days=2 * 366)

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH = (
    r"jan(?:uari)?|febr?(?:uari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|o[kc]t(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_WEEKDAY = r"(?:ma(?:andag)?|di(?:nsdag)?|wo(?:ensdag)?|do(?:nderdag)?|vr(?:ijdag)?|za(?:terdag)?|zo(?:ndag)?)"
_PARTS = {"ochtend": Dagdeel.OCHTEND, "morgen": Dagdeel.OCHTEND, "vroeg": Dagdeel.OCHTEND}
_PARTS |= {dagdeel.value: dagdeel for dagdeel in Dagdeel}
_COUNTS = {"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7}

# A date with a dot, "25.11", is a date only where one is expected: elsewhere it may be a number of hours.
_CALENDAR = (
    rf"(?:(?P<beside>{_WEEKDAY})(?:\.,|[.,])? ?)?(?:"
    r"(?P<iso>20\d\d-\d{1,2}-\d{1,2})"
    r"|(?!24/7(?!\d))(?P<day>\d{1,2}) ?(?P<gap>[-/.]) ?(?P<month>\d{1,2})(?: ?(?P=gap) ?'?(?P<year>20\d\d|\d\d))?"
    rf"|(?P<nth>\d{{1,2}})(?:e|ste|de)?[ -]?(?P<name>{_MONTH})(?:\.|(?!\w))(?:[ -]?(?P<fullyear>20[2-4]\d))?"
    r")"
)
_RELATIVE = (
    r"(?P<today>vandaag|heden|van(?=(?:ochtend|morgen|middag|avond|nacht)(?!\w)))"
    r"|(?P<tomorrow>morgen)|(?P<dayafter>overmorgen)"
    r"|over (?P<count>\d{1,2}|een|twee|drie|vier|vijf|zes|zeven) (?P<unit>dag|dagen|week|weken)"
    r"|(?P<afterweekend>na het weekend)|(?:het |komend )?(?P<weekend>weekend)"
)
_NAMED = (
    rf"volgende week(?: (?:op )?(?P<nextweekday>{_WEEKDAY}))?(?P<nextweek>)"
    rf"|(?:aanstaande |komende |eerstvolgende |as |a\.s\. ?)?(?P<weekday>{_WEEKDAY})(?: aanstaande| a\.s\.| as(?!\w))?"
)
DAY = (
    rf"(?P<named>{_CALENDAR}|{_RELATIVE}|{_NAMED})(?: ?(?P<part>ochtend|morgen|middag|avond|nacht|vroeg)(?!\w))?(?!\w)"
)
# An empty group for patterns without a day, so that `read_until` finds all its groups.
NO_DAY = r"(?P<dayseen>(?!))?"
TIME = (
    r"(?P<hour>\d{1,2}(?=:)|[01]?\d|2[0-4])"
    r"(?:[:.](?P<minute>\d\d)(?: ?u(?:ur)?)?| ?(?:u|uur|h)(?: ?(?P<past>\d\d))?|(?=[^\w]*$))(?!\w)"
)


def read_day(match: re.Match[str], today: date) -> date:
    """The day that a match of `DAY` names. Raises BadValue("datum") for a day that cannot be, or has passed."""
    try:
        day = _day(match, today)
    except (ValueError, OverflowError):
        raise BadValue("datum", echo(match["named"])) from None
    beside = match["beside"]
    if not today <= day <= today + _FARTHEST or (beside and _WEEKDAYS.index(beside[:2]) != day.weekday()):
        raise BadValue("datum", echo(match["named"]))
    return day


def read_part(match: re.Match[str]) -> Dagdeel | None:
    """The dagdeel that a match of `DAY` names as well: "vanavond", "maandagochtend"."""
    return _PARTS[match["part"]] if match["part"] else None


def read_until(match: re.Match[str], now: datetime) -> datetime:
    """The end that a match names with `DAY`, `TIME` or both, on the clock of `now`.

    Its group `inclusive` says "t/m" and `dayseen` is an empty one behind `DAY`, there when a day was named.
    Raises BadValue("datum") or BadValue("tijd"), also for what has passed.
    """
    clock = _clock(match) if match["hour"] else None
    if match["dayseen"] is None:
        end = _at(now.date(), clock or timedelta(), now)
        return end if end > now else _at(now.date() + timedelta(days=1), clock or timedelta(), now)
    day = now.date() if _is_this_weekday(match, now) else read_day(match, now.date())
    end = _at(day, _into_day(match, clock), now)
    if end <= now and match["weekday"]:
        end = _at(day + timedelta(days=7), _into_day(match, clock), now)
    if end <= now:
        raise BadValue("tijd", echo(match[0]))
    return end


def end_of_today(now: datetime, *, night: bool) -> datetime:
    """Midnight, or the morning after when it is about the night; on the clock of `now`."""
    return _at(now.date(), timedelta(hours=_HOURS[Dagdeel.NACHT][1] if night else 24), now)


def _day(match: re.Match[str], today: date) -> date:
    if match["iso"]:
        year, month, day = match["iso"].split("-")
        return date(int(year), int(month), int(day))
    if match["day"]:
        return _dated(int(match["day"]), int(match["month"]), match["year"], today)
    if match["nth"]:
        month = _MONTHS.index(match["name"][:3].replace("mrt", "maa").replace("oct", "okt")) + 1
        return _dated(int(match["nth"]), month, match["fullyear"], today)
    if match["count"]:
        count = _COUNTS.get(match["count"]) or int(match["count"])
        return today + timedelta(days=count if match["unit"].startswith("dag") else 7 * count)
    return _named(match, today)


def _named(match: re.Match[str], today: date) -> date:
    monday = today + timedelta(days=7 - today.weekday())
    if match["nextweek"] is not None:
        return monday + timedelta(days=_WEEKDAYS.index((match["nextweekday"] or "ma")[:2]))
    if match["weekday"]:
        ahead = (_WEEKDAYS.index(match["weekday"][:2]) - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    if match["afterweekend"]:
        return monday
    if match["weekend"]:
        return max(today, monday - timedelta(days=2))
    return today + timedelta(days=1 if match["tomorrow"] else 2 if match["dayafter"] else 0)


def _dated(day: int, month: int, year: str | None, today: date) -> date:
    """Raises ValueError for a day that is not in the calendar or, without its year, has just passed."""
    if year is not None:
        return date(int(year) % 100 + 2000, month, day)
    for coming in (today.year, today.year + 1):
        if (month, day) == (2, 29) and not isleap(coming):
            continue
        if timedelta() <= (candidate := date(coming, month, day)) - today <= _JUST_PASSED:
            return candidate
    raise ValueError("just passed")


def _clock(match: re.Match[str]) -> timedelta:
    hour, minute = int(match["hour"]), int(match["minute"] or match["past"] or 0)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise BadValue("tijd", echo(match[0]))
    return timedelta(hours=hour, minutes=minute)


def _into_day(match: re.Match[str], clock: timedelta | None) -> timedelta:
    """How far into its day an end lies."""
    if clock is not None:
        return clock
    part = read_part(match)
    if part is None:
        return timedelta(days=1 if match["inclusive"] else 0)
    begins, ends = _HOURS[part]
    return timedelta(hours=ends if match["inclusive"] else begins)


def _is_this_weekday(match: re.Match[str], now: datetime) -> bool:
    return bool(match["weekday"]) and _WEEKDAYS.index(match["weekday"][:2]) == now.weekday()


def _at(day: date, into: timedelta, now: datetime) -> datetime:
    """That moment on the wall clock of `now`."""
    return datetime.combine(day, time(), tzinfo=now.tzinfo) + into
