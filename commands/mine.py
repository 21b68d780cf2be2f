"""!mijn: what somebody has claimed and not yet finished."""

from __future__ import annotations

from dataclasses import dataclass

from commands.language.words import Words
from commands.verb import EVERYBODY, Asked, Verb
from domain.announcements import OwnList
from storage.work import Work


@dataclass(frozen=True)
class Mine:
    """Show what I have."""


def read(words: Words) -> Mine:
    """No further words."""
    words.end()
    return Mine()


async def run(command: Mine, asked: Asked, work: Work) -> None:
    """Everybody sees their own, of each region in which they work."""
    for region, member in await asked.everywhere(work):
        await asked.tell(OwnList(member.user_id), work, region)


VERB = Verb("mijn", ("mijne",), EVERYBODY, read, run, changes=False)
