"""A region for one story: its people with clients of their own, and a bot in this process whose clock can be moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.house import House
from bot.matrix.wire import PATIENCE
from bot.tick import BELIEVED_AFTER
from commands.submit import Delivery, deliver
from config.settings import Settings
from demo.homeserver import Homeserver
from demo.people import Message, Person
from domain.announcements import Welcome
from domain.audience import Coordinators, RegionRoom
from domain.audience import Person as OneToOne
from domain.care import Care, Contact, Kind
from domain.people import Member, Organisation, PostcodeRange, Region, Role, Team
from storage.seal import Seal

MONDAY = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)  # 10:10 in Amsterdam


class Clock:
    """A clock that a test moves."""

    def __init__(self, moment: datetime = MONDAY) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The story's moment, in UTC."""
        return self.moment

    def move(self, span: timedelta) -> None:
        """Let `span` pass."""
        self.moment += span


class Story:
    """One region ("Noord", PC4 7520-7529) with two teams and whoever `add` brings in; `async with` runs the bot."""

    def __init__(self, homeserver: Homeserver, directory: Path, localpart: Callable[[str], str]) -> None:
        self.homeserver = homeserver
        self.clock = Clock()
        self.patience = PATIENCE
        self._localpart = localpart
        self._clients = AsyncExitStack()
        self._running: asyncio.Task[None] | None = None
        self._members: list[Member] = []
        self._people: dict[str, Person] = {}
        self.region = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
        self._bot = localpart("bot")
        self.settings = Settings.model_validate(
            {
                "data": directory,
                "matrix": {
                    "homeserver": homeserver.url,
                    "user_id": f"@{self._bot}:{homeserver.server_name}",
                    "password": "bot-password",
                },
                "seal": {"key": Seal.new_key()},
                "intake": {"enabled": False},
                "logging": {},
                "clock": {"tick": 3600},
            }
        )
        self.house: House
        self.room = ""
        self.coordination = ""

    @property
    def bot_id(self) -> str:
        """The bot's user id."""
        return self.settings.matrix.user_id

    async def person(self, name: str, *roles: Role, team: str | None = "roombeek", cross_signed: bool = True) -> Person:
        """Somebody of the region, with an account and a client; no roles: a stranger to the area file."""
        localpart = self._localpart("".join(letter for letter in name.lower() if "a" <= letter <= "z"))
        await self.homeserver.register(localpart, "person-password")
        opening = Person(self.homeserver.url, localpart, "person-password", cross_signed=cross_signed)
        client = await self._clients.enter_async_context(opening)
        if roles:
            self._members.append(Member(client.user_id, self.region.id, frozenset(roles), name, team))
            self._people[client.user_id] = client
        return client

    async def nurse(self, name: str, team: str = "roombeek") -> Person:
        """A nurse with a client."""
        return await self.person(name, Role.NURSE, team=team)

    async def coordinator(self, name: str = "Carla") -> Person:
        """A coordinator with a client."""
        return await self.person(name, Role.COORDINATOR, team=None)

    async def __aenter__(self) -> Self:
        await self.homeserver.register(self._bot, "bot-password")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
        await self._clients.aclose()

    async def start(self) -> None:
        """Apply the area and run the bot until everybody is in the rooms; also after `stop`."""
        self.house = House(self.settings, self.clock.now, self.patience)
        await self.house.open()
        await self.apply()
        await self.house.set_up_rooms()
        async with self.house.store.look() as work:
            self.room = await work.rooms.room_of(RegionRoom(self.region.id)) or ""
            self.coordination = await work.rooms.room_of(Coordinators(self.region.id)) or ""
        self._running = asyncio.create_task(self.house.run())
        for client in self._people.values():
            await client.wait_joined(self.room)

    async def stop(self) -> None:
        """End the bot, as a kill would: nothing is said goodbye to."""
        if self._running is None:
            return
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        self._running = None
        await self.house.close()

    async def pass_time(self, span: timedelta) -> None:
        """Move the clock and let it tick, as often as it must to be believed after a jump."""
        self.clock.move(span)
        for _ in range(BELIEVED_AFTER + 1):
            await self.house.tick()

    async def shows(self, person: Person, *words: str, room: str | None = None) -> Message:
        """The first message in the room (the region's, unless told) that this person's client shows with all words."""
        where = room or self.room
        try:
            return await person.wait_for(where, lambda message: all(word in message.body for word in words))
        except TimeoutError:
            shown = "\n".join(message.body for message in person.read(where))
            raise AssertionError(f"never shown: {words}; but:\n{shown}\nunread: {person.unread(where)}") from None

    async def shows_alone(self, person: Person, *words: str) -> Message:
        """The first message with all words in this person's one-to-one room with the bot."""

        def found() -> Message | None:
            return next((one for one in self.read_alone(person) if all(word in one.body for word in words)), None)

        try:
            await person.wait_until(lambda: found() is not None)
        except TimeoutError:
            rooms = {room_id: [one.body for one in person.read(room_id)] for room_id in person.client.rooms}
            raise AssertionError(f"never told alone: {words}; but: {rooms}") from None
        shown = found()
        assert shown is not None
        return shown

    async def alone(self, person: Person) -> str:
        """The one-to-one room of this person and the bot, made by the bot when it first had something to say."""
        async with self.house.store.work() as work:
            await work.outbox.put(
                OneToOne(person.user_id), Welcome(person.user_id), self.clock.now(), region_id="noord"
            )
        await self.shows_alone(person, "Welkom")
        (room_id,) = set(person.client.rooms) - {self.room, self.coordination}
        return str(room_id)

    def read_alone(self, person: Person) -> list[Message]:
        """What this person's client shows of the one-to-one room with the bot."""
        rooms = set(person.client.rooms) - {self.room, self.coordination}
        return [shown for room_id in rooms for shown in person.read(room_id)]

    async def submit(self, pc4: str, *, contact: Contact | None = None) -> None:
        """A zorgvraag from another system."""
        care = Care(pc4, (Kind.WONDZORG,))
        delivery = Delivery("ziekenhuis", f"reference-{self._localpart('r')}", "fingerprint")
        async with self.house.store.work() as work:
            await deliver(care, delivery, work, self.clock.now(), contact)

    async def apply(self) -> None:
        """Put the area into the store; a running bot's caretaker does the rest at once."""
        async with self.house.store.work() as work:
            await work.people.put_region(self.region)
            for name in ("Buurtzorg", "Livio"):
                await work.people.put_organisation(Organisation(name.lower(), name))
            for team, organisation in (("Roombeek", "buurtzorg"), ("Centrum", "livio")):
                await work.people.put_team(Team(team.lower(), f"Team {team}", organisation, self.region.id))
            for member in self._members:
                await work.people.put_member(member)
        if self._running is not None:
            await self.house.keep_rooms_once()
