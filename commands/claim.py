"""!oppakken 42, or a hand under the post: exactly one nurse gets the zorgvraag."""

from __future__ import annotations

from dataclasses import dataclass

from commands.details import give_details
from commands.language.words import Which, Words
from commands.verb import NURSES, Asked, Verb
from domain.announcements import PostChanged
from domain.audience import RegionRoom
from storage.work import Work


@dataclass(frozen=True)
class Claim:
    """Take this zorgvraag."""

    which: Which


def read(words: Words) -> Claim:
    """A number, or nothing under a post."""
    which = words.which()
    words.end()
    return Claim(which)


async def run(command: Claim, asked: Asked, work: Work) -> None:
    """The first one wins; who comes later hears who that was. The details go to the winner alone."""
    zorgvraag, region, nurse = await asked.zorgvraag(command.which, work, VERB.name)
    VERB.allow(nurse)
    claimed = zorgvraag.claim(nurse, asked.now)
    await work.zorgvragen.save(zorgvraag)
    await give_details(zorgvraag, nurse.user_id, work, asked.now)
    await work.outbox.put(RegionRoom(region.id), claimed, asked.now)
    await work.outbox.put(RegionRoom(region.id), PostChanged(zorgvraag.id), asked.now)
    await asked.confirm(zorgvraag, work)
    await work.journal.write(VERB.name, nurse.user_id, asked.now, region_id=region.id, zorgvraag_id=zorgvraag.id)


VERB = Verb("oppakken", ("claim", "claimen", "pak", "aannemen", "neem"), NURSES, read, run, numbered=True)
