"""!intrekken 42 reden: the zorgvraag is no longer needed."""

from __future__ import annotations

from dataclasses import dataclass

from commands.details import take_back_details
from commands.free_text import must_be_anonymous
from commands.language.words import Which, Words
from commands.verb import COORDINATORS, Asked, Verb
from domain.announcements import PostChanged
from domain.audience import RegionRoom
from storage.work import Work


@dataclass(frozen=True)
class Withdraw:
    """Nobody needs to take this zorgvraag any more."""

    which: Which
    reason: str | None = None


def read(words: Words) -> Withdraw:
    """A number, or nothing under a post; what follows is the reason."""
    return Withdraw(words.which(), words.rest())


async def run(command: Withdraw, asked: Asked, work: Work) -> None:
    """Coordinators only, open or claimed alike."""
    must_be_anonymous(asked.now, command.reason)
    zorgvraag, region, member = await asked.zorgvraag(command.which, work, VERB.name)
    VERB.allow(member)
    withdrawn = zorgvraag.withdraw(member, command.reason, asked.now)
    await work.zorgvragen.save(zorgvraag)
    if zorgvraag.claimed_by is not None:
        await take_back_details(zorgvraag, zorgvraag.claimed_by, work, asked.now)
    await work.outbox.put(RegionRoom(region.id), withdrawn, asked.now)
    await work.outbox.put(RegionRoom(region.id), PostChanged(zorgvraag.id), asked.now)
    await asked.confirm(zorgvraag, work, reason=command.reason)
    await work.journal.write(VERB.name, member.user_id, asked.now, region_id=region.id, zorgvraag_id=zorgvraag.id)


VERB = Verb("intrekken", ("ingetrokken", "vervalt", "annuleren", "withdraw"), COORDINATORS, read, run, numbered=True)
