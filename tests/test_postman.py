"""How long the postman lets letters wait that the homeserver does not take, and rooms that it does not make."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.bell import Bell
from bot.chat import Chat, ChatError, NobodyReads, TryLater
from bot.postman import Postman
from domain.announcements import Board
from domain.audience import Audience, Person, RegionRoom, Room
from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import NOW, ROOM, nurse, settle, take
from tests.stories.region import Clock

MINUTE = timedelta(minutes=1)


class Hurried(Bell):
    """Nobody rests here: what a test looks at is the clock of the letters."""

    async def rest(self, seconds: float) -> None:
        """No time passes."""


class Mute:
    """A chat in which nothing can be said, for this reason."""

    def __init__(self, why: ChatError) -> None:
        self.why = why

    async def send(self, *_: object) -> str:
        """Nothing is said, in any room."""
        raise self.why


class Stingy:
    """A chat whose homeserver takes all that is said, and makes no room for a minute whenever it is asked for one."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []

    async def direct_room(self, user_id: str) -> str:
        """Never: and it asks for a minute of patience."""
        self.asked.append(user_id)
        raise TryLater("limited", MINUTE.total_seconds())

    async def send(self, room_id: str, _: object, txn_id: str) -> str:
        """Said."""
        self.said.append(room_id)
        return f"${txn_id}"


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A region whose room is there; nobody has a room alone with the bot."""
    one = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    await settle(one, nurses=4)
    async with one.work() as work:
        await work.rooms.put(RegionRoom("noord"), ROOM)
    yield one
    await one.close()


@pytest.mark.parametrize(("after", "given"), [(4.5, 4.5), (299.0, 299.0), (301.0, 300.0), (3600.0, 300.0)])
async def test_a_letter_waits_as_long_as_the_homeserver_asks_up_to_five_minutes(
    store: Store, after: float, given: float
) -> None:
    async with store.work() as work:
        await work.outbox.put(RegionRoom("noord"), Board(), NOW)
    assert await Postman(store, cast(Chat, Mute(TryLater("limited", after))), lambda: NOW, Hurried()).carry_one()
    waited = timedelta(seconds=given)
    assert await take(store, NOW + waited - timedelta(milliseconds=1)) is None
    assert await take(store, NOW + waited) is not None


async def test_no_two_letters_wait_equally_long(store: Store) -> None:
    """Many bots may wait for one homeserver."""
    postman = Postman(store, cast(Chat, Mute(TryLater("limited"))), lambda: NOW, Hurried())
    async with store.work() as work:
        for number in range(20):
            await work.outbox.put(Room(f"!{number}"), Board(), NOW, region_id="noord")
    with capture_logs() as lines:
        while await postman.carry_one():
            pass
    waits = [line["seconds"] for line in lines if line["event"] == "letter postponed"]
    assert len(waits) == 20
    assert len(set(waits)) > 1
    assert all(0.5 <= seconds <= 1.0 for seconds in waits)


async def test_what_nobody_can_read_waits_for_a_day_and_is_then_given_up(store: Store) -> None:
    """A day from the first try, however old it is by then. Coordinators hear of both."""
    clock = Clock(NOW + timedelta(days=2))
    tried = clock.now()
    postman = Postman(store, cast(Chat, Mute(NobodyReads("nobody there can be given the key"))), clock.now, Bell())
    async with store.work() as work:
        await work.outbox.put(RegionRoom("noord"), Board(), NOW)
    while clock.now() < tried + timedelta(days=1):
        assert await postman.carry_one()
        clock.move(timedelta(minutes=5))
    assert await postman.carry_one()
    assert await take(store, clock.now()) is None
    async with store.look() as work:
        assert [one.at for one in await work.audit.given_up(NOW, clock.now())] == [clock.now()]


async def test_a_limit_on_making_rooms_holds_for_all_new_rooms_and_for_nothing_else(store: Store) -> None:
    """It is asked once for everybody, and again when the minute is over, or when the clock is put back."""
    clock, chat = Clock(NOW), Stingy()
    postman = Postman(store, cast(Chat, chat), clock.now, Bell())

    async def carry(*audiences: Audience) -> None:
        """All that can be said at this moment, after this was to be said as well."""
        async with store.work() as work:
            for audience in audiences:
                await work.outbox.put(audience, Board(), clock.now(), region_id="noord")
        while await postman.carry_one():
            pass

    first, second, third, fourth = (Person(nurse(number).user_id) for number in range(4))
    await carry(first, second, RegionRoom("noord"))
    assert (chat.asked, chat.said) == ([first.user_id], [ROOM])
    clock.move(MINUTE)
    await carry(third)
    assert len(chat.asked) == 2  # one of the three, and the others wait again
    clock.move(-timedelta(days=1))
    await carry(fourth)
    assert chat.asked[2:] == [fourth.user_id]
