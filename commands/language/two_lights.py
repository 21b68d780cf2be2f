"""Lines that name more than one light, and what to type in their place. Reading only; nothing is chosen here."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NoReturn

from commands.language.vocabulary import COLOURS, DAGDEEL, dagdelen_in, in_order, one_of
from domain.capacity import Colour
from domain.care import Dagdeel
from domain.refusals import OneAtATime, TwoColours

EMOJI = "".join(word for word in COLOURS if not word.isascii())
COLOUR = re.compile(f"{one_of([word for word in COLOURS if word.isascii()])}|[{EMOJI}]")
_SAID = re.compile(rf"(?<!\w)(?:{DAGDEEL.pattern}|(?P<colour>{COLOUR.pattern}))")
# Behind the colour of a light, one of another in plain words; whatever stands behind a colon is free.
OTHER = {
    colour: re.compile(
        rf"[^:(]*?(?<!\w)(?P<other>{one_of([one.value for one in Colour if one is not colour])}"
        rf"|[{''.join(word for word in EMOJI if COLOURS[word] is not colour)}])"
    )
    for colour in Colour
}


def refuse_second(verb: str, line: str, first: Colour, second: Colour) -> NoReturn:
    """Raises OneAtATime for "ochtend groen, avond rood" and TwoColours for "groen of rood"."""
    said = list(_SAID.finditer(line))
    is_choice = any(a["colour"] and b["colour"] and COLOURS[a[0]] is not COLOURS[b[0]] for a, b in pairwise(said))
    if not is_choice and (several := _one_each(verb, said)):
        raise OneAtATime(several)
    raise TwoColours((spell(verb, line, first), spell(verb, line, second)))


def spell(verb: str, line: str, colour: Colour) -> str:
    """The line to type for this colour, in the dagdelen that the folded `line` names."""
    named = {dagdeel for match in _SAID.finditer(line) if not match["colour"] for dagdeel in dagdelen_in(match)}
    return " ".join((f"!{verb}", *(in_order(named) if len(named) < len(Dagdeel) else ()), colour))


def first_colour(line: str) -> Colour | None:
    """The first colour that the folded `line` names."""
    return next((COLOURS[match["colour"]] for match in _SAID.finditer(line) if match["colour"]), None)


def _one_each(verb: str, said: list[re.Match[str]]) -> tuple[str, ...]:
    """A line to type for each light of "ochtend groen, avond rood", or the other way round; () when one has no part."""
    parts = [said[:1]]
    for before, match in pairwise(said):
        if (before if said[-1]["colour"] else match)["colour"]:
            parts.append([])
        parts[-1].append(match)
    if len(parts[-1]) == 1:
        return ()
    return tuple(f"!{verb} {' '.join(match[0] for match in part)}" for part in parts)
