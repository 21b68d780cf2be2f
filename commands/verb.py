"""What every verb has in common: its names, who may say it, how its words are read and what it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.language.fold import fold
from commands.language.words import Which, Words
from domain.announcements import StatusOf
from domain.audience import Audience, RegionRoom
from domain.people import Member, Region, Role
from domain.refusals import MissingNumber, UnknownPerson, UnknownZorgvraag, WhichRegion, WrongRole
from domain.zorgvraag import Zorgvraag
from storage.letters import Message
from storage.work import Work

EVERYBODY = frozenset(Role)
NURSES = frozenset({Role.NURSE, Role.TEAM_LEAD})
TEAM_LEADS = frozenset({Role.TEAM_LEAD})
COORDINATORS = frozenset({Role.COORDINATOR})


@dataclass(frozen=True)
class Asked:
    """Who asks, where, and when. `now` is UTC.

    `places` are all regions in which the person works; `region` is the room's, or None in a one-to-one room.
    `about` is the zorgvraag whose post was answered; answers go to `answer_to`, as a reply to `event_id`.
    """

    user_id: str
    places: tuple[Member, ...]
    region: Region | None
    answer_to: Audience
    event_id: str
    now: datetime
    about: int | None = None

    def member(self, region_id: str) -> Member:
        """Their place in this region. Raises UnknownPerson."""
        for place in self.places:
            if place.region_id == region_id:
                return place
        raise UnknownPerson

    async def everywhere(self, work: Work) -> list[tuple[Region, Member]]:
        """The room's region and their place in it; outside such a room all regions where they work, by name.

        Raises UnknownPerson.
        """
        if self.region is not None:
            return [(self.region, self.member(self.region.id))]
        if not self.places:
            raise UnknownPerson
        found = [(await work.people.region(place.region_id), place) for place in self.places]
        return sorted(found, key=lambda one: one[0].name)

    async def zorgvraag(self, which: Which, work: Work, verb: str) -> tuple[Zorgvraag, Region, Member]:
        """The zorgvraag that was meant: by its number, or else by the post that was answered.

        Raises MissingNumber, UnknownZorgvraag, UnknownPerson or WhichRegion.
        """
        if which.number is not None:
            region, member = await self._region_named(which, which.number, work, verb)
            found = await work.zorgvragen.find(region.id, which.number)
            if found is None:
                raise UnknownZorgvraag(f"{region.name}-{which.number}")
            return found, region, member
        if self.about is None:
            raise MissingNumber(verb)
        found = await work.zorgvragen.get(self.about)
        return found, await work.people.region(found.region_id), self.member(found.region_id)

    async def _region_named(self, which: Which, number: int, work: Work, verb: str) -> tuple[Region, Member]:
        if which.region is None:
            places = await self.everywhere(work)
            if len(places) > 1:
                raise WhichRegion(tuple(region.name for region, _ in places), f"!{verb} {places[0][0].name}-{number}")
            return places[0]
        for place in self.places:
            region = await work.people.region(place.region_id)
            if which.region in (region.id, fold(region.name)):
                return region, place
        for region in await work.people.regions():
            if which.region in (region.id, fold(region.name)):
                raise UnknownZorgvraag(f"{region.name}-{number}")
        raise UnknownZorgvraag(f"{which.typed}-{number}")

    async def tell(self, message: Message, work: Work, region: Region | None = None) -> None:
        """Answer in the room where was asked."""
        await work.outbox.put(
            self.answer_to,
            message,
            self.now,
            region_id=region.id if region else None,
            asked_by=self.user_id,
            reply_to=self.event_id,
        )

    async def confirm(self, zorgvraag: Zorgvraag, work: Work, *, reason: str | None = None) -> None:
        """Show the outcome where was asked too, unless that is the region's room, which hears of it anyway.

        Who gave a `reason` may think that it stayed here, and hears that the region's room reads it.
        """
        if self.answer_to != RegionRoom(zorgvraag.region_id):
            await self.tell(StatusOf(zorgvraag.id, reason_shown=reason is not None), work)


@dataclass(frozen=True)
class Verb:
    """One thing that people can say.

    `changes` is false for verbs that only answer: a typing error in those may be guessed, in others it is
    suggested. `numbered` is true for verbs about one zorgvraag, which a number names. `read` turns
    words into the verb's own command or raises a Refusal; `run` carries it out.
    """

    name: str
    aliases: tuple[str, ...]
    roles: frozenset[Role]
    read: Callable[[Words], Any]
    run: Callable[[Any, Asked, Work], Awaitable[None]]
    changes: bool = True
    numbered: bool = False

    def allow(self, member: Member) -> None:
        """Raises WrongRole when this verb is for others."""
        if not member.is_any(self.roles):
            raise WrongRole(self.name, tuple(sorted(role.value for role in self.roles)))
