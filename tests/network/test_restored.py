"""A homeserver that comes back with yesterday's memory: what is said before we ask for the first time is heard too."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from bot.chat import Entered, Unreadable
from bot.matrix import sync
from bot.matrix.memory import ends_before
from bot.matrix.wire import Wire
from demo.homeserver import Homeserver
from demo.people import Person
from tests.matrix.bare import reaction
from tests.matrix.bare import sync as sync_of
from tests.matrix.bots import PASSWORD, Bot
from tests.matrix.ear import Ear
from tests.network import faults
from tests.network.proxy import Proxy


@pytest_asyncio.fixture
async def homeserver() -> AsyncIterator[Homeserver]:
    """A homeserver that this test may stop, and put back to what it was."""
    async with Homeserver(limits="off") as running:
        yield running


@pytest_asyncio.fixture
async def proxy(homeserver: Homeserver) -> AsyncIterator[Proxy]:
    """What stands between the bot and that homeserver."""
    async with Proxy(homeserver.url) as one:
        yield one


@pytest_asyncio.fixture
async def bot(homeserver: Homeserver, proxy: Proxy, tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot behind the proxy that has not connected yet."""
    await homeserver.register("bot", PASSWORD)
    one = Bot(proxy.url, "bot", tmp_path / "matrix")
    yield one
    await one.stop()


@pytest.fixture(autouse=True)
def _short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits half a minute for a long poll that hangs."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 500)


async def person(homeserver: Homeserver, name: str) -> Person:
    """Somebody with an account; the client is not open yet."""
    await homeserver.register(name, "person-password")
    return Person(homeserver.url, name, "person-password")


async def room_with(bot: Bot, *people: Person) -> str:
    """A room of the bot's in which all these people are."""
    room = await bot.matrix.chat.direct_room(people[0].user_id)
    for one in people[1:]:
        await bot.matrix.chat.invite(room, one.user_id)
    for one in people:
        await one.wait_joined(room)
    await bot.wait_until(lambda: sum(isinstance(event, Entered) for event in bot.heard) == len(people))
    return room


async def heard_again(bot: Bot, room: str, reader: Person) -> None:
    """Return when this person reads what the bot says.

    Their client, unlike ours, misses what is said before it asks for the first time.
    """
    for number in range(30):
        await bot.send(room, f"ik ben er nog {number}", f"m-{reader.user_id}-{number}")
        with suppress(TimeoutError):
            await reader.wait_for(room, lambda one: one.body.startswith("ik ben er nog"), within=3)
            return
    raise AssertionError("the bot is never heard again")


@pytest.mark.parametrize("started_anew", [False, True], ids=["running", "started anew"])
async def test_what_is_said_before_the_bot_asks_a_restored_homeserver_is_heard_once_and_in_order(
    bot: Bot, proxy: Proxy, homeserver: Homeserver, tmp_path: Path, started_anew: bool
) -> None:
    """Jan spoke before the backup; Els says her first words to a homeserver whose memory ends before our cursor.

    Her key comes while nobody listens for it, and there is more than the homeserver tells at once.
    """
    async with await person(homeserver, "jan") as jan, await person(homeserver, "els") as els:
        await bot.start()
        room = await room_with(bot, jan, els)
        await jan.say(room, "voor de back-up")
        await bot.wait_for("voor de back-up")
        await homeserver.stop()
        shutil.copytree(homeserver.directory, tmp_path / "backup")
        await homeserver.start()
        for number in range(40):
            await jan.say(room, f"na de back-up {number}")
        await bot.wait_for("na de back-up 39")

        proxy.spoil(faults.cut_before)
        if started_anew:
            await bot.stop()
        await homeserver.stop()
        shutil.rmtree(homeserver.directory)
        shutil.copytree(tmp_path / "backup", homeserver.directory)
        await homeserver.start()
        said = [f"els {number}" for number in range(10)]
        for text in said:
            await els.say(room, text)
        await jan.say(room, "jan")
        proxy.heal()
        if started_anew:
            await bot.start()
        await bot.wait_for("jan")
        await els.say(room, "daarna")
        await bot.wait_for("daarna")

        later = bot.said()[bot.said().index("na de back-up 39") + 1 :]
        assert [body for body in later if body != "voor de back-up"] == [*said, "jan", "daarna"]
        assert not [event for event in bot.heard if isinstance(event, Unreadable)]
        await heard_again(bot, room, els)
        await heard_again(bot, room, jan)


async def test_a_homeserver_that_was_only_away_is_not_taken_for_a_restored_one(
    bot: Bot, homeserver: Homeserver
) -> None:
    """Restarted, or gone for a moment: our place in its memory is still there, and nothing is heard twice."""
    async with await person(homeserver, "jan") as jan:
        await bot.start()
        room = await room_with(bot, jan)
        await jan.say(room, "een")
        await bot.wait_for("een")
        assert bot.cursor is not None
        assert not await ends_before(bot.matrix._wire, bot.cursor)
        await homeserver.restart()
        assert not await ends_before(bot.matrix._wire, bot.cursor)
        await jan.say(room, "twee")
        await bot.wait_for("twee")
        assert bot.said() == ["een", "twee"]


async def test_a_restored_homeserver_is_heard_again_for_a_week(tmp_path: Path) -> None:
    """The bot may have been away for days when the backup was put back."""
    ear = Ear(tmp_path)
    ear.now_ms, hour = 1_795_000_000_000, 3_600_000
    ear.saved = ["s9_1"]
    said = [(f"${hours}", ear.now_ms - hours * hour) for hours in (7 * 24 + 1, 7 * 24 - 1, 1)]
    await ear.hear(sync_of(*(reaction(event_id) | {"origin_server_ts": at} for event_id, at in said)))
    assert [event.event_id for event in ear.heard] == ["$167", "$1"]
    ear.close()


@pytest.mark.parametrize(
    ("ours", "present", "ends"),
    [
        ("s12_3_4", "s11_9_9", True),
        ("s12_3_4", "s12_0_0", False),
        ("s9_3", "s10_3", False),
        ("m12~1.14_3", "m9~1.11_3", True),
        ("140", "99", True),
        ("opaque-9", "opaque-3", False),
        ("s12x", "s3x", False),
    ],
)
async def test_of_cursors_only_a_number_that_is_plain_is_believed(ours: str, present: str, ends: bool) -> None:
    """A homeserver whose cursors we cannot read is one that was never restored."""

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = f'{{"next_batch": "{present}"}}'
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    wire = Wire(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        assert await ends_before(wire, ours) is ends
    finally:
        await wire.close()
        server.close()
        await server.wait_closed()
