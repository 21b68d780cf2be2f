"""The recovery key of the bot's account, as an administrator would type it into Element."""

from pathlib import Path

from bot.matrix.recovery import UnseenKey
from demo.homeserver import Homeserver
from tests.interop.bot_ear import BotEar
from tests.interop.conftest import PASSWORD
from tests.interop.js_client import JsClient
from tests.interop.js_process import require_node


async def test_element_signs_a_second_device_of_the_bots_account_with_the_recovery_key(
    homeserver: Homeserver, tmp_path: Path
) -> None:
    """The key opens the secret storage, and what lies there is the very identity that signed the bot's own device."""
    require_node()
    await homeserver.register("bot-with-recovery", PASSWORD)
    bot = BotEar(homeserver.url, "bot-with-recovery", PASSWORD, tmp_path / "data")
    async with bot.running():
        key = UnseenKey(bot.seal, tmp_path / "data").read()
        assert key is not None
        async with JsClient(homeserver.url, "bot-with-recovery", PASSWORD, recovery_key=key) as element:
            expected = {element.device_id: True, bot.house.device_id: True}

            async def all_signed() -> bool:
                return (await element.verify_status(bot.user_id)).signed_by_owner == expected

            await element.wait_until(all_signed)
