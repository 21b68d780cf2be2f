"""Every schema that administrators may have is brought to today's, with what lies in it, and a copy is kept aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from domain.announcements import Claimed, Details, PostChanged
from domain.audience import RegionRoom
from domain.zorgvraag import State
from storage.schema import MIGRATIONS
from storage.tables import metadata
from storage.work import Work, open_store
from tests.storage.example import CARE, CONTACT, LEADER, LIGHT, POST, SCHEMAS, SEAL, SECRET
from tests.storage.shelf import HOUR, NOORD, NOW, ROOM, nurse

DUMPS = sorted(SCHEMAS.glob("*.sql"))


def revisions() -> list[str]:
    """Every migration, the first one first."""
    return [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def lay_down(dump: Path, file: Path) -> None:
    """Make the database that an administrator of that time has."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump.read_text())


def test_every_schema_has_its_dump() -> None:
    """Whoever adds a migration keeps the schema that it leads to: `python -m tests.storage.example`."""
    assert [dump.stem for dump in DUMPS] == revisions()


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
async def test_a_database_of_any_age_becomes_todays_and_nothing_in_it_is_lost(dump: Path, file: Path) -> None:
    lay_down(dump, file)
    store = await open_store(file, SEAL)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    try:
        async with store._engine.connect() as connection:
            assert await connection.run_sync(differences) == []
        async with store.work() as work:
            await holds_people(work)
            await holds_care(work)
            await holds_letters(work)
    finally:
        await store.close()
    aside = file.with_name(f"{file.name}.before-{revisions()[-1]}")
    assert aside.exists() == (dump.stem != revisions()[-1])


async def holds_people(work: Work) -> None:
    """The region, who works there, its rooms and its lights."""
    assert await work.people.regions() == [NOORD]
    assert set(await work.people.organisations()) == {"buurtzorg"}
    assert (await work.people.teams("noord"))["roombeek"].name == "Team Roombeek"
    assert await work.people.members("noord") == {one.user_id: one for one in (nurse(0), nurse(1), LEADER)}
    assert await work.rooms.room_of(RegionRoom("noord")) == ROOM
    assert await work.rooms.invited("region:noord") == {"@lead:x"}
    assert await work.lights.in_region("noord") == (LIGHT,)
    assert await work.inbox.cursor("sync") == "s1_2_3"
    assert not await work.inbox.is_new("$heard", NOW)
    assert not await work.agenda.is_first_digest("noord", NOW.date(), NOW)


async def holds_care(work: Work) -> None:
    """The zorgvragen, who has which, the client's details and the source's reference."""
    one, two = await work.zorgvragen.find("noord", 1), await work.zorgvragen.find("noord", 2)
    assert one is not None
    assert two is not None
    assert (one.care, one.state, one.round, one.due_at) == (CARE, State.OPEN, 1, NOW + 4 * HOUR)
    assert (two.state, two.claimed_by, two.claimed_at) == (State.CLAIMED, LEADER.user_id, NOW + HOUR)
    assert await work.contacts.of(one.id) == CONTACT
    known = await work.references.find("ziekenhuis", "reference-1")
    assert known is not None
    assert known.zorgvraag_id == one.id
    assert await work.inbox.hand("$hand") == (LEADER.user_id, two.id)
    assert (await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)).number == 3


async def holds_letters(work: Work) -> None:
    """What was said is not said again, and what waits is said in its order, under the transaction id it has."""
    assert await work.outbox.newest_post(1) == POST
    told = []
    while (batch := await work.outbox.take(NOW)) is not None:
        await work.outbox.sent(batch, POST, NOW)
        told += [(letter.message, letter.secret) for letter in batch.letters]
    assert told == [(Claimed(2, LEADER.user_id, NOW), None), (Details(2), SECRET), (PostChanged(2), None)]
