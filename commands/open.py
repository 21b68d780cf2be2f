"""!open: what nobody has claimed yet; all of it, or of some postcodes, kinds of care, or spoed alone.

Decisions: four digits are a postcode and fewer a zorgvraag's number, which is asked with !status. The list in a room is
short; a whole one ("alles") that is longer comes one to one, in parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from commands.language.care_tokens import SPOED
from commands.language.fold import fold
from commands.language.vocabulary import KINDS, one_of
from commands.language.words import Words, close_to, echo, is_polite
from commands.verb import EVERYBODY, Asked, Verb
from domain.announcements import OpenList, OpenPart
from domain.audience import Person
from domain.people import PostcodeRange, Region
from domain.picture import SHOWN
from domain.refusals import BadValue, UnknownWord
from domain.wanted import EVERYTHING, Wanted
from storage.work import Work

PART = 30  # zorgvragen in one message
PARTS = 10  # messages at most; a homeserver lets an account say ten things at once

_PC4 = re.compile(r"(?P<first>[1-9]\d{3})(?: ?(?:-|t/m|tot en met) ?(?P<last>[1-9]\d{3}))?(?![\w-])")
_KIND = re.compile(one_of(KINDS))
_WHOLE = re.compile(r"(?:alles|alle|allemaal|hele lijst|helemaal)(?!\w)")
_FILLER = re.compile(
    r"(?:in|met|voor|van|bij|de|het|een|en|of|postcode|postcodes|pc4|wijk|zorgvraag|zorgvragen)(?!\w)|[^\w]+"
)
_FULL_POSTCODE = re.compile(r"(?P<pc4>[1-9]\d{3})[a-z]{2}(?!\w)")
_WORD = re.compile(r"[^ ]+")
_KNOWN = (*KINDS, "spoed", "alles")


@dataclass(frozen=True)
class Open:
    """Show what is open and wanted: the first of it, or all (`whole`); in one region alone when `place` names it."""

    wanted: Wanted = EVERYTHING
    whole: bool = False
    place: str | None = None


def read(words: Words) -> Open:
    """Postcodes, kinds of care, "spoed", "alles" and a region, in any order. Raises UnknownWord or BadValue."""
    postcodes: list[PostcodeRange] = []
    kinds = []
    spoed = whole = False
    place: list[str] = []
    while not words.is_done:
        if pc4 := words.take(_PC4):
            postcodes.append(PostcodeRange(*sorted((pc4["first"], pc4["last"] or pc4["first"]))))
        elif kind := words.take(_KIND):
            kinds.append(KINDS[kind[0]])
        elif words.take(SPOED):
            spoed = True
        elif words.take(_WHOLE):
            whole = True
        elif not words.take(_FILLER) and not _is_polite(words) and (word := words.sees(_WORD)):
            place.append(_name(words, word))
    words.bare_reason |= bool(place)  # without a prefix "open de deur" is talk
    wanted = Wanted(tuple(dict.fromkeys(postcodes)), tuple(dict.fromkeys(kinds)), spoed)
    return Open(wanted, whole, echo(" ".join(place)) or None)


async def run(command: Open, asked: Asked, work: Work) -> None:
    """For everybody of the region; outside its room, of each region in which they work. Raises UnknownWord."""
    regions = [region for region, _ in await asked.everywhere(work)]
    if command.place is not None:
        regions = [region for region in regions if fold(command.place) in (region.id, fold(region.name))]
        if not regions:
            raise UnknownWord(VERB.name, command.place)
    for region in regions:
        found = await work.zorgvragen.open_ids(region.id, command.wanted) if command.whole else ()
        if len(found) > SHOWN:
            await _tell_whole(found, region, asked, work)
        else:
            await asked.tell(OpenList(command.wanted), work, region)


async def _tell_whole(found: tuple[int, ...], region: Region, asked: Asked, work: Work) -> None:
    told = found[: PART * PARTS]
    parts = [told[at : at + PART] for at in range(0, len(told), PART)]
    for number, part in enumerate(parts, 1):
        more = len(found) - len(told) if number == len(parts) else 0
        answer = OpenPart(part, number, len(parts), more)
        await work.outbox.put(Person(asked.user_id), answer, asked.now, region_id=region.id, asked_by=asked.user_id)


def _is_polite(words: Words) -> bool:
    """Read on behind a polite word, or behind a greeting with a name at the end; False when neither is here."""
    word = words.sees(_WORD)
    if word is not None and is_polite(word[0]):
        words.go(word.end())
        return True
    try:
        words.end()
    except UnknownWord:
        return False
    return True


def _name(words: Words, word: re.Match[str]) -> str:
    """A word of a region's name, as typed. Raises UnknownWord for a slip or a number, BadValue for a full postcode."""
    if full := words.sees(_FULL_POSTCODE):
        raise BadValue("postcode", f"{full['pc4']}…")  # its letters are never said back
    if (which := words.which()).number is not None:
        named = f"{which.typed}-{which.number}" if which.region else str(which.number)
        raise UnknownWord(words.verb, echo(named), f"!status {named}")
    words.go(word.end())
    typed = words.typed(word.start(), word.end()).strip(" ,.!?")
    if meant := close_to(fold(typed), _KNOWN):
        raise UnknownWord(words.verb, echo(typed), meant)
    return typed


VERB = Verb("open", ("lijst", "openstaand"), EVERYBODY, read, run, changes=False)
