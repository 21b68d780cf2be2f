"""`python -m tests.torture`: kill the bot a thousand times, print what became of it, and keep that in docs/."""

from __future__ import annotations

import asyncio
import multiprocessing
import platform
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.torture.bad_network import FAULTS, HANGING
from tests.torture.campaign import run_campaign
from tests.torture.clean_run import discover
from tests.torture.plan import cards_of
from tests.torture.tally import Tally

KEPT = Path("docs/torture-last-run.md")

console = Console()


def torture(
    kills: Annotated[int, typer.Option(help="At least so many kills, and each planned one once.")] = 1000,
    seconds: Annotated[float, typer.Option(help="Stop after so many seconds, however many kills there were.")] = 7200,
    workers: Annotated[int, typer.Option(help="Homeservers with bots that suffer side by side.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="A folder for the remains of episodes that broke.")] = None,
    write: Annotated[bool, typer.Option(help=f"Write the table to {KEPT}.")] = True,
) -> None:
    """Kill the bot at every point that it crosses and at random moments; exit 1 when anything was lost or doubled."""
    began = datetime.now(UTC)
    crossed = asyncio.run(discover())
    whole = Tally()
    whole.plan(kill for phase in crossed for kill in cards_of(phase, crossed))
    whole.known.update(kill.point for kill in whole.planned)
    console.print(
        f"{len(whole.known)} points in {len(crossed)} parts of a bot's life; {len(whole.planned)} kills to try"
    )
    suffer = partial(run_campaign, kills, seconds, keep, crossed, workers, seed)
    if workers == 1:
        whole.add(suffer(0))
    else:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            for tally in pool.map(suffer, range(workers)):
                whole.add(tally)
    console.print(whole.table())
    for story in whole.stories:
        console.print(story, highlight=False, markup=False)
    took = datetime.now(UTC) - began
    if write:
        KEPT.write_text(_report(whole, began, took.total_seconds(), workers, seed))
    raise typer.Exit(1 if whole.stories else 0)


def _report(tally: Tally, began: datetime, seconds: float, workers: int, seed: int) -> str:
    whole = tally.total
    return f"""# The last long run of `make torture`

{began:%d %B %Y}, {seconds / 60:.0f} minutes, {workers} worker(s), seed {seed}, Python {platform.python_version()}:
**{tally.kills} kills with -9, lost {whole.lost}, doubled {whole.doubled}, wrong {whole.wrong}**.
{tally.missed} more were armed at a crossing that did not come. While nobody was killed, the network failed
{whole.times - tally.kills} times, in {len(FAULTS) + len(HANGING)} ways.
It died at {len(tally.known & tally.hit)} of the {len(tally.known)} points that a clean run found{_but(tally)}.
Of the {len(tally.planned)} crossings that were planned it died at {len(tally.planned & tally.done)}. Planned is the
first crossing of each point in each part of a bot's life, and the middle and the last where it is crossed most often.

The silence is the time from the kill, or from the last word that people said if that was later, until everything was
said and read by everybody. Kills come in rows, up to 14 starts long, and the silence of each spans those after it.

{tally.markdown()}"""


def _but(tally: Tally) -> str:
    return f", all but: {'; '.join(f'`{point}`' for point in tally.spared())}" if tally.spared() else ""


if __name__ == "__main__":
    typer.run(torture)
