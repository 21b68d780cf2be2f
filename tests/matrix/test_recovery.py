"""The recovery key and the name of the bot's account: made once, healed after a crash, shown once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat import TryLater
from bot.matrix.identity import Identity
from bot.matrix.recovery import Recovery, UnseenKey
from bot.matrix.wire import Wire, path
from tests.matrix.bots import Bot
from tests.matrix.conftest import NewBot
from tests.matrix.test_identity import Cut


async def account_data(bot: Bot, kind: str) -> dict[str, Any]:
    """What the homeserver keeps for the bot's account."""
    where = path("v3", "user", bot.matrix.user_id, "account_data", kind)
    return await bot.matrix._wire.call("GET", where)


def recovery_of(bot: Bot, wire: Wire) -> Recovery:
    """The bot's own recovery, over another wire."""
    identity = Identity(wire, bot.seal, bot.data_dir, bot.matrix.user_id, bot.matrix.device_id)
    return Recovery(wire, bot.seal, bot.data_dir, bot.matrix.user_id, identity)


async def test_the_key_is_made_once_and_forgotten_when_it_was_shown(new_bot: NewBot) -> None:
    bot = await new_bot()
    await bot.connect()
    unseen = UnseenKey(bot.seal, bot.data_dir)
    shown = unseen.read()
    assert shown is not None
    assert [len(group) for group in shown.split()] == [4] * 12
    default = await account_data(bot, "m.secret_storage.default_key")
    assert shown.replace(" ", "").encode() not in b"".join(file.read_bytes() for file in bot.data_dir.iterdir())
    await bot.stop()
    await bot.connect()
    assert unseen.read() == shown, "until somebody has seen it, it is kept"
    unseen.forget()
    await bot.stop()
    await bot.connect()
    assert unseen.read() is None
    assert await account_data(bot, "m.secret_storage.default_key") == default
    private = Identity(bot.matrix._wire, bot.seal, bot.data_dir, bot.matrix.user_id, "").private_keys()
    assert private is not None
    for usage, seed in private.items():
        stored = await account_data(bot, f"m.cross_signing.{usage}")
        assert list(stored["encrypted"]) == [default["key"]]
        assert seed not in str(stored)


@pytest.mark.parametrize("after", range(1, 6))
async def test_a_key_that_was_cut_off_while_it_was_stored_is_shown_only_when_it_works(
    new_bot: NewBot, after: int
) -> None:
    bot = await new_bot()
    await bot.connect()
    before = await account_data(bot, "m.secret_storage.default_key")
    unseen = UnseenKey(bot.seal, bot.data_dir)
    old = unseen.read()
    cut = recovery_of(bot, Cut(bot.matrix._wire, after=after))
    cut.renew()
    with pytest.raises(TryLater):
        await cut.ensure()
    assert unseen.read() is None
    await recovery_of(bot, bot.matrix._wire).ensure()
    assert unseen.read() not in (None, old)
    assert await account_data(bot, "m.secret_storage.default_key") != before


async def test_the_bot_bears_the_name_that_the_settings_give_it(new_bot: NewBot) -> None:
    bot = await new_bot()
    for name in ("Schakelbot (Chatbot)", "Schakelbot (Chatbot)", "Schakel"):
        bot.display_name = name
        await bot.connect()
        where = path("v3", "profile", bot.matrix.user_id, "displayname")
        assert await bot.matrix._wire.call("GET", where) == {"displayname": name}
        await bot.stop()
