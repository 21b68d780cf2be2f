"""What people leave behind who work in a region no more: it is open again at once, and the coordinators hear it.

A claim of somebody who left looks like care that is arranged, and is a client without care. So nobody is waited for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from commands.details import take_back_details
from domain.announcements import Departed
from domain.audience import Coordinators, RegionRoom
from domain.people import Member, Region, Role
from storage.work import Work


async def open_left_behind(region: Region, leavers: Mapping[str, Member], work: Work, now: datetime) -> None:
    """Open and post again what no member of the region has; one letter to its coordinators for each who had some.

    `leavers` are those who left just now, by user id, whose teams are still known. `now` is UTC.
    """
    had: dict[str, list[int]] = {}
    for zorgvraag in await work.zorgvragen.orphans(region.id):
        claimant = zorgvraag.claimed_by or ""
        told = zorgvraag.leave_behind(region, now)
        await work.zorgvragen.save(zorgvraag)
        await take_back_details(zorgvraag, claimant, work, now)
        await work.agenda.record_round(zorgvraag, now)
        await work.outbox.put(RegionRoom(region.id), told, now)
        await work.journal.write("vrijgeven", "apply", now, region_id=region.id, zorgvraag_id=zorgvraag.id)
        had.setdefault(claimant, []).append(zorgvraag.number)
    for claimant, numbers in had.items():
        departed = await _departed(tuple(numbers), leavers.get(claimant), work)
        await work.outbox.put(Coordinators(region.id), departed, now)


async def _departed(numbers: tuple[int, ...], leaver: Member | None, work: Work) -> Departed:
    if leaver is None:
        return Departed(numbers)
    role = next(role.value for role in Role if role in leaver.roles)
    team = (await work.people.teams()).get(leaver.team_id or "")
    organisation = (await work.people.organisations())[team.organisation_id].name if team else None
    return Departed(numbers, role, organisation)
