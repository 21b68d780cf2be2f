"""Every alarm of /ready, rung once: as whoever watches over the bot hears it, over HTTP, and silent when it is over."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot import auditor, health
from bot.matrix import sync, watch
from bot.matrix.identity import Identity
from bot.matrix.session import stored
from bot.matrix.wire import HARD, SOFT, Wire, path
from demo.homeserver import Homeserver
from demo.people import Person
from demo.synapse_config import free_port
from storage.seal import Seal
from tests.network import faults
from tests.network.conftest import Far
from tests.network.proxy import Fault, Forward, Proxy
from tests.network.test_database_away import Disk

TOKEN = "hospital-token"
HASH = f"sha256:{hashlib.sha256(TOKEN.encode()).hexdigest()}"


class Watched(Far):
    """A region whose bot has its HTTP door open."""

    carla: Person

    def __init__(self, homeserver: Homeserver, directory: Path, localpart: Callable[[str], str], proxy: Proxy) -> None:
        super().__init__(homeserver, directory, localpart, proxy)
        known = self.settings.model_dump()
        source = {"name": "ziekenhuis", "token_hash": HASH}
        known["intake"] = {"enabled": True, "port": free_port(), "sources": [source]}
        self.settings = type(self.settings).model_validate(known)

    async def get(self, where: str) -> httpx.Response:
        """What a probe hears."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.settings.intake.port}{where}")

    async def post(self, reference: str) -> int:
        """The status with which a hospital's zorgvraag is answered."""
        body = {"reference": reference, "pc4": "7523", "kinds": ["wondzorg"]}
        async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            where = f"http://127.0.0.1:{self.settings.intake.port}/v1/zorgvragen"
            return (await client.post(where, json=body)).status_code

    async def figure(self, name: str) -> float:
        """One figure of /metrics."""
        families = text_string_to_metric_families((await self.get("/metrics")).text)
        return {one.name: one.value for family in families for one in family.samples}[name]

    async def rings(self, words: str) -> None:
        """Return when /ready gives a reason with these words."""
        async with asyncio.timeout(30):
            while True:
                answer = await self.get("/ready")
                if any(words in reason for reason in answer.json()["reasons"]):
                    assert (answer.status_code, answer.json()["ready"]) == (503, False)
                    assert await self.figure("schakelbot_ready") == 0
                    return
                await asyncio.sleep(0.1)

    async def is_ready(self) -> None:
        """Return when /ready has nothing to tell."""
        async with asyncio.timeout(30):
            while True:
                if (await self.get("/ready")).status_code == 200:
                    break
                await asyncio.sleep(0.1)
        assert (await self.get("/ready")).json() == {"ready": True, "reasons": []}
        assert await self.figure("schakelbot_ready") == 1

    @asynccontextmanager
    async def own_wire(self) -> AsyncIterator[Wire]:
        """A second wire of the bot's own account and device, past the proxy."""
        wire = Wire(self.homeserver.url)
        stored(wire, Seal(self.settings.seal.key.get_secret_value()), self.settings.data / "matrix")
        try:
            yield wire
        finally:
            await wire.close()


@pytest_asyncio.fixture
async def region(
    homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]
) -> AsyncIterator[Watched]:
    """A region with a coordinator, whose bot is ready."""
    data = tmp_path / "data"
    async with Proxy(homeserver.url) as proxy, Watched(homeserver, data, unique_localpart, proxy) as one:
        one.carla = await one.coordinator()
        await one.start()
        await one.is_ready()
        yield one


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for minutes: a long poll is short here, and so are the pauses between looks."""
    monkeypatch.setattr(sync, "LONG_POLL_MS", 500)
    monkeypatch.setattr(watch, "PAUSE", 0.1)
    monkeypatch.setattr(auditor, "REST", 0.2)


def changed(change: Callable[[dict[str, Any]], None]) -> Fault:
    """The homeserver's own answer, with something changed in it."""

    async def fault(_: web.Request, forward: Forward) -> web.StreamResponse:
        whole = await forward()
        assert isinstance(whole.body, bytes)
        answer = json.loads(whole.body)
        change(answer)
        return web.json_response(answer, status=whole.status)

    return fault


def hurried(times: float) -> SimpleNamespace:
    """The seconds of the machine, which pass so many times as fast from now on."""
    began = time.monotonic()
    return SimpleNamespace(monotonic=lambda: began + times * (time.monotonic() - began))


