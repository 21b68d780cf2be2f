"""The auditor tells what lapsed: once for each incident, to the coordinators of that region and to /ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot import auditor as auditing
from bot.auditor import REASONS, Auditor
from bot.chat import Event, PutOut, Said, TookBack, TryLater
from bot.tick import Tick
from commands.repost import repost
from domain.announcements import Alarm, Announcement, Erase, Lapse, Overview, Redact, Welcome
from domain.audience import Audience, Coordinators, Person, RegionRoom, Room
from domain.care import Care, Kind
from domain.people import PostcodeRange, Region
from storage import tables as t
from storage.letters import Sent
from storage.seal import Seal
from storage.work import Store, open_store
from tests.stories.region import Clock

NOORD = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
ZUID = Region("zuid", "Zuid", (PostcodeRange("7530", "7539"),))
MINUTE = timedelta(minutes=1)
NOW = Clock().now()


class Desk:
    """A store with two regions, a clock and an auditor; `rung` counts how often the postman was woken."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock()
        self.rung = 0
        self.bell = asyncio.Event()
        self.auditor = self.anew()

    def anew(self) -> Auditor:
        """Another auditor, as after a restart."""
        self.auditor = Auditor(self.store, self.clock.now, self._ring)
        return self.auditor

    async def open_one(self, region: Region = NOORD) -> None:
        """One zorgvraag, which nobody takes."""
        async with self.store.work() as work:
            await work.zorgvragen.add(
                region, Care(region.postcodes[0].first, (Kind.WONDZORG,)), "@c:x", self.clock.now()
            )

    async def give_up(self, audience: Audience, message: Announcement, code: str = "403 M_FORBIDDEN") -> None:
        """A letter that ends now, as the postman ends one."""
        async with self.store.work() as work:
            await work.outbox.put(audience, message, self.clock.now(), region_id="noord")
            batch = await work.outbox.take(self.clock.now())
            assert batch is not None
            await work.outbox.gave_up(batch, code, self.clock.now())

    async def audit(self) -> None:
        """Two rounds at one moment: what the second one finds still, is told."""
        await self.auditor.round()
        await self.auditor.round()

    async def told(self) -> list[tuple[str, Alarm]]:
        """(region id, alarm) of every alarm, oldest first; they are taken out of the outbox as said."""
        alarms = []
        async with self.store.work() as work:
            while (batch := await work.outbox.take(self.clock.now())) is not None:
                (letter,) = batch.letters
                if isinstance(letter.message, Alarm) and isinstance(letter.audience, Coordinators):
                    alarms.append((letter.audience.region_id, letter.message))
                await work.outbox.sent(batch, Sent("!room", f"${batch.txn_id}"), self.clock.now())
        return alarms

    def _ring(self) -> None:
        self.rung += 1
        self.bell.set()


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    async with store.work() as work:
        await work.people.put_region(NOORD)
        await work.people.put_region(ZUID)
    yield Desk(store)
    await store.close()


async def test_where_all_goes_well_nobody_hears_of_it(desk: Desk) -> None:
    await desk.open_one()
    desk.clock.move(timedelta(hours=48) + 9 * MINUTE)  # due, and nine minutes late: a slow tick is no lapse
    await desk.audit()
    assert (await desk.told(), desk.rung, await desk.auditor.reasons()) == ([], 0, [])


async def test_an_overdue_step_is_told_once_to_its_own_region_however_long_it_lasts(desk: Desk) -> None:
    await desk.open_one()
    due = desk.clock.now() + timedelta(hours=48)
    desk.clock.move(timedelta(hours=48, minutes=11))
    for _ in range(3):
        await desk.audit()
        desk.clock.move(timedelta(hours=1))
    assert await desk.told() == [("noord", Alarm("late", due))]
    assert desk.rung == 1
    assert await desk.auditor.reasons() == [REASONS[Lapse.LATE]]


async def test_after_a_sleep_of_two_days_the_tick_has_its_chance_before_coordinators_hear_anything(desk: Desk) -> None:
    """Both wake at one moment, and the auditor may be first."""
    await desk.open_one()
    await desk.audit()
    desk.clock.move(timedelta(hours=49))
    await desk.auditor.round()
    assert await desk.auditor.reasons() == [REASONS[Lapse.LATE]]  # which is true
    await Tick(desk.store, desk.clock.now, desk.bell.set)()
    await desk.audit()
    assert await desk.told() == []
    assert desk.rung == 0


