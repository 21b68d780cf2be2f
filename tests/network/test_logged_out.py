"""The homeserver ends our login: softly, and the same device goes on; or for good, and an administrator is told how."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.keep import keep_house
from bot.matrix import sync
from bot.matrix.wire import HARD, SOFT, LoggedOut
from bot.new_device import take_new_device
from tests.network import faults
from tests.network.conftest import Far


@pytest.fixture(autouse=True)
def _short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits half a minute for the sync that hears it."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 500)


@asynccontextmanager
async def kept(far: Far) -> AsyncIterator[asyncio.Task[None]]:
    """The whole house, as `python -m bot run` keeps it, on the data of this region."""
    task = asyncio.create_task(keep_house(far.settings, far.clock.now))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def the_logout(error: BaseException) -> LoggedOut:
    """The one LoggedOut in what the house ended with."""
    while isinstance(error, BaseExceptionGroup):
        (error,) = error.exceptions
    assert isinstance(error, LoggedOut)
    return error


async def test_after_a_soft_logout_the_same_device_logs_in_again_and_nothing_is_lost(far: Far) -> None:
    """The password stands in the settings: nobody has to do anything."""
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    await far.submit("7523")
    await far.shows(fatima, "🆕 Noord-1")
    await far.stop()
    async with kept(far):
        await fatima.say(far.room, "!status 1")
        await far.shows(fatima, "Open sinds")
        logins = far.proxy.count("POST", "/login")
        expired = far.proxy.spoil(faults.until_login(far.proxy))
        await fatima.say(far.room, "!pak 1")
        await far.shows(fatima, "Noord-1 is opgepakt")
        assert expired.happened
        assert far.proxy.count("POST", "/login") == logins + 1
        assert len(far.said(fatima, "Noord-1 is opgepakt")) == 1
        assert not fatima.unread(far.room)


async def test_without_a_password_a_soft_logout_ends_the_bot_with_what_to_do(far: Far) -> None:
    await far.coordinator()
    await far.start()
    await far.stop()
    matrix = far.settings.matrix.model_copy(update={"password": None})
    far.settings = far.settings.model_copy(update={"matrix": matrix})
    async with kept(far) as house:
        far.proxy.spoil(faults.soft_logout, where="/sync")
        with pytest.raises(BaseException) as ended:  # noqa: PT011 - a group, or alone: which is tested below
            await asyncio.wait_for(house, 20)
    assert str(the_logout(ended.value)) == SOFT


async def test_after_a_revoked_token_what_waited_is_said_by_a_new_device(far: Far) -> None:
    """The administrator does what the line says; Fatima's client reads the new device, and nothing is said twice."""
    fatima = await far.nurse("Fatima")
    await far.coordinator()
    await far.start()
    await far.submit("7523")
    await far.shows(fatima, "🆕 Noord-1")
    running = far._running
    assert running is not None
    refused = far.proxy.spoil(faults.revoked, "PUT", "/send/")  # whoever speaks may hear it first
    await far.submit("7524")
    for _ in range(300):
        if refused.happened:
            break
        await asyncio.sleep(0.1)
    assert refused.happened
    far.proxy.spoil(faults.revoked)
    await asyncio.wait([running], timeout=20)
    error = running.exception()
    assert error is not None
    assert str(the_logout(error)) == HARD
    await far.submit("7525")
    await far.stop()

    far.proxy.heal()
    told: list[str] = []
    take_new_device(far.settings, told.append)
    assert told
    await far.start()
    for number in (1, 2, 3):
        await far.shows(fatima, f"🆕 Noord-{number}")
    await fatima.say(far.room, "!pak 2")
    await far.shows(fatima, "Noord-2 is opgepakt")
    posts = [body for body in far.said(fatima, "Noord-") if "is opgepakt" not in body.splitlines()[0]]
    assert [body.split("Noord-")[1][0] for body in posts] == ["1", "2", "3"]


CONFIG = """
data = "{data}"
[matrix]
homeserver = "{homeserver}"
user_id = "{user_id}"
password = "bot-password"
[seal]
key = "{key}"
[intake]
enabled = false
[logging]
level = "error"
"""


async def test_the_process_ends_with_code_1_and_one_line(
    far: Far, tmp_path_factory: pytest.TempPathFactory, unique_localpart: Callable[[str], str]
) -> None:
    await far.coordinator()
    await far.start()
    await far.stop()
    file = Path(tmp_path_factory.mktemp(unique_localpart("config"))) / "config.toml"
    matrix = far.settings.matrix
    key = far.settings.seal.key.get_secret_value()
    file.write_text(
        CONFIG.format(data=far.settings.data, homeserver=matrix.homeserver, user_id=matrix.user_id, key=key)
    )
    far.proxy.spoil(faults.revoked)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--config", str(file)),
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"COLUMNS": "500"},
    )
    _, told = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert told.decode().splitlines() == [HARD]
