"""The words behind a verb, read from the front. Only what several verbs need; what one verb knows stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from commands.language.fold import fold_line
from commands.language.numbers import NUMBERS
from domain.refusals import BadValue, UnknownWord

MOST_ECHOED = 40
_MOST_DIGITS = 10

# Said around a command without changing what it means; "op" and "aan" as in "pak 42 op" and "neem 42 aan".
_POLITE = frozenset({
    "aan", "alsjeblieft", "alstublieft", "aub", "bedankt", "collega", "collegas", "dag", "dank", "dankje", "dankjewel",
    "danku", "dankuwel", "deze", "die", "even", "fijn", "goedemiddag", "goedemorgen", "goedenavond", "graag", "hallo",
    "hem", "hey", "hi", "hoi", "hoor", "ik", "ja", "je", "mij", "nu", "ok", "oke", "okee", "op", "please", "pls",
    "prima", "s", "super", "svp", "thanks", "thnx", "thx", "top", "u", "we", "wel", "wij",
})  # fmt: skip
# Behind these comes only a name.
_FAREWELLS = frozenset({"gr", "groet", "groeten", "groetjes", "grt", "grtjs", "mvg", "vrgr"})

_NOISE = re.compile(r"[^\w#]*")
_LETTER = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^ ]+")


def echo(word: str) -> str:
    """A word as a refusal may repeat it: at most 40 characters."""
    return word if len(word) <= MOST_ECHOED else word[: MOST_ECHOED - 1] + "…"


def is_polite(word: str) -> bool:
    """True for a folded word that asks or thanks and means nothing else; also for one without letters or digits."""
    letters = "".join(character for character in word if character.isalnum())
    return not letters or letters in _POLITE


def close_to(word: str, known: Sequence[str]) -> str | None:
    """The known word that this folded one was perhaps meant to be."""
    found = get_close_matches(word[:MOST_ECHOED], known, n=1, cutoff=0.75)
    return found[0] if found else None


@dataclass(frozen=True)
class Which:
    """The zorgvraag that was named, or not (None). `region` is the folded name that stood before it, as `typed`."""

    number: int | None
    region: str | None = None
    typed: str | None = field(default=None, compare=False)


class Words:
    """A cursor over what stands behind the verb. `now` is the region's own clock, with its time zone.

    `number` is the one that `which` found; `bare_reason` tells that `rest` gave a text with no number before it.
    """

    def __init__(self, verb: str, text: str, now: datetime) -> None:
        self.verb = verb
        self.now = now
        self.number: int | None = None
        self.bare_reason = False
        self._line = fold_line(text)
        self._at = 0

    @property
    def text(self) -> str:
        """What is left, as typed."""
        return self._line.original(self._at)

    @property
    def is_done(self) -> bool:
        """True when nothing is left, not even white space."""
        return self._at >= len(self._line.text)

    def sees(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match `pattern` right here, on the plain spelling; None when it is not here."""
        return pattern.match(self._line.text, self._at)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match `pattern` right here and read on behind it."""
        match = self.sees(pattern)
        if match is not None:
            self._at = match.end()
        return match

    def longest(self, patterns: Iterable[re.Pattern[str]]) -> re.Match[str] | None:
        """The longest of what these patterns match right here, or None; does not read on."""
        found = [match for pattern in patterns if (match := self.sees(pattern)) is not None and match.end() > self._at]
        return max(found, key=lambda match: match.end(), default=None)

    def go(self, position: int) -> None:
        """Read on from the position of a match."""
        self._at = position

    def cut_note(self, labels: str) -> str | None:
        """Cut off what stands behind the first ":" and give it back as typed; None when there is none.

        It must stand behind a word, not in a time ("08:00"), and not behind one of `labels` ("start: 25-11").
        """
        colons = re.compile(rf"(?P<label>(?<!\w){labels} ?:)|(?<!\d):|:(?!\d)")
        word = _LETTER.search(self._line.text, self._at)
        for colon in colons.finditer(self._line.text, word.start() if word else len(self._line.text)):
            if colon["label"] is None:
                note = self._line.original(colon.end())
                self._line = self._line.until(colon.start())
                return note if _LETTER.search(note) else None
        return None

    def typed(self, start: int, end: int | None = None) -> str:
        """What was typed between two positions of matches."""
        return self._line.original(start, end)

    def which(self) -> Which:
        """The number in front: "42", "#42", "nr 42", "Noord-42", "noord 42"; Which(None) when there is none.

        Raises BadValue("nummer") for 0 and for more than ten digits.
        """
        before = self._at
        self._skip_politeness()
        for pattern in NUMBERS:
            match = self.take(pattern)
            if match is not None:
                groups = match.groupdict()
                self.number = _number(groups["number"] or groups["last"])
                region = groups.get("region")
                return Which(self.number, region, self.typed(*match.span("region")) if region else None)
        self._at = before
        return Which(None)

    def rest(self) -> str | None:
        """What is left, as typed, without the ":" or "-" before it; None when that is nothing."""
        text = self.text
        self._at = len(self._line.text)
        self.bare_reason = self.number is None and any(map(str.isalnum, text)) and not text.startswith((":", "："))
        reason = text.lstrip(":：-–—,;. \t\n").strip()
        return reason if any(map(str.isalnum, reason)) else None

    def end(self) -> None:
        """Nothing may be left but politeness, emoji, punctuation and a name behind a greeting. Raises UnknownWord."""
        for match in _WORD.finditer(self._line.text, self._at):
            if "".join(filter(str.isalnum, match[0])) in _FAREWELLS:
                break
            if not is_polite(match[0]):
                raise UnknownWord(self.verb, echo(self.typed(match.start(), match.end())))
        self._at = len(self._line.text)

    def _skip_politeness(self) -> None:
        self.take(_NOISE)
        while (word := _WORD.match(self._line.text, self._at)) is not None and is_polite(word[0]):
            self._at = word.end()
            self.take(_NOISE)


def _number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS or int(digits) == 0:
        raise BadValue("nummer", echo(digits))
    return int(digits)
