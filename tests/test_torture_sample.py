"""A bounded sample of `make torture`: a few kills in every part of a bot's life, and proof that the judge sees."""

from __future__ import annotations

import asyncio
from math import inf
from pathlib import Path

import pytest

from demo.homeserver import Homeserver
from tests.torture.campaign import Campaign
from tests.torture.endurance import MOMENT, PATIENCE, Broken
from tests.torture.episode import Episode
from tests.torture.plan import Case, Script
from tests.torture.spoiled import another_transaction_id_each_time, marked_before_it_is_sent
from tests.torture.stage import Stage
from tests.torture.tally import Tally
from tests.torture.victim import Kill, Spoil

SEND = "PUT rooms/*/send/m.room.encrypted/*"
RESTORES = (
    Kill("restore", "before replace session.sealed", 1),  # the second is followed by a start that must refuse
    Kill("restore", "before replace restored", 1),
    Kill("restore", "before replace matrix", 1),
)


async def test_a_bot_that_starts_in_a_quiet_region_is_ready_at_once(homeserver: Homeserver, tmp_path: Path) -> None:
    """Nobody says a word while it is away, and it does not wait for one."""
    async with Stage(homeserver, tmp_path, "quiet") as stage:
        episode = Episode(stage, Tally())
        await episode.found()
        await episode.settle_down()
        async with asyncio.timeout(25):  # a long poll takes 30 seconds
            await episode.restart()


async def test_a_sample_of_kills_loses_nothing_and_doubles_nothing(homeserver: Homeserver) -> None:
    """In each part of a bot's life: first starts, a day, boots, an update, backups, a move to another host, erasing."""
    campaign = Campaign(kills=100, seconds=inf, say=lambda _: None)
    await campaign.suffer(
        homeserver,
        Script(
            empty=[
                Kill("empty", "migration CREATE TABLE outbox", 1),
                Kill("empty", "after POST login", 1),
                Kill("empty", "after POST keys/device_signing/upload", 1),
            ],
            rooms=[
                Kill("rooms", "after POST createRoom", 1),
                Kill("rooms", "after POST rooms/*/invite", 2),
            ],
            first_day=[
                Kill("first day", f"before {SEND}", 1),
                Kill("first day", f"after {SEND}", 3),
            ],
            cases=[
                Case("evening", [Kill("evening", f"after {SEND}", 2), Kill("boot", "after GET sync", 1)], "two days"),
                Case("day", [Kill("day", MOMENT, 900), Kill("boot", MOMENT, 150)], "morning"),
                Case("migration", [Kill("migration", "migration DROP TABLE zorgvragen", 1)]),
                Case("month", [Kill("month", "after PUT rooms/*/redact/*/*", 2)], "month"),
                Case("backup", [Kill("backup", f"{when} replace region.backup", 1) for when in ("before", "after")]),
                Case("restore", [*RESTORES, Kill("new device", "after POST login", 1)]),
                Case("day", jump="back"),
            ],
        ),
    )
    assert campaign.tally.stories == []
    assert campaign.tally.missed == 0
    assert campaign.tally.kills == 19


@pytest.mark.parametrize(
    ("spoil", "when", "kind", "patience"),
    [
        (another_transaction_id_each_time, "after", "doubled", PATIENCE),
        (marked_before_it_is_sent, "before", "lost", 12),
    ],
)
async def test_the_judge_sees_a_bot_that_was_broken_on_purpose(
    homeserver: Homeserver, tmp_path: Path, spoil: Spoil, when: str, kind: str, patience: float
) -> None:
    """Killed at its first post, a bot without fixed transaction ids says it twice, and a hasty one never."""
    tally = Tally()
    async with Stage(homeserver, tmp_path, kind, spoil) as stage:
        episode = Episode(stage, tally)
        await episode.found()
        await episode.settle_down()
        episode.endurance.patience = patience
        with pytest.raises(Broken):
            await episode.begin([Kill("first day", f"{when} {SEND}", 1)])
    assert {story.partition(":")[0] for story in tally.stories} == {kind}
