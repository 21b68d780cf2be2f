"""What people did, and what should therefore be: the model that the rooms and the database are compared with."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

State = Literal["open", "claimed", "closed", "withdrawn"]


def word() -> str:
    """A word that nobody has said before, of letters only: no number that may look like personal data."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))


@dataclass
class Request:
    """One zorgvraag, told apart by the `token` in its note. `verbs` is its history: (verb, who may have done it)."""

    token: str
    secret: str | None = None
    number: int | None = None
    state: State = "open"
    holder: str | None = None
    hand: str | None = None  # the reaction that claimed it
    verbs: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    lost_races: int = 0
    least_reposts: int = 0
    most_reposts: int = 0
    is_touched: bool = True

    def did(self, verb: str, *names: str) -> None:
        """One of these people did this."""
        self.verbs.append((verb, frozenset(names)))
        self.is_touched = True

    def count(self, verb: str) -> int:
        """How often it was done."""
        return sum(done == verb for done, _ in self.verbs)


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

    def in_state(self, state: State) -> Iterator[Request]:
        """Those that rest in this state and whose number is known."""
        return (one for one in self.requests if one.state == state and one.number is not None and not one.is_touched)

    def time_passed(self) -> None:
        """More than 48 hours passed at once: what was and stays open is posted again exactly once."""
        for one in self.requests:
            if one.state == "open" or one.is_touched:
                one.most_reposts += 1
                one.least_reposts += not one.is_touched

    def settle(self, holders: dict[str, str], numbers: dict[str, int]) -> None:
        """The region has come to rest: who won which race, and which numbers were given out."""
        for one in self.requests:
            one.number = numbers[one.token]
            if one.state == "claimed":
                one.holder = holders[one.token]
            one.is_touched = False
