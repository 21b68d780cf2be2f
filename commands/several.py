"""Several numbers or several commands in one message. Nothing of it is run: which of them was meant is not for us."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commands.fold import fold_line
from commands.numbers import ONE, SEVERAL, SEVERAL_AND_MORE
from commands.verb import Verb
from commands.words import Words, is_polite

_ONE = re.compile(ONE)
_WORD = re.compile(r"[^ ]+")
# Every line, and on a line whatever begins with our prefix.
_PARTS = re.compile(r"[\r\n]+|(?<=\s)(?=[!/])")
_COMMAND = re.compile(rf" ?(?P<sign>[!/]{{1,2}} ?)?(?P<verb>[^\W\d_]+)(?P<number>\W*{ONE})?")


def numbers_behind(verb: Verb, words: Words) -> tuple[str, ...] | None:
    """A line to type for each number, when `words` name more than one zorgvraag; reads nothing."""
    if not verb.numbered:
        return None
    found = words.sees(SEVERAL_AND_MORE)
    if found is None:
        found = next(
            (match for pattern in SEVERAL if (match := words.sees(pattern)) and _is_polite(match["rest"])), None
        )
        if found is None:
            return None
    end = found.end() if found.re is SEVERAL_AND_MORE else found.start("rest")
    return tuple(f"!{verb.name} {number[0]}" for number in _ONE.finditer(found.string, found.start(), end))


def commands_in(text: str, table: Mapping[str, Verb]) -> tuple[str, ...]:
    """The commands of a message that begins with one, as typed: on lines of their own, or behind a prefix."""
    found: list[str] = []
    for part in _PARTS.split(text):
        line = part.strip()
        if not line:
            continue
        if _is_command(fold_line(line).text, table):
            found.append(line)
        elif not found:
            return ()
    return tuple(found)


def _is_command(line: str, table: Mapping[str, Verb]) -> bool:
    match = _COMMAND.match(line)
    verb = table.get(match["verb"]) if match else None
    if match is None or verb is None:
        return False
    return match["sign"] is not None or (verb.numbered and match["number"] is not None)


def _is_polite(rest: str) -> bool:
    return all(is_polite(word[0]) for word in _WORD.finditer(rest))
