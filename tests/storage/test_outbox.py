"""The outbox: what is said as one, in which order, and under which transaction id, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from domain.announcements import (
    Board,
    Details,
    Digest,
    GivenBack,
    Opened,
    OpenList,
    PostChanged,
    StatusOf,
)
from domain.audience import Audience, Coordinators, Person, RegionRoom, Room
from domain.refusals import AlreadyClaimed, NotClaimed, UnknownVerb
from storage.letters import Batch, Message, Sent
from storage.seal import Seal
from storage.work import Store, open_store
from tests.storage.shelf import HOUR, NOW, ROOM, nurse, opened, say_all, take

ALL = RegionRoom("noord")
LEADERS = Coordinators("noord")
FATIMA = Person("@fatima:x")
LATER = NOW + HOUR


async def put(store: Store, *messages: Message, to: Audience = ALL, asked_by: str | None = None) -> None:
    """Queue these, in this order."""
    async with store.work() as work:
        for message in messages:
            await work.outbox.put(to, message, NOW, region_id="noord", asked_by=asked_by)


def kinds(batch: Batch | None) -> list[str]:
    """What the batch says, in order."""
    return [] if batch is None else [type(letter.message).__name__ for letter in batch.letters]


async def said(store: Store) -> list[list[str]]:
    """Say everything; what each event held."""
    return [kinds(batch) for batch in await say_all(store)]


async def test_an_empty_outbox_says_nothing(store: Store) -> None:
    assert await take(store) is None
    async with store.look() as work:
        assert await work.outbox.oldest_waiting() is None


async def test_a_post_and_its_waiting_changes_become_one_event(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one), PostChanged(one), PostChanged(one))
    assert await said(store) == [["Opened", "PostChanged", "PostChanged"]]


async def test_changes_of_two_zorgvragen_stay_two_events(store: Store) -> None:
    one, other = (await opened(store)).id, (await opened(store)).id
    await put(store, PostChanged(one), PostChanged(other))
    assert len(await said(store)) == 2


async def test_all_who_lost_one_race_hear_it_in_one_event_in_the_order_in_which_they_came(store: Store) -> None:
    one = (await opened(store)).id
    for number in range(63):
        await put(store, AlreadyClaimed(one, "@winner:x", NOW), asked_by=nurse(number).user_id)
    (batch,) = await say_all(store)
    assert [letter.asked_by for letter in batch.letters] == [nurse(number).user_id for number in range(63)]


async def test_who_lost_against_different_winners_hears_it_apart(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, AlreadyClaimed(one, "@a:x", NOW), AlreadyClaimed(one, "@b:x", NOW))
    assert len(await said(store)) == 2


async def test_nothing_is_merged_across_audiences(store: Store) -> None:
    one = (await opened(store)).id
    lost = AlreadyClaimed(one, "@winner:x", NOW)
    for audience in (ALL, LEADERS, FATIMA, Person("@jan:x"), Room("!else")):
        await put(store, lost, to=audience)
    batches = await say_all(store)
    assert [len(batch.letters) for batch in batches] == [1] * 5
    assert [batch.letters[0].audience for batch in batches] == [ALL, LEADERS, FATIMA, Person("@jan:x"), Room("!else")]


async def test_answers_go_before_posts_posts_before_edits_and_the_digest_last(store: Store) -> None:
    one, other = (await opened(store)).id, (await opened(store)).id
    await put(store, Digest(NOW.date()), to=LEADERS)
    await put(store, PostChanged(one), Opened(other), NotClaimed(one), Board())
    assert await said(store) == [["NotClaimed"], ["Board"], ["Opened"], ["PostChanged"], ["Digest"]]


async def test_what_is_equally_important_is_said_in_the_order_in_which_it_happened(store: Store) -> None:
    ids = [(await opened(store)).id for _ in range(5)]
    await put(store, *(Opened(one) for one in ids))
    assert [batch.letters[0].zorgvraag_id for batch in await say_all(store)] == ids


async def test_while_a_letter_waits_for_another_try_those_behind_it_wait_too(store: Store) -> None:
    one, other = (await opened(store)).id, (await opened(store)).id
    await put(store, Opened(one), Opened(other))
    await put(store, StatusOf(other), to=FATIMA)
    await put(store, OpenList(), to=LEADERS)
    first = await take(store)
    assert kinds(first) == ["StatusOf"]
    for expected in (["StatusOf"], ["OpenList"], ["Opened"]):
        batch = await take(store)
        assert batch is not None
        assert kinds(batch) == expected
        async with store.work() as work:
            await work.outbox.postpone(batch, LATER)
    assert await take(store) is None
    assert await take(store, LATER - timedelta(microseconds=1)) is None
    again = await say_all(store, LATER)
    assert [kinds(batch) for batch in again] == [["StatusOf"], ["OpenList"], ["Opened"], ["Opened"]]
    assert [batch.letters[0].zorgvraag_id for batch in again[2:]] == [one, other]
    assert [batch.letters[0].attempts for batch in again] == [1, 1, 1, 0]


async def test_something_more_important_need_not_wait_behind_a_postponed_post(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one))
    batch = await take(store)
    assert batch is not None
    async with store.work() as work:
        await work.outbox.postpone(batch, LATER)
    await put(store, Board())
    assert kinds(await take(store)) == ["Board"]


async def test_a_batch_keeps_its_transaction_id_and_its_letters_over_tries_and_restarts(
    store: Store, file: Path, seal: Seal
) -> None:
    """The homeserver knows a repeated id; a letter that came later must not slip into what was perhaps said."""
    one = (await opened(store)).id
    await put(store, Opened(one))
    first = await take(store)
    await put(store, PostChanged(one))
    assert first == await take(store)
    await store.close()

    again = await open_store(file, seal)
    second = await take(again)
    assert second == first
    assert await said(again) == [["Opened"], ["PostChanged"]]
    await again.close()


async def test_two_batches_never_share_a_transaction_id(store: Store) -> None:
    for _ in range(20):
        await put(store, Board())
    ids = [batch.txn_id for batch in await say_all(store)]
    assert len(set(ids)) == len(ids) == 20


async def test_what_can_never_be_said_makes_way_and_stands_for_nothing(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one), Board())
    await take(store)
    async with store.work() as work:
        batch = await work.outbox.take(NOW)
        assert batch is not None
        await work.outbox.gave_up(batch, "M_TOO_LARGE", NOW)
    assert await said(store) == [["Opened"]]


async def test_the_oldest_letter_that_waits_tells_how_far_behind_we_are(store: Store) -> None:
    async with store.work() as work:
        await work.outbox.put(ALL, Board(), NOW)
        await work.outbox.put(ALL, Board(), LATER)
    async with store.work() as work:
        batch = await work.outbox.take(LATER)
        assert batch is not None
        assert await work.outbox.oldest_waiting() == NOW
        await work.outbox.sent(batch, Sent(ROOM, "$1"), LATER)
        assert await work.outbox.oldest_waiting() == LATER


async def test_a_letter_knows_who_asked_and_what_it_answers(store: Store) -> None:
    async with store.work() as work:
        await work.outbox.put(Room("!asked"), Board(), NOW, region_id="noord", asked_by="@a:x", reply_to="$question")
    batch = await take(store)
    assert batch is not None
    (letter,) = batch.letters
    assert (letter.region_id, letter.asked_by, letter.reply_to) == ("noord", "@a:x", "$question")
    assert (letter.audience, letter.created_at, letter.attempts) == (Room("!asked"), NOW, 0)


async def test_a_secret_is_there_until_it_was_said_and_gone_after(store: Store) -> None:
    async with store.work() as work:
        await work.outbox.put(FATIMA, GivenBack(("bsn",)), NOW, secret="bel mevrouw")
    batch = await take(store)
    assert batch is not None
    assert batch.letters[0].secret == "bel mevrouw"
    await say_all(store)
    async with store._engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT sealed FROM outbox")).all()
    assert [row.sealed for row in rows] == [None]


async def test_what_was_not_understood_is_there_until_the_answer_was_said_and_gone_after(store: Store) -> None:
    """Somebody typed it, one to one perhaps, and may have named a client."""
    typed = UnknownVerb("oppaken", "!oppakken 42 Mevr. Verzonnen")
    await put(store, typed, to=FATIMA)
    batch = await take(store)
    assert batch is not None
    assert vars(batch.letters[0].message) == vars(typed)
    await say_all(store)
    async with store._engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT kind, facts FROM outbox")).all()
    assert [tuple(row) for row in rows] == [("UnknownVerb", "{}")]


async def test_what_is_heard_in_the_room_before_its_answer_came_is_said_once(store: Store) -> None:
    """And the answer, or an error, that comes after it changes nothing."""
    one = (await opened(store)).id
    await put(store, Opened(one))
    batch, event = await take(store), Sent(ROOM, "$arrived")
    assert batch is not None
    async with store.work() as work:
        await work.outbox.postpone(batch, NOW)
        await work.outbox.arrived(batch.txn_id, event, NOW)
        await work.outbox.arrived(batch.txn_id, Sent(ROOM, "$twice"), LATER)
        await work.outbox.sent(batch, Sent(ROOM, "$answer"), LATER)
        await work.outbox.gave_up(batch, "M_UNKNOWN", LATER)
    assert await take(store, LATER) is None
    async with store.look() as work:
        assert await work.outbox.said_about(one) == [event]


async def test_what_we_heard_of_another_batch_leaves_what_waits(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Opened(one))
    async with store.work() as work:
        await work.outbox.arrived("never used", Sent(ROOM, "$other"), NOW)
    assert kinds(await take(store)) == ["Opened"]


async def test_a_letter_that_another_version_wrote_ends_and_holds_up_nobody(store: Store) -> None:
    """An unknown kind, or facts that no longer fit."""
    one = (await opened(store)).id
    await put(store, Board(), Digest(NOW.date()), Opened(one))
    async with store.work() as work:
        await work.outbox._connection.execute(text("UPDATE outbox SET kind = 'OfANewerVersion' WHERE kind = 'Board'"))
        await work.outbox._connection.execute(text("UPDATE outbox SET facts = '{}' WHERE kind = 'Digest'"))
    assert await said(store) == [["Opened"]]
    async with store.look() as work:
        assert await work.outbox.oldest_waiting() is None


async def test_a_post_that_was_made_anew_is_the_post_from_then_on(store: Store) -> None:
    """The homeserver was restored from an older backup: what it no longer has cannot be edited."""
    one = (await opened(store)).id
    await put(store, Opened(one))
    await said(store)
    await put(store, PostChanged(one))
    batch, anew = await take(store), Sent(ROOM, "$anew", anew=True)
    assert batch is not None
    async with store.work() as work:
        await work.outbox.sent(batch, anew, NOW)
    async with store.look() as work:
        assert await work.outbox.newest_post(one) == Sent(ROOM, "$anew")
    assert await take(store) is None  # nothing points to it from the one that is gone


async def test_what_was_given_up_and_stands_in_the_room_all_the_same_is_told(store: Store) -> None:
    one = (await opened(store)).id
    await put(store, Details(one), to=FATIMA)
    batch = await take(store)
    assert batch is not None
    async with store.work() as work:
        await work.outbox.gave_up(batch, "needless", NOW)
        (letter,) = await work.outbox.arrived(batch.txn_id, Sent("!hers", "$details"), LATER)
        assert (letter.message, letter.audience) == (Details(one), FATIMA)
        assert await work.outbox.said_about(one, Details) == [Sent("!hers", "$details")]
        assert await work.outbox.arrived(batch.txn_id, Sent("!hers", "$details"), LATER) == ()
