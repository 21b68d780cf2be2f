"""!overzicht: the digest as it stands now, for coordinators."""

from __future__ import annotations

from dataclasses import dataclass

from commands.language.words import Words
from commands.verb import COORDINATORS, Asked, Verb
from domain.announcements import Overview as OverviewTold
from storage.work import Work


@dataclass(frozen=True)
class Overview:
    """Show the digest now."""


def read(words: Words) -> Overview:
    """No further words."""
    words.end()
    return Overview()


async def run(command: Overview, asked: Asked, work: Work) -> None:
    """Coordinators only, of each region that they coordinate."""
    places = await asked.everywhere(work)
    coordinated = [region for region, member in places if member.is_any(VERB.roles)]
    if not coordinated:
        VERB.allow(places[0][1])
    for region in coordinated:
        await asked.tell(OverviewTold(), work, region)


VERB = Verb("overzicht", ("digest", "overview"), COORDINATORS, read, run, changes=False)
