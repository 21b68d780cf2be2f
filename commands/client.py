"""!gegevens 42: who the client is, told again to the claimant alone."""

from __future__ import annotations

from dataclasses import dataclass

from commands.details import give_details
from commands.language.words import Which, Words
from commands.verb import NURSES, Asked, Verb
from domain.refusals import NoDetails
from storage.work import Work


@dataclass(frozen=True)
class Client:
    """Tell me who the client of this zorgvraag is."""

    which: Which


def read(words: Words) -> Client:
    """A number, or nothing under a post."""
    which = words.which()
    words.end()
    return Client(which)


async def run(command: Client, asked: Asked, work: Work) -> None:
    """One to one, wherever it was asked, and in the journal, as at the claim. Raises NoDetails."""
    zorgvraag, _, member = await asked.zorgvraag(command.which, work, VERB.name)
    zorgvraag.give_details_to(member)
    if not await work.contacts.has(zorgvraag.id):
        raise NoDetails(zorgvraag.id)
    await give_details(zorgvraag, member.user_id, work, asked.now)


VERB = Verb("gegevens", ("contact", "adres", "telefoon", "details"), NURSES, read, run, changes=False, numbered=True)
