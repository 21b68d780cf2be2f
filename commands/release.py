"""!vrijgeven 42 reden, or taking the hand away: the zorgvraag is open again and posted again at once."""

from __future__ import annotations

from dataclasses import dataclass

from commands.details import take_back_details
from commands.free_text import must_be_anonymous
from commands.language.words import Which, Words
from commands.verb import EVERYBODY, Asked, Verb
from domain.audience import RegionRoom
from storage.work import Work


@dataclass(frozen=True)
class Release:
    """Give this zorgvraag back, perhaps with a reason that colleagues may read."""

    which: Which
    reason: str | None = None


def read(words: Words) -> Release:
    """A number, or nothing under a post; what follows is the reason."""
    return Release(words.which(), words.rest())


async def run(command: Release, asked: Asked, work: Work) -> None:
    """Only its claimant or a coordinator may."""
    must_be_anonymous(asked.now, command.reason)
    zorgvraag, region, member = await asked.zorgvraag(command.which, work, VERB.name)
    reopened = zorgvraag.release(member, command.reason, region, asked.now)
    await work.zorgvragen.save(zorgvraag)
    await take_back_details(zorgvraag, reopened.claimant, work, asked.now)
    await work.agenda.record_round(zorgvraag, asked.now)
    await work.outbox.put(RegionRoom(region.id), reopened, asked.now)
    await asked.confirm(zorgvraag, work, reason=command.reason)
    await work.journal.write(VERB.name, member.user_id, asked.now, region_id=region.id, zorgvraag_id=zorgvraag.id)


VERB = Verb("vrijgeven", ("terug", "teruggeven", "loslaten", "release"), EVERYBODY, read, run, numbered=True)
