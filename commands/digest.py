"""The clock's daily verb: one digest per region and local day, at the region's hour or as soon after as we can."""

from __future__ import annotations

from datetime import datetime

from domain.announcements import Digest
from domain.audience import Coordinators
from storage.work import Work


async def send_digests(work: Work, now: datetime) -> None:
    """Queue today's digest where its hour has come. Days that passed while we were away are not made up for."""
    for region in await work.people.regions():
        local = region.local(now)
        if local.time() < region.policy.digest_at:
            continue
        if await work.agenda.is_first_digest(region.id, local.date(), now):
            await work.outbox.put(Coordinators(region.id), Digest(local.date()), now)
