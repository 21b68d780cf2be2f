"""!capaciteit [dagdeel] groen|oranje|rood [toelichting]: a team lead sets the team's light; otherwise the board."""

from __future__ import annotations

from commands.fold import fold
from commands.free_text import must_be_anonymous
from commands.light_line import LightLine, read_light
from commands.verb import EVERYBODY, TEAM_LEADS, Asked, Verb
from commands.words import Words
from domain.announcements import Board, LightsSet
from domain.audience import RegionRoom
from domain.capacity import Light
from domain.refusals import NoTeam, OtherTeam, WrongRole
from storage.work import Work


def read(words: Words) -> LightLine:
    """Dagdelen, a colour, an end ("tot vrijdag") and a note, in that spirit; nothing asks for the board."""
    return read_light(words)


async def run(command: LightLine, asked: Asked, work: Work) -> None:
    """Setting is for team leads and their own team; looking is for everybody."""
    region, member = await asked.place(work)
    if command.colour is None:
        await asked.tell(Board(), work, region)
        return
    if not member.is_any(TEAM_LEADS):
        raise WrongRole(VERB.name, tuple(role.value for role in TEAM_LEADS))
    if member.team_id is None:
        raise NoTeam
    teams = await work.people.teams(region.id)
    if command.team is not None and fold(command.team) not in fold(teams[member.team_id].name):
        raise OtherTeam(member.team_id)
    must_be_anonymous(asked.now, command.note)
    for dagdeel in command.dagdelen:
        await work.lights.set(
            Light(
                team_id=member.team_id,
                dagdeel=dagdeel,
                colour=command.colour,
                set_at=asked.now,
                set_by=member.user_id,
                until=command.until,
                note=command.note,
            )
        )
    changed = LightsSet(member.team_id, tuple(dagdeel.value for dagdeel in command.dagdelen))
    await work.outbox.put(RegionRoom(region.id), changed, asked.now)
    if asked.answer_to != RegionRoom(region.id):
        await asked.tell(changed, work, region)
    await work.journal.write(VERB.name, member.user_id, asked.now, region_id=region.id)


VERB = Verb("capaciteit", ("stoplicht", "cap", "bord", "licht"), EVERYBODY, read, run)
