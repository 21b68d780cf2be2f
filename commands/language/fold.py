"""One plain spelling for what people type, with the way back to what they typed. What the words mean stands elsewhere.

domain.traces folds as well, but keeps capitals and accents, by which it judges; here nothing of that matters.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_LOOKALIKES = {
    "½": ",5",
    "¼": ",25",
    "¾": ",75",
    "×": "x",
    "−": "-",
    "⁄": "/",
    **dict.fromkeys("‘’‚‛`´ʼ", "'"),
    **dict.fromkeys("“”„«»", '"'),
}
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})


@dataclass(frozen=True)
class Folded:
    """`text` in plain spelling; `origins[i]` is where its character i stands in `typed`."""

    text: str
    typed: str
    origins: tuple[int, ...]

    def original(self, start: int, end: int | None = None) -> str:
        """What was typed for `text[start:end]`, without the white space around it."""
        if start >= len(self.text):
            return ""
        last = self.origins[end] if end is not None and end < len(self.text) else len(self.typed)
        return self.typed[self.origins[start] : last].strip()

    def behind(self, start: int) -> Folded:
        """The part from position `start`."""
        return Folded(self.text[start:], self.typed, self.origins[start:])

    def until(self, end: int) -> Folded:
        """The part before position `end`."""
        typed = self.typed if end >= len(self.text) else self.typed[: self.origins[end]]
        return Folded(self.text[:end], typed, self.origins[:end])


def fold_line(typed: str) -> Folded:
    """Small letters without accents, ASCII digits, dashes and quotes, single spaces; nothing that cannot be seen.

    Takes time in proportion to the length, and raises for no text.
    """
    text: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(typed):
        for part in _plain(character):
            if part == " " and (not text or text[-1] == " "):
                continue
            text.append(part)
            origins.append(index)
    return Folded("".join(text), typed, tuple(origins))


def fold(typed: str) -> str:
    """The plain spelling alone, for comparing names and words."""
    return fold_line(typed).text.strip()


def _plain(character: str) -> str:
    if character.isascii() and character.isprintable():
        return character.lower()
    if character.isspace():
        return " "
    if character in _LOOKALIKES:
        return _LOOKALIKES[character]
    return "".join(_part(part) for part in unicodedata.normalize("NFKD", character.casefold()))


def _part(part: str) -> str:
    if part.isspace():
        return " "
    category = unicodedata.category(part)
    if category in _UNSEEN:
        return ""
    if category == "Pd":
        return "-"
    digit = unicodedata.digit(part, None)
    return _LOOKALIKES.get(part, part).lower() if digit is None else str(digit)
