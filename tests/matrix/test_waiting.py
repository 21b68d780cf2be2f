"""How long and how many events wait that cannot be read: for their key, and after their sender was told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat import Unreadable
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.waiting import MOST, MOST_OF_ONE, WEEK_MS, Waiting
from tests.matrix.bare import event as sent
from tests.matrix.bare import member, sync
from tests.matrix.ear import NURSE, Ear

NOW = 1_795_000_000_000
MINUTE_MS = 60 * 1000


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    """An empty one."""
    store = CryptoStore("@bot:zorg.test", "BOT", tmp_path, "key")
    yield Waiting(store)
    store.close()


def event(number: int, sender: str = "@els:zorg.test") -> dict[str, str]:
    return {"event_id": f"${number}", "sender": sender}


def ids(rows: list[tuple[str, dict[str, str], int]]) -> list[str]:
    return [one["event_id"] for _, one, _ in rows]


def test_what_was_told_waits_on_beside_what_still_waits_for_its_key(waiting: Waiting) -> None:
    for number in (1, 2):
        assert waiting.add("!room", event(number), NOW)
    waiting.tell("$1", NOW + 1)
    assert (ids(waiting.since(NOW, NOW + 1)), ids(waiting.told())) == (["$2"], ["$1"])
    assert (waiting.was_told("$1"), waiting.was_told("$2"), waiting.was_told("$3")) == (True, False, False)
    waiting.remove("$1")
    assert waiting.told() == []


def test_what_was_told_takes_nobodys_place(waiting: Waiting) -> None:
    """Who types on with a device that is not verified yet is still heard when it is."""
    for number in range(MOST_OF_ONE):
        assert waiting.add("!room", event(number), NOW)
    assert not waiting.add("!room", event(500), NOW)
    waiting.tell("$0", NOW)
    assert waiting.add("!room", event(500), NOW)


def test_a_week_after_it_was_told_it_is_forgotten(waiting: Waiting) -> None:
    for number in (1, 2, 3):
        waiting.add("!room", event(number), NOW)
    waiting.tell("$1", NOW)
    waiting.tell("$2", NOW + WEEK_MS)
    assert ids(waiting.told()) == ["$1", "$2"]
    waiting.tell("$3", NOW + WEEK_MS + 1)
    assert ids(waiting.told()) == ["$2", "$3"]


def test_of_what_was_told_the_last_thousand_are_kept(waiting: Waiting) -> None:
    for number in range(MOST + 2):
        waiting.add("!room", event(number, f"@els{number % 50}:zorg.test"), NOW)
        waiting.tell(f"${number}", NOW + number)
    assert ids(waiting.told()) == [f"${number}" for number in range(2, MOST + 2)]


def test_what_came_while_the_clock_was_ahead_waits_since_now_and_keeps_its_place(waiting: Waiting) -> None:
    """The clock was a day ahead for the first, and was put back; nobody knows how long that one waited."""
    waiting.add("!room", event(1), NOW + 24 * 60 * MINUTE_MS)
    waiting.add("!room", event(2), NOW)
    assert ids(waiting.since(NOW + 1, NOW + 1)) == ["$1", "$2"]
    assert ids(waiting.since(NOW, NOW + MINUTE_MS)) == ["$2"]
    assert ids(waiting.since(NOW + 1, NOW + MINUTE_MS)) == ["$1", "$2"]


def test_what_was_told_while_the_clock_was_ahead_is_forgotten_a_week_from_now(waiting: Waiting) -> None:
    for number in (1, 2, 3):
        waiting.add("!room", event(number), NOW)
    waiting.tell("$1", NOW + 520 * WEEK_MS)
    waiting.tell("$2", NOW)
    assert ids(waiting.told()) == ["$1", "$2"]
    waiting.tell("$3", NOW + WEEK_MS + 1)
    assert ids(waiting.told()) == ["$3"]


async def test_who_typed_while_the_clock_was_ahead_hears_that_it_cannot_be_read_when_others_would(
    tmp_path: Path,
) -> None:
    """The clock is put back a day; five minutes later her patience is at its end, not a day and five minutes."""
    ear = Ear(tmp_path)
    ear.now_ms = NOW + 24 * 60 * MINUTE_MS
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "sender_key": "k", "session_id": "s", "ciphertext": "c"}
    await ear.hear(sync(member(NURSE), sent("m.room.encrypted", "$command", sealed)))
    for minute in range(6):
        assert not [told for told in ear.heard if isinstance(told, Unreadable)]
        ear.now_ms = NOW + minute * MINUTE_MS
        await ear.hear(sync())
    assert [told.event_id for told in ear.heard if isinstance(told, Unreadable)] == ["unread $command"]
    ear.close()
