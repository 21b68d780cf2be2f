"""The clock's broom: after a while what was said about a zorgvraag leaves the rooms; the journal stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.announcements import Erase
from domain.audience import Room
from domain.people import Region
from storage.letters import Sent
from storage.work import Work

MOST = 20
SEEN_FOR = timedelta(days=30)
CONTACTS_FOR = timedelta(days=30)  # where posts stay for ever, the client's details do not


async def erase(work: Work, now: datetime) -> None:
    """Queue the redaction of what was said long enough ago; drop the sealed details of what ended then.

    A zorgvraag's posts, edits and notices count from its end; lists and digests from when they were said.
    """
    for region in await work.people.regions():
        kept = region.policy.erase_after
        for zorgvraag in await work.zorgvragen.to_erase(region.id, now - (kept or CONTACTS_FOR), MOST):
            if kept is not None:
                await _redact(await work.outbox.said_about(zorgvraag.id), region, work, now)
            await work.contacts.forget(zorgvraag.id)
            await work.outbox.forget_facts(zorgvraag.id)
            await work.zorgvragen.mark_erased(zorgvraag, now)
        if kept is not None:
            await _redact(await work.outbox.take_old_lists(region.id, now - kept, MOST), region, work, now)
    await work.inbox.forget_before(now - SEEN_FOR)


async def _redact(said: list[Sent], region: Region, work: Work, now: datetime) -> None:
    for one in said:
        await work.outbox.put(Room(one.room_id), Erase(one.event_id), now, region_id=region.id)
