"""A database with a row of everything, made up; `python -m tests.storage.example` keeps it as the newest schema's dump.

A dump is made once, when its schema is released, and never changed: it stands for what administrators have.
"""

from __future__ import annotations

import asyncio
import base64
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from domain.announcements import Claimed, Details, Opened, PostChanged
from domain.audience import Person, RegionRoom
from domain.capacity import Colour, Light
from domain.care import Care, Contact, Dagdeel, Kind, Per, Urgency, Visits
from domain.people import Member, Role
from storage.letters import Sent
from storage.references import Reference
from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import HOUR, NOORD, NOW, ROOM, settle

SCHEMAS = Path(__file__).parent / "schemas"
SEAL = Seal(base64.urlsafe_b64encode(b"not a secret: made for the dumps").decode())
CARE = Care(
    "7523",
    (Kind.WONDZORG,),
    Visits(2, Per.DAG),
    (Dagdeel.OCHTEND,),
    Decimal("3.5"),
    date(2026, 11, 26),
    Urgency.SPOED,
    note="verzonnen",
)
CONTACT = Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000", "verzonnen")
LIGHT = Light("roombeek", Dagdeel.OCHTEND, Colour.ORANJE, NOW, "@nurse0:x", NOW + HOUR, "verzonnen")
LEADER = Member("@lead:x", "noord", frozenset({Role.TEAM_LEAD}), "Leonie Verzonnen", "roombeek")
POST = Sent(ROOM, "$post")
SECRET = "wat iemand intypte"


async def fill(store: Store) -> None:
    """Noord-1 is open and was posted twice, Noord-2 is claimed with a hand, and two letters wait."""
    await settle(store)
    async with store.work() as work:
        await work.people.put_member(LEADER)
        await work.rooms.put(RegionRoom("noord"), ROOM)
        await work.rooms.keep_invited("region:noord", "@lead:x")
        await work.inbox.move_cursor("sync", "s1_2_3")
        await work.inbox.is_new("$heard", NOW)
        await work.lights.set(LIGHT)
        await work.agenda.is_first_digest("noord", date(2026, 11, 23), NOW)
        one = await work.zorgvragen.add(NOORD, CARE, "source:ziekenhuis", NOW)
        await work.references.keep("ziekenhuis", "reference-1", Reference("fingerprint-1", one.id))
        await work.contacts.keep(one.id, CONTACT)
        await work.outbox.put(RegionRoom("noord"), Opened(one.id), NOW)
        batch = await work.outbox.take(NOW)
        assert batch is not None
        await work.outbox.sent(batch, POST, NOW)
        one.repost(NOORD, NOW + 3 * HOUR)
        await work.zorgvragen.save(one)
        await work.agenda.record_round(one, NOW + 3 * HOUR)
        two = await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
        two.claim(LEADER, NOW + HOUR)
        await work.zorgvragen.save(two)
        await work.inbox.keep_hand("$hand", "@lead:x", two.id)
        await work.journal.write("claim", "@lead:x", NOW, region_id="noord", zorgvraag_id=two.id)
        await work.outbox.put(RegionRoom("noord"), Claimed(two.id, "@lead:x", NOW), NOW)
        await work.outbox.take(NOW)  # it has its transaction id, and was perhaps said
        await work.outbox.put(RegionRoom("noord"), PostChanged(two.id), NOW)
        await work.outbox.put(Person("@lead:x"), Details(two.id), NOW, secret=SECRET)


async def dump() -> None:
    """Fill a database of today's schema and write it to `schemas/<revision>.sql`."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "schakelbot.db"
        store = await open_store(file, SEAL)
        await fill(store)
        await store.close()
        with closing(sqlite3.connect(file)) as connection:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            lines = [f"{line}\n" for line in connection.iterdump()]
    (SCHEMAS / f"{revision}.sql").write_text("".join(lines))


if __name__ == "__main__":
    asyncio.run(dump())
