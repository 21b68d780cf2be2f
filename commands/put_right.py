"""The clock's own mistake: it was ahead and was put back. What it wrote would come, or go, hours or years late."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.work import Work

LONGEST_WAIT = timedelta(minutes=5)  # nothing in the outbox is ever put off for longer


async def let_nothing_wait(work: Work, now: datetime) -> None:
    """What is to be said waits for no clock that was put back; said a little early, it does no harm."""
    await work.outbox.bring_forward(now, now + LONGEST_WAIT)
    await work.agenda.wait_since(now)


async def put_right(work: Work, now: datetime) -> None:
    """Put at `now` what lies further ahead of it than it could if the clock had always been right.

    After what ended things are erased, for good: those moments are put right by a clock that others bear out.
    """
    for region in await work.people.regions():
        # The day after today may have had its digest by a clock that was put back a little: that one stands.
        await work.agenda.forget_digests_after(region.id, region.local(now).date() + timedelta(days=1))
        for zorgvraag in await work.zorgvragen.ahead(region, now):
            if zorgvraag.put_right(region, now):
                await work.zorgvragen.save(zorgvraag)
    if not await work.agenda.seems_behind(now):
        await work.agenda.bring_back(now)