async def test_a_restart_in_the_middle_of_an_incident_does_not_tell_it_again(desk: Desk) -> None:
    await desk.open_one()
    desk.clock.move(timedelta(hours=49))
    await desk.audit()
    desk.anew()
    await desk.audit()
    assert len(await desk.told()) == 1


async def test_when_it_is_over_ready_says_so_and_the_next_incident_is_told_again(desk: Desk) -> None:
    await desk.open_one()
    desk.clock.move(timedelta(hours=49))
    await desk.audit()
    async with desk.store.work() as work:
        await repost(work, desk.clock.now())
    await desk.audit()
    await desk.told()
    assert await desk.auditor.reasons() == []
    desk.clock.move(timedelta(hours=49))
    await desk.audit()
    assert [alarm.lapse for _, alarm in await desk.told()] == ["late"]


async def test_an_open_zorgvraag_without_any_next_step_is_found_too(desk: Desk) -> None:
    """The tick would never see it: that is why the auditor does not ask what the tick asks."""
    await desk.open_one()
    async with desk.store._engine.begin() as connection:
        await connection.execute(update(t.zorgvragen).values(due_at=None))
    desk.clock.move(timedelta(hours=49))
    await desk.audit()
    assert [region for region, _ in await desk.told()] == ["noord"]


async def test_a_letter_that_stays_too_long_is_told_to_its_region_and_others_hear_nothing(desk: Desk) -> None:
    since = desk.clock.now()
    async with desk.store.work() as work:
        await work.outbox.put(RegionRoom("zuid"), Overview(), since)
    desk.clock.move(11 * MINUTE)
    await desk.audit()
    assert await desk.auditor.reasons() == [REASONS[Lapse.UNSAID]]
    assert await desk.told() == [("zuid", Alarm("unsaid", since))]
    await desk.audit()
    assert await desk.auditor.reasons() == []


async def test_an_alarm_that_waits_raises_no_alarm_and_a_welcome_may_wait(desk: Desk) -> None:
    async with desk.store.work() as work:
        await work.outbox.put(Coordinators("noord"), Alarm("late", desk.clock.now()), desk.clock.now())
        await work.outbox.put(Person("@n:x"), Welcome("@n:x"), desk.clock.now(), region_id="noord")
    desk.clock.move(timedelta(hours=3))
    await desk.audit()
    assert await desk.auditor.reasons() == []


async def test_a_letter_of_no_region_makes_us_unready_though_nobody_can_be_told(desk: Desk) -> None:
    async with desk.store.work() as work:
        await work.outbox.put(Person("@n:x"), Overview(), desk.clock.now())
    desk.clock.move(11 * MINUTE)
    await desk.audit()
    assert await desk.auditor.reasons() == [REASONS[Lapse.UNSAID]]
    assert desk.rung == 0


async def with_rooms(desk: Desk) -> None:
    """Noord's room, and the one-to-one room of a nurse."""
    async with desk.store.work() as work:
        await work.rooms.put(RegionRoom("noord"), "!noord")
        await work.rooms.put(Person("@n:x"), "!n")


@pytest.mark.parametrize(
    ("audience", "message", "lapse"),
    [
        (Room("!noord"), Redact("$leak"), Lapse.STANDS),
        (Room("!noord"), Erase("$old"), Lapse.REFUSED),
        (RegionRoom("noord"), Overview(), Lapse.REFUSED),
        (Coordinators("noord"), Overview(), Lapse.REFUSED),
    ],
    ids=["a text that stands", "an old post", "a post", "to coordinators"],
)
async def test_what_was_given_up_is_told_once_and_for_a_day_to_whoever_asks(
    desk: Desk, audience: Audience, message: Announcement, lapse: Lapse
) -> None:
    await with_rooms(desk)
    since = desk.clock.now()
    await desk.give_up(audience, message)
    await desk.audit()
    desk.anew()
    for _ in range(23):
        desk.clock.move(timedelta(hours=1))
        await desk.audit()
    assert await desk.auditor.reasons() == [REASONS[lapse]]
    assert await desk.told() == [("noord", Alarm(lapse.value, since))]
    desk.clock.move(timedelta(hours=2))
    await desk.audit()
    assert (await desk.auditor.reasons(), await desk.told()) == ([], [])


