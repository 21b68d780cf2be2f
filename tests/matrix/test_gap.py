"""How far back a gap is read: by what is there, not by one date that anybody can write."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.matrix.gap import Gap, Heard
from bot.matrix.wire import Wire
from tests.matrix.ear import ROOM, US

OLDEST = 1000
FEW = 6  # requests in one second


class Pages(Wire):
    """A wire to a homeserver that has these pages of a room, the newest first, and in each the newest event first."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.left = list(pages)

    async def call(self, method: str, where: str, body: Any = None, *, patience: float | None = None) -> dict[str, Any]:
        del method, where, body, patience
        return {"chunk": self.left.pop(0), "end": "further"}


def at(*moments: int) -> list[dict[str, Any]]:
    return [{"event_id": f"${moment}", "origin_server_ts": moment} for moment in moments]


@pytest.mark.parametrize(
    ("heard", "last_page"),
    [(Heard("s1"), []), (Heard(None, OLDEST), at(900, 800))],
    ids=["where we were", "a homeserver that was restored"],
)
@pytest.mark.parametrize("forged", [-1, 0, 1])
async def test_one_event_with_a_date_of_long_ago_hides_nothing_that_came_before_it(
    heard: Heard, last_page: list[dict[str, Any]], forged: int
) -> None:
    wire = Pages(at(4000, forged, 3000), at(2000, 1500), last_page, at(700))
    joined = {"timeline": {"events": at(forged, 5000), "limited": True, "prev_batch": "t1"}}
    found = [event["origin_server_ts"] for event in await Gap(wire, US).since(heard, ROOM, joined)]
    assert [moment for moment in found if moment != forged] == [1500, 2000, 3000, 4000, 5000]
    assert wire.left == [at(700)]


async def test_a_gap_that_never_ends_is_read_a_few_pages_in_a_second() -> None:
    wire = Pages(*(at(2000) for _ in range(100)))
    joined = {"timeline": {"events": at(5000), "limited": True, "prev_batch": "t1"}}
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await Gap(wire, US).since(Heard("s1"), ROOM, joined)
    assert 2 <= 100 - len(wire.left) <= FEW


async def test_nothing_is_asked_for_when_all_that_was_left_out_is_older() -> None:
    joined = {"timeline": {"events": at(800, 900), "limited": True, "prev_batch": "t1"}}
    assert await Gap(Pages(), US).since(Heard(None, OLDEST), ROOM, joined) == []
