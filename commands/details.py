"""The client's details: given to the claimant alone, taken back from whoever has no claim to them any more."""

from __future__ import annotations

from datetime import datetime

from domain.announcements import Details, DetailsTaken, Redact
from domain.audience import Person, Room
from domain.zorgvraag import Zorgvraag
from storage.work import Work


async def give_details(zorgvraag: Zorgvraag, to: str, work: Work, now: datetime) -> None:
    """Tell them to `to`, one to one, if there are any; who saw them stands in the journal (NEN 7513)."""
    if await work.contacts.has(zorgvraag.id):
        await work.outbox.put(Person(to), Details(zorgvraag.id), now, region_id=zorgvraag.region_id)
        await work.journal.write(
            "gegevens verstrekt", to, now, region_id=zorgvraag.region_id, zorgvraag_id=zorgvraag.id
        )


async def take_back_details(zorgvraag: Zorgvraag, of: str, work: Work, now: datetime) -> None:
    """Take them out of the one-to-one room with `of` again, however often they were told there."""
    if await work.contacts.has(zorgvraag.id):
        room_id = await work.rooms.room_of(Person(of))
        told = [one for one in await work.outbox.said_about(zorgvraag.id, Details) if one.room_id == room_id]
        for earlier in told[:-1]:
            redact = Redact(earlier.event_id)
            await work.outbox.put(Room(earlier.room_id), redact, now, region_id=zorgvraag.region_id)
        await work.outbox.put(Person(of), DetailsTaken(zorgvraag.id), now, region_id=zorgvraag.region_id)
