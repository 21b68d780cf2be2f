"""Requests that an ordinary client would not make: somebody's account, straight to the homeserver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.matrix.wire import Wire, path
from demo.people import Person


@asynccontextmanager
async def wire_of(person: Person) -> AsyncIterator[Wire]:
    """A wire that speaks as this person's device."""
    wire = Wire(person.client.homeserver)
    wire.token = person.client.access_token
    try:
        yield wire
    finally:
        await wire.close()


async def keys_of(person: Person, user_id: str) -> dict[str, Any]:
    """The raw /keys/query answer about one user, as another account gets it."""
    async with wire_of(person) as wire:
        return await wire.call("POST", path("v3", "keys", "query"), {"device_keys": {user_id: []}})


async def event_of(person: Person, room_id: str, event_id: str) -> dict[str, Any]:
    """One event as the server has it, still encrypted."""
    async with wire_of(person) as wire:
        return await wire.call("GET", path("v3", "rooms", room_id, "event", event_id))


async def to_device(person: Person, kind: str, user_id: str, device_id: str, content: Any, txn_id: str) -> None:
    """Send one to-device message, whatever its content."""
    async with wire_of(person) as wire:
        where = path("v3", "sendToDevice", kind, txn_id)
        await wire.call("PUT", where, {"messages": {user_id: {device_id: content}}})
