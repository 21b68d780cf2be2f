"""What the kills did: for each fault point how often, what was lost or doubled, and the longest silence. No judging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.table import Column, Table

from tests.torture.judge import Finding
from tests.torture.victim import Kill

NETWORK = "network"  # the phase of faults at which nobody is killed
HEADINGS = ("phase", "fault point", "times", "lost", "doubled", "wrong", "longest silence (s)")


@dataclass
class Line:
    """One fault point: how often it was injected, and what came of it.

    `silence` in seconds: from the kill, or from the last word of the people, until all was said.
    """

    times: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    silence: float = 0.0

    def add(self, other: Line) -> None:
        """Both together."""
        self.times += other.times
        self.lost += other.lost
        self.doubled += other.doubled
        self.wrong += other.wrong
        self.silence = max(self.silence, other.silence)

    def cells(self) -> tuple[str, ...]:
        """As a table shows it."""
        return str(self.times), str(self.lost), str(self.doubled), str(self.wrong), f"{self.silence:.1f}"


@dataclass
class Tally:
    """All lines, by (phase, point). `stories` tell each finding; `missed` counts kills whose point was not crossed.

    `known` are all points that are to be tried, and `hit` those where it died; `planned` and `done` the same for kills.
    """

    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    stories: list[str] = field(default_factory=list)
    missed: int = 0
    known: set[str] = field(default_factory=set)
    hit: set[str] = field(default_factory=set)
    planned: set[Kill] = field(default_factory=set)
    done: set[Kill] = field(default_factory=set)

    @property
    def total(self) -> Line:
        """Everything together."""
        whole = Line()
        for line in self.lines.values():
            whole.add(line)
        return whole

    @property
    def kills(self) -> int:
        """How often it was killed."""
        return sum(line.times for (phase, _), line in self.lines.items() if phase != NETWORK)

    def killed(self, kill: Kill, silence: float) -> None:
        """It died there, and all was said so many seconds later."""
        self._line(kill).add(Line(times=1, silence=silence))
        self.hit.add(kill.point)
        self.done.add(kill)

    def suffered(self, fault: Kill, times: int, silence: float) -> None:
        """A fault of the network happened so often, and all was said so many seconds after people had spoken."""
        self._line(fault).add(Line(times=times, silence=silence))

    def plan(self, kills: Iterable[Kill]) -> None:
        """These are to be tried."""
        self.planned.update(kills)

    def found(self, kills: list[Kill], findings: list[Finding]) -> None:
        """This was found after these kills; it is counted once, at the last of them."""
        after = kills[-1] if kills else Kill("-", "no kill at all", 1)
        line = self._line(after)
        for finding in findings:
            setattr(line, finding.kind, getattr(line, finding.kind) + 1)
        where = "; ".join(f"{kill.phase}: {kill.point} ({kill.nth})" for kill in kills) or after.point
        self.stories += [f"{finding.kind}: {finding.what} [after {where}]" for finding in findings]

    def add(self, other: Tally) -> None:
        """What another worker found."""
        for key, line in other.lines.items():
            self.lines.setdefault(key, Line()).add(line)
        self.stories += other.stories
        self.missed += other.missed
        self.known |= other.known
        self.hit |= other.hit
        self.planned |= other.planned
        self.done |= other.done

    def spared(self) -> list[str]:
        """The points at which it never died."""
        return sorted(self.known - self.hit)

    def rows(self) -> Iterable[tuple[str, ...]]:
        """The body of the table, and its last line."""
        for (phase, point), line in sorted(self.lines.items()):
            yield (phase, point, *line.cells())
        yield ("all", f"{len(self.lines)} lines", *self.total.cells())

    def table(self) -> Table:
        """For a terminal."""
        phase, point, *numbers = HEADINGS
        table = Table(phase, Column(point, overflow="fold"), *(Column(name, justify="right") for name in numbers))
        for row in self.rows():
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """For a file."""
        lines = [f"| {' | '.join(HEADINGS)} |", "|" + "---|" * len(HEADINGS)]
        lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in self.rows()]
        return "\n".join([*lines, "", *(f"- {story}" for story in self.stories), ""])

    def _line(self, kill: Kill) -> Line:
        """The statements of one file share a line."""
        point = f"each step of {kill.point.split()[1].partition(':')[0]}" if kill.is_step else kill.point
        return self.lines.setdefault((kill.phase, point), Line())
