"""!capaciteit [dagdeel] groen|oranje|rood [toelichting]: a team lead sets the team's light; otherwise the board."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commands.free_text import must_be_anonymous
from commands.language.fold import fold
from commands.language.light_line import LightLine, read_light
from commands.language.words import Words
from commands.verb import EVERYBODY, TEAM_LEADS, Asked, Verb
from domain.announcements import Board, LightsSet
from domain.audience import RegionRoom
from domain.capacity import Light
from domain.people import Member, Region, Team
from domain.refusals import LeadsOnly, NoTeam, OtherTeam, UnknownWord, WhichRegion
from storage.work import Work

_WORDS = re.compile(r"\w+")


def read(words: Words) -> LightLine:
    """Dagdelen, a colour, an end ("tot vrijdag") and a note, in that spirit; nothing asks for the board."""
    return read_light(words)


async def run(command: LightLine, asked: Asked, work: Work) -> None:
    """Setting is for team leads and their own team; looking is for everybody, at each region in which they work."""
    places = await asked.everywhere(work)
    if command.colour is None:
        for region, _ in places:
            await asked.tell(Board(), work, region)
        return
    region, lead, note = await _whose(command, places, work)
    if lead.team_id is None:
        raise NoTeam
    must_be_anonymous(asked.now, note)
    for dagdeel in command.dagdelen:
        light = Light(lead.team_id, dagdeel, command.colour, asked.now, lead.user_id, command.until, note)
        await work.lights.set(light)
    changed = LightsSet(lead.team_id, tuple(dagdeel.value for dagdeel in command.dagdelen))
    await work.outbox.put(RegionRoom(region.id), changed, asked.now)
    if asked.answer_to != RegionRoom(region.id):
        await asked.tell(changed, work, region)
    await work.journal.write(VERB.name, lead.user_id, asked.now, region_id=region.id)


async def _whose(
    command: LightLine, places: list[tuple[Region, Member]], work: Work
) -> tuple[Region, Member, str | None]:
    """The region, the lead whose team's light it is, and the note, which may turn out to be the region's name.

    Raises LeadsOnly, OtherTeam, UnknownWord or WhichRegion.
    """
    leads = [place for place in places if place[1].is_any(TEAM_LEADS)]
    if not leads:
        raise LeadsOnly(places[0][1].team_id)
    teams = await work.people.teams()
    named = command.team or command.place
    if named is not None:
        found = [place for place in leads if _is_named(named, *place, teams)]
        if not found and (command.team or any(_names(named, team.name) for team in teams.values())):
            raise OtherTeam(leads[0][1].team_id or "")
        if not found:
            raise UnknownWord(VERB.name, named)
        return *found[0], command.note
    behind = [place for place in leads if command.note and fold(command.note) == fold(place[0].name)]
    if len(leads) > 1 and behind:
        return *behind[0], None
    if len(leads) > 1:
        names = tuple(region.name for region, _ in leads)
        raise WhichRegion(names, f"!{VERB.name} {names[0]} {command.colour}")
    return *leads[0], command.note


def _is_named(name: str, region: Region, lead: Member, teams: Mapping[str, Team]) -> bool:
    team = teams.get(lead.team_id or "")
    return fold(name) in (region.id, fold(region.name)) or (team is not None and _names(name, team.name))


def _names(typed: str, name: str) -> bool:
    """True for "noord" and "Team Noord-Oost": each word of what was typed stands in the name."""
    return set(_WORDS.findall(fold(typed))) <= set(_WORDS.findall(fold(name)))


VERB = Verb("capaciteit", ("stoplicht", "cap", "bord", "licht"), EVERYBODY, read, run)
