"""Full dates in a folded text, and which of them are birth dates. A year or an age alone is no date."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from domain.traces.folding import stands_before

# What a zorgvraag needs (a start, an operation, the end of an indication) lies nearer than this. What lies
# further back is a birth date without being called one; a small child's has to be called "geb." to be seen.
_RECENT = timedelta(days=2 * 366)

_MONTHS = {"jan": 1, "feb": 2, "maa": 3, "mrt": 3, "apr": 4, "mei": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "okt": 10, "nov": 11, "dec": 12}
_MONTH_NAME = (
    r"[ ./-]{0,2}(?P<month>jan(?:uari)?|feb(?:r|ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|"
    r"aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)[ .,/-]{0,2}"
)
_DAY, _MONTH, _YEAR = r"(?P<day>\d\d?)", r"(?P<month>\d\d?)", r"(?P<year>(?:19|20)\d\d)"
_BORN_WORDS = r"(?<![^\W_])(?:geb|geb\.? ?dat(?:um)?|geboren|geboorte(?:datum|dag)?)[\W_]{0,3}(?:(?:op|is) )?"

_WRITTEN = (
    # 12-03-1941, 12/3/1941, 12. 3. 1941, 12 03 1941
    re.compile(rf"(?<!\d){_DAY}(?P<gap> ?[-./] ?| ){_MONTH}(?P=gap){_YEAR}(?!\d)"),
    # 1941-03-12
    re.compile(rf"(?<!\d){_YEAR}(?P<gap>[-./]){_MONTH}(?P=gap){_DAY}(?!\d)"),
    # 12-3-41 and 12/3/'41, but not the doses 5/10/40 mg or a part of a longer row
    re.compile(
        rf"(?<!\d)(?<!\d[-./]){_DAY}(?P<gap>[-./]){_MONTH}(?P=gap)'?(?P<year>\d\d)"
        r"(?![-./:,]?\d)(?! ?(?:mg|ml|ie|eh|min|minuten|x|keer)(?![^\W_]))",
        re.IGNORECASE,
    ),
    # 12 maart 1941, 12-mrt-1941, 12e mrt. 1941
    re.compile(rf"(?<!\d){_DAY}e?{_MONTH_NAME}{_YEAR}(?!\d)", re.IGNORECASE),
    # 12 maart '41, or geb. 12 maart 41: without apostrophe and "geb." it may be "26 nov 45 min"
    re.compile(rf"(?<!\d){_DAY}e?{_MONTH_NAME}'(?P<year>\d\d)(?!\d)", re.IGNORECASE),
    re.compile(rf"{_BORN_WORDS}{_DAY}e?{_MONTH_NAME}(?P<year>\d\d)(?!\d)", re.IGNORECASE),
    # geb. 12 3 41, geb. 12 - 03 - '41 and geb. 120341: without "geb." these are numbers like any other
    re.compile(rf"{_BORN_WORDS}{_DAY}(?P<gap> ?[-./] ?| ){_MONTH}(?P=gap)'?(?P<year>\d\d)(?!\d)", re.IGNORECASE),
    re.compile(rf"{_BORN_WORDS}(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d)(?!\d)", re.IGNORECASE),
)
_COMPACT = (
    re.compile(rf"(?<!\d)(?P<day>\d\d)(?P<month>\d\d){_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\d)"),
)
_BORN = re.compile(rf"{_BORN_WORDS}$", re.IGNORECASE)
_SINCE = re.compile(r"(?<![^\W_])sinds $", re.IGNORECASE)


def written_dates(text: str, today: date) -> Iterator[tuple[bool, int, int]]:
    """Yield (is it a birth date, start, end) for each date with separators or the name of a month."""
    return _dates(_WRITTEN, text, today)


def compact_dates(text: str, today: date) -> Iterator[tuple[bool, int, int]]:
    """Yield (is it a birth date, start, end) for each row of eight digits like 12031941 or 19410312."""
    return _dates(_COMPACT, text, today)


def _dates(patterns: tuple[re.Pattern[str], ...], text: str, today: date) -> Iterator[tuple[bool, int, int]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            day = _read(match)
            if day is not None:
                start = min(match.start("day"), match.start("year"))
                yield _is_birth_date(match, start, day, today), start, match.end()


def _read(match: re.Match[str]) -> date | None:
    """Return the date, a year of two digits taken as 20.., or None if there is no such day."""
    month, year = match["month"].lower(), int(match["year"])
    try:
        return date(
            year + 2000 if year < 100 else year,
            int(month) if month.isdecimal() else _MONTHS[month[:3]],
            int(match["day"]),
        )
    except ValueError:
        return None


def _is_birth_date(match: re.Match[str], start: int, day: date, today: date) -> bool:
    """Judge by the word before the date, and else by its distance from today.

    A year of two digits must be one of the last century (12-3-41 is too far ahead to be a start in 2041): 8-10-12 is
    more often hours or units of insulin than somebody born in 2012.
    """
    if stands_before(_BORN, match.string, start):
        return True
    if stands_before(_SINCE, match.string, start):
        return False
    return day - today > _RECENT if len(match["year"]) == 2 else today - day > _RECENT
