"""Who comes, who cannot read, who put us out: what the house tells of it. Nobody asked, so no verb is involved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.chat import AskedForKeys, Event, PutOut, Unreadable
from bot.servers import Servers
from domain.announcements import ShutOut, Stranger, Unread, Welcome
from domain.audience import Audience, Coordinators, Person, RegionRoom
from storage.work import Work

# A client that has just met us fetches our keys first; what it decrypts before it has them can stay hidden until it
# is started again (seen with matrix-js-sdk 43 in strict isolation).
FIRST_MEETING = timedelta(seconds=10)


class Attendance:
    """Each method is part of the transaction in which its event is recorded."""

    def __init__(self, now: Callable[[], datetime], servers: Servers) -> None:
        self._now = now
        self._servers = servers

    async def welcome(self, entered: Event, audience: Audience, work: Work) -> None:
        """Who came into the region's room hears what is open, or the coordinators hear who does not belong there."""
        if not isinstance(audience, RegionRoom):
            return
        members = await work.people.members(audience.region_id)
        if entered.sender in members and self._servers.allow(entered.sender):
            await work.outbox.put(
                Person(entered.sender),
                Welcome(entered.sender),
                self._now(),
                region_id=audience.region_id,
                not_before=self._now() + FIRST_MEETING,
            )
        else:
            told = Stranger(entered.sender, other_server=not self._servers.allow(entered.sender))
            await work.outbox.put(Coordinators(audience.region_id), told, self._now())

    async def show_open(self, event: AskedForKeys, audience: Audience, work: Work) -> None:
        """A member's new device asks for what was said: what is still open is said again, to its owner alone."""
        if not isinstance(audience, RegionRoom):
            return
        region_id = audience.region_id
        is_member = event.sender in await work.people.members(region_id)
        if is_member and (await work.zorgvragen.few_open_in(region_id)).count:
            told = Welcome(event.sender, new_device=True)
            await work.outbox.put(Person(event.sender), told, self._now(), region_id=region_id)

    async def unread(self, event: Unreadable, work: Work) -> None:
        """Somebody whose device is not in order types on all the same: one hint a day is enough."""
        await work.journal.write("onleesbaar bericht", event.sender, self._now())
        if await work.inbox.is_new(f"unread {event.sender} {self._now().date()}", self._now()):
            await work.outbox.put(Person(event.sender), Unread(event.sender, event.unverified), self._now())

    async def put_out(self, event: PutOut, audience: Audience, work: Work) -> None:
        """The coordinators hear it in the room that is left to us."""
        match audience:
            case RegionRoom(region_id):
                left: Audience = Coordinators(region_id)
            case Coordinators(region_id):
                left = RegionRoom(region_id)
            case _:
                return  # a one-to-one room is made anew when there is something to say
        told = ShutOut(event.sender, of_region=isinstance(audience, RegionRoom))
        await work.outbox.put(left, told, self._now())
        await work.journal.write("bot uit de groep", event.sender, self._now(), region_id=region_id)
