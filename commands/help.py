"""!help: what one can say, shaped by who asks; also for who only greets us, and does not know what to type."""

from __future__ import annotations

from dataclasses import dataclass

from commands.language.words import Words
from commands.verb import EVERYBODY, Asked, Verb
from domain.announcements import Help as HelpTold
from domain.people import Role
from storage.work import Work


@dataclass(frozen=True)
class Help:
    """Show what I can say."""


def read(words: Words) -> Help:
    """Whatever follows, help is help."""
    return Help()


async def run(command: Help, asked: Asked, work: Work) -> None:
    """Each role sees its own verbs; with several regions, what they can say in any of them."""
    roles: set[Role] = set()
    for place in asked.places:
        if asked.region is None or place.region_id == asked.region.id:
            roles |= place.roles
    await asked.tell(HelpTold(tuple(sorted(role.value for role in roles))), work, asked.region)


VERB = Verb("help", ("hulp", "uitleg", "?", "hoi", "hallo", "hey"), EVERYBODY, read, run, changes=False)
