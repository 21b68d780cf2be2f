"""What people did, and what should therefore be: the model that the rooms and the database are compared with."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

STEP = timedelta(hours=48)  # after so long, and each time after as long again, an open zorgvraag is posted again
DOUBT = timedelta(minutes=15)  # what lies so close to a step may be posted a moment earlier or later

State = Literal["open", "claimed", "closed", "withdrawn"]


def word() -> str:
    """A word that nobody has said before, of letters only: no number that may look like personal data."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))


@dataclass
class Request:
    """One zorgvraag, told apart by the `token` in its note. `verbs` is its history: (verb, who may have done it).

    `opened` is since when it is open by the bot's clock, as far as that is known.
    """

    token: str
    secret: str | None = None
    number: int | None = None
    state: State = "open"
    holder: str | None = None
    hand: str | None = None  # the reaction that claimed it
    verbs: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    lost_races: int = 0
    hesitant: list[str] = field(default_factory=list)  # who gave it back at once
    least_reposts: int = 0
    most_reposts: int = 0
    is_touched: bool = True
    is_erased: bool = False
    opened: datetime | None = None

    def did(self, verb: str, *names: str) -> None:
        """One of these people did this."""
        self.verbs.append((verb, frozenset(names)))
        self.is_touched = True

    def count(self, verb: str) -> int:
        """How often it was done."""
        return sum(done == verb for done, _ in self.verbs)

    def time_passed(self, before: datetime, after: datetime) -> None:
        """The clock went from one moment to a later one at once: however many steps lie between, they are one post."""
        if self.opened is None:
            self.most_reposts += self.is_touched and after - before >= STEP - DOUBT
            return
        self.most_reposts += _steps(self.opened, after + DOUBT) > _steps(self.opened, before - DOUBT)
        is_sure = _steps(self.opened, after - DOUBT) > _steps(self.opened, before + DOUBT)
        self.least_reposts += is_sure and not self.is_touched


def _steps(opened: datetime, moment: datetime) -> int:
    return max(0, (moment - opened) // STEP)


@dataclass
class Ledger:
    """All of one episode. Event ids are those of what people said."""

    requests: list[Request] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lights: list[str] = field(default_factory=list)
    leaks: list[tuple[str, str, str]] = field(default_factory=list)  # (event id, who, token)
    accepted: dict[str, int] = field(default_factory=dict)  # token -> the number that the HTTP door answered
    wrong_answers: list[str] = field(default_factory=list)
    latest: datetime = datetime(2000, 1, 1, tzinfo=UTC)  # that the bot's clock ever said

    def in_state(self, state: State) -> Iterator[Request]:
        """Those that rest in this state and whose number is known."""
        return (one for one in self.requests if one.state == state and one.number is not None and not one.is_touched)

    def time_passed(self, before: datetime, after: datetime) -> None:
        """The bot's clock was moved. What it was ahead of once is no news to it."""
        self.latest = max(self.latest, before)
        if after > self.latest:
            for one in self.requests:
                one.time_passed(self.latest, after)
            self.latest = after

    def month_passed(self) -> None:
        """More time than what ended is kept for: its words are gone, and what was heard so long ago is forgotten."""
        self.commands.clear()
        for one in self.requests:
            one.is_erased |= one.state in ("closed", "withdrawn") and not one.is_touched

    def settle(self, holders: dict[str, str], numbers: dict[str, int], opened: dict[str, datetime]) -> None:
        """The region has come to rest: who won which race, which numbers were given out, what is open since when."""
        for one in self.requests:
            if one.is_erased:
                continue
            one.number = numbers[one.token]
            one.opened = opened.get(one.token)
            if one.state == "claimed":
                one.holder = holders[one.token]
            one.is_touched = False
