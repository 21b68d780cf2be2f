"""A free text in one plain spelling, with the way back to the original positions. What the text means lives elsewhere."""

import re
import unicodedata

_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_INVISIBLE = frozenset({"Cf", "Cc", "Mn", "Me"})
_HANGUL_FILLERS = frozenset("\u115f\u1160")
_LOOKALIKES = {
    **dict.fromkeys("\u2212\u2043", "-"),
    **dict.fromkeys("\u00b7\u2022\u2027\u2219\u22c5", "."),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"),
}
_LABEL_REACH = 24


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text in its plain spelling, and for each character of that the index it came from in `text`.

    Unicode NFKC, character by character; any script's digits become 0-9; dashes become "-" and mid-dots "."; what
    cannot be seen (zero-width, soft hyphen, combining marks, keycaps) is dropped; each run of white space becomes one
    space, or one line feed if a line ends in it. The case stays. Linear in the length; never raises.
    """
    plain: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for part in _spell(character):
            if part in " \n" and plain and plain[-1] in " \n":
                plain[-1] = max(plain[-1], part, key="\n".count)
                continue
            plain.append(part)
            origins.append(index)
    return "".join(plain), origins


def stands_before(label: re.Pattern[str], text: str, position: int) -> bool:
    """Say whether `label`, which must end in `$`, matches the few characters right before `position`."""
    return label.search(text[max(0, position - _LABEL_REACH) : position]) is not None


def _spell(character: str) -> str:
    """Return the plain spelling of one original character: none, one or several characters."""
    if character.isascii() and character.isprintable() and character != "`":
        return character
    return "".join(_plain(part) for part in unicodedata.normalize("NFKC", character))


def _plain(part: str) -> str:
    """Return "", or the one character that stands for one character of an NFKC form."""
    if part in _LINE_BREAKS:
        return "\n"
    if part.isspace():
        return " "
    category = unicodedata.category(part)
    if category in _INVISIBLE or part in _HANGUL_FILLERS:
        return ""
    if category == "Pd":
        return "-"
    digit = unicodedata.digit(part, None)
    return _LOOKALIKES.get(part, part) if digit is None else str(digit)
