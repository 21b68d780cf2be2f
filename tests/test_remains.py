"""A database that is gone or empty is not taken for that of a new bot: one line says so, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.remains import refuse_what_was_lost
from storage.errors import Unusable
from tests.real_bot import RealBot

AREA = '[[region]]\nname = "Noord"\npostcodes = ["7520"]\n'


def contents(data: Path) -> dict[str, bytes]:
    """Every file of the data directory, but for the lock and SQLite's own notes beside a database."""
    kept = (one for one in data.rglob("*") if one.is_file() and one.suffix in (".db", ".sealed"))
    return {str(one.relative_to(data)): one.read_bytes() for one in kept}


@pytest.mark.parametrize("how", ["gone", "empty"])
@pytest.mark.parametrize("name", ["schakelbot.db", "matrix/crypto.db"])
async def test_no_command_works_with_a_database_that_was_lost(
    bot: RealBot, tmp_path: Path, name: str, how: str
) -> None:
    """A backup of it may not replace a good one either."""
    good, area = tmp_path / "good.backup", tmp_path / "area.toml"
    assert (await bot.command("check")).code == 0
    assert (await bot.command("backup", str(good))).code == 0
    before = good.read_bytes()
    area.write_text(AREA)
    lost = bot.data / name
    for one in lost.parent.glob(f"{lost.name}*"):
        one.unlink()
    if how == "empty":
        lost.touch()
    left = contents(bot.data)
    for words in (("run",), ("check",), ("apply", str(area)), ("backup", str(good)), ("new-device",)):
        told = await bot.command(*words)
        assert told.code == 2, told.errors
        (line,) = told.complaints
        assert str(lost) in line
        assert f"the database is {how}" in line
        assert "restore a backup" in line
    assert contents(bot.data) == left
    assert good.read_bytes() == before


def test_a_start_that_was_cut_short_may_go_on(tmp_path: Path) -> None:
    """Killed at any moment of the first start of all: nothing was lost, so nothing is refused."""
    for name in ("schakelbot.db", "matrix/session.sealed", "matrix/crypto.db", "matrix/identity.sealed"):
        refuse_what_was_lost(tmp_path)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"something" * 100)
        refuse_what_was_lost(tmp_path)
    for stump in ("", "S"):  # SQLite takes both for a new database
        (tmp_path / "matrix/crypto.db").write_text(stump)
        with pytest.raises(Unusable, match=r"crypto\.db: the database is empty"):
            refuse_what_was_lost(tmp_path)
