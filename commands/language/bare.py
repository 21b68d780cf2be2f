"""Lines without a prefix. A colleague's talk must not become a command, and a nurse who means one must hear of it.

In the region's room only a whole command with its number counts; in answer to a post, one to one or behind our name
more does. What is likely but not clear is asked back.
"""

from __future__ import annotations

import re
from typing import Any

from commands.language.fold import fold
from commands.language.nearest import Near, nearest
from commands.language.phrases import Taking, is_talk, taking, taking_number
from commands.language.questions import asked
from commands.language.said import CLAIM, VERB, Line
from commands.language.words import Words, echo, is_polite
from commands.verb import Verb
from domain.refusals import (
    BadValue,
    LaterLight,
    MissingParts,
    Refusal,
    TwoColours,
    UnknownVerb,
    UnknownWord,
    Unsure,
)

_WORD = re.compile(r"[^ ]+")
_NEXT = re.compile(r"\W*(?P<word>[^\W\d_]+)")
_LIKE_A_DATE = re.compile(r"\d ?[-/] ?\d")
_DIGITS = re.compile(r"\d+")
_SHORTEST = 4  # letters: "nee 2" is no slip of "neem 2"


def read_bare(line: Line) -> tuple[Verb, Any] | None:
    """A command, or None for talk. Raises Unsure, UnknownVerb, OneAtATime and what the verb's own `read` refuses."""
    if found := _read_phrase(line):
        return found
    word = VERB.match(line.text.text)
    if word is not None and word[0] in line.table and word[0] != "?":
        verb = line.table[word[0]]
        if is_polite(word[0]) and not line.to_us:
            return None
        if line.to_us or line.place.about_one:
            return _read_loosely(line, verb, word)
        if not verb.numbered:
            _ask_back_whole(line, verb, word)
            return None
        return _read_exactly(line, verb, word) if verb.changes else None
    if line.to_us and (question := asked(line.text.text, line.place.regions)):
        return line.read_as(*question)
    if word is None or all(is_polite(match[0]) for match in _WORD.finditer(line.text.text)):
        return None
    return _read_slip(line, word)


def _read_phrase(line: Line) -> tuple[Verb, Any] | None:
    """ "Ik pak 'm" and ✋ under a post, "ik pak 42" anywhere. Raises Unsure."""
    place, text = line.place, line.text.text
    if numbered := taking_number(text, to_us=line.to_us):
        how, number = numbered
        is_offered = _DIGITS.findall(number) == [str(place.offered)]
        if how is Taking.CLEAR and (line.to_us or is_offered):
            return line.read_as(CLAIM, number)
        if how is Taking.CLEAR or place.hint:
            raise Unsure(f"!{CLAIM} {number}")
        return None
    if place.offered is None and not line.to_us:
        return None
    under = taking(text)
    if under is Taking.PERHAPS and place.offered is not None and place.hint:
        raise Unsure(f"!{CLAIM} {place.offered}")
    return line.read_as(CLAIM, "") if under is Taking.CLEAR else None


def _read_exactly(line: Line, verb: Verb, word: re.Match[str]) -> tuple[Verb, Any] | None:
    """In a room with others: the verb, right behind it the number, and nothing more than politeness."""
    text = line.text.text
    behind = _NEXT.match(text, word.end())
    if is_talk(text) or _LIKE_A_DATE.search(text) or (behind is not None and is_polite(behind["word"])):
        return None
    try:
        words = line.words(verb, word.end())
        which = words.which()
    except BadValue:
        return None
    if which.number is None or (which.region is not None and which.region not in line.place.regions):
        return None
    try:
        words.end()
    except UnknownWord:
        return None
    return line.read(verb, word.end())


def _ask_back_whole(line: Line, verb: Verb, word: re.Match[str]) -> None:
    """In a room with others: "zorgvraag 7523 wond" of a coordinator, when every word of it is known. Raises Unsure."""
    text = line.text.text
    if verb.name not in line.place.may_mean or word[0] != fold(verb.name) or is_talk(text):
        return
    words = line.words(verb, word.end())
    try:
        verb.read(words)
    except Refusal:
        return
    if not words.bare_reason and text[word.end() :].strip():
        raise Unsure(line.meant(verb, line.text.original(word.end())))


def _read_loosely(line: Line, verb: Verb, word: re.Match[str]) -> tuple[Verb, Any] | None:
    """Everyday words are verbs only when the whole line is a command: not in "terug naar huis".

    A number makes it one, and so does the full name of a verb that changes something.
    """
    words = line.words(verb, word.end())
    is_name = verb.changes and word[0] == fold(verb.name)
    try:
        command = verb.read(words)
        if not is_name:
            words.end()
    except (UnknownWord, MissingParts, TwoColours, LaterLight):
        if is_name or words.number is not None:
            raise
        return None
    if words.bare_reason and not is_name:
        return None
    if not (verb.changes and verb.numbered):
        return verb, command
    is_doubtful = is_talk(line.text.text)
    is_of_another = line.place.offered not in (None, words.number)
    if words.number is not None and (is_doubtful if line.to_us else is_of_another):
        raise Unsure(f"!{verb.name} {words.number}")
    return None if is_doubtful else (verb, command)


def _read_slip(line: Line, word: re.Match[str]) -> tuple[Verb, Any] | None:
    """A typing error, when what stands behind it makes it a command. Raises UnknownVerb."""
    text = line.text.text
    typed = echo(line.text.original(0, word.end()))
    near = nearest(text, line.table)
    if near is None or not _is_likely(line, near, word):
        if line.how == "name" and _is_number_alone(line, word):
            raise UnknownVerb(typed)
        return None
    return line.read_slip(near, typed)


def _is_likely(line: Line, near: Near, word: re.Match[str]) -> bool:
    """ "Oppaken 42" is a slip, "ik pak 42 niet" is talk; to us, "capciteit rood" is a slip as well."""
    if not line.to_us and len(word[0]) < _SHORTEST:
        return False
    is_answer = line.to_us or line.place.about_one
    words = Words(near.verb.name, line.text.original(near.end), line.now)
    try:
        if words.which().number is None:
            return line.to_us and near.is_close and _is_whole(line, near)
        if near.is_close and is_answer:
            return True
        words.end()
    except Refusal:
        return False
    return not is_talk(line.text.text) and (is_answer or (near.is_close and near.verb.changes))


def _is_whole(line: Line, near: Near) -> bool:
    words = line.words(near.verb, near.end)
    try:
        near.verb.read(words)
        words.end()
    except Refusal:
        return False
    return not words.bare_reason


def _is_number_alone(line: Line, word: re.Match[str]) -> bool:
    """ "Schakelbot, doe 42"."""
    words = Words(CLAIM, line.text.original(word.end()), line.now)
    try:
        number = words.which().number
        words.end()
    except Refusal:
        return False
    return number is not None
