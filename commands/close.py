"""!afronden 42: the care has started."""

from __future__ import annotations

from dataclasses import dataclass

from commands.language.words import Which, Words
from commands.verb import EVERYBODY, Asked, Verb
from domain.announcements import PostChanged
from domain.audience import RegionRoom
from storage.work import Work


@dataclass(frozen=True)
class Close:
    """The care of this zorgvraag has started."""

    which: Which


def read(words: Words) -> Close:
    """A number, or nothing under a post."""
    which = words.which()
    words.end()
    return Close(which)


async def run(command: Close, asked: Asked, work: Work) -> None:
    """Only its claimant or a coordinator may."""
    zorgvraag, region, member = await asked.zorgvraag(command.which, work, VERB.name)
    closed = zorgvraag.close(member, asked.now)
    await work.zorgvragen.save(zorgvraag)
    await work.outbox.put(RegionRoom(region.id), closed, asked.now)
    await work.outbox.put(RegionRoom(region.id), PostChanged(zorgvraag.id), asked.now)
    await asked.confirm(zorgvraag, work)
    await work.journal.write(VERB.name, member.user_id, asked.now, region_id=region.id, zorgvraag_id=zorgvraag.id)


VERB = Verb("afronden", ("klaar", "afgerond", "gestart", "sluiten", "close"), EVERYBODY, read, run, numbered=True)
