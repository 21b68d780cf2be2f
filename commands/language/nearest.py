"""Which verb a mistyped line was perhaps meant for. Suggesting only: what may be run is decided in parse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from commands.language.words import MOST_ECHOED
from commands.verb import Verb

_WORDS = re.compile(r"[^\W\d_]+")
_CLOSE = 0.75
_LOOKED_AT = 4


@dataclass(frozen=True)
class Near:
    """A verb that is like what was typed; what belongs to it begins at `end`. `is_close`: one slip of the finger."""

    verb: Verb
    end: int
    is_close: bool


def nearest(line: str, table: Mapping[str, Verb]) -> Near | None:
    """The verb most like the first word of a folded line, or like its first two ("op pakken"), or None.

    Failing that, a verb that stands a little further on: "ik pak 42". Of equals, one that changes something.
    """
    words = [match for match, _ in zip(_WORDS.finditer(line), range(_LOOKED_AT), strict=False)]
    if not words:
        return None
    found = [
        (likeness, verb.changes, words[0].end(), name)
        for name, verb in table.items()
        if (likeness := _likeness(words[0][0], name)) >= _CLOSE
    ]
    if len(words) > 1:
        whole = words[0][0] + words[1][0]
        found += [(1.0, verb.changes, words[1].end(), name) for name, verb in table.items() if name == whole]
    if found:
        _, _, end, name = max(found)
        return Near(table[name], end, is_close=True)
    further = next((word for word in words[1:] if word[0] in table), None)
    return None if further is None else Near(table[further[0]], further.end(), is_close=False)


def is_like_a_verb(line: str, table: Mapping[str, Verb]) -> bool:
    """True for "oppaken-42", which is no region called Oppaken."""
    word = _WORDS.match(line)
    return word is not None and any(_likeness(word[0], name) >= _CLOSE for name in table)


def _likeness(typed: str, name: str) -> float:
    """1 for the same word, 0 for nothing in common.

    Letters in another order are one slip. Another beginning is another word: "overgeven" is not "vrijgeven".
    """
    typed = typed[:MOST_ECHOED]
    if typed[0] != name[0] and typed not in name and name not in typed and sorted(typed) != sorted(name):
        return 0.0
    likeness = SequenceMatcher(None, typed, name, autojunk=False).ratio()
    return max(likeness, _CLOSE) if sorted(typed) == sorted(name) else likeness
