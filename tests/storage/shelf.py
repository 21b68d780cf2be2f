"""A region to keep things in, and the moments and small steps that the tests of storage share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.care import Care, Kind
from domain.people import Member, Organisation, PostcodeRange, Region, Role, Team
from domain.zorgvraag import Zorgvraag
from storage.letters import Batch, Sent
from storage.work import Store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOORD = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
ROOM = "!noord"
CARE = Care("7523", (Kind.WONDZORG,))


def nurse(number: int) -> Member:
    """Nurse `number` of Team Roombeek."""
    return Member(f"@nurse{number}:x", "noord", frozenset({Role.NURSE}), f"Nurse {number}", "roombeek")


async def settle(store: Store, nurses: int = 2) -> None:
    """Apply the region with one team and its nurses."""
    async with store.work() as work:
        await work.people.put_region(NOORD)
        await work.people.put_organisation(Organisation("buurtzorg", "Buurtzorg"))
        await work.people.put_team(Team("roombeek", "Team Roombeek", "buurtzorg", "noord"))
        for number in range(nurses):
            await work.people.put_member(nurse(number))


async def opened(store: Store, now: datetime = NOW) -> Zorgvraag:
    """One more open zorgvraag, about which nothing was said yet."""
    async with store.work() as work:
        return await work.zorgvragen.add(NOORD, CARE, "@carla:x", now)


async def take(store: Store, now: datetime = NOW) -> Batch | None:
    """What is to be said next."""
    async with store.work() as work:
        return await work.outbox.take(now)


async def say_all(store: Store, now: datetime = NOW) -> list[Batch]:
    """Say everything that waits, in order; the event of each batch is "$" and its transaction id."""
    said = []
    while (batch := await take(store, now)) is not None:
        async with store.work() as work:
            await work.outbox.sent(batch, Sent(ROOM, f"${batch.txn_id}"), now)
        said.append(batch)
    return said
