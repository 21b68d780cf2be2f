"""64 claimants under a homeserver's usual limits, and a burst of commands: one winner each, everybody is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from benchmarks.phone import Phone, Shown
from demo.homeserver import Homeserver
from tests.crowd.region import Crowd

pytestmark = pytest.mark.asyncio(loop_scope="package")

EVENING = timedelta(hours=24)
A_MINUTE = 60  # in which a homeserver's default lets an account say 22 things: ten at once, then one in five seconds


@asynccontextmanager
async def usual_limits(crowd: Crowd) -> AsyncIterator[None]:
    """The same homeserver, with the limits that it has when nobody lifts them."""
    await crowd.stop()
    await crowd.homeserver.stop()
    try:
        async with Homeserver(crowd.homeserver.directory, limits="default") as limited:
            await crowd.move(limited)
            yield
            await crowd.stop()
    finally:
        await crowd.homeserver.start()
        await crowd.move(crowd.homeserver)


async def claim(crowd: Crowd, number: int) -> None:
    """Everybody claims it at the same moment."""
    await asyncio.gather(*(nurse.say(crowd.room, f"!oppakken {number}") for nurse in crowd.nurses))


def lost(crowd: Crowd, number: int) -> list[str]:
    """Whoever was told that somebody else was first, as often as they were told."""
    told = [one for one in crowd.told() if f"Noord-{number} is net al opgepakt door Nurse" in one.body]
    return [user_id for one in told for user_id in one.mentions]


async def winner(crowd: Crowd, number: int) -> str:
    """The one who has it, as their own notice says it."""
    told = await crowd.carla.wait_for(lambda one: one.body.startswith(f"✅ Noord-{number} is opgepakt door Nurse"))
    (user_id,) = told.mentions
    return user_id


async def test_of_64_claimants_one_wins_and_63_hear_who_under_the_usual_limits(crowd: Crowd) -> None:
    """Within a minute, the winner first: said one by one to 63 people, it would take more than four."""
    async with usual_limits(crowd):
        (number,) = await crowd.open_zorgvragen(1)
        before = len(crowd.told())
        some = [crowd.nurses[0], crowd.nurses[31], crowd.nurses[63]]
        for nurse in some:
            await nurse.catch_up()
        await claim(crowd, number)
        won = await winner(crowd, number)
        await crowd.carla.wait_until(lambda: len(lost(crowd, number)) >= 63, within=A_MINUTE)
        await crowd.carla.wait_for(lambda one: f"✅ Noord-{number} ·" in one.body, within=A_MINUTE)
        assert sorted(lost(crowd, number)) == sorted({nurse.user_id for nurse in crowd.nurses} - {won})
        assert crowd.told()[before].mentions == {won}
        for nurse in some:
            await nurse.catch_up()
            assert any(nurse.user_id in one.mentions for one in nurse.shown)


async def test_what_came_while_the_bot_was_away_is_confirmed_before_the_digest(crowd: Crowd) -> None:
    """Four messages answer 64 people and tell the day, and the first of them is the winner's."""
    async with usual_limits(crowd):
        (number,) = await crowd.open_zorgvragen(1)
        await crowd.stop()
        before = len(crowd.carla.shown)
        await claim(crowd, number)
        crowd.clock.move(EVENING)
        await crowd.start()
        await crowd.carla.wait_for(lambda one: one.room_id == crowd.coordination, within=60)
        told = sorted(crowd.carla.shown[before:], key=lambda one: one.sent_ms)
        assert [kind(one, crowd, number) for one in told] == ["won", "lost", "post", "digest"]
        (won,) = told[0].mentions
        assert told[1].mentions == {nurse.user_id for nurse in crowd.nurses} - {won}


def kind(one: Shown, crowd: Crowd, number: int) -> str:
    """What a message of the bot is."""
    if one.room_id == crowd.coordination:
        return "digest"
    if f"Noord-{number} is opgepakt" in one.body:
        return "won"
    return "lost" if "net al" in one.body else "post"


async def test_a_burst_of_commands_leaves_nobody_without_an_answer(crowd: Crowd) -> None:
    """160 commands of 40 people, as fast as their telephones send: each is answered, each zorgvraag claimed once."""
    nurses = crowd.nurses[:40]
    contested, *own = await crowd.open_zorgvragen(1 + len(nurses))
    asked: list[str] = []

    async def hurry(nurse: Phone, number: int) -> None:
        asked.append(await nurse.say(crowd.room, f"!status {number}"))
        await nurse.say(crowd.room, f"!oppakken {number}")
        await nurse.say(crowd.room, f"!oppakken {contested}")
        asked.append(await nurse.say(crowd.room, "!mijn"))

    await asyncio.gather(*(hurry(nurse, number) for nurse, number in zip(nurses, own, strict=True)))
    won = await winner(crowd, contested)
    for nurse, number in zip(nurses, own, strict=True):
        assert await winner(crowd, number) == nurse.user_id
    await crowd.carla.wait_until(lambda: set(asked) <= {one.reply_to for one in crowd.told()}, within=60)
    await crowd.carla.wait_until(lambda: len(lost(crowd, contested)) >= len(nurses) - 1, within=60)
    replies = [one.reply_to for one in crowd.told() if one.reply_to in asked]
    assert sorted(replies) == sorted(asked)
    assert sorted(lost(crowd, contested)) == sorted({nurse.user_id for nurse in nurses} - {won})
