"""A free text in one plain spelling, with the way back to the original. What it means is judged elsewhere."""

import re
import unicodedata

_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Mn", "Me"})
_BLANKS = frozenset("\u115f\u1160\u2800")
_LOOKALIKES = {
    **dict.fromkeys("\u2212\u2043", "-"),
    **dict.fromkeys("\u00b7\u2022\u2027\u2219\u22c5", "."),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\u2018\u2019\u02bc", "'"),
}
_REACH = 24
_GROUP = re.compile(r"[0-9]{1,16}")


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text in its plain spelling, and for each character of that its index in `text`.

    Unicode NFKC, character by character; any script's digits become 0-9, dashes "-" and mid-dots "."; what
    cannot be seen (zero-width characters, soft hyphens, combining marks) is dropped; a run of white space becomes
    one space, or one line feed if there is a line break in it. Capitals stay. It is linear and raises for no text.
    """
    plain: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for part in _spell(character):
            if part in " \n" and plain and plain[-1] in " \n":
                if part == "\n":
                    plain[-1] = part
                continue
            plain.append(part)
            origins.append(index)
    return "".join(plain), origins


def stands_before(label: re.Pattern[str], text: str, position: int) -> bool:
    """Say whether `label`, which must end in `$`, matches the few characters right before `position`."""
    return label.search(text[max(0, position - _REACH) : position]) is not None


def shape(text: str) -> str:
    """Return how many digits stand in each group of a number: "4-2-3" for "1112 22 333"."""
    return "-".join(str(len(group)) for group in _GROUP.findall(text))


def _spell(character: str) -> str:
    """Return the plain spelling of one character of the original: none, one or several characters."""
    if character.isascii() and character.isprintable():
        return character
    return "".join(_plain(part) for part in unicodedata.normalize("NFKC", character))


def _plain(part: str) -> str:
    """Return the one character, or the nothing, that one character of an NFKC form is read as."""
    if part in _LINE_BREAKS:
        return "\n"
    if part.isspace():
        return " "
    category = unicodedata.category(part)
    if category in _INVISIBLE_CATEGORIES or part in _BLANKS:
        return ""
    if category == "Pd":
        return "-"
    digit = unicodedata.digit(part, None)
    return _LOOKALIKES.get(part, part) if digit is None else str(digit)
