"""Several numbers or several commands in one message. Nothing of it is run: which of them was meant is not for us."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from commands.language.fold import fold_line
from commands.language.numbers import ONE, SEVERAL, SEVERAL_AND_MORE
from commands.language.words import Words, is_polite
from commands.verb import Verb

_ONE = re.compile(ONE)
_WORD = re.compile(r"[^ ]+")
# Where a prefix stands further on in a line.
_PARTS = re.compile(r"(?<=\s)(?=[!/]\w)")
_COMMAND = re.compile(rf"(?P<sign>[!/]{{1,2}} ?)?(?P<verb>[^\W\d_]+)(?P<number>\W*(?P<one>{ONE}))?")


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
    """The commands of a message that begins with one: verb and number, without what else was typed.

    Further on in a line, only a verb with its number is one more: a note may well hold "/open wond".
    """
    found: list[str] = []
    for part, is_first in (one for line in text.splitlines() for one in _parts(line)):
        command = _command(fold_line(part).text, table, is_first=is_first)
        if command is not None:
            found.append(command)
        elif not found:
            return ()
    return tuple(found)


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """What stands before and behind each prefix in a line, and whether it stands first."""
    parts = [part.strip() for part in _PARTS.split(line.strip())]
    yield from ((part, number == 0) for number, part in enumerate(parts) if part)


def _command(part: str, table: Mapping[str, Verb], *, is_first: bool) -> str | None:
    match = _COMMAND.match(part)
    verb = table.get(match["verb"]) if match else None
    if match is None or verb is None:
        return None
    if verb.numbered and match["number"] is not None:
        return f"!{match['verb']} {match['one']}"
    if not is_first or match["sign"] is None:
        return None
    return f"!{match['verb']}{' …' if part[match.end() :].strip() else ''}"


def _is_polite(rest: str) -> bool:
    return all(is_polite(word[0]) for word in _WORD.finditer(rest))
