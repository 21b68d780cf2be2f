"""What somebody hears whose messages cannot be read: once a day, with what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chat import Unreadable
from bot.dispatch import Dispatch
from bot.servers import Servers
from domain.announcements import Unread
from domain.audience import Person, RegionRoom
from domain.people import PostcodeRange, Region
from storage.seal import Seal
from storage.work import open_store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
JAN, ELS = "@jan:zorg.test", "@els:zorg.test"


async def test_who_types_on_hears_it_once_a_day_whatever_the_reason(tmp_path: Path) -> None:
    moment = NOW
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    dispatch = Dispatch(store, lambda: moment, lambda: None, Servers("zorg.test"))
    async with store.work() as work:
        await work.people.put_region(Region("noord", "Noord", (PostcodeRange("7520", "7529"),)))
        await work.rooms.put(RegionRoom("noord"), "!noord")

    async def told() -> list[tuple[object, object]]:
        letters: list[tuple[object, object]] = []
        async with store.work() as work:
            while (batch := await work.outbox.take(moment)) is not None:
                letters += [(letter.audience, letter.message) for letter in batch.letters]
                await work.outbox.gave_up(batch, "done", moment)
        return letters

    for number, sender in enumerate((JAN, JAN, ELS, JAN)):
        at = moment - timedelta(minutes=5)
        event = Unreadable(event_id=f"${number}", room_id="!noord", sender=sender, at=at, unverified=sender == JAN)
        await dispatch(event)
    assert await told() == [(Person(JAN), Unread(JAN, unverified=True)), (Person(ELS), Unread(ELS))]
    moment += timedelta(days=1)
    await dispatch(Unreadable(event_id="$5", room_id="!noord", sender=JAN, at=moment))
    assert await told() == [(Person(JAN), Unread(JAN))]
    await store.close()
