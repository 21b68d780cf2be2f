"""!open: what nobody has claimed yet."""

from __future__ import annotations

from dataclasses import dataclass

from commands.verb import EVERYBODY, Asked, Verb
from commands.words import Words
from domain.announcements import OpenList
from storage.work import Work


@dataclass(frozen=True)
class Open:
    """Show what is open."""


def read(words: Words) -> Open:
    """No further words."""
    words.end()
    return Open()


async def run(command: Open, asked: Asked, work: Work) -> None:
    """For everybody of the region."""
    region, _ = await asked.place(work)
    await asked.tell(OpenList(), work, region)


VERB = Verb("open", ("lijst", "openstaand"), EVERYBODY, read, run, changes=False)
