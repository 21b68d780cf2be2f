"""The caretaker: keeps the rooms as the area file wants them. Looks at what is, does what is missing, no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from bot.backoff import Backoff
from bot.chat import ChatError, RoomPlan, Rooms, TryLater
from bot.matrix.wire import LoggedOut
from bot.servers import Servers
from domain.audience import Coordinators, RegionRoom
from domain.people import Member, Region, Role
from storage.rooms import purpose
from storage.work import Store

log = structlog.get_logger()

COORDINATOR_POWER = 50
REST = 30.0  # seconds between two looks at the rooms
THEIR_SERVER = "status 5"  # how ours answers when the homeserver of whom it should invite cannot be reached
ASK_AGAIN = 3600.0  # seconds; an invitation that was refused will mostly be refused again
ASK_SOON = 300.0  # seconds; it may have been our own homeserver that could not be reached


def in_silence(_seconds: float) -> None:
    """Nobody looks on while we wait."""


class Caretaker:
    """Makes, names and fills the rooms of every region. Doing it twice changes nothing."""

    def __init__(self, store: Store, rooms: Rooms, servers: Servers) -> None:
        self._store = store
        self._rooms = rooms
        self._servers = servers
        self._backoff = Backoff()
        # (room, person) -> why, and until when on the machine's clock that answer stands
        self._refused: dict[tuple[str, str], tuple[str, float]] = {}

    async def run(self, ring: Callable[[], None]) -> None:
        """A round every half minute, until cancelled; after each `ring`: a room that was missing may be there now."""
        while True:
            await self.round_at_last()
            ring()
            await asyncio.sleep(REST)

    async def round_at_last(self, waiting: Callable[[float], None] = in_silence) -> list[str]:
        """A whole round, with as much patience as the homeserver asks for; what it refused, as `round` says it.

        `waiting` hears how many seconds we wait, each time. Raises LoggedOut, which waiting does not mend.
        """
        while True:
            try:
                refused = await self.round()
            except LoggedOut:
                raise
            except TryLater as later:
                wait = self._backoff.failed(later.after)
                waiting(wait)
                await asyncio.sleep(wait)
            else:
                self._backoff.worked()
                return refused

    async def round(self) -> list[str]:
        """Put every room in order; one line for whatever was refused. Raises TryLater where the homeserver is away."""
        refused: list[str] = []
        async with self._store.look() as work:
            regions = await work.people.regions()
        for region in regions:
            async with self._store.look() as work:
                members = await work.people.members(region.id)
            members = {user: one for user, one in members.items() if self._servers.allow(user)}
            coordinators = {user: one for user, one in members.items() if Role.COORDINATOR in one.roles}
            refused += await self._guarded(RegionRoom(region.id), region_plan(region, members))
            refused += await self._guarded(Coordinators(region.id), coordinators_plan(region, coordinators))
        return refused

    async def _guarded(self, audience: RegionRoom | Coordinators, plan: RoomPlan) -> list[str]:
        """What is refused in one room may not cost the others."""
        try:
            return await self._keep(audience, plan)
        except TryLater:
            raise
        except ChatError as refused:
            log.error("room cannot be kept", region_id=audience.region_id, code=str(refused))
            return [f"the room {plan.purpose} cannot be kept: {refused}"]

    async def _keep(self, audience: RegionRoom | Coordinators, plan: RoomPlan) -> list[str]:
        room_id = await self._room(audience, plan)
        if not self._rooms.is_in(room_id):
            return []  # somebody put us out: that is told to the coordinators, not fought
        await self._rooms.settle(room_id, plan)
        present = await self._rooms.members(room_id)
        async with self._store.look() as work:
            invited = await work.rooms.invited(plan.purpose)
        for user_id in invited - plan.people.keys():  # first: whoever left may read no further
            await self._rooms.remove(room_id, user_id)
            async with self._store.work() as work:
                await work.rooms.forget_invited(plan.purpose, user_id)
        not_invited: list[str] = []
        for user_id in sorted(plan.people.keys() - invited):
            why = None if user_id in present else await self._invite(room_id, user_id)
            if why is not None:
                not_invited.append(f"{user_id} was not invited to {plan.purpose}: {why}")
                continue
            async with self._store.work() as work:
                await work.rooms.keep_invited(plan.purpose, user_id)
        return not_invited

    async def _invite(self, room_id: str, user_id: str) -> str | None:
        """None when the homeserver took the invitation, or why not; what is refused for one may not cost the others."""
        known, until = self._refused.get((room_id, user_id), (None, 0.0))
        if time.monotonic() < until:
            return known
        try:
            await self._rooms.invite(room_id, user_id)
        except ChatError as refused:
            if isinstance(refused, TryLater) and not str(refused).startswith(THEIR_SERVER):
                raise
            if str(refused) != known:
                log.error("invitation refused", room_id=room_id, code=str(refused))
            rest = ASK_SOON if isinstance(refused, TryLater) else ASK_AGAIN
            self._refused[room_id, user_id] = str(refused), time.monotonic() + rest
            return str(refused)
        self._refused.pop((room_id, user_id), None)
        return None

    async def _room(self, audience: RegionRoom | Coordinators, plan: RoomPlan) -> str:
        async with self._store.look() as work:
            known = await work.rooms.room_of(audience)
        if known is not None:
            return known
        room_id = await self._rooms.find(plan.purpose) or await self._rooms.create(plan)
        async with self._store.work() as work:
            await work.rooms.put(audience, room_id)
        return room_id


def region_plan(region: Region, members: dict[str, Member]) -> RoomPlan:
    """The region's room: everybody who works there; coordinators may invite. Its name says nothing of any care."""
    return RoomPlan(
        purpose=purpose(RegionRoom(region.id)),
        name=f"{region.name} – zorgvragen",
        topic="Nieuwe zorgvragen van deze regio. Geen persoonsgegevens in deze groep. Typ !help voor uitleg.",
        people={user: COORDINATOR_POWER if Role.COORDINATOR in one.roles else 0 for user, one in members.items()},
    )


def coordinators_plan(region: Region, members: dict[str, Member]) -> RoomPlan:
    """The room of the region's coordinators."""
    return RoomPlan(
        purpose=purpose(Coordinators(region.id)),
        name=f"{region.name} – coördinatie",
        topic="Dagoverzicht en wat aandacht vraagt. Geen persoonsgegevens in deze groep.",
        people=dict.fromkeys(members, COORDINATOR_POWER),
    )
