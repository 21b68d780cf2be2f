"""Many at once: exactly one wins, nobody waits for a reader, and what was committed survives a kill."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.chat import Said
from bot.dispatch import Dispatch
from bot.servers import Servers
from commands import claim
from commands.language.words import Which
from commands.verb import Asked
from domain.announcements import Claimed, PostChanged
from domain.audience import RegionRoom
from domain.refusals import AlreadyClaimed
from domain.zorgvraag import State
from storage.seal import Seal
from storage.work import Store, open_store
from storage.zorgvragen import Overtaken
from tests.storage.shelf import CARE, NOORD, NOW, ROOM, nurse, opened, say_all, settle, take

CLAIMANTS = 64


async def claims(store: Store, number: int) -> AlreadyClaimed | None:
    """Nurse `number` claims Noord-1 in a transaction of their own; what they hear if they are not the first."""
    who = nurse(number)
    asked = Asked(who.user_id, (who,), NOORD, RegionRoom("noord"), f"$claim{number}", NOW)
    try:
        async with store.work() as work:
            await claim.run(claim.Claim(Which(1)), asked, work)
    except AlreadyClaimed as lost:
        return lost
    return None


async def winner_of(store: Store) -> str | None:
    """Who has Noord-1."""
    async with store.look() as work:
        found = await work.zorgvragen.find("noord", 1)
    assert found is not None
    assert found.state is State.CLAIMED
    assert found.version == 1
    return found.claimed_by


async def test_of_64_claimants_at_once_one_wins_and_63_hear_who(store: Store) -> None:
    await settle(store, CLAIMANTS)
    await opened(store)
    heard = await asyncio.gather(*(claims(store, number) for number in range(CLAIMANTS)))
    winners = [nurse(number).user_id for number, lost in enumerate(heard) if lost is None]
    assert winners == [await winner_of(store)]
    assert [(lost.by, lost.at) for lost in heard if lost] == [(winners[0], NOW)] * 63


async def test_two_programs_on_one_file_still_have_one_winner(store: Store, file: Path, seal: Seal) -> None:
    await settle(store, CLAIMANTS)
    await opened(store)
    other = await open_store(file, seal)
    heard = await asyncio.gather(*(claims((store, other)[number % 2], number) for number in range(CLAIMANTS)))
    await other.close()
    (winner,) = [nurse(number).user_id for number, lost in enumerate(heard) if lost is None]
    assert winner == await winner_of(store)
    assert {lost.by for lost in heard if lost} == {winner}


async def test_64_people_who_type_it_at_once_cost_the_room_two_messages(store: Store) -> None:
    """One notice for the winner (the edit goes into the post, which waits as well), and one for all who lost."""
    await settle(store, CLAIMANTS)
    async with store.work() as work:
        await work.rooms.put(RegionRoom("noord"), ROOM)
    await opened(store)
    dispatch = Dispatch(store, lambda: NOW, lambda: None, Servers("zorg.test"))
    said = [
        Said(event_id=f"$e{number}", room_id=ROOM, sender=nurse(number).user_id, at=NOW, body="!oppakken 1")
        for number in range(CLAIMANTS)
    ]
    await asyncio.gather(*(dispatch(one) for one in said))
    batches = await say_all(store)
    told = {type(batch.letters[-1].message): batch for batch in batches}
    assert len(batches) == len(told) == 3
    assert set(told) == {Claimed, AlreadyClaimed, PostChanged}
    losers = {letter.asked_by for letter in told[AlreadyClaimed].letters}
    assert losers == {nurse(number).user_id for number in range(CLAIMANTS)} - {await winner_of(store)}


async def test_who_saves_what_somebody_else_saved_in_between_is_told(store: Store) -> None:
    zorgvraag = await opened(store)
    async with store.look() as work:
        mine, theirs = await work.zorgvragen.get(zorgvraag.id), await work.zorgvragen.get(zorgvraag.id)
    theirs.claim(nurse(1), NOW)
    mine.claim(nurse(0), NOW)
    async with store.work() as work:
        await work.zorgvragen.save(theirs)

    async def save_mine() -> None:
        async with store.work() as work:
            await work.outbox.put(RegionRoom("noord"), Claimed(mine.id, "@nurse0:x", NOW), NOW)
            await work.zorgvragen.save(mine)

    with pytest.raises(Overtaken):
        await save_mine()
    assert await winner_of(store) == "@nurse1:x"
    assert await take(store) is None


async def test_numbers_run_without_gaps_however_many_come_in_and_some_fail(store: Store) -> None:
    async def submit(number: int) -> None:
        async with store.work() as work:
            await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
            if number % 3 == 0:
                raise ConnectionResetError

    await asyncio.gather(*(submit(number) for number in range(30)), return_exceptions=True)
    async with store.look() as work:
        numbers = [zorgvraag.number for zorgvraag in await work.zorgvragen.open_in("noord")]
    assert numbers == list(range(1, 21))


async def test_looking_waits_for_nobody_and_sees_only_what_was_committed(store: Store) -> None:
    async with store.work() as work:
        await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
        async with asyncio.timeout(5), store.look() as look:
            assert await look.zorgvragen.open_in("noord") == []
    async with store.look() as look:
        assert len(await look.zorgvragen.open_in("noord")) == 1


async def test_whatever_is_done_while_looking_is_rolled_back(store: Store) -> None:
    async with store.look() as look:
        await look.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
    async with store.look() as look:
        assert await look.zorgvragen.open_in("noord") == []


async def test_a_kill_loses_what_was_not_committed_and_nothing_else(
    store: Store, file: Path, seal: Seal, tmp_path: Path
) -> None:
    """What lies on disk at any moment, copied away in the middle of a transaction, is what a kill would leave."""
    kept = await opened(store)
    async with store.work() as work:
        await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
        await work.outbox.put(RegionRoom("noord"), PostChanged(kept.id), NOW)
        left = shutil.copytree(file.parent, tmp_path / "left", ignore=shutil.ignore_patterns("left", "*-shm"))
    again = await open_store(left / file.name, seal)
    async with again.look() as look:
        assert [one.id for one in await look.zorgvragen.open_in("noord")] == [kept.id]
    assert await take(again) is None
    assert (await opened(again)).number == 2
    await again.close()


async def test_a_transaction_that_is_cancelled_leaves_nothing_and_locks_nobody_out(store: Store) -> None:
    reached = asyncio.Event()

    async def never_ends() -> None:
        async with store.work() as work:
            await work.zorgvragen.add(NOORD, CARE, "@carla:x", NOW)
            reached.set()
            await asyncio.Event().wait()

    dying = asyncio.create_task(never_ends())
    await reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert (await opened(store)).number == 1
