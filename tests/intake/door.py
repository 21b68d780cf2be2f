"""A door for tests: the app on a database of its own, with a clock that can be moved and a bell that is counted."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.intake import build_app, fingerprint_key
from config.settings import IntakeSettings
from domain.people import Member, Organisation, PostcodeRange, Region, Role, Team
from domain.zorgvraag import Zorgvraag
from storage.seal import Seal
from storage.work import PATIENCE, Store, open_store

MONDAY = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
REGION = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
FATIMA = Member("@fatima:zorg.test", "noord", frozenset({Role.NURSE}), "Fatima Yilmaz", "roombeek")
TOKEN = "hospital-token"
OTHER_TOKEN = "transfer-token"
ADDRESS = "/v1/zorgvragen"


def body(reference: str = "ZD-1", **fields: Any) -> dict[str, Any]:
    """The smallest zorgvraag, with these fields besides."""
    return {"reference": reference, "pc4": "7523", "kinds": ["wondzorg"]} | fields


def hashed(token: str) -> str:
    """A token as the settings keep it."""
    return "sha256:" + hashlib.sha256(token.encode()).hexdigest()


class Door:
    """What a test can reach. `client` speaks as the source "ziekenhuis"; a test may break `ring` and `health`."""

    def __init__(self, store: Store, file: Path, settings: IntakeSettings, key: bytes) -> None:
        self.store = store
        self.file = file
        self.moment = MONDAY
        self.rings = 0
        self.ills: list[str] = []
        self.ring: Callable[[], None] = self.count
        self.health: Callable[[], Awaitable[list[str]]] = self.tell
        self.app = build_app(store, self.now, self._ring, settings, key, self._health, self._figures)
        self.client = self.as_source(TOKEN)

    def now(self) -> datetime:
        """The test's moment."""
        return self.moment

    def count(self) -> None:
        """Count the rings."""
        self.rings += 1

    async def tell(self) -> list[str]:
        """What the test says is wrong."""
        return self.ills

    async def kept(self) -> list[Zorgvraag]:
        """Every zorgvraag of the region."""
        async with self.store.look() as work:
            return [one for number in range(1, 30) if (one := await work.zorgvragen.find("noord", number))]

    async def post(self, content: Any, **headers: str) -> httpx.Response:
        """Send JSON to the one address that takes it."""
        return await self.client.post(ADDRESS, json=content, headers=headers)

    def as_source(self, token: str | None) -> httpx.AsyncClient:
        """A client with another token, or without."""
        return client_of(httpx.ASGITransport(self.app), token)

    def _ring(self) -> None:
        self.ring()

    async def _health(self) -> list[str]:
        return await self.health()

    async def _figures(self) -> bytes:
        return b"schakelbot_ready 1.0\n"


def client_of(
    transport: httpx.AsyncBaseTransport, token: str | None, url: str = "http://door.test"
) -> httpx.AsyncClient:
    """A client that speaks with this token."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=transport, base_url=url, headers=headers)


@asynccontextmanager
async def open_door(file: Path, *, patience: float = PATIENCE, **settings: Any) -> AsyncIterator[Door]:
    """A door on the database in `file`, with the region Noord and one team, and two sources.

    `patience` is how many seconds it waits for whoever else holds the database.
    """
    key = Seal.new_key()
    store = await open_store(file, Seal(key), patience=patience)
    async with store.work() as work:
        await work.people.put_region(REGION)
        await work.people.put_organisation(Organisation("livio", "Livio"))
        await work.people.put_team(Team("roombeek", "Team Roombeek", "livio", "noord"))
        await work.people.put_member(FATIMA)
    sources = [
        {"name": "ziekenhuis", "token_hash": hashed(TOKEN)},
        {"name": "transferpunt", "token_hash": hashed(OTHER_TOKEN)},
    ]
    chosen = IntakeSettings.model_validate({"sources": sources} | settings)
    door = Door(store, file, chosen, fingerprint_key(key))
    yield door
    await door.client.aclose()
    await store.close()


def errors(answer: httpx.Response) -> dict[str | None, str]:
    """field -> reason; the answer has no other shape."""
    content = answer.json()
    assert set(content) == {"errors"}
    assert all(set(one) == {"field", "reason"} and one["reason"] for one in content["errors"])
    return {one["field"]: one["reason"] for one in content["errors"]}


DAY = timedelta(days=1)


async def break_database(door: Door) -> None:
    """Put a directory where the file was: what SQLite then says is what it says when the volume is gone."""
    await door.store.close()
    door.file.rename(door.file.with_suffix(".away"))
    door.file.mkdir()


async def mend_database(door: Door) -> None:
    """Put it back."""
    door.file.rmdir()
    door.file.with_suffix(".away").rename(door.file)
