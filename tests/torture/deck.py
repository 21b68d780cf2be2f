"""The kills of one part of a bot's life as cards, dealt one after another: each once before one comes again."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Sequence

from tests.torture.victim import Kill

TRIES = 3  # of a kill whose crossing does not come; what is a race may come only now and then


class Deck:
    """`is_mine` tells which cards are this worker's: they come first. Statements come after what lies between them.

    When all were dealt, they are shuffled again.
    """

    def __init__(self, cards: Sequence[Kill], dice: random.Random, is_mine: Callable[[Kill], bool]) -> None:
        self._cards = cards
        self._dice = dice
        self._tried = Counter[Kill]()
        mine, others = self._shuffled(is_mine), self._shuffled(lambda kill: not is_mine(kill))
        self._left = deque([*mine, *others])
        self._owed = set(mine)

    @property
    def owed(self) -> int:
        """How many of our own cards were never dealt, or came back."""
        return len(self._owed)

    def deal(self) -> Kill | None:
        """The next one; None when there are no cards at all."""
        if not self._left:
            self._left.extend(self._shuffled(lambda _: True))
        if not self._left:
            return None
        kill = self._left.popleft()
        self._owed.discard(kill)
        return kill

    def unused(self, kill: Kill) -> None:
        """It came to no turn: it is dealt soon again."""
        self._left.appendleft(kill)
        self._owed.add(kill)

    def missed(self, kill: Kill) -> None:
        """Its crossing did not come: it is tried again, but not for ever."""
        self._tried[kill] += 1
        if kill in self._cards and self._tried[kill] < TRIES:
            self.unused(kill)

    def _shuffled(self, chosen: Callable[[Kill], bool]) -> list[Kill]:
        cards = [card for card in self._cards if chosen(card)]
        return sorted(self._dice.sample(cards, len(cards)), key=lambda kill: (kill.is_step, kill.nth > 1))
