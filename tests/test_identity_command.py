"""`python -m bot identity` and `accept-identity`, as an administrator types them, on a real homeserver."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.lock import only_one
from demo.homeserver import Homeserver
from storage.seal import Seal

PASSWORD = "bot-password"
RECOVERY = re.compile(r"recovery key ((?:\w{4} ?){12})")


class Administrator:
    """Somebody at the console of the bot's machine."""

    def __init__(self, directory: Path, homeserver: str, user_id: str) -> None:
        self.data = directory / "data"
        (directory / "password").write_text(PASSWORD)
        (directory / "key").write_text(Seal.new_key())
        self._settings = directory / "schakelbot.toml"
        self._settings.write_text(
            f'[matrix]\nhomeserver = "{homeserver}"\nuser_id = "{user_id}"\npassword_file = "password"\n'
            '[seal]\nkey_file = "key"\n'
        )

    def types(self, *words: str, answers: str = "") -> Result:
        """Run one command to its end. It brings an event loop, so the tests here have none."""
        return CliRunner().invoke(app, [*words, "--config", str(self._settings)], input=answers)


@pytest.fixture
async def administrator(
    homeserver: Homeserver, unique_localpart: Callable[[str], str], tmp_path: Path
) -> Administrator:
    """Settings for an account that exists; the bot never ran."""
    user_id = await homeserver.register(unique_localpart("bot"), PASSWORD)
    return Administrator(tmp_path, homeserver.url, user_id)


def fingerprint(shown: Result) -> str:
    return next(line for line in shown.output.splitlines() if line.startswith("fingerprint"))


def test_the_recovery_key_is_shown_once_by_whichever_command_comes_first(administrator: Administrator) -> None:
    before = administrator.types("identity")
    assert before.exit_code == 1
    assert "has never logged in" in before.output
    first, second = administrator.types("check"), administrator.types("identity")
    assert first.exit_code == 0, first.output
    assert second.exit_code == 0, second.output
    assert RECOVERY.search(first.output)
    assert not RECOVERY.search(second.output)
    assert "state        trusted" in second.output
    assert re.fullmatch(r"fingerprint  (\w|[+/]| ){53}", fingerprint(second))
    assert len(second.output.splitlines()) <= 24, "one screen"


def test_a_lost_recovery_key_is_replaced_also_while_the_bot_runs(administrator: Administrator) -> None:
    first = RECOVERY.search(administrator.types("check").output)
    with only_one(administrator.data):
        again = administrator.types("identity", "--recovery-key")
        assert administrator.types("identity").exit_code == 0
    second = RECOVERY.search(again.output)
    assert first
    assert second
    assert first[1] != second[1]


def test_a_reset_is_asked_for_twice_and_never_done_beside_a_running_bot(administrator: Administrator) -> None:
    administrator.types("check")
    old = administrator.types("identity")
    refused = administrator.types("identity", "--reset", answers="n\n")
    assert refused.exit_code == 1
    assert "Every nurse's client will say" in refused.output
    with only_one(administrator.data):
        assert administrator.types("identity", "--reset", answers="y\n").exit_code == 2
    assert fingerprint(administrator.types("identity")) == fingerprint(old)

    done = administrator.types("identity", "--reset", answers="y\n")
    assert done.exit_code == 0, done.output
    assert RECOVERY.search(done.output)
    new = administrator.types("identity")
    assert "state        trusted" in new.output
    assert fingerprint(new) != fingerprint(old)
    assert administrator.types("check").exit_code == 0


def test_an_identity_that_this_directory_does_not_hold_is_told_with_what_to_do(
    administrator: Administrator,
) -> None:
    administrator.types("check")
    (administrator.data / "matrix" / "identity.sealed").unlink()
    shown = administrator.types("identity")
    assert shown.exit_code == 1
    assert "foreign" in shown.output
    assert "--reset" in shown.output


def test_only_an_identity_that_was_reported_can_be_accepted(administrator: Administrator) -> None:
    for _ in range(2):  # before there is any data, and after
        refused = administrator.types("accept-identity", "@jan:zorg.test")
        assert refused.exit_code == 1
        assert "no new identity of @jan:zorg.test was reported" in refused.output
        administrator.types("check")
