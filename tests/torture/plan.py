"""Which kills: the first, middle and last crossing of every point that a clean run found, and random moments."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from tests.torture.deck import Deck
from tests.torture.endurance import MOMENT
from tests.torture.jumps import BY_DAY, Jump
from tests.torture.points import Counts
from tests.torture.victim import Kill

# The parts of a bot's life. In the first of these it does something that it does once.
ONCE = ("empty", "rooms", "first day", "new device")
LADDERS = ("empty", "rooms", "first day", "new device", "backup", "restore", "migration")
STARTS = ("empty", "rooms", "new device", "migration", "boot")
COMMANDS = ("backup", "restore")
SPECIALS = {
    "backup": ("backup",),
    "restore": ("restore", "new device"),
    "migration": ("migration",),
    "month": ("month",),
}
RUNGS = 14  # kills in one ladder
CASES = 10  # rounds of an ordinary day or evening in one episode; in between come the special ones
# In milliseconds, from the beginning of a round or from the start of the process.
LONGEST_MOMENT = {"day": 3000, "evening": 3000, "month": 1000, "boot": 700, "migration": 700}
LONGEST_MOMENT |= {"backup": 150, "restore": 150}  # they take little more
MOMENTS = 0.2  # of the kills in rounds and boots

CaseKind = Literal["day", "evening", "month", "backup", "restore", "migration"]


@dataclass(frozen=True)
class Case:
    """One thing that happens in a region, and the kills of it: one in its midst and others in the starts that follow.

    For a command the kills are those of the command, and then those of the start after it.
    """

    kind: CaseKind
    kills: Sequence[Kill] = ()
    jump: Jump = "none"


@dataclass(frozen=True)
class Script:
    """The kills of one episode: three ladders, climbed start by start, and then a list of cases.

    `has_region` is False for an episode that ends after the first start.
    """

    empty: Sequence[Kill] = ()
    rooms: Sequence[Kill] = ()
    first_day: Sequence[Kill] = ()
    cases: Sequence[Case] = ()
    has_region: bool = True


class Plan:
    """Scripts without end, from what a clean run crossed: phase -> point -> how often.

    Of `workers` that work side by side this is number `worker`: what is the others' turn comes last.
    """

    def __init__(self, crossed: Mapping[str, Counts], dice: random.Random, worker: int = 0, workers: int = 1) -> None:
        self._dice = dice
        self._order = {phase: {point: place for place, point in enumerate(counts)} for phase, counts in crossed.items()}
        self._single = {}
        self._decks = {}

        def is_mine(kill: Kill) -> bool:
            return crc32(f"{kill}".encode()) % workers == worker

        for phase in crossed:
            cards = list(cards_of(phase, crossed))
            alone = [card for card in cards if phase in ONCE and card.nth > 1]
            self._single[phase] = Deck(alone, dice, is_mine)
            self._decks[phase] = Deck([card for card in cards if card not in alone], dice, is_mine)

    @property
    def owed(self) -> int:
        """How many kills were not tried yet."""
        return self._owed_by(*self._decks)

    def scripts(self) -> Iterator[Script]:
        """One episode after another: short ones, which end early in a bot's life, only as long as they are needed."""
        while True:
            if self._owed_by("empty"):
                yield Script(empty=self._ladder("empty"), has_region=False)
            if self._owed_by("rooms"):
                yield Script(rooms=self._ladder("rooms"))
            if not self.owed or self.owed > self._owed_by("empty", "rooms"):
                yield Script((), (), self._ladder("first day"), list(self._cases()))

    def take_back(self, missed: Sequence[Kill], unused: Sequence[Kill]) -> None:
        """These were dealt, and the bot did not die of them."""
        for kill in missed:
            if kill.point != MOMENT:
                self._miss(kill)
        for kill in reversed(unused):
            if kill.point != MOMENT:
                self._deck_of(kill).unused(kill)

    def _miss(self, kill: Kill) -> None:
        """On a ladder, what came before it may have done what it waits for: from now on it is tried alone."""
        deck, single = self._deck_of(kill), self._single[kill.phase]
        if kill.phase in LADDERS and deck is not single:
            deck.move(kill, single)
        else:
            deck.missed(kill)

    def _deck_of(self, kill: Kill) -> Deck:
        single = self._single[kill.phase]
        return single if kill in single else self._decks[kill.phase]

    def _ladder(self, phase: str) -> list[Kill]:
        """Some kills in the order in which their points come: what one start did, the next does not do again.

        A crossing that is not a point's first stands alone, and so does one that did not come on a ladder: what comes
        before it was done by then. There is no ladder while kills of other phases wait to be tried for the first time.
        """
        deck, single = self._decks[phase], self._single[phase]
        if self.owed and not self._owed_by(phase):
            return []
        if single.owed and not deck.owed and (later := single.deal()) is not None:
            return [later]
        dealt = [card for _ in range(RUNGS) if (card := deck.deal()) is not None]
        return sorted(set(dealt), key=lambda kill: (self._order[phase][kill.point], kill.nth))

    def _cases(self) -> Iterator[Case]:
        for number in range(CASES):
            if number % 2 == 0:
                yield Case("evening", self._round("evening"), "two days")
            else:
                yield Case("day", self._round("day"), self._dice.choice(BY_DAY))
            special = max(SPECIALS, key=lambda one: (self._owed_by(*SPECIALS[one]), self._dice.random()))
            if self._owed_by(*SPECIALS[special]) or self._dice.random() < MOMENTS:
                yield self._special(special)

    def _owed_by(self, *phases: str) -> int:
        return sum(self._decks[phase].owed + self._single[phase].owed for phase in phases)

    def _special(self, phase: str) -> Case:
        match phase:
            case "month":
                return Case("month", self._round("month"), "month")
            case "restore":
                return Case("restore", [*self._surprised("restore"), *self._ladder("new device")])
            case "backup":
                return Case("backup", self._surprised("backup"), "minutes")
            case _:
                return Case("migration", self._surprised("migration"))

    def _surprised(self, phase: str) -> list[Kill]:
        ladder = self._ladder(phase)
        return ladder if len(ladder) == 1 else [self._moment(phase), *ladder]

    def _moment(self, phase: str) -> Kill:
        return Kill(phase, MOMENT, self._dice.randrange(LONGEST_MOMENT[phase]))

    def _round(self, kind: str) -> list[Kill]:
        boots = 1 + (self._decks["boot"].owed > self._decks["day"].owed + self._decks["evening"].owed)
        return [self._dealt(kind), *(self._dealt("boot") for _ in range(boots))]

    def _dealt(self, phase: str) -> Kill:
        """A point, or now and then a random moment."""
        dealt = None if self._dice.random() < MOMENTS else self._decks[phase].deal()
        return dealt or self._moment(phase)


def cards_of(phase: str, crossed: Mapping[str, Counts]) -> Iterator[Kill]:
    """The kills to be tried in one part of a bot's life; what every start does is tried in ordinary ones."""
    for point, count in crossed[phase].items():
        is_step = point.startswith("step ")
        if is_step and phase not in (*STARTS, *COMMANDS):
            continue  # a bot that runs already is not watched so closely
        if phase != "boot" and point in crossed["boot"] and (is_step or phase in ("new device", "migration")):
            continue
        at_home = phase == _home(point, crossed)
        if phase == "month" and not at_home:
            continue
        for nth in sorted({1, (count + 1) // 2, count}) if at_home else (1,):
            yield Kill(phase, point, nth)


def _home(point: str, crossed: Mapping[str, Counts]) -> str:
    """Where its later crossings are tried: where it is crossed most often, and best where that comes every day."""
    return max(crossed, key=lambda phase: (phase not in ONCE and point in crossed[phase], crossed[phase].get(point, 0)))
