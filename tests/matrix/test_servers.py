"""The servers that may take part, as our rooms on a real homeserver say it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat import Undeliverable
from bot.matrix.wire import path
from bot.servers import EVERYBODY, Servers
from tests.matrix.bots import Bot
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.test_talk import plan

US, OTHER = "zorg.test", "thuiszorg.test"
LISTED = {"allow": ["thuiszorg.test", "zorg.test"], "deny": [], "allow_ip_literals": False}


async def acl(bot: Bot, room: str) -> Any:
    """The room's list as the homeserver has it; None when it has none."""
    state = await bot.matrix._wire.state(room)
    return next((event["content"] for event in state if event["type"] == "m.room.server_acl"), None)


async def test_rooms_are_made_with_the_list_that_the_settings_have(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await new_bot(), await new_person()
    bot.servers = Servers(US, (OTHER,))
    await bot.start()
    assert await acl(bot, await bot.matrix.chat.create(plan("region:noord"))) == LISTED
    assert await acl(bot, await bot.matrix.chat.direct_room(jan.user_id)) == LISTED


async def test_a_changed_list_reaches_the_rooms_that_are_there_and_is_lifted_again(new_bot: NewBot) -> None:
    bot = await new_bot()
    for servers, expected in (
        (Servers(US), None),
        (Servers(US, (OTHER,)), LISTED),
        (Servers(US, (OTHER,)), LISTED),
        (Servers(US), EVERYBODY),
    ):
        bot.servers = servers
        await bot.start()
        room = await bot.matrix.chat.create(plan("region:noord"))
        await bot.matrix.chat.settle(room, plan("region:noord"))
        assert await acl(bot, room) == expected
        levels = path("v3", "rooms", room, "state", "m.room.power_levels", "")
        assert (await bot.matrix._wire.call("GET", levels))["state_default"] == 100, "nobody else can change it"
        await bot.stop()


async def test_nobody_of_another_server_is_invited(new_bot: NewBot) -> None:
    bot = await new_bot()
    bot.servers = Servers(US, (OTHER,))
    await bot.start()
    room = await bot.matrix.chat.create(plan("region:noord"))
    for attempt in (
        bot.matrix.chat.invite(room, "@mallory:elders.test"),
        bot.matrix.chat.direct_room("@mallory:elders.test"),
    ):
        with pytest.raises(Undeliverable, match="may not take part"):
            await attempt
    assert await bot.matrix.chat.members(room) == {}
