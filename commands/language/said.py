"""A line that was said, where, and to whom: what every way of reading one needs. Nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.language.fold import Folded, fold
from commands.language.nearest import Near
from commands.language.several import numbers_behind
from commands.language.words import Words
from commands.verb import Verb
from domain.refusals import OneAtATime, Refusal, UnknownVerb

CLAIM, HELP, STATUS = "oppakken", "help", "status"
VERB = re.compile(r"[^\W\d_]+|\?(?!\S)")
_LONGEST_MEANT = 300


@dataclass(frozen=True)
class Place:
    """Where something was said.

    `to_us`: one to one, or mentioning us. `about_one`: in answer to what we said about one zorgvraag. `offered` is its
    number when that asked for somebody to take it, and `hint` is false for who could not take anything here now.
    `regions` are the folded names of regions that may stand before a number without a prefix. `may_mean` names the
    verbs without a number that are the sender's work: a whole line of one is asked back when its prefix is missing.
    `alone`: one to one, where no line was meant for anybody else.
    """

    to_us: bool = False
    about_one: bool = False
    offered: int | None = None
    hint: bool = True
    regions: frozenset[str] = frozenset()
    may_mean: frozenset[str] = frozenset()
    alone: bool = False


@dataclass(frozen=True)
class Line:
    """`text` is what was said without what called us; `how` is that: "!", "!!", "/", "name", or None for nothing."""

    text: Folded
    how: str | None
    place: Place
    table: Mapping[str, Verb]
    now: datetime

    @property
    def to_us(self) -> bool:
        """Whether it was said to nobody but us."""
        return self.place.to_us or self.how is not None

    def words(self, verb: Verb, start: int) -> Words:
        """The cursor for this verb, on what stands from position `start`. Raises OneAtATime for several numbers."""
        words = Words(verb.name, self.text.original(start), self.now)
        if several := numbers_behind(verb, words):
            raise OneAtATime(several)
        return words

    def read(self, verb: Verb, start: int) -> tuple[Verb, Any]:
        """The verb and its command, as its own `read` makes it of what stands from position `start`."""
        return verb, verb.read(self.words(verb, start))

    def read_as(self, name: str, rest: str) -> tuple[Verb, Any] | None:
        """The verb `name` with `rest` behind it, in place of what was typed; None when there is no such verb."""
        verb = self.table.get(fold(name))
        return None if verb is None else (verb, verb.read(Words(verb.name, rest, self.now)))

    def read_slip(self, near: Near, typed: str) -> tuple[Verb, Any]:
        """The verb that was perhaps meant: guessed when it changes nothing. Raises UnknownVerb with a suggestion."""
        mistaken = UnknownVerb(typed, self.meant(near.verb, self.text.original(near.end)))
        if near.verb.changes or not near.is_close:
            raise mistaken
        try:
            return self.read(near.verb, near.end)
        except Refusal:
            raise mistaken from None

    def meant(self, verb: Verb, rest: str) -> str:
        """The line as it was perhaps meant; only its beginning when it is long."""
        line = f"!{verb.name} {rest.lstrip(' -:')}".strip()
        return line if len(line) <= _LONGEST_MEANT else f"!{verb.name} …"
