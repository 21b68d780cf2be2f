"""!status 42: how it stands with one zorgvraag."""

from __future__ import annotations

from dataclasses import dataclass

from commands.language.words import Which, Words
from commands.verb import EVERYBODY, Asked, Verb
from domain.announcements import StatusOf
from storage.work import Work


@dataclass(frozen=True)
class Status:
    """Show this zorgvraag."""

    which: Which


def read(words: Words) -> Status:
    """A number, or nothing under a post."""
    which = words.which()
    words.end()
    return Status(which)


async def run(command: Status, asked: Asked, work: Work) -> None:
    """For everybody of the region."""
    zorgvraag, region, _ = await asked.zorgvraag(command.which, work, VERB.name)
    await asked.tell(StatusOf(zorgvraag.id), work, region)


VERB = Verb("status", ("stand", "toon"), EVERYBODY, read, run, changes=False, numbered=True)