async def test_a_homeserver_that_is_silent_rings(region: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two minutes, which are short here."""
    silent = region.proxy.spoil(faults.silence, where="/sync")
    await asyncio.wait_for(silent.hit.wait(), 30)  # an answer under way would end the alarm between two looks at it
    monkeypatch.setattr(health, "time", hurried(30))
    await region.rings("the homeserver has not answered")
    assert await region.figure("schakelbot_sync_age_seconds") > 120
    region.proxy.heal()
    region.proxy.spoil(faults.suspended, where="/sync")
    await region.rings("the homeserver cannot be reached (403 M_USER_SUSPENDED)")
    region.proxy.heal()
    await region.is_ready()
    assert await region.figure("schakelbot_sync_age_seconds") < 120


async def test_a_letter_that_waits_too_long_rings(region: Watched) -> None:
    region.proxy.spoil(faults.bad_gateway, "PUT", "/send/")
    assert await region.post("reference-1") == 201
    region.clock.move(timedelta(minutes=11))
    await region.rings("something has waited more than ten minutes to be said")
    assert await region.figure("schakelbot_outbox_age_seconds") > 600
    region.proxy.heal()
    async with region.house.store.work() as work:
        await work.outbox.hurry(region.clock.now())
    region.house._bell.reachable()
    await region.is_ready()
    async with region.house.store.look() as work:
        assert await work.audit.unsaid(region.clock.now()) == {}


async def test_a_step_that_is_overdue_rings(region: Watched) -> None:
    """Nobody ticks: the clock of this region ticks once an hour."""
    assert await region.post("reference-1") == 201
    region.clock.move(timedelta(hours=48, minutes=11))
    await region.rings("a step is overdue")
    await region.house.tick()
    await region.is_ready()


def has_words(answer: dict[str, Any]) -> bool:
    """Whether somebody says something in it; the key to their words may come in an answer before it."""
    rooms = answer.get("rooms", {}).get("join", {}).values()
    return any(event["type"] == "m.room.encrypted" for room in rooms for event in room["timeline"]["events"])


async def test_a_command_that_hangs_rings(region: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two minutes, which are short here: something else keeps the database from whoever wants to write."""
    monkeypatch.setattr(auditor, "time", hurried(60))
    is_told, is_held = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request, forward: Forward) -> web.StreamResponse:
        whole = await forward()
        if isinstance(whole.body, bytes) and has_words(json.loads(whole.body)):
            is_told.set()
            await is_held.wait()
        return whole

    region.proxy.spoil(hold, where="/sync")
    await region.carla.say(region.room, "!open")
    await is_told.wait()
    async with region.house.store.work():  # only now: an answer without news would have waited for the database as well
        is_held.set()
        await region.rings("a command has been under way")
    await region.is_ready()


async def test_a_text_that_could_not_be_taken_out_rings_and_coordinators_hear_of_it(region: Watched) -> None:
    """The homeserver refuses the redaction: its sender read that it was taken out, and it stands."""
    region.proxy.spoil(faults.answer(403, '{"errcode": "M_FORBIDDEN"}'), "PUT", "/redact/")
    await region.carla.say(region.room, "mail jan.jansen@voorbeeld.nl")
    await region.rings("could not be taken out of its room")
    await region.shows(region.carla, "die staan er nog", "Haal het zelf weg", room=region.coordination)
    region.clock.move(timedelta(hours=25))
    await region.is_ready()


async def test_a_post_that_was_given_up_rings(region: Watched) -> None:
    region.proxy.spoil(faults.answer(403, '{"errcode": "M_FORBIDDEN"}'), "PUT", "/send/")
    assert await region.post("reference-1") == 201
    await region.rings("something was given up within the last 24 hours")


