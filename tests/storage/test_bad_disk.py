"""A full, locked, read-only, damaged or missing database: told in one line, nothing half done, and then it goes on."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.exc import DBAPIError

from bot.chat import Said, TryLater
from bot.dispatch import Dispatch
from bot.servers import Servers
from domain.announcements import Claimed, PostChanged
from domain.audience import RegionRoom
from storage.errors import CannotKeep, Unusable
from storage.schema import bring_up_to_date
from storage.seal import Seal, WrongKey
from storage.work import Store, open_store
from tests.storage.example import CONTACT, SCHEMAS, SEAL
from tests.storage.shelf import CARE, NOORD, NOW, ROOM, opened, say_all, settle
from tests.storage.test_migrations import lay_down

Trouble = Callable[[Path], AbstractContextManager[None]]
IMPATIENT = 0.1  # seconds


@pytest_asyncio.fixture
async def store(file: Path) -> AsyncIterator[Store]:
    """An open store that waits for nobody, with one zorgvraag."""
    one = await open_store(file, SEAL, patience=IMPATIENT)
    await settle(one)
    await opened(one)
    yield one
    await one.close()


@contextmanager
def full(_file: Path) -> Iterator[None]:
    """No file of this process may grow or change."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else is writing, and takes his time."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def gone(file: Path) -> Iterator[None]:
    """The volume is not there any more."""
    away = file.parent / "away"
    away.mkdir()
    for one in file.parent.glob("schakelbot.db*"):
        one.rename(away / one.name)
    yield
    for one in away.iterdir():
        one.rename(file.parent / one.name)


def scribble(file: Path) -> None:
    """Leave nothing of the database but its first page."""
    whole = file.read_bytes()
    with file.open("r+b") as pages:
        pages.seek(4096)
        pages.write(b"\xff" * len(whole[4096:]))


async def two_steps(store: Store) -> None:
    """A transaction of two steps, of which the first one alone would be a half-done thing."""
    async with store.work() as work:
        zorgvraag = await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
        await work.contacts.keep(zorgvraag.id, CONTACT)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(full, "the disk"), (locked, "another process holds"), (gone, "cannot be opened")],
)
async def test_what_cannot_be_kept_is_said_and_half_of_it_is_not_kept(
    store: Store, file: Path, trouble: Trouble, said: str
) -> None:
    await store._engine.dispose()
    with trouble(file), pytest.raises(CannotKeep, match=said):
        await two_steps(store)
    async with store.look() as work:
        assert [one.number for one in await work.zorgvragen.open_in("noord")] == [1]
    await two_steps(store)
    async with store.look() as work:
        assert [one.number for one in await work.zorgvragen.open_in("noord")] == [1, 2]
        assert await work.contacts.of(2) == CONTACT


async def test_a_disk_that_fills_up_within_a_transaction_keeps_nothing_of_it(store: Store) -> None:
    async with store._engine.connect() as connection:  # the pool gives this one to the next who asks
        await connection.exec_driver_sql("PRAGMA max_page_count=1")

    async def many_hands() -> None:
        async with store.work() as work:
            for number in range(1000):
                await work.inbox.keep_hand(f"$hand{number}", "@nurse0:x", 1)

    with pytest.raises(CannotKeep, match="the disk is full"):
        await many_hands()
    async with store.look() as work:
        assert await work.inbox.hand("$hand0") is None
    await store._engine.dispose()
    await two_steps(store)


async def test_a_database_that_became_read_only_is_told_and_can_still_be_read(store: Store) -> None:
    async with store._engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA query_only=1")
    with pytest.raises(CannotKeep, match="read-only"):
        await two_steps(store)
    async with store.look() as work:
        assert len(await work.zorgvragen.open_in("noord")) == 1


async def test_pages_that_go_bad_while_it_runs_are_told(store: Store, file: Path) -> None:
    await store._engine.dispose()
    scribble(file)
    with pytest.raises(CannotKeep, match="damaged"):
        await two_steps(store)


async def test_what_a_nurse_says_meanwhile_comes_again_and_is_done_once(store: Store, file: Path) -> None:
    """The chat keeps its place for a TryLater; any other error would cost her claim, though nobody refused it."""
    async with store.work() as work:
        await work.rooms.put(RegionRoom("noord"), ROOM)
    dispatch = Dispatch(store, lambda: NOW, lambda: None, Servers("zorg.test"))
    said = Said(event_id="$e", room_id=ROOM, sender="@nurse0:x", at=NOW, body="!oppakken 1")
    with locked(file), pytest.raises(TryLater, match="another process holds"):
        await dispatch(said)
    await dispatch(said)
    await dispatch(said)
    async with store.look() as work:
        assert (await work.zorgvragen.get(1)).claimed_by == "@nurse0:x"
    assert [type(letter.message) for batch in await say_all(store) for letter in batch.letters] == [
        Claimed,
        PostChanged,
    ]


