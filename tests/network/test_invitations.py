"""Somebody who cannot be invited: everybody else is, an administrator hears who and why, and not every half minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import caretaker
from bot.matrix.wire import LoggedOut
from demo.homeserver import Homeserver
from demo.people import Person
from domain.people import Member, Role
from tests.network import faults
from tests.network.conftest import Far
from tests.real_bot import RealBot

AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{{ id = "@aad:elders.example", name = "Aad" }}, {{ id = "{carla}", name = "Carla" }}]
"""


async def test_apply_names_who_could_not_be_invited_and_ends_with_code_1(
    homeserver: Homeserver, bot: RealBot, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> None:
    """This homeserver knows no other; Carla, who comes after, is invited all the same."""
    localpart = unique_localpart("carla")
    await homeserver.register(localpart, "carla-password")
    area = tmp_path / "area.toml"
    area.write_text(AREA.format(carla=f"@{localpart}:{homeserver.server_name}"))
    ended = await bot.command("apply", str(area))
    assert ended.code == 1
    told = [line for line in ended.out.splitlines() if line.startswith("!")]
    assert told == [
        "! @aad:elders.example was not invited to region:noord: 403 M_FORBIDDEN",
        "! @aad:elders.example was not invited to coordinators:noord: 403 M_FORBIDDEN",
    ]
    assert "The rooms are in order." not in ended.out
    async with Person(homeserver.url, localpart, "carla-password") as carla:
        await carla.wait_until(lambda: len(carla.client.rooms) == 2)


@pytest.mark.parametrize("status", [403, 502])
async def test_what_was_refused_for_one_is_logged_once_and_costs_nobody_else(far: Far, status: int) -> None:
    """403: refused for good. 502: the homeserver of whom we invite does not answer ours."""
    trouble = faults.answer(status, '{"errcode": "M_FORBIDDEN"}')
    await far.nurse("Fatima")  # far.start waits until she is in
    aad = await far.nurse("Aad")
    far._people.pop(aad.user_id)  # and not for him
    spoiled = far.proxy.spoil(trouble, "POST", "/invite", times=1)
    with capture_logs() as lines:
        await far.start()
        refused = [await far.house.keep_rooms_once() for _ in range(3)]
    assert spoiled.happened == 1
    assert len([line for line in lines if line["event"] == "invitation refused"]) == 1
    assert [len(one) for one in refused] == [1, 1, 1]
    assert "was not invited to region:noord" in refused[0][0]


async def test_whoever_could_not_be_reached_is_asked_again_long_before_an_hour_has_passed(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 502 may also come from what stands before our own homeserver, and then it hits everybody at once."""
    monkeypatch.setattr(caretaker, "ASK_SOON", 0.0)
    monkeypatch.setattr(caretaker, "REST", 0.1)
    aad = await far.nurse("Aad")
    far._people.pop(aad.user_id)  # far.start does not wait for him
    spoiled = far.proxy.spoil(faults.bad_gateway, "POST", "/invite", times=3)
    with capture_logs() as lines:
        await far.start()
        await aad.wait_joined(far.room)
    assert spoiled.happened == 3
    assert len([line for line in lines if line["event"] == "invitation refused"]) == 1


async def test_a_login_that_ends_while_rooms_are_kept_is_told_and_not_waited_for(far: Far) -> None:
    """Or `apply` would say for ever that the homeserver asks to wait."""
    await far.start()
    late = await far.person("Lotte")
    async with far.house.store.work() as work:
        await work.people.put_member(Member(late.user_id, "noord", frozenset({Role.NURSE}), "Lotte", "roombeek"))
    far.proxy.spoil(faults.revoked, "POST", "/invite")
    async with asyncio.timeout(20):
        with pytest.raises(LoggedOut):
            await far.house.keep_rooms_once()