@pytest.mark.parametrize(
    ("audience", "message", "code"),
    [
        (Person("@n:x"), Overview(), "403 M_FORBIDDEN"),
        (Room("!n"), Redact("$details"), "403 M_FORBIDDEN"),
        (Coordinators("noord"), Alarm("late", NOW), "403 M_FORBIDDEN"),
        (RegionRoom("noord"), Overview(), "needless"),
    ],
    ids=["to one person", "out of the room of one person", "an alarm", "needless"],
)
async def test_what_is_everyday_life_raises_no_alarm(
    desk: Desk, audience: Audience, message: Announcement, code: str
) -> None:
    """Whoever leaves her one-to-one room hears nothing more, and an alarm that was refused may not raise the next."""
    await with_rooms(desk)
    await desk.give_up(audience, message, code)
    await desk.audit()
    assert (await desk.auditor.reasons(), await desk.told()) == ([], [])


async def test_each_text_that_stands_is_told_and_of_all_else_one_an_hour(desk: Desk) -> None:
    """Each has to be taken away by hand; a room that takes no post may not fill the other with alarms."""
    await with_rooms(desk)
    began, told = desk.clock.now(), []
    for minutes in [10] * 6 + [50] * 30:
        if minutes == 10:
            await desk.give_up(Room("!noord"), Redact("$leak"))
            await desk.give_up(RegionRoom("noord"), Overview())
        desk.clock.move(timedelta(minutes=minutes))
        await desk.audit()
        told += await desk.told()
    assert [alarm.since for _, alarm in told if alarm.lapse == "stands"] == [began + n * 10 * MINUTE for n in range(6)]
    assert [alarm.since.hour for _, alarm in told if alarm.lapse == "refused"] == [began.hour, began.hour + 1]


async def test_a_command_that_hangs_is_told_and_forgotten_when_it_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that must come again: it is under way until it succeeds."""
    monkeypatch.setattr(auditing, "STUCK", 0.0)
    async with desk.store.work() as work:
        await work.rooms.put(RegionRoom("noord"), "!room")
    said = Said(event_id="$1", room_id="!room", sender="@f:x", at=desk.clock.now(), body="!pak 1")
    gate, tries = asyncio.Event(), 0

    async def handle(_: object) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise TryLater("the disk is full")
        await gate.wait()

    watched = desk.auditor.watched(handle)
    with pytest.raises(TryLater):
        await watched(said)
    assert await desk.auditor.reasons() == [REASONS[Lapse.STUCK]]
    again = asyncio.ensure_future(watched(said))
    await asyncio.sleep(0)
    await desk.audit()
    assert await desk.told() == [("noord", Alarm("stuck", said.at))]
    gate.set()
    await again
    assert await desk.auditor.reasons() == []


@pytest.mark.parametrize(
    ("then", "goes_on"),
    [
        (TookBack(event_id="$2", room_id="!room", sender="@f:x", at=NOW, taken="$1"), False),
        (TookBack(event_id="$2", room_id="!room", sender="@f:x", at=NOW, taken="$0"), True),
        (PutOut(event_id="$2", room_id="!room", sender="@c:x", at=NOW), False),
        (PutOut(event_id="$2", room_id="!other", sender="@c:x", at=NOW), True),
    ],
    ids=["taken back", "another one taken back", "put out", "put out elsewhere"],
)
async def test_what_comes_no_more_is_no_longer_under_way(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, then: Event, *, goes_on: bool
) -> None:
    """Said while the disk was full, and gone from the room before it had any room again."""
    monkeypatch.setattr(auditing, "STUCK", 0.0)
    disk_is_full = True

    async def handle(_: object) -> None:
        if disk_is_full:
            raise TryLater("the disk is full")

    watched = desk.auditor.watched(handle)
    for event in (Said(event_id="$1", room_id="!room", sender="@f:x", at=NOW, body="!pak 1"), then):
        with pytest.raises(TryLater):
            await watched(event)
    disk_is_full = False
    await watched(then)
    assert await desk.auditor.reasons() == ([REASONS[Lapse.STUCK]] if goes_on else [])


async def test_the_audit_goes_on_when_one_round_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever only looks on may not stop those who work, nor stop looking."""
    monkeypatch.setattr(auditing, "REST", 0.01)
    await desk.open_one()
    desk.clock.move(timedelta(hours=49))
    async with desk.store._engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE outbox RENAME TO elsewhere")
    running = asyncio.create_task(desk.auditor.run())
    await asyncio.sleep(0.2)
    assert not running.done()
    async with desk.store._engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO outbox")
    await asyncio.wait_for(desk.bell.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [alarm.lapse for _, alarm in await desk.told()] == ["late"]
