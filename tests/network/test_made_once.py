"""A room whose making was not answered: it is found at the homeserver, and nobody is invited to a second one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.chat import RoomPlan, TryLater
from bot.matrix import unheard
from bot.matrix.wire import path
from demo.homeserver import Homeserver
from demo.people import Person
from tests.matrix.bots import PASSWORD, Bot
from tests.matrix.raw import wire_of
from tests.network import faults
from tests.network.proxy import Fault, Proxy

PLAN = RoomPlan(purpose="region:noord", name="Noord", topic="Zorgvragen", people={})


@pytest_asyncio.fixture
async def proxy(homeserver: Homeserver) -> AsyncIterator[Proxy]:
    """What stands between the bot and the homeserver."""
    async with Proxy(homeserver.url) as one:
        yield one


@pytest_asyncio.fixture
async def bot(
    homeserver: Homeserver, proxy: Proxy, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> AsyncIterator[Bot]:
    """A bot behind the proxy that knows its rooms, none, and listens no further."""
    localpart = unique_localpart("bot")
    await homeserver.register(localpart, PASSWORD)
    one = Bot(proxy.url, localpart, tmp_path / "matrix")
    await one.connect()
    await one.matrix.first_sync()
    yield one
    await one.stop()


@pytest_asyncio.fixture
async def jan(homeserver: Homeserver, unique_localpart: Callable[[str], str]) -> AsyncIterator[Person]:
    """A nurse."""
    localpart = unique_localpart("jan")
    await homeserver.register(localpart, PASSWORD)
    async with Person(homeserver.url, localpart, PASSWORD) as one:
        yield one


async def rooms_of(bot: Bot) -> list[str]:
    """The rooms in which the homeserver knows the bot to be."""
    return list((await bot.matrix._wire.call("GET", path("v3", "joined_rooms")))["joined_rooms"])


async def one_to_one(bot: Bot, jan: Person) -> str:
    """The one-to-one room with Jan, made if need be."""
    return await bot.matrix.chat.direct_room(jan.user_id)


async def shared(bot: Bot, _: Person) -> str:
    """The room of a region, made if need be."""
    return await bot.matrix.chat.create(PLAN)


@pytest.mark.parametrize("fault", [faults.lost, faults.cut_within], ids=["answer lost", "answer cut"])
@pytest.mark.parametrize("ask", [one_to_one, shared])
@pytest.mark.parametrize("anew", [False, True], ids=["running", "started anew"])
async def test_a_room_that_was_made_without_an_answer_is_not_made_again(
    bot: Bot, proxy: Proxy, jan: Person, fault: Fault, ask: Callable[[Bot, Person], Awaitable[str]], anew: bool
) -> None:
    """Whether or not the bot heard anything since, and also when it was killed meanwhile."""
    proxy.spoil(fault, "POST", "/createRoom", times=1)
    with pytest.raises(TryLater):
        await ask(bot, jan)
    if anew:
        await bot.stop()
        await bot.connect()
    room = await ask(bot, jan)
    assert await rooms_of(bot) == [room]
    assert proxy.count("POST", "/createRoom") == 1
    assert await ask(bot, jan) == room
    if ask is one_to_one:
        said = await bot.send(room, "hallo", "txn-1")
        await jan.wait_joined(room)
        assert (await jan.wait_for(room, lambda one: one.event_id == said)).body == "hallo"


async def test_a_strangers_room_with_our_mark_is_not_taken_for_ours(bot: Bot, jan: Person) -> None:
    """Anyone can write the mark into a room of his own; what counts is who wrote it."""
    marked = [
        {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
        {"type": "nl.schakelbot.room", "state_key": "", "content": {"purpose": PLAN.purpose}},
    ]
    async with wire_of(jan) as wire:
        request = {"invite": [bot.matrix.user_id], "initial_state": marked, "preset": "private_chat"}
        his = (await wire.call("POST", path("v3", "createRoom"), request))["room_id"]
    await bot.matrix._wire.call("POST", path("v3", "join", his), {})
    assert await shared(bot, jan) != his


async def test_whoever_has_heard_of_hardly_any_of_his_rooms_listens_before_he_asks_for_each(
    bot: Bot, proxy: Proxy, jan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a homeserver was restored: the next sync tells all rooms in one answer."""
    monkeypatch.setattr(unheard, "FEW", 1)
    rooms = [await shared(bot, jan), await one_to_one(bot, jan)]
    await bot.stop()
    await bot.connect()
    with pytest.raises(TryLater):
        await one_to_one(bot, jan)
    await bot.matrix.first_sync()
    assert [await shared(bot, jan), await one_to_one(bot, jan)] == rooms
    assert proxy.count("POST", "/createRoom") == 2


NO_ANSWER = {
    "a room without an id": (faults.answer(200, "{}"), "POST", "/createRoom"),
    "no time to wait that anybody can read": (faults.answer(429, "{}", Retry_After="²"), "POST", "/createRoom"),
    "a page for its state": (faults.answer(200, "<html>", "text/html"), "GET", "/state"),
}


@pytest.mark.parametrize(("fault", "method", "where"), NO_ANSWER.values(), ids=NO_ANSWER)
async def test_what_is_no_answer_costs_nobody_what_was_to_be_said(
    bot: Bot, proxy: Proxy, jan: Person, fault: Fault, method: str, where: str
) -> None:
    """It may be asked again, which a letter that cannot be said may not."""
    trouble = proxy.spoil(fault, method, where, times=1)
    with pytest.raises(TryLater):
        await one_to_one(bot, jan)
    assert trouble.happened == 1
    room = await one_to_one(bot, jan)
    assert await rooms_of(bot) == [room]


async def test_a_list_that_nobody_needs_may_be_refused(bot: Bot, proxy: Proxy, jan: Person) -> None:
    refused = proxy.spoil(faults.answer(403, '{"errcode": "M_FORBIDDEN"}'), "PUT", "/account_data/m.direct")
    room = await one_to_one(bot, jan)
    assert await rooms_of(bot) == [room]
    assert refused.happened == 1
