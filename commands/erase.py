"""The clock's broom: some time after a zorgvraag has ended, what was said about it leaves the rooms; the log stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.announcements import Erase
from domain.audience import Room
from storage.work import Work

MOST = 20
SEEN_FOR = timedelta(days=30)


async def erase(work: Work, now: datetime) -> None:
    """Queue the redaction of every post, edit and notice of what ended long enough ago; drop sealed details."""
    for region in await work.people.regions():
        if region.policy.erase_after is None:
            continue
        for zorgvraag in await work.zorgvragen.to_erase(region.id, now - region.policy.erase_after, MOST):
            for said in await work.outbox.said_about(zorgvraag.id):
                await work.outbox.put(Room(said.room_id), Erase(said.event_id), now, region_id=region.id)
            await work.contacts.forget(zorgvraag.id)
            await work.zorgvragen.mark_erased(zorgvraag.id, now)
    await work.inbox.forget_before(now - SEEN_FOR)
