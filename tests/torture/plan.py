"""Which kills: the first, middle and last crossing of every point that a clean run found, and random moments."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.torture.episode import MOMENT
from tests.torture.load import Round
from tests.torture.points import Counts
from tests.torture.victim import Kill

# The parts of a bot's life. In the first three it does something for the first time.
LADDERS = ("empty", "rooms", "first day")
STARTS = ("empty", "rooms", "boot")
RUNGS = 14  # kills in one ladder
CASES = 12  # rounds in one episode; more would bring it to the time at which old posts are taken away
LONGEST_MOMENT = {"day": 3000, "evening": 3000, "boot": 700}  # milliseconds


@dataclass(frozen=True)
class Script:
    """The kills of one episode: three ladders, climbed start by start, and then a list of rounds."""

    empty: Sequence[Kill]
    rooms: Sequence[Kill]
    first_day: Sequence[Kill]
    cases: Sequence[tuple[Round, Sequence[Kill]]]


@dataclass
class Deck:
    """The kills of one phase, dealt one after another; when all were dealt they are shuffled again.

    Statements come last: there are many of them, and most lie beside a commit, a request or a file.
    """

    cards: Sequence[Kill]
    dice: random.Random
    _left: deque[Kill] = field(default_factory=deque)

    def deal(self) -> Kill | None:
        """The next one; None when the phase has no points."""
        if not self._left:
            shuffled = self.dice.sample(self.cards, len(self.cards))
            self._left.extend(sorted(shuffled, key=lambda kill: kill.is_step))
        return self._left.popleft() if self._left else None


class Plan:
    """Scripts without end, from what a clean run crossed: phase -> point -> how often."""

    def __init__(self, crossed: Mapping[str, Counts], dice: random.Random) -> None:
        self._dice = dice
        self._order = {phase: list(counts) for phase, counts in crossed.items()}
        self._climbed = Counter[str]()
        kills = {phase: list(_kills(phase, counts)) for phase, counts in crossed.items()}
        self._later = {phase: Deck([kill for kill in kills[phase] if kill.nth > 1], dice) for phase in LADDERS}
        self._decks = {
            phase: Deck([kill for kill in cards if phase not in LADDERS or kill.nth == 1], dice)
            for phase, cards in kills.items()
        }

    @property
    def points(self) -> int:
        """How many kills there are to be dealt before one comes again."""
        return sum(len(deck.cards) for decks in (self._decks, self._later) for deck in decks.values())

    def scripts(self) -> Iterator[Script]:
        """One episode after another."""
        while True:
            empty, rooms, first_day = (self._ladder(phase) for phase in LADDERS)
            yield Script(empty, rooms, first_day, [self._case(number) for number in range(1, CASES)])

    def _ladder(self, phase: str) -> list[Kill]:
        """Some kills in the order in which their points come: what one start did, the next does not do again.

        Every third ladder is one crossing that is not a point's first. It stands alone: whatever comes before it is
        done by then, and would never be tried.
        """
        self._climbed[phase] += 1
        if self._climbed[phase] % 3 == 0 and (later := self._later[phase].deal()) is not None:
            return [later]
        dealt = [card for _ in range(RUNGS) if (card := self._decks[phase].deal()) is not None]
        return sorted(dealt, key=lambda kill: self._order[phase].index(kill.point))

    def _case(self, number: int) -> tuple[Round, list[Kill]]:
        kind: Round = "evening" if number % 2 else "day"
        return kind, [self._dealt(kind), self._dealt("boot")]

    def _dealt(self, phase: str) -> Kill:
        """A point, or one time in four a random moment."""
        moment = Kill(phase, MOMENT, self._dice.randrange(LONGEST_MOMENT[phase]))
        return moment if self._dice.random() < 0.25 else self._decks[phase].deal() or moment


def _kills(phase: str, counts: Counts) -> Iterator[Kill]:
    for point, count in counts.items():
        if point.startswith("step ") and phase not in STARTS:
            continue  # a bot that runs already is not watched so closely
        for nth in sorted({1, (count + 1) // 2, count}):
            yield Kill(phase, point, nth)