async def test_a_mistake_in_our_own_sql_is_not_taken_for_a_bad_disk(store: Store) -> None:
    """Waiting does not mend it: whoever thinks so would try for ever."""
    with pytest.raises(DBAPIError):
        async with store.work() as work:
            await work.inbox._connection.exec_driver_sql("SELECT * FROM nowhere")


@pytest.mark.parametrize("kept", [0.3, 0.9])
@pytest.mark.parametrize("filling", [b"", b"\xff", b"nonsense"])
def test_a_damaged_file_is_refused_at_the_start_and_left_as_it_is(file: Path, kept: float, filling: bytes) -> None:
    """Cut off, or overwritten with something else."""
    lay_down(SCHEMAS / "0001.sql", file)
    whole = file.read_bytes()
    start = int(len(whole) * kept)
    bad = whole[:start] + (filling * len(whole))[: len(whole) - start if filling else 0]
    file.write_bytes(bad)
    with pytest.raises(Unusable, match=r"schakelbot\.db: the database is damaged") as told:
        bring_up_to_date(file, patience=IMPATIENT)
    assert "\n" not in str(told.value)
    assert file.read_bytes() == bad


@pytest.mark.parametrize("size", [100, 511, 512, 4096, -4096])
def test_a_file_that_was_cut_off_anywhere_is_refused_at_the_start(file: Path, size: int) -> None:
    """What is too short for SQLite to take it for a database at all is looked at by bot/remains.py."""
    lay_down(SCHEMAS / "0001.sql", file)
    cut = file.read_bytes()[:size]
    file.write_bytes(cut)
    with pytest.raises(Unusable, match="damaged"):
        bring_up_to_date(file, patience=IMPATIENT)
    assert file.read_bytes() == cut


def test_garbage_is_refused_at_the_start(file: Path) -> None:
    file.write_bytes(b"nonsense" * 1000)
    with pytest.raises(Unusable, match="damaged"):
        bring_up_to_date(file, patience=IMPATIENT)


async def test_a_lock_is_waited_for_and_then_told_at_the_start(file: Path) -> None:
    lay_down(SCHEMAS / "0001.sql", file)
    with locked(file), pytest.raises(CannotKeep, match=r"schakelbot\.db: another process holds the database"):
        await open_store(file, SEAL, patience=IMPATIENT)
    await (await open_store(file, SEAL, patience=IMPATIENT)).close()


async def test_another_key_is_told_at_the_start(file: Path) -> None:
    lay_down(SCHEMAS / "0001.sql", file)
    with pytest.raises(WrongKey, match="the details of clients in the database were sealed with another key"):
        await open_store(file, Seal(Seal.new_key()))


OPEN = """
import asyncio, ctypes, os, sys
from pathlib import Path
from storage.errors import StorageError
from storage.work import open_store
from tests.storage.example import SEAL

async def main(file):
    try:
        await open_store(file, SEAL)
    except StorageError as error:
        print(error)

if os.geteuid() == 0:
    # Root without its capabilities minds the modes of files; as another user it could not read the project.
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, none) == 0  # for this thread, and those that it starts
asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("modes", [(0o555, 0o444), (0o555, None), (0o777, 0o444), (0o777, 0o000)])
def test_what_may_not_be_written_is_told_at_the_start(modes: tuple[int, int | None]) -> None:
    """Somebody else owns the directory, with or without a database in it. (Root may do anything, so: not as root.)"""
    directory = Path(tempfile.mkdtemp(prefix="read-only-"))
    file = directory / "schakelbot.db"
    try:
        if modes[1] is not None:
            lay_down(SCHEMAS / "0001.sql", file)
            file.chmod(modes[1])
        directory.chmod(modes[0])
        child = [sys.executable, "-c", OPEN, str(file)]
        told = subprocess.run(child, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": "."})
    finally:
        directory.chmod(0o755)
        shutil.rmtree(directory)
    assert told.stdout.count("\n") == 1
    assert str(file) in told.stdout
    assert "read-only" in told.stdout or "denied" in told.stdout or "cannot be opened" in told.stdout
