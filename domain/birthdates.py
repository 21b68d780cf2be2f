"""Dates in a folded text, and which of them give a birth date away. Years and ages alone are not dates."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from domain.folding import stands_before

# A date further back than this is a birth date without being called one: what a zorgvraag needs (a start, an operation,
# the end of an indication) lies nearer.
_RECENT = timedelta(days=2 * 366)

_MONTHS = {"jan": 1, "feb": 2, "maa": 3, "mrt": 3, "apr": 4, "mei": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "okt": 10, "nov": 11, "dec": 12}
_MONTH_NAMES = (
    r"jan(?:uari)?|feb(?:r|ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|"
    r"aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT_YEAR = r"'?(?P<year>\d\d)"

_BORN = re.compile(
    r"(?<![^\W_])(?:geb|gebd|geb\.? ?dat(?:um)?|geboren|geboorte(?:datum|dag)?|dob)[\W_]{0,3}(?:(?:op|is) )?$", re.I
)
_SINCE = re.compile(r"(?<![^\W_])sinds $", re.I)
_BSN_LABEL = re.compile(r"(?:bsn|burgerservicenummer|sofi-?(?:nummer|nr)?)(?:[- ]?(?:nr|nummer))?[\W_]{0,3}(?:is )?$", re.I)

_WITH_SEPARATORS = (
    # 12-03-1941, 12/3/1941, 12. 3. 1941, 12 03 1941
    re.compile(rf"(?<!\d)(?P<day>\d\d?)(?P<gap> ?[-./] ?| )(?P<month>\d\d?)(?P=gap){_YEAR}(?!\d)"),
    # 1941-03-12
    re.compile(rf"(?<!\d){_YEAR}(?P<gap>[-./])(?P<month>\d\d?)(?P=gap)(?P<day>\d\d?)(?!\d)"),
    # 12-3-41, but not the hours 8-12-18 u, the doses 5/10/20 mg or the middle of a longer row
    re.compile(
        rf"(?<!\d)(?<!\d[-./])(?<!om )(?P<day>\d\d?)(?P<gap>[-./])(?P<month>\d\d?)(?P=gap){_SHORT_YEAR}"
        r"(?![-./:,]?\d)(?! ?(?:u|uur|h|min|mg|ml|x|keer)(?![^\W_]))",
        re.I,
    ),
    # 12 maart 1941, 12-mrt-1941, 12e mrt. 1941
    re.compile(rf"(?<!\d)(?P<day>\d\d?)e?[ ./-]{{0,2}}(?P<month>{_MONTH_NAMES})[ .,/-]{{0,2}}{_YEAR}(?!\d)", re.I),
    # 12 maart '41; without the apostrophe "26 nov 45 min" would be one
    re.compile(rf"(?<!\d)(?P<day>\d\d?)e?[ ./-]{{0,2}}(?P<month>{_MONTH_NAMES})[ .,/-]{{0,2}}'(?P<year>\d\d)(?!\d)", re.I),
)
_COMPACT = (
    re.compile(rf"(?<!\d)(?P<day>\d\d)(?P<month>\d\d){_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\d)"),
)