async def test_what_could_not_be_kept_rings(region: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """For two minutes, which are short here."""
    monkeypatch.setattr(health, "time", hurried(30))
    with Disk(region.house.store).taking_nothing():
        assert await region.post("reference-1") == 503
        await region.rings("something could not be kept: the database cannot be written: it is read-only")
    await region.is_ready()


@pytest.mark.parametrize("soft", [False, True], ids=["revoked", "soft logout"])
async def test_a_login_that_was_ended_rings_and_the_door_keeps_what_comes_in(region: Watched, soft: bool) -> None:
    """The process stays: one that ends takes the door for other systems with it, and tells a watcher nothing."""
    if soft:  # Synapse forgets no session by itself here, so the proxy says so; the password is not in the settings
        matrix = region.settings.matrix.model_copy(update={"password": None})
        region.house._settings = region.settings.model_copy(update={"matrix": matrix})
        region.proxy.spoil(faults.soft_logout)
    else:
        async with region.own_wire() as wire:
            await wire.call("POST", path("v3", "logout"), {})
    await region.rings(SOFT if soft else HARD)
    assert (await region.get("/live")).status_code == 200
    assert await region.post("reference-1") == 201
    asked = len(region.proxy.asked)
    await asyncio.sleep(2)
    assert len(region.proxy.asked) == asked  # nobody pesters a homeserver that said no
    assert region._running is not None
    assert not region._running.done()


async def test_an_identity_that_somebody_replaced_rings(region: Watched, tmp_path: Path) -> None:
    """With the account's password on another device: while it runs, and not only at the next start."""
    assert await region.figure("schakelbot_identity_trusted") == 1
    async with region.own_wire() as wire:
        device = region.house._matrix.device_id
        state = await Identity(wire, Seal(Seal.new_key()), tmp_path, region.bot_id, device).reset("bot-password")
    assert state.fingerprint != ""
    await region.rings("the cross-signing identity is not in order")
    assert region.house.identity.status == "foreign"
    assert await region.figure("schakelbot_identity_trusted") == 0


async def test_a_signature_that_is_gone_rings_and_is_made_again(
    region: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The homeserver lost it; nobody said that anything changed, so only a look every ten minutes shows it."""

    def forget(answer: dict[str, Any]) -> None:
        for device in answer["device_keys"].get(region.bot_id, {}).values():
            device["signatures"] = {}

    region.proxy.spoil(changed(forget), where="/keys/query")
    signed = region.proxy.spoil(faults.passed_on, "POST", "/keys/signatures/upload")
    monkeypatch.setattr(watch, "time", hurried(600))
    await region.rings("the cross-signing identity is not in order")
    await asyncio.wait_for(signed.hit.wait(), 30)
    region.proxy.heal()
    await region.is_ready()


async def test_an_identity_that_cannot_be_looked_at_is_not_asked_for_all_the_time(
    region: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A homeserver that refuses is asked again when it is time for the next look, and no sooner."""
    monkeypatch.setattr(watch, "EVERY", 1.0)
    region.proxy.spoil(faults.answer(400, '{"errcode": "M_UNKNOWN"}'), "POST", "/keys/query")
    before = region.proxy.count("POST", "/keys/query")
    await asyncio.sleep(3)
    # One a second and a few about other people, where it was dozens.
    assert 1 <= region.proxy.count("POST", "/keys/query") - before <= 9


async def test_one_time_keys_that_run_out_ring(region: Watched) -> None:
    """Somebody takes them all, and the homeserver takes no new ones."""
    region.proxy.spoil(faults.broken, where="/keys/upload")
    stranger = await region.person("Sam")
    wire = Wire(region.homeserver.url)
    wire.token = stranger.client.access_token
    body = {"one_time_keys": {region.bot_id: {region.house._matrix.device_id: "signed_curve25519"}}}
    for _ in range(45):
        await wire.call("POST", path("v3", "keys", "claim"), body)
    await wire.close()
    await region.rings("few one-time keys")
    assert await region.figure("schakelbot_one_time_keys") < 10
    region.proxy.heal()
    await region.is_ready()
    assert await region.figure("schakelbot_one_time_keys") == 50


async def test_a_room_that_the_bot_was_put_out_of_rings(region: Watched) -> None:
    async with region.own_wire() as wire:
        await wire.call("POST", path("v3", "rooms", region.coordination, "leave"), {})
    await region.rings("the bot is no longer in the room coordinators:noord")


async def test_a_room_whose_encryption_was_taken_away_rings(region: Watched) -> None:
    async with region.own_wire() as wire:
        where = path("v3", "rooms", region.room, "state", "m.room.encryption", "")
        await wire.call("PUT", where, {"algorithm": "m.megolm.v2"})
    await region.rings("the encryption was taken from the room region:noord")
