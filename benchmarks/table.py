"""The table of a run: shown in the terminal, and kept in benchmarks/results.md. Nothing is measured here."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, shown

RESULTS = Path(__file__).with_name("results.md")
PACKAGES = ("matrix-nio", "vodozemac", "matrix-synapse", "SQLAlchemy", "aiosqlite")
COLUMNS = ("", "homeserver alone", "bare nio", "Schakelbot", "ratio", "target", "met")

PREFACE = """# Benchmarks

One run of `make bench`: Schakelbot, a bare nio echo bot and the homeserver alone, side by side and in turns, on one
machine, so that the ratios mean more than the figures. Medians, unless told otherwise. The homeserver is Synapse on
SQLite; the region has ten thousand open zorgvragen and 64 nurses, and the three rooms have the same members.
"homeserver alone" is a client that answers at once and does nothing else, or the bare requests.
"""


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="Schakelbot beside a bare nio bot and the homeserver alone")
    for number, column in enumerate(COLUMNS):
        table.add_column(column, justify="right" if number else "left")
    for figure in figures:
        table.add_row(*_cells(figure), style="red" if figure.met is False else None)
    console.print(table)
    for line in _missed(figures):
        console.print(line)


def keep(figures: Sequence[Figure], taken: datetime, load: float) -> None:
    """Write the table, with what a reader needs to judge it; `load` is how busy the machine was before the run."""
    rows = [COLUMNS, tuple("---" if number == 0 else "---:" for number in range(len(COLUMNS)))]
    rows += [_cells(figure) for figure in figures]
    lines = [PREFACE, f"{_circumstances(taken, load)}\n"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    missed = list(_missed(figures))
    lines += ["", *(missed or ["Every target was met."])]
    RESULTS.write_text("\n".join(lines) + "\n")


def _cells(figure: Figure) -> tuple[str, ...]:
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    met = {True: "yes", False: "no", None: ""}[figure.met]
    values = (shown(value, figure.unit) for value in (figure.alone, figure.nio, figure.ours))
    return (figure.what, *values, ratio, figure.target, met)


def _missed(figures: Sequence[Figure]) -> Iterable[str]:
    for figure in figures:
        if figure.met is False:
            ratio = f", {figure.ratio:.2f} × nio" if figure.ratio is not None else ""
            yield f"- Missed: {figure.what}: {shown(figure.ours, figure.unit)}{ratio}; the target is {figure.target}."


def _circumstances(taken: datetime, load: float) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = f"{os.cpu_count()} cores, load before the run {load:.1f}"
    return f"{taken:%Y-%m-%d}, Python {platform.python_version()}, {packages}; {cores}."
