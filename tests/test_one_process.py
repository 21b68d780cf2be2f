"""One bot for one data directory: a second process is refused, and what was killed is not in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.lock import only_one
from tests.real_bot import Ended, RealBot


def fingerprint(identity: Ended) -> str:
    """The line that nurses may compare."""
    (line,) = [line for line in identity.out.splitlines() if line.startswith("fingerprint")]
    return line


async def test_a_second_process_is_refused_and_a_kill_lets_go(bot: RealBot, tmp_path: Path) -> None:
    running = await bot.run()
    second = await bot.command("run")
    assert second.code == 2
    assert second.errors == f"another Schakelbot is running on {bot.data}\n"
    assert "the bot is running" in (await bot.command("check")).out

    file = tmp_path / "bot.backup"
    backed_up = await bot.command("backup", str(file))
    assert (backed_up.code, backed_up.errors) == (0, "")
    assert file.exists()
    refused = await bot.command("restore", str(file))
    assert (refused.code, refused.errors.count("\n")) == (2, 1)

    running.kill()  # -9
    await running.wait()
    again = await bot.run()
    assert again.returncode is None


async def test_apply_does_not_change_the_schema_under_a_running_bot(bot: RealBot, tmp_path: Path) -> None:
    """Here the database has yet to be made; a migration goes by the same door."""
    area = tmp_path / "area.toml"
    area.write_text('[[region]]\nname = "Noord"\npostcodes = ["7520"]\n')
    bot.data.mkdir()
    with only_one(bot.data):
        refused = await bot.command("apply", str(area))
    assert refused.code == 2
    (line,) = refused.complaints
    assert line.endswith("stop that one and try again; nothing was changed")


async def test_a_backup_that_was_restored_by_the_command_runs(bot: RealBot, tmp_path: Path) -> None:
    running = await bot.run()
    file = tmp_path / "bot.backup"
    assert (await bot.command("backup", str(file))).code == 0
    before = await bot.command("identity")
    running.kill()
    await running.wait()
    bot.data.rename(tmp_path / "lost")
    restored = await bot.command("restore", str(file))
    assert (restored.code, restored.errors) == (0, "")
    assert bot.user_id in restored.out
    await bot.run()
    assert fingerprint(await bot.command("identity")) == fingerprint(before)


@pytest.mark.parametrize("name", ["schakelbot.db", "matrix/crypto.db", "matrix/session.sealed"])
async def test_a_damaged_file_is_one_line_and_exit_code_2(bot: RealBot, name: str) -> None:
    """No traceback, the file is named, and it is left as it is."""
    assert (await bot.command("check")).code == 0
    file = bot.data / name
    file.write_bytes(b"nonsense" * 1000)
    told = await bot.command("run")
    assert told.code == 2, told.errors
    (line,) = told.complaints
    assert file.name in line
    assert "damaged" in line
    assert file.read_bytes() == b"nonsense" * 1000
