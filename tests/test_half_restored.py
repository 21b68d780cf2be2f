"""A restore that is cut short is finished by whoever comes next, or refused; no bot runs on half of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.administration import apply
from bot.backup import BackupError, back_up, restore
from bot.half_restored import PARTS, UNPACKING, WHOLE
from bot.house import House
from config.settings import Settings
from demo.homeserver import Homeserver
from storage.errors import Unusable
from tests.stories.region import MONDAY, Story

EXAMPLE = Path("area.example.toml")


@dataclass(frozen=True)
class Host:
    """A clean host, with a backup of a bot with one region, and what `restore` said at its terminal."""

    settings: Settings
    backup: Path
    said: list[str]

    @property
    def data(self) -> Path:
        """Where the bot is to live."""
        return self.settings.data

    async def restore(self) -> None:
        """As the administrator does."""
        await restore(self.settings, self.backup, self.said.append)

    async def regions(self) -> list[str]:
        """Which regions a bot that is started here knows. Raises Unusable."""
        house = House(self.settings)
        try:
            await house.open()
            async with house.store.look() as work:
                return [region.name for region in await work.people.regions()]
        finally:
            await house.close()

    def names(self) -> set[str]:
        """What lies in the data directory, the lock and the database's own journals left out."""
        return {one.name for one in self.data.iterdir() if one.name != "lock" and "db-" not in one.name}


@pytest_asyncio.fixture
async def host(homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> Host:
    """The other host is lost."""
    async with Story(homeserver, tmp_path / "lost", unique_localpart) as story:
        await story.coordinator()
        await story.start()
        await back_up(story.settings, tmp_path / "region.backup", MONDAY, lambda _: None)
        settings = story.settings.model_copy(update={"data": tmp_path / "new"})
        return Host(settings, tmp_path / "region.backup", [])


async def test_before_all_is_unpacked_a_start_is_refused_and_a_second_restore_makes_it_whole(host: Host) -> None:
    """Started on it, a bot would make a database of its own, and know no region."""
    (host.data / UNPACKING / "matrix").mkdir(parents=True)
    (host.data / UNPACKING / "schakelbot.db").write_bytes(b"half of")
    with pytest.raises(Unusable, match="a restore was cut short here: run it again") as told:
        await host.regions()
    assert "\n" not in str(told.value)
    assert host.names() == {UNPACKING}
    await host.restore()
    assert host.names() == set(PARTS)
    assert await host.regions() == ["Noord"]


@pytest.mark.parametrize("left", [UNPACKING, WHOLE])
async def test_an_area_is_not_applied_to_half_of_one(host: Host, left: str) -> None:
    """It would make a database where the one that is restored belongs."""
    (host.data / left).mkdir(parents=True)
    with pytest.raises(Unusable, match="a restore is under way, or was cut short here"):
        await apply(host.settings, EXAMPLE, host.said.append, dry_run=False)
    assert host.names() == {left}


@pytest.mark.parametrize("moved", [(), PARTS[:1], PARTS], ids=["nothing", "the database", "everything"])
@pytest.mark.parametrize("comes_next", ["a start", "a restore"])
async def test_when_all_is_unpacked_whoever_comes_next_puts_it_in_its_place(
    host: Host, moved: tuple[str, ...], comes_next: str
) -> None:
    """Wherever between its renames the restore was killed."""
    await host.restore()
    (host.data / WHOLE).mkdir()
    for part in set(PARTS) - set(moved):
        (host.data / part).rename(host.data / WHOLE / part)
    if comes_next == "a restore":
        await host.restore()
        assert host.said[-2] == "A restore was cut short here when it was whole already: it is in its place now."
        assert host.names() == set(PARTS)
    assert await host.regions() == ["Noord"]
    assert host.names() == set(PARTS)
    with pytest.raises(BackupError, match="has a bot in it already"):
        await host.restore()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is put on the disk itself, by name, and what is renamed (`old > new`), in the order in which it is done."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor: int) -> None:
        fsync(descriptor)
        done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    def watched_replace(old: Path, new: Path) -> Path:
        done.append(f"{old.name} > {new.name}")
        return replace(old, new)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    return done


async def test_nothing_is_called_whole_that_a_power_cut_could_take_back(host: Host, steps: list[str]) -> None:
    """A kill leaves what was written; a power cut leaves what was put on the disk itself, names included."""
    await host.restore()
    whole = steps.index("restoring > restored")
    assert {"schakelbot.db", "crypto.db", "identity.sealed", "session.new", "matrix", "restoring"} <= {*steps[:whole]}
    assert steps[whole + 1 :] == ["new", "schakelbot.db > schakelbot.db", "matrix > matrix", "new"]
    await back_up(host.settings, host.backup, MONDAY, host.said.append)
    assert steps[-3:] == [".region.backup.new", ".region.backup.new > region.backup", host.backup.parent.name]
