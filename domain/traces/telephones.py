"""Telephone numbers with an area code or a country code. Without either they are digits like any other."""

import re
from collections.abc import Iterator

from domain.traces.folding import shape

_ODD = "_:,;=|*~"
_PLAIN_GAP = r"(?: ?[-./()]{1,3} ?| )"
_GAP = rf"(?:{_PLAIN_GAP}| ?[{_ODD}] ?)"
# Ten digits: 06 or an area code. 0800 and 0900 are no person's.
_NATIONAL = re.compile(rf"(?<!\d)(?=(?P<hit>0{_GAP}?(?:6{_GAP}?[1-58]|[1-578]{_GAP}?\d)(?:{_GAP}?\d){{7}})(?!\d))")
_INTERNATIONAL = re.compile(
    r"(?=(?P<hit>"
    # +31 6 12345678, 0031-53-4801234, +31 (0)6 12345678, +31 6 1 2 3 4 5 6 7 8
    rf"(?:\+|(?<!\d)00) ?31{_PLAIN_GAP}?(?:0{_PLAIN_GAP}?)?[1-9]"
    rf"(?:(?:{_PLAIN_GAP}?\d){{6}}{_PLAIN_GAP}?\d\d|(?:{_PLAIN_GAP}\d){{8}})|"
    # 31612345678, as in a WhatsApp link, and 31 6 12345678
    r"(?<!\d)31 ?6 ?[1-58]\d{7}|"
    # +49 2562 123456 and every other country, of which 1 and 7 alone have one digit; 0049 and 0032 of the neighbours
    rf"\+(?:[17](?:{_PLAIN_GAP}?\d){{10}}|[2-9]\d(?:{_PLAIN_GAP}?\d){{6,13}})|"
    rf"(?<!\d)00(?:32|49)(?:{_PLAIN_GAP}?\d){{7,12}}"
    r")(?!\d))"
)
_GAPS = re.compile(r"[^0-9]{1,5}")
# The usual groups, by the length of the area code. Absent on purpose: 4-4-2 is hours (0730-1530 10 min), and so is
# whatever ends in one digit (a number of nine digits, and then "2x/dag").
_SHAPES = frozenset({
    "10", "6-4", "2-8", "2-4-4", "2-2-2-2-2", "2-3-3-2", "2-2-3-3", "2-3-2-3", "2-4-2-2", "2-2-6",
    "2-1-7", "2-5-3", "3-7", "3-3-4", "3-4-3", "3-3-2-2", "3-2-2-3", "3-2-3-2", "3-1-3-3", "3-1-2-2-2",
    "4-6", "4-3-3", "4-2-2-2", "5-3-2", "2-3-5", "5-5", "2-6-2", "1-9", "1-1-8",
})  # fmt: skip
_AREA_AND_REST = frozenset({"2-8", "3-7", "4-6"})
_DIGIT_BY_DIGIT = frozenset({"2-1-1-1-1-1-1-1-1", "3-1-1-1-1-1-1-1", "4-1-1-1-1-1-1"})
_ALL_APART = "1-1-1-1-1-1-1-1-1-1"


def telephones(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each Dutch number with its area code, and of each number with a country code."""
    for match in _INTERNATIONAL.finditer(text):
        yield match.span("hit")
    for match in _NATIONAL.finditer(text):
        if _is_written_as_one(match["hit"]):
            yield match.span("hit")


def _is_written_as_one(hit: str) -> bool:
    """Judge the groups, and that all gaps behind the area code are alike, unlike "06-11 08.00-12 uur".

    A comma and the like are a gap behind the area code alone ("om 06, 12, 14, 16, 18 uur"), and where every digit
    stands apart it must be a mobile number: 0-1-0-1 is how tablets are written.
    """
    gaps, groups = _GAPS.findall(hit), shape(hit)
    if any(odd in gap for gap in gaps for odd in _ODD):
        return groups in _AREA_AND_REST
    if len(set(gaps[1:])) > 1:
        return False
    return groups in _SHAPES | _DIGIT_BY_DIGIT or (groups == _ALL_APART and hit[2:].lstrip(" -./()")[:1] == "6")
