"""What nurses say instead of a verb when they take a zorgvraag: "ik pak 'm", "wij", ✋. Pure; the table is the rule.

A claim is made only of words that can mean nothing else under a post; what is less clear is asked back.
"""

from __future__ import annotations

import re
from enum import Enum

from commands.language.numbers import ONE

HANDS = ("✋", "🤚", "🖐", "🙋")

_IT = r"(?:(?:hem|'?m|deze|die)(?: (?:zorgvraag|client))?|de zorgvraag)"
_VAGUE = r"(?:hem|'?m|deze|die|het|dit|dat|wel|ook)"
_ONE_TAKES, _MORE_TAKE = "(?:pak|neem|claim)", "(?:pakken|nemen|claimen)"
_WE = "(?:wij|we)"
_UP, _ON = (rf"(?: (?:wel|even|graag|nu))?(?: {last})?" for last in ("op", "(?:op|aan)"))
# "Neem ik aan" means "I suppose": "nemen" counts only with what is taken.
_TAKE = (
    rf"ik {_ONE_TAKES} {_IT}{_ON}",
    rf"{_WE} {_MORE_TAKE} {_IT}{_ON}",
    rf"{_IT} {_ONE_TAKES} ik{_ON}",
    rf"{_IT} {_MORE_TAKE} {_WE}{_ON}",
    rf"{_ONE_TAKES} ik {_IT}{_ON}",
    rf"{_MORE_TAKE} {_WE} {_IT}{_ON}",
    rf"(?:pak|claim) {_IT}{_UP}",
    rf"pak(?: ik)?{_UP}",
    rf"ik (?:pak|claim){_UP}",
    rf"(?:pakken {_WE}|{_WE} pakken){_UP}",
)
_LIKELY = rf"(?: {_VAGUE})*(?: op| doen)?"
_PERHAPS = (
    rf"(?:ik|ikke|{_WE})(?: {_VAGUE})*",
    rf"(?:ik doe|ik kan|ik wil|ik neem|ik pak|{_WE} (?:doen|kunnen|willen|nemen|pakken)){_LIKELY}",
    rf"(?:{_VAGUE} )?(?:doe ik|kan ik|wil ik|pak ik|(?:doen|kunnen|willen|pakken|nemen) {_WE}){_LIKELY}",
    r"(?:(?:deze|die|hij) )?(?:is |kan |mag )?(?:wel )?(?:voor|bij|naar) (?:mij|ons)",
)
_TAKES = re.compile("|".join(_TAKE))
# Not "ik neem deze week vrij".
_SURE_OF = r"(?:hem|'?m|(?:de|deze|die) (?:client|zorgvraag))"
_BEGINS_TO_TAKE = re.compile(
    rf"(?:ik (?:{_ONE_TAKES}|doe|kan|wil)|{_WE} (?:{_MORE_TAKE}|doen|kunnen|willen)) {_SURE_OF} "
)
_MAYBE = re.compile("|".join(_PERHAPS))
_WITH_NUMBER = re.compile(
    rf"(?:ik {_ONE_TAKES}|{_WE} {_MORE_TAKE}|{_ONE_TAKES} ik|{_MORE_TAKE} {_WE}) (?P<first>{ONE}){_ON}"
    rf"|(?P<last>{ONE}) (?:{_ONE_TAKES} ik|{_MORE_TAKE} {_WE}){_ON}"
)
_NUMBER = re.compile(ONE)
_MAYBE_NUMBER = re.compile(
    rf"(?:ik|{_WE}) (?:doe|doen|wil|willen) (?P<a>{ONE})(?: wel)?|(?:ik kan|{_WE} kunnen) (?P<b>{ONE})(?: wel)? doen"
    rf"|(?P<c>{ONE}) (?:doe ik|wil ik|doen {_WE}|willen {_WE}|(?:is )?voor (?:mij|ons))(?: wel)?"
    rf"|(?P<d>{ONE}) (?:(?:op)?pakken|aannemen|claimen)|(?:kan|mag|zal) ik (?P<e>{ONE}) (?:(?:op)?pakken|aannemen|doen)"
)
_NO = re.compile(r"\b(?:niet|geen|nooit|als|mits|tenzij|of)\b")
# Somebody else is asked or told: "pak je deze", "neem jij 42 aan". Thanks are no order.
_TO_SOMEBODY = re.compile(r"(?<!dank )\b(?:je|jij|jullie|u)\b")
_SUPPOSED = re.compile(r"(?:neem ik|ik neem|nemen we|we nemen) aan\b|^pak aan\b")
_EDGES = frozenset({
    "ja", "ok", "oke", "okee", "hoi", "hallo", "hi", "goedemorgen", "goedemiddag", "goedenavond", "prima", "top", "dan",
    "super", "graag", "hoor", "wel", "even", "nu", "aub", "svp", "fijn", "bedankt", "dank", "dankjewel", "thanks",
})  # fmt: skip
_FAREWELL = re.compile(r" (?:gr|groet|groeten|groetjes|grt|grtjs|mvg|vrgr)\b.*")
_GLUED = re.compile(r"\b(ik|wij|we)?(pak|neem|claim)('?m)?\b")  # by a thumb in a hurry: "pakm", "ikpak hem"
_NO_WORD = re.compile(r"[^\w' #-]+")


class Taking(Enum):
    """How clear it is that somebody takes what stands above."""

    CLEAR = "clear"
    PERHAPS = "perhaps"


def taking(line: str) -> Taking | None:
    """Whether these folded words, right under a post, take it; None for talk."""
    if "?" in line:
        return None
    hand = next((hand for hand in HANDS if line.lstrip().startswith(hand)), None)
    said = _bare(line)
    if hand is not None and (not said or _TAKES.fullmatch(said) or _MAYBE.fullmatch(said)):
        return Taking.CLEAR
    if _TAKES.fullmatch(said):
        return Taking.CLEAR
    if _MAYBE.fullmatch(said) or (_BEGINS_TO_TAKE.match(said) and not _NO.search(said)):
        return Taking.PERHAPS
    return None


def taking_number(line: str, *, to_us: bool) -> tuple[Taking, str] | None:
    """The "42" of "ik pak 42" and "✋ 42", and how clear that is, when these folded words say that and nothing else.

    A question counts only when it is asked `to_us`.
    """
    said = _bare(line)
    if "?" not in line:
        clear = _WITH_NUMBER.fullmatch(said) or (line.lstrip().startswith(HANDS) and _NUMBER.fullmatch(said))
        if clear:
            return Taking.CLEAR, str(clear[clear.lastgroup or 0])
    perhaps = _MAYBE_NUMBER.fullmatch(said) if to_us or "?" not in line else None
    return perhaps and (Taking.PERHAPS, str(perhaps[perhaps.lastgroup or 0]))


def is_talk(line: str) -> bool:
    """Whether folded words that begin with a verb are a question, a supposition, or said to somebody else."""
    return "?" in line or any(pattern.search(line) for pattern in (_TO_SOMEBODY, _SUPPOSED))


def _bare(line: str) -> str:
    """Without emoji, punctuation, a name behind a greeting, and what is said around it."""
    apart = _GLUED.sub(lambda found: " ".join(part for part in found.groups() if part), _NO_WORD.sub(" ", line))
    words = _FAREWELL.sub("", " ".join(apart.split())).split(" ")
    while words and words[0] in _EDGES:
        words.pop(0)
    while words and words[-1] in _EDGES:
        words.pop()
    return " ".join(words)
