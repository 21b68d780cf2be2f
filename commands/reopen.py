"""!heropenen 42: it was finished or withdrawn by mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commands.details import take_back_details
from commands.language.words import Which, Words
from commands.verb import EVERYBODY, Asked, Verb
from domain.announcements import PostChanged, Restored
from domain.audience import RegionRoom
from domain.refusals import Erased
from storage.work import Work

_MAKE = re.compile(r" ?maken(?!\w)")


@dataclass(frozen=True)
class Reopen:
    """The end of this zorgvraag was a mistake."""

    which: Which


def read(words: Words) -> Reopen:
    """A number, or nothing under a post; "maken" as in "ongedaan maken"."""
    words.take(_MAKE)
    which = words.which()
    words.take(_MAKE)
    words.end()
    return Reopen(which)


async def run(command: Reopen, asked: Asked, work: Work) -> None:
    """Its claimant gets back what was finished; a coordinator also opens what was withdrawn. Raises Erased."""
    zorgvraag, region, member = await asked.zorgvraag(command.which, work, VERB.name)
    claimant = zorgvraag.claimed_by
    has_left = claimant is not None and claimant not in await work.people.members(region.id)
    told = zorgvraag.undo_end(member, region, asked.now, has_left=has_left)
    if await work.agenda.is_erased(zorgvraag):
        raise Erased(zorgvraag.id)
    await work.zorgvragen.save(zorgvraag)
    if isinstance(told, Restored):
        await work.agenda.record_round(zorgvraag, asked.now)
    if has_left and claimant is not None:
        await take_back_details(zorgvraag, claimant, work, asked.now)
    await work.outbox.put(RegionRoom(region.id), told, asked.now)
    await work.outbox.put(RegionRoom(region.id), PostChanged(zorgvraag.id), asked.now)
    await asked.confirm(zorgvraag, work)
    await work.journal.write(VERB.name, member.user_id, asked.now, region_id=region.id, zorgvraag_id=zorgvraag.id)


VERB = Verb("heropenen", ("heropen", "ongedaan", "terugdraaien", "undo", "reopen"), EVERYBODY, read, run, numbered=True)
