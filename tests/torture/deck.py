"""The kills of one part of a bot's life as cards, dealt one after another: each once before one comes again."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Iterable

from tests.torture.victim import Kill

TRIES = 3  # of a kill whose crossing does not come; what is a race may come only now and then


class Deck:
    """`is_mine` tells which cards are this worker's: they come first. Statements come after what lies between them.

    When all were dealt, they are shuffled again.
    """

    def __init__(self, cards: Iterable[Kill], dice: random.Random, is_mine: Callable[[Kill], bool]) -> None:
        self._cards = list(cards)
        self._dice = dice
        self._tried = Counter[Kill]()
        self._dealt = Counter[Kill]()  # how often; what came back was not
        mine, others = self._shuffled(is_mine), self._shuffled(lambda kill: not is_mine(kill))
        self._left = deque([*mine, *others])
        self._mine = set(mine)
        self._owed = set(mine)

    def __contains__(self, kill: object) -> bool:
        return kill in self._cards

    @property
    def owed(self) -> int:
        """How many of our own cards were never dealt, or came back each time."""
        return len(self._owed)

    def deal(self) -> Kill | None:
        """The next one; None when there are no cards at all."""
        if not self._left:
            self._left.extend(self._shuffled(lambda _: True))
        if not self._left:
            return None
        kill = self._left.popleft()
        self._dealt[kill] += 1
        self._owed.discard(kill)
        return kill

    def unused(self, kill: Kill) -> None:
        """It came to no turn: it is dealt soon again."""
        self._left.appendleft(kill)
        self._dealt[kill] -= 1
        if kill in self._mine and not self._dealt[kill]:
            self._owed.add(kill)

    def missed(self, kill: Kill) -> None:
        """Its crossing did not come: it is tried again, but not for ever."""
        self._tried[kill] += 1
        if self._tried[kill] < TRIES:
            self.unused(kill)

    def move(self, kill: Kill, other: Deck) -> None:
        """Its crossing did not come where this deck's are tried: it is one of the other's from now on."""
        self._cards.remove(kill)
        other._cards.append(kill)
        if kill in self._mine:
            other._mine.add(kill)
            other._owed.add(kill)
            other._left.appendleft(kill)

    def _shuffled(self, chosen: Callable[[Kill], bool]) -> list[Kill]:
        cards = [card for card in self._cards if chosen(card)]
        return sorted(self._dice.sample(cards, len(cards)), key=lambda kill: (kill.is_step, kill.nth > 1))
