"""The burgerservicenummer: its elfproef, and the ways in which people write it down."""

import re
from collections.abc import Iterator

from domain.traces.folding import shape, stands_before

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_DIGITS = re.compile(r"[0-9]{8,9}")

_GAP = r"(?: ?[-./_] ?| )"
_GAPS = re.compile(r"[^0-9]{1,3}")
_ROWS = (
    re.compile(rf"(?<!\d)(?=(?P<hit>\d(?:{_GAP}?\d){{8}})(?!\d))"),
    re.compile(rf"(?<!\d)(?=(?P<hit>\d(?:{_GAP}?\d){{7}})(?!\d))"),
)
_LABEL = re.compile(
    r"(?:b\.?s\.?n\.?|burger ?service ?nummer|sofi)(?:[ -]?(?:nr|nummer))?[\W_]{0,3}(?:is )?$", re.IGNORECASE
)
_PROVIDER = re.compile(r"(?<![^\W_])agb(?:[ -]?code)?[\W_]{0,3}$", re.IGNORECASE)  # a practice has that, no client
# The usual groups. Absent on purpose: 4-4 and 2-2-2-2 are PC4s and hours (7521-7523, 08.00-09.30), 2-2-4 is a date.
_SHAPES = frozenset({
    "9", "3-3-3", "4-2-3", "2-2-2-3", "3-2-4", "3-6", "6-3", "1-1-1-1-1-1-1-1-1", "8", "2-3-3",
    "3-2-3", "3-3-2",
})  # fmt: skip


def is_bsn(digits: str) -> bool:
    """Say whether 8 or 9 ASCII digits pass the elfproef of the burgerservicenummer; anything else is False.

    Eight digits count as nine with a leading zero. Source: Logisch Ontwerp BSN (RvIG): the digits times
    9 8 7 6 5 4 3 2 -1 add up to a multiple of 11, and the number is not zero.
    """
    if not _DIGITS.fullmatch(digits) or not digits.strip("0"):
        return False
    weighted = zip(_WEIGHTS, digits.zfill(9), strict=True)
    return sum(weight * int(digit) for weight, digit in weighted) % 11 == 0


def labelled_bsns(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each number behind the word BSN, in whatever groups it is written."""
    for match in _passing(text):
        if stands_before(_LABEL, text, match.start()):
            yield match.span("hit")


def bsns(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each number that is written in one of the usual groups and is not called an AGB code."""
    for match in _passing(text):
        one_way = len({gap.strip() for gap in _GAPS.findall(match["hit"])}) <= 1  # unlike "120/80 500 ml"
        if one_way and shape(match["hit"]) in _SHAPES and not stands_before(_PROVIDER, text, match.start()):
            yield match.span("hit")


def _passing(text: str) -> Iterator[re.Match[str]]:
    for row in _ROWS:
        for match in row.finditer(text):
            if is_bsn(re.sub(r"\D", "", match["hit"])):
                yield match
