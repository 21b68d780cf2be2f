"""Making the stored area as the area file says: `plan` tells what that takes, `carry_out` does it. No rooms here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from commands.area_plan import Plan
from commands.details import take_back_details
from commands.left_behind import open_left_behind
from domain.area import Area
from storage.work import Work


async def plan(area: Area, work: Work) -> Plan:
    """What differs between what is stored and `area`; nothing is changed."""
    stored = await stored_area(work)
    made = Plan(stored, area)
    made.warnings = tuple([warning async for warning in _left_behind(made, stored, work)])
    return made


async def carry_out(made: Plan, work: Work, now: datetime) -> None:
    """Do it. What others refer to comes before them and goes after them. `now` is UTC."""
    people = work.people
    await _put_regions(made, work, now)
    for organisation in made.organisations.put:
        await people.put_organisation(organisation)
    for team in made.teams.put:
        await people.put_team(team)
    for leaver in made.members.removed:
        await people.remove_member(leaver.user_id, leaver.region_id)
    for member in made.members.put:
        await people.put_member(member)
    await _take_over(made, work, now)
    for team in made.teams.removed:
        await people.remove_team(team.id)
    for organisation in made.organisations.removed:
        await people.remove_organisation(organisation.id)


async def stored_area(work: Work) -> Area:
    """The area as it was last applied, without the regions that were retired."""
    regions = await work.people.regions()
    teams = await work.people.teams()
    members = [member for region in regions for member in (await work.people.members(region.id)).values()]
    return Area(
        regions=tuple(regions),
        organisations=tuple((await work.people.organisations()).values()),
        teams=tuple(teams.values()),
        members=tuple(members),
    )


async def _put_regions(made: Plan, work: Work, now: datetime) -> None:
    """Names may change hands between regions, so all are let go before one is taken."""
    for region in (*made.regions.removed, *(old for old, _ in made.regions.changed)):
        await work.people.free_name(region.id)
    for region in made.regions.removed:
        await work.people.retire_region(region.id)
    for region in made.regions.put:
        await work.people.put_region(region)
    for region in made.regions.added:
        local = region.local(now)
        if local.time() >= region.policy.digest_at:
            # Its hour was over before the region was there: the first digest is tomorrow's.
            await work.agenda.is_first_digest(region.id, local.date(), now)


async def _take_over(made: Plan, work: Work, now: datetime) -> None:
    """What those who left had: open again where the region stays; where it goes, its details at least come back."""
    for region in await work.people.regions():
        leavers = {one.user_id: one for one in made.members.removed if one.region_id == region.id}
        await open_left_behind(region, leavers, work, now)
    for region in made.regions.removed:
        for zorgvraag in await work.zorgvragen.orphans(region.id):
            await take_back_details(zorgvraag, zorgvraag.claimed_by or "", work, now)


async def _left_behind(made: Plan, stored: Area, work: Work) -> AsyncIterator[str]:
    names = {region.id: region.name for region in stored.regions}
    for leaver in made.members.removed:
        claimed = await work.zorgvragen.claimed_by(leaver.user_id, leaver.region_id)
        if claimed:
            numbers = ", ".join(f"{names[leaver.region_id]}-{zorgvraag.number}" for zorgvraag in claimed)
            goes = any(region.id == leaver.region_id for region in made.regions.removed)
            outcome = "nobody has it now, and nobody is asked" if goes else "open again, and the coordinators hear it"
            yield f"{leaver.user_id} leaves {numbers} behind: {outcome}"
    for region in made.regions.removed:
        still_open = len(await work.zorgvragen.open_in(region.id))
        if still_open:
            yield f"region {region.name} goes and still has {still_open} open"
