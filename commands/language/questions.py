"""Questions in everyday words, and the verb that answers each. An answer costs nothing: none of it changes anything."""

from __future__ import annotations

import re
from collections.abc import Collection

from commands.language.numbers import ONE

_WORDS = re.compile(r"[^\W\d_]+")
_ASK = frozenset({"hoe", "hoeveel", "waar", "wat", "welk", "welke", "wie"})
_STATE = frozenset({"heb", "hebben", "is", "staan", "staat", "zijn"})  # a question only with its mark
# The first of which a line holds a word says what it is about; every other word of it must be one of `_AROUND`.
_ABOUT = (
    ("open", frozenset({"open", "openstaan", "openstaand", "openstaande", "openstaat", "beschikbaar"})),
    ("capaciteit", frozenset({"capaciteit", "plaats", "plek", "ruimte"})),
    ("help", frozenset({"kan", "kun", "kunt", "moet", "pak", "werk", "werken", "werkt"})),
    ("mijn", frozenset({"ik", "mij", "mijn"})),
)
_TOPICS = frozenset().union(*(topics for _, topics in _ABOUT))
_AROUND = frozenset({
    "aan", "allemaal", "alles", "aub", "dan", "dat", "de", "dit", "doen", "een", "eigenlijk", "er", "had", "hallo",
    "heb", "hebben", "hebt", "heeft", "het", "hier", "hoi", "iets", "in", "is", "je", "jij", "moment", "momenteel",
    "nog", "nu", "op", "opgepakt", "precies", "staan", "staat", "team", "teams", "u", "van", "vandaag", "voor", "vraag",
    "vragen", "we", "wij", "zijn", "zorgvraag", "zorgvragen",
}) | _ASK  # fmt: skip
_STATUS = re.compile(
    rf"(?:wie heeft|hoe (?:is|gaat|staat|zit)(?: het)?(?: er)?(?: met)?|wat is(?: er(?: met)?)?|waar is|is) "
    rf"(?P<number>{ONE})(?: (?:er|nog|open|vrij|weg|al|opgepakt|voor|nu|mee|gegaan|gebleven))*\W*"
)


def asked(line: str, regions: Collection[str] = ()) -> tuple[str, str] | None:
    """The verb that answers this folded line, and what stands behind it ("42" or nothing); None: no question of ours.

    `regions` are folded names that may be mentioned.
    """
    status = _STATUS.fullmatch(line.strip())
    if status is not None:
        return "status", status["number"]
    words = _WORDS.findall(line)
    if not words or not (words[0] in _ASK or (words[0] in _STATE and "?" in line)):
        return None
    known = set(words)
    for verb, topics in _ABOUT:
        if known & topics:
            return (verb, "") if known <= _AROUND | _TOPICS | set(regions) else None
    return None
