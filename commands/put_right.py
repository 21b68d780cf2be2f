"""The clock's own mistake: it was ahead and was put back. What was planned by it would come hours or years late."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.work import Work

LONGEST_WAIT = timedelta(minutes=5)  # nothing in the outbox is ever put off for longer


async def put_right(work: Work, now: datetime) -> None:
    """Bring forward what lies further ahead of `now` than it could if the clock had always been right."""
    await work.outbox.bring_forward(now, now + LONGEST_WAIT)
    for region in await work.people.regions():
        # The day after today may have had its digest by a clock that was put back a little: that one stands.
        await work.agenda.forget_digests_after(region.id, region.local(now).date() + timedelta(days=1))
        for zorgvraag in await work.zorgvragen.due_after(region.id, now + region.policy.shortest_wait):
            if zorgvraag.reckon_anew(region, now):
                await work.zorgvragen.save(zorgvraag)
