"""Telephone numbers with an area code or a country code. Without either they are digits like any other."""

import re
from collections.abc import Iterator

from domain.traces.folding import shape

_GAP = r"(?: ?[-./()]{1,2} ?| )"
# Ten digits: 06 or an area code. 0800 and 0900 are no person's.
_NATIONAL = re.compile(rf"(?<!\d)(?=(?P<hit>0(?:6{_GAP}?[1-58]|[1-578]\d)(?:{_GAP}?\d){{7}})(?!\d))")
_INTERNATIONAL = re.compile(
    r"(?=(?P<hit>"
    # +31 6 12345678, 0031-53-4801234, +31 (0)6 12345678
    rf"(?:\+|(?<!\d)00) ?31{_GAP}?(?:0{_GAP}?)?[1-9](?:{_GAP}?\d){{6}}{_GAP}?\d\d|"
    # 31612345678, as in a WhatsApp link
    r"(?<!\d)316[1-58]\d{7}|"
    # +49 2562 123456 and every other country; 0049 and 0032 of the neighbours
    rf"\+[1-9](?:{_GAP}?\d){{7,14}}|(?<!\d)00(?:32|49)(?:{_GAP}?\d){{7,12}}"
    r")(?!\d))"
)
_GAPS = re.compile(r"[^0-9]{1,4}")
# The usual groups, by the length of the area code. Absent on purpose: 4-4-2 is hours (0730-1530 10 min), and so is
# whatever ends in one digit (a number of nine digits, and then "2x/dag").
_SHAPES = frozenset({
    "10", "6-4", "2-8", "2-4-4", "2-2-2-2-2", "2-3-3-2", "2-2-3-3", "2-3-2-3", "2-4-2-2", "2-2-6",
    "2-1-7", "2-5-3", "3-7", "3-3-4", "3-4-3", "3-3-2-2", "3-2-2-3", "3-2-3-2", "3-1-3-3", "3-1-2-2-2",
    "4-6", "4-3-3", "4-2-2-2", "5-3-2",
})  # fmt: skip


def telephones(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each Dutch number with its area code, and of each number with a country code."""
    for match in _INTERNATIONAL.finditer(text):
        yield match.span("hit")
    for match in _NATIONAL.finditer(text):
        if _is_written_as_one(match["hit"]):
            yield match.span("hit")


def _is_written_as_one(hit: str) -> bool:
    """Judge the groups, and that all gaps behind the area code are alike, unlike "06-11 08.00-12 uur"."""
    gaps_behind_area_code = _GAPS.findall(hit)[1:]
    return shape(hit) in _SHAPES and len(set(gaps_behind_area_code)) <= 1
