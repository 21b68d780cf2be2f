"""Which homeservers may take part: what the settings mean, and what the house makes of somebody from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.administration import apply
from bot.chat import Entered
from bot.dispatch import Dispatch
from bot.servers import Servers
from config.settings import Settings
from domain.announcements import Stranger
from domain.audience import Coordinators, RegionRoom
from domain.people import Member, PostcodeRange, Region, Role
from storage.seal import Seal
from storage.work import open_store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
NOORD = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))


@pytest.mark.parametrize(
    ("others", "user_id", "allowed"),
    [
        ((), "@jan:elders.test", True),
        (("thuis.test",), "@jan:zorg.test", True),
        (("thuis.test",), "@jan:thuis.test", True),
        (("thuis.test",), "@jan:elders.test", False),
        (("thuis.test",), "@jan:evil.thuis.test", False),
        (("thuis.test:8448",), "@jan:thuis.test:8448", True),
        (("thuis.test",), "@jan:thuis.test:8448", False),
        (("thuis.test",), "jan", False),
    ],
)
def test_our_own_server_and_the_named_ones_may_take_part(others: tuple[str, ...], user_id: str, allowed: bool) -> None:
    assert Servers.around("@bot:zorg.test", others).allow(user_id) is allowed


def test_the_list_for_rooms_has_no_ports_and_allows_addresses_only_when_one_is_named() -> None:
    named = Servers("zorg.test:8448", ("thuis.test", "[::1]:8448")).acl()
    assert named == {"allow": ["[::1]", "thuis.test", "zorg.test"], "deny": [], "allow_ip_literals": True}
    assert Servers("zorg.test").acl() is None


@pytest.mark.parametrize("is_known", [True, False])
async def test_coordinators_hear_of_somebody_from_another_server_known_or_not(tmp_path: Path, is_known: bool) -> None:
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    dispatch = Dispatch(store, lambda: NOW, lambda: None, Servers("zorg.test", ("thuis.test",)))
    mallory = "@mallory:elders.test"
    async with store.work() as work:
        await work.people.put_region(NOORD)
        await work.rooms.put(RegionRoom("noord"), "!noord")
        if is_known:
            await work.people.put_member(Member(mallory, "noord", frozenset({Role.NURSE}), "Mallory"))
    await dispatch(Entered(event_id="$1", room_id="!noord", sender=mallory, at=NOW))
    async with store.work() as work:
        batch = await work.outbox.take(NOW)
        assert batch is not None
        (letter,) = batch.letters
        assert letter.message == Stranger(mallory, other_server=True)
        assert letter.audience == Coordinators("noord")
        await work.outbox.gave_up(batch, "done", NOW)
        assert await work.outbox.take(NOW) is None, "and nobody is welcomed"
    await store.close()


async def test_apply_warns_of_who_will_not_be_invited(tmp_path: Path) -> None:
    area = tmp_path / "area.toml"
    example = (Path(__file__).parent.parent / "area.example.toml").read_text()
    area.write_text(example)
    servers = {"thuis.test"}
    settings = Settings.model_validate(
        {
            "data": tmp_path / "data",
            "matrix": {
                "homeserver": "http://127.0.0.1:1",
                "user_id": "@bot:zorg.test",
                "allowed_servers": sorted(servers),
            },
            "seal": {"key": Seal.new_key()},
        }
    )
    said: list[str] = []
    await apply(settings, area, said.append, dry_run=True)
    warnings = [line for line in said if line.startswith("! ")]
    assert warnings
    assert all("is not invited: matrix.allowed_servers does not name that server" in line for line in warnings)
