"""nio as its manual says, with nothing of ours: the other half of test_nio_weaknesses.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from nio import AsyncClient, AsyncClientConfig, KeysQueryResponse, SyncResponse

from tests.matrix.ear import NURSE, ROOM, US

Handler = Callable[[web.Request], web.Response]


@asynccontextmanager
async def homeserver(answer: Handler) -> AsyncIterator[tuple[str, list[str]]]:
    """(address, the paths that were asked for) of a server on the loopback that gives `answer` to everything."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(f"{request.method} {request.path}")
        return answer(request)

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bare_nio(directory: Path, address: str = "http://127.0.0.1:1") -> AsyncIterator[AsyncClient]:
    """A client that is logged in, with its store; by default nobody is at the address."""
    config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=False, max_timeouts=1)
    client = AsyncClient(address, US, store_path=str(directory), config=config)
    client.restore_login(US, "BOT", "token")
    client.olm.account.shared = True
    try:
        yield client
    finally:
        await client.close()
        client.store.database.close()


async def knows(client: AsyncClient, keys: dict[str, Any]) -> None:
    """Let the client be in an encrypted room with the people of this /keys/query answer, and know their devices."""
    people = (member(user_id) for user_id in (US, *keys["device_keys"]))
    await client.receive_response(SyncResponse.from_dict(sync(*people)))
    await client.receive_response(KeysQueryResponse.from_dict(keys))
    assert [device for user_id in keys["device_keys"] for device in client.device_store.active_user_devices(user_id)]
    client.rooms[ROOM].members_synced = True


def sync(*events: dict[str, Any], encrypted: bool = True, **more: Any) -> dict[str, Any]:
    """A whole /sync answer with these events in the one room that we are in; `more` goes beside the rooms."""
    megolm = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    state = [{**megolm, "sender": US, "event_id": "$e", "origin_server_ts": 1}] if encrypted else []
    room = {
        "state": {"events": state},
        "timeline": {"events": list(events), "limited": False, "prev_batch": "p"},
        "ephemeral": {"events": []},
        "account_data": {"events": []},
        "summary": {},
        "unread_notifications": {},
    }
    return {
        "next_batch": "s2",
        "device_one_time_keys_count": {"signed_curve25519": 50},
        "device_lists": {"changed": [], "left": []},
        "to_device": {"events": []},
        "presence": {"events": []},
        "rooms": {"invite": {}, "leave": {}, "join": {ROOM: room}},
        **more,
    }


def member(user_id: str) -> dict[str, Any]:
    """Somebody's joining."""
    return event("m.room.member", f"$join-{user_id}", {"membership": "join"}, state_key=user_id, sender=user_id)


def event(kind: str, event_id: str, content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One event of the room."""
    at = 1_795_000_000_000
    base = {"type": kind, "event_id": event_id, "sender": NURSE, "origin_server_ts": at, "content": content}
    return {**base, "room_id": ROOM, "unsigned": {}, **more}


def reaction(event_id: str) -> dict[str, Any]:
    """A ✋ under a post: the one thing that people say unencrypted."""
    relation = {"rel_type": "m.annotation", "event_id": "$post", "key": "✋"}
    return event("m.reaction", event_id, {"m.relates_to": relation})
