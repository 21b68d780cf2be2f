"""The line of !capaciteit: dagdelen, one colour, perhaps an end, a team and a note. Reading only.

Decisions: without a dagdeel a light is for all four; "hele dag" is ochtend, middag and avond. "Tot" a day ends where
that day begins, "t/m" and "vandaag" where it ends (moments.py). Behind the colour, what is no dagdeel or end is the
note. A light cannot be set for later (light_moments.py): "morgen rood" is refused rather than made red today, and so
are two colours (two_lights.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from commands.free_text import LONGEST
from commands.language import light_moments, moments
from commands.language.fold import fold_line
from commands.language.two_lights import COLOUR, EMOJI, OTHER, first_colour, refuse_second, spell
from commands.language.vocabulary import COLOURS, DAGDEEL, DAGDELEN, PLAIN_COLOURS, dagdelen_in, in_order
from commands.language.words import Words, close_to, echo, is_polite
from domain.capacity import Colour
from domain.care import Dagdeel
from domain.refusals import LaterLight, TooLong, UnknownWord

_EVERY_DAGDEEL = re.compile(r"(?:alle dagdelen|elk dagdeel|altijd|alles)(?!\w)")
_LEAD = re.compile(rf"(?:: ?|(?:(?:alleen|en|voor|in|op|van|tijdens|de) )+)(?='?(?:{DAGDEEL.pattern}))")
_TEAM = re.compile(r"team(?!\w)[: ]*")
_FILLER = re.compile(
    r"(?:en|in|de|het|is|op|staat|staan|ons|voor|van|dagdeel|kleur|stoplicht|capaciteit|licht|per direct|bord|"
    r"overzicht|lijst|stand|status)(?!\w)|[:(]+"
)
_SEPARATOR = re.compile(rf"[^\w:({EMOJI}]+")
_WORD = re.compile(r"[^\s,;]+")
_KNOWN = (*filter(str.isascii, COLOURS), *DAGDELEN)


@dataclass(frozen=True)
class LightLine:
    """What was said; all four dagdelen when none was named. `colour` is None when the board was asked.

    `until` is aware, on the region's clock. `team` is the name that somebody typed behind "team", `place` a name
    before the colour that may be of a team or a region.
    """

    dagdelen: tuple[Dagdeel, ...] = tuple(Dagdeel)
    colour: Colour | None = None
    until: datetime | None = None
    note: str | None = None
    team: str | None = None
    place: str | None = None


@dataclass
class _Draft:
    """What was read so far."""

    dagdelen: set[Dagdeel]
    colour: Colour | None = None
    until: datetime | None = None
    team: str | None = None
    place: list[str] = field(default_factory=list)
    is_plain: bool = False
    after_dagdeel: bool = False


def read_light(words: Words) -> LightLine:
    """What a team lead sets.

    Raises UnknownWord, BadValue, OneAtATime, TwoColours, LaterLight, or TooLong for a note of over 500 characters.
    """
    draft = _Draft(set())
    while not words.is_done and _read_one(words, draft):
        pass
    if draft.place and not draft.is_plain:  # not "licht verstandelijk beperkt"
        raise UnknownWord(words.verb, echo(draft.place[0]))
    _refuse_hidden(words, draft)
    note = _note(words, draft)
    if note is not None and len(note) > LONGEST:
        raise TooLong(LONGEST)
    place = echo(" ".join(draft.place)) or None
    dagdelen = in_order(draft.dagdelen) or tuple(Dagdeel)
    return LightLine(dagdelen, draft.colour, draft.until, note, draft.team, place)


def _read_one(words: Words, draft: _Draft) -> bool:
    """Read one token; False where the note begins. Raises UnknownWord or BadValue."""
    if words.take(_SEPARATOR) or words.take(_LEAD):
        return True
    if dagdeel := words.longest((DAGDEEL, _EVERY_DAGDEEL)):
        words.go(dagdeel.end())
        draft.dagdelen |= set(dagdelen_in(dagdeel) if dagdeel.re is DAGDEEL else Dagdeel)
        draft.after_dagdeel = True
        return True
    if colour := words.sees(COLOUR):
        return _read_colour(words, draft, colour)
    draft.after_dagdeel = False
    return _read_moment(words, draft) or _read_word(words, draft)


def _read_colour(words: Words, draft: _Draft, match: re.Match[str]) -> bool:
    """One colour a line. Behind a colour, words such as "ruimte" or "overleg" begin the note: "rood, geen ruimte".

    Raises OneAtATime for two lights, TwoColours for two colours of one.
    """
    colour = COLOURS[match[0]]
    if (
        draft.colour is not None
        and match[0] not in PLAIN_COLOURS
        and (colour is draft.colour or not draft.after_dagdeel)
    ):
        return False
    if draft.colour not in (None, colour):
        refuse_second(words.verb, match.string, draft.colour, colour)
    draft.colour = colour
    draft.is_plain |= match[0] in PLAIN_COLOURS
    words.go(match.end())
    return True


def _read_moment(words: Words, draft: _Draft) -> bool:
    """An end, or now. Raises LaterLight for a later beginning."""
    if until := words.longest(light_moments.UNTIL):
        words.go(until.end())
        draft.until = moments.read_until(until, words.now)
        return True
    if words.take(light_moments.NOW):
        return True
    if today := words.take(light_moments.TODAY):
        draft.until = draft.until or moments.end_of_today(words.now, night=today["part"] == "nacht")
        if part := today["part"] and moments.read_part(today):
            draft.dagdelen.add(part)
        return True
    if later := words.longest(light_moments.LATER):
        _refuse_later(words, draft, later, *later.span())
    return False


def _refuse_later(words: Words, draft: _Draft, later: re.Match[str], start: int, end: int) -> NoReturn:
    colour = draft.colour or first_colour(later.string) or Colour.ROOD
    raise LaterLight(echo(words.typed(start, end)), f"{spell(words.verb, later.string, colour)} tot vrijdag")


def _read_word(words: Words, draft: _Draft) -> bool:
    """Behind a colour any other word begins the note; before it, only a team, a region and fillers may stand."""
    if draft.colour is not None:
        return False
    if words.take(_TEAM):
        draft.team = _team(words) or draft.team
        return True
    if words.take(_FILLER):
        return True
    word = words.take(_WORD)
    if word is not None and not is_polite(word[0]):
        typed = words.typed(word.start(), word.end())
        if meant := close_to(word[0].strip(".!?():"), _KNOWN):
            raise UnknownWord(words.verb, echo(typed), meant)
        draft.place.append(typed.strip(" :,."))
    return True


def _team(words: Words) -> str | None:
    """What was typed behind "team", up to the next word that is known."""
    start = end = None
    while not words.is_done and words.longest((COLOUR, DAGDEEL, *light_moments.UNTIL)) is None:
        if words.take(_SEPARATOR) is None and (word := words.take(_WORD)) is not None:
            start, end = word.start() if start is None else start, word.end()
    return None if start is None else words.typed(start, end).strip(" :,.")


def _refuse_hidden(words: Words, draft: _Draft) -> None:
    """What would be lost in a note: a second colour, a later beginning. Behind a colon or a bracket all may be said."""
    if draft.colour is None:
        return
    if other := words.sees(OTHER[draft.colour]):
        refuse_second(words.verb, other.string, draft.colour, COLOURS[other["other"]])
    if later := words.sees(light_moments.LATER_AT_END):
        _refuse_later(words, draft, later, *later.span("later"))


def _note(words: Words, draft: _Draft) -> str | None:
    """What is left, as typed, without the end that may stand behind it: "2 zieken tot vrijdag"."""
    note = words.rest()
    if note is not None and draft.until is None:
        line = fold_line(note)
        found = [match for pattern in light_moments.UNTIL_AT_END if (match := pattern.search(line.text))]
        if found:
            until = min(found, key=lambda match: match.start())
            draft.until = moments.read_until(until, words.now)
            note = line.original(0, until.start()).rstrip(" ,;-:")
    return note if note and not all(is_polite(word) for word in fold_line(note).text.split()) else None
