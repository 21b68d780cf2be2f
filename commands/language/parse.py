"""Text -> a verb and its command, a Refusal, or None for ordinary chat. Pure: the table of verbs is an argument."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from commands.language.bare import read_bare
from commands.language.fold import Folded, fold, fold_line
from commands.language.nearest import is_like_a_verb, nearest
from commands.language.questions import asked
from commands.language.said import HELP, STATUS, VERB, Line, Place
from commands.language.several import commands_in
from commands.language.words import echo, is_polite
from commands.verb import Verb
from domain.refusals import NoCommand, OneAtATime, TooLong, UnknownVerb, UnknownWord

LONGEST_LINE = 2000

_PREFIX = re.compile(r" ?(?:(?P<shout>!!|!(?= ))|(?P<sign>[!/])[!/]?) ?")
_NAME = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^ ]+")
# "42", "#42", "noord-42", "noord42": what may stand for a whole command, the question how it is with that one.
_NUMBER = re.compile(r"(?:nr ?)?#?\d|[^\W\d_]{2,}(?:-[^\W\d_]+)*(?: ?- ?)?#?\d")
# What clients keep for themselves, and send as text when they do not know it.
_CLIENT_WORDS = frozenset({
    "me", "shrug", "tableflip", "unflip", "lenny", "plain", "html", "rainbow", "rainbowme", "spoiler", "join", "part",
    "leave", "invite", "kick", "ban", "unban", "nick", "myroomnick", "topic", "roomname", "msg", "query", "whois",
    "op", "deop", "ignore", "unignore", "devtools", "discardsession", "upgraderoom", "jumptodate", "confetti",
    "snowfall", "fireworks", "hearts", "rainfall", "spaceinvaders", "gif", "poll",
})  # fmt: skip


def parse(
    text: str, verbs: Sequence[Verb], local_now: datetime, *, names: Sequence[str] = (), place: Place | None = None
) -> tuple[Verb, Any] | None:
    """What somebody asks of us, read; None for ordinary chat. `local_now` is aware, on the region's clock.

    A command begins with "!" or "/"; behind one of `names`, and depending on `place`, it need not. A verb that changes
    nothing is guessed from a typing error; any other is only suggested.
    Raises UnknownVerb, NoCommand, Unsure, OneAtATime, TooLong, and whatever the verb's own `read` refuses.
    """
    said, how = _address(fold_line(text[: LONGEST_LINE + 1]), names)
    table = _by_name(tuple(verbs))
    line = Line(said, how, place or Place(), table, local_now)
    if how == "name" and not said.text.strip(" :,.!?"):
        return line.read_as(HELP, "")
    word = VERB.match(said.text)
    if len(text) > LONGEST_LINE and word is not None and (line.to_us or line.place.about_one) and word[0] in table:
        raise TooLong(LONGEST_LINE)
    several = commands_in(text[:LONGEST_LINE], table)
    if len(several) > 1:
        raise OneAtATime(several)
    found = _read_called(line, word) if how not in (None, "name") else (how and _read_number(line)) or read_bare(line)
    if found is None and line.place.alone and _says_something(said.text):
        raise NoCommand
    return found


@cache
def _by_name(verbs: tuple[Verb, ...]) -> Mapping[str, Verb]:
    """Every name that a verb may be called by, folded."""
    return {fold(name): verb for verb in verbs for name in (verb.name, *verb.aliases)}


def _says_something(text: str) -> bool:
    """False for thanks, a greeting and an emoji, which need no answer."""
    return text.strip() == "?" or not all(is_polite(match[0]) for match in _WORD.finditer(text))


def _address(line: Folded, names: Sequence[str]) -> tuple[Folded, str | None]:
    """The line without the prefix or name that calls us, and which of these it was."""
    how = None
    patterns = [pattern for name in names if (pattern := _called(name))]
    fronts = [front for pattern in patterns if (front := re.match(rf" ?{pattern}(?![\w'])[ :,.-]*", line.text))]
    behinds = [
        found for pattern in patterns if (found := re.search(rf"(?<![\w.@]) ?{pattern}[ .!]{{0,5}}$", line.text))
    ]
    if fronts:
        line, how = line.behind(max(front.end() for front in fronts)), "name"
    elif behinds:
        line = line.until(min(behind.start() for behind in behinds))
    prefix = _PREFIX.match(line.text)
    if prefix is None:
        return line, how
    line = line.behind(prefix.end())
    return line, how if how and not line.text else "!!" if prefix["shout"] else prefix["sign"]


def _called(name: str) -> str:
    """A pattern for a display name, also without what stands between brackets behind it, or for a user id."""
    plain = fold(name)
    if plain.startswith("@"):
        local, _, server = plain.partition(":")
        return rf"{re.escape(local)}(?::{re.escape(server)})?"
    short = plain.partition(" (")[0].strip()
    return f"@?(?:{re.escape(plain)}|{re.escape(short)})" if short else ""


def _read_called(line: Line, word: re.Match[str] | None) -> tuple[Verb, Any] | None:
    """What stands behind a prefix. Raises UnknownVerb."""
    text = line.text.text
    if word is not None and word[0] in line.table:
        if line.how == "/" and text[word.end() :].startswith("/"):
            return None  # a path
        return line.read(line.table[word[0]], word.end())
    if status := _read_number(line):
        return status
    if word is None or all(is_polite(match[0]) for match in _WORD.finditer(text)):
        return None
    if line.how == "/" and (word[0] in _CLIENT_WORDS or text[word.end() :].startswith("/")):
        return None
    if question := asked(text, line.place.regions):
        return line.read_as(*question)
    near = nearest(text, line.table)
    typed = echo(line.text.original(0, word.end()))
    if near is None and line.how == "!!":
        return None  # "!! code geel" and "! let op": a shout
    if near is None:
        raise UnknownVerb(typed)
    return line.read_slip(near, typed)


def _read_number(line: Line) -> tuple[Verb, Any] | None:
    """ "!42" asks how it stands with that one; "!42 oppakken" is only suggested the other way round."""
    verb = line.table.get(STATUS)
    if verb is None or _NUMBER.match(line.text.text) is None or is_like_a_verb(line.text.text, line.table):
        return None
    words = line.words(verb, 0)
    which = words.which()
    if which.number is None:
        return None
    behind = _NAME.search(fold(words.text))
    if behind is not None and behind[0] in line.table:
        number = f"{which.region}-{which.number}" if which.region else str(which.number)
        raise UnknownVerb(number, line.meant(line.table[behind[0]], number))
    try:
        return line.read(verb, 0)
    except UnknownWord:
        return None
