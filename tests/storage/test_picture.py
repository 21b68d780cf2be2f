"""Taking a picture: what a sentence needs, and never more of a long list than is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from domain.announcements import (
    Announcement,
    Board,
    Details,
    Digest,
    GivenBack,
    Opened,
    OpenList,
    Overview,
    OwnList,
    PostChanged,
    Superseded,
    Welcome,
)
from domain.audience import Person, RegionRoom, Room
from domain.capacity import Colour, Light
from domain.care import Care, Contact, Dagdeel, Kind, Urgency
from domain.people import PostcodeRange, Region, Team
from domain.picture import NOWHERE, SHOWN, Picture
from domain.refusals import AlreadyClaimed, OtherTeam, UnknownPerson
from domain.wanted import Wanted
from domain.zorgvraag import Zorgvraag
from storage import tables as t
from storage.letters import Message
from storage.picture import take_picture
from storage.work import Store
from tests.storage.shelf import HOUR, NOORD, NOW, ROOM, nurse, opened, say_all, take

MANY = 10_000
FATIMA = nurse(0)


async def picture_for(
    store: Store, *messages: Message, secret: str | None = None, asked_by: tuple[str | None, ...] = (None,)
) -> Picture:
    """The picture behind the event that tells these."""
    async with store.work() as work:
        for message in messages:
            for who in asked_by:
                await work.outbox.put(RegionRoom("noord"), message, NOW, region_id="noord", asked_by=who, secret=secret)
    batch = await take(store)
    assert batch is not None
    async with store.look() as work:
        return await take_picture(batch.letters, work, NOW)


async def many(store: Store, count: int, **changes: object) -> None:
    """So many zorgvragen more, like one that is open, except for `changes`."""
    one = await opened(store)
    async with store._engine.begin() as connection:
        row = (await connection.execute(select(t.zorgvragen).where(t.zorgvragen.c.id == one.id))).one()._asdict()
        rows = [row | changes | {"id": one.id + number, "number": one.id + number} for number in range(1, count)]
        await connection.execute(insert(t.zorgvragen), rows)


async def claimed(store: Store, *, opened_ago: timedelta, claimed_ago: timedelta) -> Zorgvraag:
    """A zorgvraag that Fatima claimed."""
    zorgvraag = await opened(store, NOW - opened_ago)
    zorgvraag.claim(FATIMA, NOW - claimed_ago)
    async with store.work() as work:
        await work.zorgvragen.save(zorgvraag)
    return zorgvraag


@pytest.mark.parametrize("told", [OpenList(), Welcome("@new:x"), Overview(), Digest(NOW.date())])
async def test_of_ten_thousand_open_ones_only_the_oldest_few_are_read_and_all_are_counted(
    store: Store, told: Announcement
) -> None:
    await many(store, MANY)
    picture = await picture_for(store, told)
    found = picture.zorgvragen
    assert (len(found.shown), found.count, found.more) == (SHOWN, MANY, MANY - SHOWN)
    assert [one.number for one in found.shown] == list(range(1, SHOWN + 1))


async def test_what_somebody_has_is_counted_without_what_others_have(store: Store) -> None:
    await claimed(store, opened_ago=HOUR, claimed_ago=HOUR)
    await many(store, 40, state="claimed", claimed_by=FATIMA.user_id, claimed_at=NOW)
    picture = await picture_for(store, OwnList(FATIMA.user_id))
    assert (len(picture.zorgvragen.shown), picture.zorgvragen.count) == (SHOWN, 40)


async def test_the_figures_count_since_yesterdays_digest_and_show_a_few(store: Store) -> None:
    """At 10:10 on Monday: since Sunday 08:00, so 26 hours and 10 minutes ago."""
    for hours, waited in ((1, 1), (2, 4), (26, 10), (27, 100)):
        await claimed(store, opened_ago=HOUR * (hours + waited), claimed_ago=HOUR * hours)
    finished = await claimed(store, opened_ago=HOUR * 200, claimed_ago=HOUR * 100)
    finished.close(FATIMA, NOW - HOUR)
    withdrawn = await claimed(store, opened_ago=HOUR * 200, claimed_ago=HOUR)
    withdrawn.withdraw(FATIMA, None, NOW)
    again = await opened(store, NOW - HOUR * 48)
    assert again.repost(NOORD, NOW) is not None
    async with store.work() as work:
        await work.zorgvragen.save(finished)
        await work.zorgvragen.save(withdrawn)
        await work.zorgvragen.save(again)
        await work.agenda.record_round(again, NOW)
    figures = (await picture_for(store, Overview())).figures
    assert figures is not None
    assert figures.since == NOW - timedelta(hours=26, minutes=10)
    assert (figures.submitted, figures.claimed.count, figures.closed.count, figures.reposted.count) == (2, 3, 1, 1)
    assert figures.closed.shown[0].id == finished.id
    assert [one.id for one in figures.withdrawn.shown] == [withdrawn.id]
    assert figures.reposted.shown[0].id == again.id
    assert figures.median_to_claim == HOUR * 4


async def test_a_day_without_claims_has_no_median(store: Store) -> None:
    figures = (await picture_for(store, Overview())).figures
    assert figures is not None
    assert figures.median_to_claim is None


async def test_everybody_who_asked_is_named_once_in_the_order_in_which_they_asked(store: Store) -> None:
    zorgvraag = await opened(store)
    picture = await picture_for(store, AlreadyClaimed(zorgvraag.id, "@w:x", NOW), asked_by=("@b:x", "@a:x", "@b:x"))
    assert picture.asked_by == ("@b:x", "@a:x")
    assert picture.zorgvraag.id == zorgvraag.id


async def test_details_are_unsealed_for_the_claimants_letter_and_for_no_other(store: Store) -> None:
    zorgvraag = await claimed(store, opened_ago=HOUR, claimed_ago=HOUR)
    async with store.work() as work:
        await work.contacts.keep(zorgvraag.id, Contact("A", "B", "C"))
        await work.outbox.put(Person(FATIMA.user_id), Details(zorgvraag.id), NOW)
        await work.outbox.put(RegionRoom("noord"), Opened(zorgvraag.id), NOW)
    told = {}
    for batch in await say_all(store):
        async with store.look() as work:
            told[type(batch.letters[0].message)] = (await take_picture(batch.letters, work, NOW)).contact
    assert told == {Details: Contact("A", "B", "C"), Opened: None}


async def test_an_old_post_learns_where_the_newest_one_stands(store: Store) -> None:
    zorgvraag = await opened(store)
    async with store.work() as work:
        await work.outbox.put(RegionRoom("noord"), Opened(zorgvraag.id), NOW)
    (batch,) = await say_all(store)
    picture = await picture_for(store, Superseded(zorgvraag.id, "$old"))
    assert picture.newest_post == (ROOM, f"${batch.txn_id}")


async def test_the_lights_of_a_region_come_in_the_order_of_the_day_and_the_last_word_counts(store: Store) -> None:
    async with store.work() as work:
        for dagdeel, colour in ((Dagdeel.NACHT, Colour.ROOD), (Dagdeel.OCHTEND, Colour.ROOD)):
            await work.lights.set(Light("roombeek", dagdeel, colour, NOW - HOUR, "@lead:x", NOW, "vol"))
        last = Light("roombeek", Dagdeel.OCHTEND, Colour.GROEN, NOW, "@lead:x")
        await work.lights.set(last)
    picture = await picture_for(store, Board())
    assert [light.dagdeel for light in picture.lights] == [Dagdeel.OCHTEND, Dagdeel.NACHT]
    assert picture.lights[0] == last
    assert picture.colleague(FATIMA.user_id) == "Nurse 0 (Team Roombeek, Buurtzorg)"


@pytest.mark.parametrize("is_open", [True, False])
async def test_who_has_room_is_looked_up_for_what_is_open_alone(store: Store, *, is_open: bool) -> None:
    one = await (opened(store) if is_open else claimed(store, opened_ago=HOUR, claimed_ago=HOUR))
    async with store.work() as work:
        await work.lights.set(Light("roombeek", Dagdeel.OCHTEND, Colour.GROEN, NOW, "@lead:x"))
    assert len((await picture_for(store, PostChanged(one.id))).lights) == is_open


async def test_what_is_said_to_a_stranger_knows_no_region(store: Store) -> None:
    async with store.work() as work:
        await work.outbox.put(Room("!else"), UnknownPerson(), NOW, asked_by="@new:x")
        batch = await work.outbox.take(NOW)
        assert batch is not None
        picture = await take_picture(batch.letters, work, NOW)
    assert (picture.region, picture.members, picture.asked_by) == (NOWHERE, {}, ("@new:x",))


async def test_a_given_back_text_reaches_the_sentence(store: Store) -> None:
    assert (await picture_for(store, GivenBack(("bsn",)), secret="wat ik typte")).given_back == "wat ik typte"


async def test_spoed_stands_first_in_a_list_that_is_too_long_to_tell_whole(store: Store) -> None:
    for _ in range(SHOWN + 1):
        await opened(store)
    async with store.work() as work:
        care = Care("7523", (Kind.WONDZORG,), urgency=Urgency.SPOED)
        urgent = await work.zorgvragen.add(NOORD, care, "source:ziekenhuis", NOW)
    shown = (await picture_for(store, OpenList())).zorgvragen
    assert shown.shown[0].id == urgent.id
    assert shown.more == 2


async def test_what_waits_longest_stands_before_what_was_opened_again(store: Store) -> None:
    again, waiting = await opened(store, NOW - HOUR * 9), await opened(store, NOW - HOUR * 8)
    again.claim(FATIMA, NOW - HOUR * 2)
    again.release(FATIMA, None, NOORD, NOW - HOUR)
    async with store.work() as work:
        await work.zorgvragen.save(again)
    assert [one.id for one in (await picture_for(store, OpenList())).zorgvragen.shown] == [waiting.id, again.id]


ASKED = {
    "7523 wond": Care("7523", (Kind.WONDZORG,)),
    "7523 spoed": Care("7523", (Kind.WONDZORG, Kind.STOMA), urgency=Urgency.SPOED),
    "7531 pv": Care("7531", (Kind.VERZORGING,)),
    "7540 stoma": Care("7540", (Kind.STOMA,)),
}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), {"7523 wond", "7523 spoed", "7531 pv", "7540 stoma"}),
        (Wanted((PostcodeRange("7523", "7523"),)), {"7523 wond", "7523 spoed"}),
        (Wanted((PostcodeRange("7530", "7539"), PostcodeRange("7540", "7540"))), {"7531 pv", "7540 stoma"}),
        (Wanted(kinds=(Kind.VERZORGING,)), {"7531 pv"}),
        (Wanted(kinds=(Kind.STOMA,)), {"7523 spoed", "7540 stoma"}),
        (Wanted(kinds=(Kind.STOMA, Kind.VERZORGING)), {"7523 spoed", "7540 stoma", "7531 pv"}),
        (Wanted(spoed=True), {"7523 spoed"}),
        (Wanted((PostcodeRange("7531", "7531"),), (Kind.STOMA,)), set()),
    ],
)
async def test_of_what_is_open_only_what_is_wanted_is_told(store: Store, wanted: Wanted, found: set[str]) -> None:
    names = {}
    async with store.work() as work:
        for name, care in ASKED.items():
            names[(await work.zorgvragen.add(NOORD, care, "@carla:x", NOW)).id] = name
    shown = (await picture_for(store, OpenList(wanted))).zorgvragen
    assert {names[one.id] for one in shown.shown} == found
    assert shown.count == len(found)
    async with store.look() as work:
        assert {names[one] for one in await work.zorgvragen.open_ids("noord", wanted)} == found


async def test_one_to_one_a_refusal_knows_the_names_of_all_regions_of_who_asks(store: Store) -> None:
    """Without them a nurse would read accounts, and a lead who names another team no answer at all."""
    async with store.work() as work:
        await work.people.put_region(Region("zuid", "Zuid", (PostcodeRange("7540", "7549"),)))
        await work.people.put_team(Team("wesselerbrink", "Wesselerbrink", "buurtzorg", "zuid"))
        await work.people.put_member(replace(FATIMA, region_id="zuid", team_id="wesselerbrink"))
        await work.outbox.put(Person(FATIMA.user_id), OtherTeam("wesselerbrink"), NOW, asked_by=FATIMA.user_id)
        batch = await work.outbox.take(NOW)
        assert batch is not None
        picture = await take_picture(batch.letters, work, NOW)
    assert picture.members[FATIMA.user_id].name == "Nurse 0"
    assert set(picture.teams) == {"roombeek", "wesselerbrink"}
