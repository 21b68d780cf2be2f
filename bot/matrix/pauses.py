"""Whom to leave alone for a while, since it went wrong with them just now. Nothing is kept over a restart."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Pauses(Generic[K]):
    """Whoever is in it is left alone, first for `first_ms`, each time twice as long as the last, up to `longest_ms`.

    A clock that is put back ends all pauses. What ended `longest_ms` ago is forgotten, so that it cannot grow for ever.
    """

    def __init__(self, now_ms: Callable[[], int], first_ms: int, longest_ms: int | None = None) -> None:
        self._now_ms = now_ms
        self._first_ms = first_ms
        self._longest_ms = first_ms if longest_ms is None else longest_ms
        self._begun: dict[K, tuple[int, int]] = {}  # when, and for how long

    def __contains__(self, one: K) -> bool:
        began, span = self._begun.get(one, (0, 0))
        return 0 <= self._now_ms() - began < span

    def __len__(self) -> int:
        return sum(one in self for one in self._begun)

    def begin(self, those: Iterable[K]) -> None:
        """Leave them alone from now on."""
        now = self._now_ms()
        self._begun = {
            one: (began, span) for one, (began, span) in self._begun.items() if now - began < span + self._longest_ms
        }
        for one in those:
            _, before = self._begun.get(one, (0, 0))
            self._begun[one] = (now, min(2 * before, self._longest_ms) if before else self._first_ms)

    def end(self, one: K) -> None:
        """It went well, or there is reason to think that it would."""
        self._begun.pop(one, None)
