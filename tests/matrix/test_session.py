"""One account, one device, for ever: when the bot logs in, and when it refuses to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.chat import TryLater
from bot.matrix.session import SessionError, restore
from bot.matrix.wire import LoggedOut, Wire
from storage.seal import Seal


class Door(Wire):
    """A wire to a homeserver of two questions: who am I, and let me in."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.logins: list[str] = []
        self.wrong: Exception | None = None
        self.cut = False

    async def call(self, method: str, where: str, body: Any = None, *, patience: float | None = None) -> dict[str, Any]:
        del method, patience
        if where.endswith("/whoami"):
            if self.wrong is not None:
                raise self.wrong
            return {"user_id": "@bot:zorg.test"}
        assert where.endswith("/login")
        self.logins.append(body["device_id"])
        if self.cut:
            raise TryLater("cut")
        self.wrong = None
        return {"user_id": "@bot:zorg.test", "access_token": f"token-{len(self.logins)}"}


@pytest.fixture
def seal() -> Seal:
    """A key for one test."""
    return Seal(Seal.new_key())


async def test_the_first_start_logs_in_and_the_next_ones_do_not(seal: Seal, tmp_path: Path) -> None:
    door = Door()
    first = await restore(door, seal, tmp_path, "bot", "geheim")
    again = await restore(door, seal, tmp_path, "@bot:zorg.test", None)
    assert first == again
    assert door.logins == [first.device_id]
    assert door.token == "token-1"
    assert first.user_id not in (tmp_path / "session.sealed").read_text()


async def test_a_login_cut_short_is_repeated_as_the_same_device(seal: Seal, tmp_path: Path) -> None:
    door = Door()
    door.cut = True
    with pytest.raises(TryLater):
        await restore(door, seal, tmp_path, "bot", "geheim")
    door.cut = False
    session = await restore(door, seal, tmp_path, "bot", "geheim")
    assert door.logins == [session.device_id] * 2


async def test_a_soft_logout_logs_in_again_as_the_same_device_and_a_hard_one_is_said(
    seal: Seal, tmp_path: Path
) -> None:
    door = Door()
    first = await restore(door, seal, tmp_path, "bot", "geheim")
    door.wrong = LoggedOut(soft=True)
    assert await restore(door, seal, tmp_path, "bot", "geheim") == first
    assert (door.logins, door.token) == ([first.device_id] * 2, "token-2")
    door.wrong = LoggedOut(soft=False)
    with pytest.raises(LoggedOut):
        await restore(door, seal, tmp_path, "bot", "geheim")
    assert len(door.logins) == 2


async def test_another_account_or_no_password_is_refused_in_one_sentence(seal: Seal, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="a password is needed"):
        await restore(Door(), seal, tmp_path, "bot", None)
    await restore(Door(), seal, tmp_path, "bot", "geheim")
    with pytest.raises(SessionError, match="belongs to @bot:zorg"):
        await restore(Door(), seal, tmp_path, "ander", None)
