"""The clock's own verb: what nobody took in time is posted again. One transaction per tick, at most `MOST` at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.announcements import StillOpen
from domain.audience import Coordinators, RegionRoom
from storage.work import Work

MOST = 50


async def repost(work: Work, now: datetime) -> int:
    """Post every zorgvraag again whose step is due at `now`; returns how many, so that the caller can go on."""
    regions = {region.id: region for region in await work.people.regions()}
    due = await work.zorgvragen.due(now, MOST)
    rung: set[str] = set()  # the regions whose telephones rang: once says that there is something to be read
    for zorgvraag in due:
        region = regions.get(zorgvraag.region_id) or await work.people.region(zorgvraag.region_id)
        again = zorgvraag.repost(region, now)
        if again is None:
            continue
        await work.zorgvragen.save(zorgvraag)
        await work.agenda.record_round(zorgvraag, now)
        await work.outbox.put(RegionRoom(region.id), replace(again, loud=again.loud and region.id not in rung), now)
        rung |= {region.id} if again.loud else set()
        if again.escalated:
            told = StillOpen(zorgvraag.id, again.waited_hours)
            await work.outbox.put(Coordinators(region.id), told, now)
        await work.journal.write("opnieuw plaatsen", "clock", now, region_id=region.id, zorgvraag_id=zorgvraag.id)
    return len(due)
