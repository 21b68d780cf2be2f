"""What was measured: one figure is one line of the table. No measuring here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Unit = Literal["ms", "s", "MB", "lost", "events"]


@dataclass(frozen=True)
class Figure:
    """One quantity for the three that are compared, where it makes sense; `target` is a promise about `ours`."""

    what: str
    unit: Unit
    ours: float
    nio: float | None = None
    alone: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours beside bare nio's."""
        return self.ours / self.nio if self.nio else None


def shown(value: float | None, unit: Unit) -> str:
    """A value as the table shows it."""
    if value is None:
        return ""
    if unit == "s":
        return f"{value:.2f} s"
    return f"{value:.0f}" if unit in ("lost", "events") else f"{value:.0f} {unit}"


def middle(values: Sequence[float]) -> float:
    """The median, which one busy moment of the machine does not move."""
    return median(values)


def slow(values: Sequence[float]) -> float:
    """The value that nine in ten do not exceed."""
    return sorted(values)[-(-9 * len(values) // 10) - 1]
