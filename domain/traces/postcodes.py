"""Full Dutch postcodes in a folded text, told apart from a PC4 with a word or a kind of care behind it."""

import re
from collections.abc import Iterator

from domain.traces.folding import stands_before

_POSTCODE = re.compile(
    r"(?<![^\W_])(?:nl-?|pc|postcode)?(?P<hit>(?P<digits>[1-9]\d{3})(?P<gap> ?-? ?)(?P<letters>[A-Z]{2}))"
    r"(?![^\W_]|-[^\W\d_])(?=(?P<next_pc4> [1-9]\d{3}(?![^\W_]))?)",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(r"(?<![^\W_])(?:sinds|begin|medio|eind) $", re.IGNORECASE)

_NEVER_GIVEN_OUT = frozenset({"sa", "sd", "ss"})
# What nurses abbreviate right after the PC4: PV, VP and VV, begeleiding, huishoudelijke hulp, casemanagement,
# diabetes, psychogeriatrie, terminale thuiszorg, and the ways of an injection. Each hides the spaced postcodes with
# these letters: keep it short.
_CARE = frozenset({"pv", "vp", "vv", "bg", "hh", "cm", "dm", "im", "iv", "pg", "sc", "tt"})
_UNITS = frozenset({"cc", "cl", "cm", "dl", "gr", "ie", "kg", "km", "mg", "ml", "mm"})
_WEEKDAYS = frozenset({"ma", "di", "wo", "do", "vr", "za", "zo"})
_WORDS = frozenset({
    "ad", "al", "am", "as", "bv", "ca", "cq", "dd", "de", "dr", "eh", "en", "er", "ga", "ha", "he", "hr",
    "ik", "in", "is", "ja", "je", "mn", "mw", "na", "nb", "nm", "nr", "nu", "of", "ok", "om", "op",
    "or", "pd", "pj", "pm", "pp", "pw", "re", "st", "te", "tm", "to", "uw", "va", "vd", "vh", "vm",
    "wc", "we", "ze",
    "av", "dg", "mi", "mo", "ov", "pt", "vs", "wk", "zn",
})  # fmt: skip


def postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each full postcode: 1234 AB in any case, with or without a space or a hyphen.

    SA, SD and SS are never given out (PostNL). With a gap, an abbreviation of care is care ("7523 PV"), and a
    short Dutch word that is not in capitals is a word ("7523 en 7524"); without a gap, both are a postcode.
    """
    for match in _POSTCODE.finditer(text):
        if not (_is_year(match) or _is_dose(match) or _is_care_or_word(match)):
            yield match.span("hit")


def _is_care_or_word(match: re.Match[str]) -> bool:
    letters = match["letters"].lower()
    if letters in _NEVER_GIVEN_OUT:
        return True
    if not match["gap"]:
        return False
    is_word = letters in _WORDS | _WEEKDAYS | _UNITS
    return letters in _CARE or (is_word and (not match["letters"].isupper() or match["next_pc4"] is not None))


def _is_dose(match: re.Match[str]) -> bool:
    """1500 ml, 1000mg: a round number. PostNL keeps the postcodes of round numbers for post boxes, mostly."""
    return match["letters"].lower() in _UNITS and int(match["digits"]) % 50 == 0


def _is_year(match: re.Match[str]) -> bool:
    """Say whether the digits are a year because of the word before them: "sinds 2019 MS"."""
    return match["digits"][:2] in {"19", "20"} and stands_before(_YEAR_CUE, match.string, match.start())
