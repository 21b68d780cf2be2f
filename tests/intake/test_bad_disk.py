"""Whatever is wrong with the disk: 503 and when to come again, nothing kept, nothing said, and then it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from tests.intake.door import ADDRESS, Door, body, errors, open_door
from tests.storage.test_bad_disk import IMPATIENT, full, gone, locked, scribble
from texts import intake as texts

Trouble = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def damaged(file: Path) -> Iterator[None]:
    """Nothing is left of the database but its first page."""
    whole = file.read_bytes()
    scribble(file)
    yield
    file.write_bytes(whole)


@pytest.mark.parametrize("trouble", [full, locked, gone, damaged], ids=lambda one: one.__name__)
async def test_what_cannot_be_kept_is_not_accepted(tmp_path: Path, trouble: Trouble) -> None:
    """The hospital hears so in one sentence, and sends the same again later: then it is new."""
    file = tmp_path / "schakelbot.db"
    async with open_door(file, patience=IMPATIENT) as door:
        await door.store.close()  # all of it into the one file
        with capture_logs(), trouble(file):  # a log in a file that may not grow is told of elsewhere
            await refused(door)
        await door.store.close()
        assert (await door.post(body())).status_code == 201
        assert len(await door.kept()) == 1


async def test_a_database_that_became_read_only_accepts_nothing_and_still_answers(tmp_path: Path) -> None:
    """What is there can be asked for: only what is new has to wait."""
    async with open_door(tmp_path / "schakelbot.db") as door:
        assert (await door.post(body("ZD-0"))).status_code == 201
        rings = door.rings
        allowed = "ON"

        def read_only(connection: object, _record: object, _proxy: object) -> None:
            connection.execute(f"PRAGMA query_only={allowed}")  # type: ignore[attr-defined]  # SQLite's own

        event.listen(door.store._engine.sync_engine, "checkout", read_only)
        await refused(door)
        assert door.rings == rings
        assert (await door.client.get(f"{ADDRESS}/ZD-0")).status_code == 200
        allowed = "OFF"
        assert (await door.post(body())).status_code == 201


async def refused(door: Door) -> None:
    """503, and when to come again; no word of the disk."""
    rings = door.rings
    answer = await door.post(body())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert errors(answer) == {None: texts.CANNOT_KEEP}
    assert door.rings == rings
