"""Text -> a verb and its command, a Refusal, or None for ordinary chat. Pure: the table of verbs is an argument."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.fold import Folded, fold, fold_line
from commands.nearest import Near, is_like_a_verb, nearest
from commands.verb import Verb
from commands.words import Words, echo, is_polite
from domain.refusals import MissingParts, Refusal, TooLong, UnknownVerb, UnknownWord

HELP, STATUS = "help", "status"
LONGEST_LINE = 2000
_LONGEST_MEANT = 300

_PREFIX = re.compile(r" ?(?P<sign>[!/])[!/]? ?")
_NAME = re.compile(r"[^\W\d_]+")
_VERB = re.compile(rf"{_NAME.pattern}|\?(?!\S)")
_WORD = re.compile(r"[^ ]+")
# "42", "#42", "noord-42": what may stand for a whole command, the question how it is with that one.
_NUMBER = re.compile(r"(?:nr ?)?#?\d|[^\W\d_]{2,}(?:-[^\W\d_]+)* ?- ?#?\d")
# What clients keep for themselves, and send as text when they do not know it.
_CLIENT_WORDS = frozenset({
    "me", "shrug", "tableflip", "unflip", "lenny", "plain", "html", "rainbow", "rainbowme", "spoiler", "join", "part",
    "leave", "invite", "kick", "ban", "unban", "nick", "myroomnick", "topic", "roomname", "msg", "query", "whois",
    "op", "deop", "ignore", "unignore", "devtools", "discardsession", "upgraderoom", "jumptodate", "confetti",
    "snowfall", "fireworks", "hearts", "rainfall", "spaceinvaders", "gif", "poll",
})  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """`line` is what was said without what called us, and `how` that was: "!", "/", "name" or "loose"."""

    line: Folded
    how: str
    table: Mapping[str, Verb]
    now: datetime

    def words(self, verb: Verb, start: int) -> Words:
        """The cursor for this verb, on what stands from position `start`."""
        return Words(verb.name, self.line.original(start), self.now)

    def meant(self, verb: Verb, rest: str) -> str:
        """The line as it was perhaps meant; only its beginning when it is long."""
        line = f"!{verb.name} {rest.lstrip(' -:')}".strip()
        return line if len(line) <= _LONGEST_MEANT else f"!{verb.name} …"


def parse(
    text: str, verbs: Sequence[Verb], local_now: datetime, *, names: Sequence[str] = (), loose: bool = False
) -> tuple[Verb, Any] | None:
    """What somebody asks of us, read; None for ordinary chat. `local_now` is aware, on the region's clock.

    A command begins with "!" or "/", with one of `names`, or, when `loose` (one to one, a reply, a thread, a mention),
    with a verb. A verb that changes nothing is guessed from a typing error; any other is only suggested.
    Raises UnknownVerb, TooLong, and whatever the verb's own `read` refuses.
    """
    line, how = _address(fold_line(text[: LONGEST_LINE + 1]), names)
    if how is None and not loose:
        return None
    table = {fold(name): verb for verb in verbs for name in (verb.name, *verb.aliases)}
    said = _Said(line, how or "loose", table, local_now)
    if how == "name" and not line.text.strip(" :,.!?"):
        return _read_help(said)
    word = _VERB.match(line.text)
    if word is None or word[0] not in table or (how is None and word[0] == "?"):
        return _read_unknown(said)
    if how == "/" and line.text[word.end() :].startswith("/"):
        return None  # a path
    if len(text) > LONGEST_LINE:
        raise TooLong(LONGEST_LINE)
    return _read_loosely(said, word) if how is None else _read(said, table[word[0]], word.end())


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
    if prefix := _PREFIX.match(line.text):
        return line.behind(prefix.end()), how or prefix["sign"]
    return line, how


def _called(name: str) -> str:
    """A pattern for a display name, also without what stands between brackets behind it, or for a user id."""
    plain = fold(name)
    if plain.startswith("@"):
        local, _, server = plain.partition(":")
        return rf"{re.escape(local)}(?::{re.escape(server)})?"
    short = plain.partition(" (")[0].strip()
    return f"@?(?:{re.escape(plain)}|{re.escape(short)})" if short else ""


def _read(said: _Said, verb: Verb, start: int) -> tuple[Verb, Any]:
    return verb, verb.read(said.words(verb, start))


def _read_help(said: _Said) -> tuple[Verb, Any] | None:
    return _read(said, said.table[HELP], len(said.line.text)) if HELP in said.table else None


def _read_loosely(said: _Said, word: re.Match[str]) -> tuple[Verb, Any] | None:
    """Without a prefix, everyday words are verbs only when the whole line is a command: not in "terug naar huis".

    A number makes it one, and so does the full name of a verb that changes something.
    """
    verb = said.table[word[0]]
    words = said.words(verb, word.end())
    is_name = verb.changes and word[0] == fold(verb.name)
    try:
        command = verb.read(words)
        if not is_name:
            words.end()
    except (UnknownWord, MissingParts):
        if is_name or words.number is not None:
            raise
        return None
    return None if words.bare_reason and not is_name else (verb, command)


def _read_unknown(said: _Said) -> tuple[Verb, Any] | None:
    """No verb in front: a number alone, a typing error, politeness, or chat. Raises UnknownVerb."""
    line = said.line
    if said.how != "loose" and (status := _read_number(said)):
        return status
    word = _VERB.match(line.text)
    if word is None and said.how != "name":
        return None
    if all(is_polite(match[0]) for match in _WORD.finditer(line.text)):
        return None
    if word is None or (said.how == "/" and _is_for_client(line, word)):
        return None
    near = nearest(line.text, said.table)
    if said.how == "loose" and (near is None or not _names_a_number(said, near)):
        return None
    typed = echo(line.original(0, word.end()))
    if near is None:
        raise UnknownVerb(typed)
    mistaken = UnknownVerb(typed, said.meant(near.verb, line.original(near.end)))
    if near.verb.changes or not near.is_close:
        raise mistaken
    try:
        return _read(said, near.verb, near.end)
    except Refusal:
        raise mistaken from None


def _names_a_number(said: _Said, near: Near) -> bool:
    """Without a prefix, "oppaken 42" is a slip and "ik pak 42" is meant for us, but "ik pak 42 niet" is chat."""
    words = said.words(near.verb, near.end)
    if words.which().number is None:
        return False
    try:
        if not near.is_close:
            words.end()
    except UnknownWord:
        return False
    return True


def _is_for_client(line: Folded, word: re.Match[str]) -> bool:
    return word[0] in _CLIENT_WORDS or line.text[word.end() :].startswith("/")


def _read_number(said: _Said) -> tuple[Verb, Any] | None:
    """ "!42" asks how it stands with that one; "!42 oppakken" is only suggested the other way round."""
    verb = said.table.get(STATUS)
    if verb is None or _NUMBER.match(said.line.text) is None or is_like_a_verb(said.line.text, said.table):
        return None
    words = said.words(verb, 0)
    which = words.which()
    if which.number is None:
        return None
    behind = _NAME.search(fold(words.text))
    if behind is not None and behind[0] in said.table:
        number = f"{which.region}-{which.number}" if which.region else str(which.number)
        raise UnknownVerb(number, said.meant(said.table[behind[0]], number))
    try:
        return _read(said, verb, 0)
    except UnknownWord:
        return None
