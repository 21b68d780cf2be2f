"""Which of our messages stands for a zorgvraag, which ones are old, and all that was said about it."""

from __future__ import annotations

from domain.announcements import (
    Announcement,
    Board,
    Claimed,
    Opened,
    PostChanged,
    Reopened,
    Reposted,
    StatusOf,
    Superseded,
)
from domain.audience import RegionRoom, Room
from domain.refusals import NotClaimed, NotYours, Refusal
from storage.letters import Sent
from storage.work import Store
from tests.storage.shelf import NOW, ROOM, opened, say_all, take


async def put(store: Store, *messages: Announcement | Refusal) -> None:
    """Queue these for the region's room, in this order."""
    async with store.work() as work:
        for message in messages:
            await work.outbox.put(RegionRoom("noord"), message, NOW)


async def said(store: Store) -> list[list[str]]:
    """Say everything; what each event held."""
    return [[type(letter.message).__name__ for letter in batch.letters] for batch in await say_all(store)]


async def test_a_newer_post_makes_the_older_one_point_to_it(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one))
    (old,) = await say_all(store)
    await put(store, Reposted(one, 1, waited_hours=48, loud=True, escalated=False))
    new, pointing = await say_all(store)
    assert pointing.letters[0].message == Superseded(one, f"${old.txn_id}")
    assert pointing.letters[0].audience == Room(ROOM)
    async with store.look() as work:
        assert await work.outbox.newest_post(one) == Sent(ROOM, f"${new.txn_id}")


async def test_an_edit_makes_no_post_old_and_another_zorgvraag_neither(store: Store) -> None:
    one, other = (await opened(store)).id, (await opened(store)).id
    await put(store, Opened(one), Opened(other))
    await say_all(store)
    await put(store, PostChanged(one))
    assert await said(store) == [["PostChanged"]]


async def test_posts_that_became_one_event_supersede_the_older_one_once(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one))
    await say_all(store)
    await put(store, Reopened(one, "@a:x", "@a:x"), PostChanged(one), Reposted(one, 2, 48, loud=False, escalated=False))
    assert await said(store) == [["Reopened", "PostChanged", "Reposted"], ["Superseded"]]


async def test_all_that_was_said_about_a_zorgvraag_is_known_edits_and_notices_included(store: Store) -> None:
    one, other = (await opened(store)).id, (await opened(store)).id
    await put(store, Opened(one), Opened(other), Board())
    await say_all(store)
    await put(store, Claimed(one, "@a:x", NOW), PostChanged(one))
    await say_all(store)
    await put(store, NotClaimed(one))
    async with store.look() as work:
        assert len(await work.outbox.said_about(one)) == 3
        assert len(await work.outbox.said_about(other)) == 1


async def test_one_event_that_holds_several_letters_is_known_once(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one), PostChanged(one))
    (batch,) = await say_all(store)
    async with store.look() as work:
        assert await work.outbox.said_about(one) == [Sent(ROOM, f"${batch.txn_id}")]
        assert await work.outbox.zorgvraag_at(f"${batch.txn_id}") == one
        assert await work.outbox.zorgvraag_at("$else") is None


async def test_a_post_and_an_answer_that_asks_for_takers_are_offers_and_a_notice_is_none(store: Store) -> None:
    """Under an offer a hand claims; under what became of it, it does not."""
    one = (await opened(store)).id
    told = (Opened(one), StatusOf(one), NotClaimed(one), Claimed(one, "@a:x", NOW), NotYours(one, "@a:x"), Board())
    await put(store, *told)
    events = {batch.letters[0].message: f"${batch.txn_id}" for batch in await say_all(store)}
    async with store.look() as work:
        offers = {type(message) for message, event_id in events.items() if await work.outbox.is_offer(event_id)}
        assert not await work.outbox.is_offer("$else")
    assert offers == {Opened, StatusOf, NotClaimed}


async def test_a_post_that_was_given_up_and_heard_after_a_newer_one_is_the_old_one(store: Store) -> None:
    """Were the newest to point to itself, nobody could read that it is open."""
    one = (await opened(store)).id
    await put(store, Opened(one))
    first = await take(store)
    assert first is not None
    async with store.work() as work:
        await work.outbox.gave_up(first, "403 M_FORBIDDEN", NOW)
    await put(store, Reposted(one, 1, waited_hours=48, loud=True, escalated=False))
    (newer,) = await say_all(store)
    async with store.work() as work:
        await work.outbox.arrived(first.txn_id, Sent(ROOM, "$first"), NOW)
    (pointing,) = await say_all(store)
    assert pointing.letters[0].message == Superseded(one, "$first")
    async with store.look() as work:
        assert await work.outbox.newest_post(one) == Sent(ROOM, f"${newer.txn_id}")
