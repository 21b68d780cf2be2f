"""The postman, where the homeserver limits the making of rooms: one pause for all, which no clock can lengthen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest_asyncio

from bot.bell import Bell
from bot.chat import Chat, TryLater
from bot.postman import Postman
from domain.announcements import Board
from domain.audience import Audience, Person, RegionRoom
from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import NOW, ROOM, nurse, settle
from tests.stories.region import Clock

MINUTE = timedelta(minutes=1)


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
