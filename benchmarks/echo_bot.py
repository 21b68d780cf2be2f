"""A bare echo bot, as nio's manual writes them: callbacks, `sync_forever`, `room_send`. The measure to compare with.

`python -m benchmarks.echo_bot HOMESERVER USER PASSWORD DIRECTORY`; it ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from nio import AsyncClient, AsyncClientConfig, InviteMemberEvent, LoginResponse, MatrixRoom, RoomMessageText


def client_of(homeserver: str, user: str, directory: Path) -> AsyncClient:
    """A client that keeps its keys and its sync token."""
    config = AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True)
    return AsyncClient(homeserver, user, store_path=str(directory), config=config)


async def log_in(client: AsyncClient, password: str, credentials: Path) -> None:
    """With the password the first time, from then on with what that gave."""
    known = read(credentials)
    if known is not None:
        client.restore_login(**known)
        return
    answer = await client.login(password)
    if not isinstance(answer, LoginResponse):
        raise SystemExit(f"no login: {answer}")
    kept = {"user_id": answer.user_id, "device_id": answer.device_id, "access_token": answer.access_token}
    write(credentials, kept)


def read(credentials: Path) -> dict[str, str] | None:
    """What an earlier login gave."""
    return json.loads(credentials.read_text()) if credentials.exists() else None


def write(credentials: Path, kept: dict[str, str]) -> None:
    """Keep it for the next start."""
    credentials.write_text(json.dumps(kept))


async def main(homeserver: str, user: str, password: str, directory: Path) -> None:
    """Echo every text until standard input ends."""
    client = client_of(homeserver, user, directory)
    await log_in(client, password, directory / "credentials.json")

    async def invited(room: MatrixRoom, event: InviteMemberEvent) -> None:
        if event.state_key == client.user_id:
            await client.join(room.room_id)

    async def said(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender != client.user_id:
            content = {"msgtype": "m.notice", "body": f"echo {event.body}"}
            await client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)

    client.add_event_callback(invited, InviteMemberEvent)
    client.add_event_callback(said, RoomMessageText)
    listening = asyncio.create_task(client.sync_forever(timeout=30_000, full_state=True))
    leash = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    await asyncio.wait({listening, leash}, return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await client.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
