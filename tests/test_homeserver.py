"""The homeserver on which the stories are told: real, alone on the loopback, and gone when it should be."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from demo.homeserver import Homeserver, HomeserverError

HOUSE = Path(__file__).parent.parent
PASSWORD = "welkom01"
LocalpartMaker = Callable[[str], str]

STARTER = """
import asyncio, pathlib, signal, sys
from demo.homeserver import Homeserver

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what it puts in the background without it

async def main():
    async with Homeserver(pathlib.Path(sys.argv[1])) as homeserver:
        print(homeserver.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def logged_in(homeserver: Homeserver, localpart: str) -> AsyncIterator[httpx.AsyncClient]:
    """A bare client with somebody's access token."""
    login = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": localpart},
        "password": PASSWORD,
    }
    async with httpx.AsyncClient(base_url=homeserver.url, trust_env=False) as client:
        answer = await client.post("/_matrix/client/v3/login", json=login)
        answer.raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


async def make_room(client: httpx.AsyncClient) -> str:
    answer = await client.post("/_matrix/client/v3/createRoom", json={})
    answer.raise_for_status()
    room_id: str = answer.json()["room_id"]
    return room_id


async def send(client: httpx.AsyncClient, room_id: str, times: int) -> list[int]:
    """Send that many messages in a row; return the status of each answer."""
    path = f"/_matrix/client/v3/rooms/{room_id}/send/m.room.message"
    message = {"msgtype": "m.text", "body": "hallo"}
    return [(await client.put(f"{path}/{number}", json=message)).status_code for number in range(times)]


def wait_until_gone(port: int, connection: socket.socket) -> None:
    """Return when the other end is closed and nobody listens any more; TimeoutError after half a minute."""
    connection.settimeout(30)
    with suppress(ConnectionResetError):
        assert connection.recv(1) == b""
    with suppress(ConnectionError):
        # An ending process may close its connections a moment before it stops listening.
        while True:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()


async def test_a_registered_person_can_log_in(homeserver: Homeserver, unique_localpart: LocalpartMaker) -> None:
    nurse = unique_localpart("nurse")
    user_id = await homeserver.register(nurse, PASSWORD)
    async with logged_in(homeserver, nurse) as client:
        whoami = await client.get("/_matrix/client/v3/account/whoami")
    assert whoami.json()["user_id"] == user_id == f"@{nurse}:zorg.test"


async def test_a_name_can_be_taken_once(homeserver: Homeserver, unique_localpart: LocalpartMaker) -> None:
    nurse = unique_localpart("nurse")
    await homeserver.register(nurse, PASSWORD)
    with pytest.raises(HomeserverError, match=f"no account '{nurse}': User ID already taken"):
        await homeserver.register(nurse, PASSWORD)


@pytest.mark.parametrize(("admin", "status"), [(True, 200), (False, 403)])
async def test_only_an_administrator_may_administer(
    homeserver: Homeserver, unique_localpart: LocalpartMaker, admin: bool, status: int
) -> None:
    someone = unique_localpart("someone")
    await homeserver.register(someone, PASSWORD, admin=admin)
    async with logged_in(homeserver, someone) as client:
        users = await client.get("/_synapse/admin/v2/users")
    assert users.status_code == status


def test_names_are_unique(unique_localpart: LocalpartMaker) -> None:
    assert len({unique_localpart("nurse") for _ in range(100)}) == 100


@pytest.mark.parametrize("path", ["/_matrix/federation/v1/version", "/_matrix/key/v2/server"])
async def test_other_homeservers_find_no_door(homeserver: Homeserver, path: str) -> None:
    async with httpx.AsyncClient(base_url=homeserver.url, trust_env=False) as client:
        assert (await client.get(path)).status_code == 404


async def test_without_limits_a_burst_passes(homeserver: Homeserver, unique_localpart: LocalpartMaker) -> None:
    nurse = unique_localpart("nurse")
    await homeserver.register(nurse, PASSWORD)
    for _ in range(12):  # by default a burst of 5 logins, 10 rooms and 10 messages is allowed
        async with logged_in(homeserver, nurse) as client:
            assert await send(client, await make_room(client), times=3) == [200] * 3


async def test_synapses_own_limits_can_be_kept(tmp_path: Path) -> None:
    async with Homeserver(tmp_path, limits="default") as homeserver:
        await homeserver.register("nurse", PASSWORD)
        async with logged_in(homeserver, "nurse") as client:
            statuses = await send(client, await make_room(client), times=12)
    assert statuses[:8] == [200] * 8
    assert 429 in statuses


async def test_new_rooms_have_the_version_of_synapse_unless_another_is_chosen(
    homeserver: Homeserver, unique_localpart: LocalpartMaker, tmp_path: Path
) -> None:
    """Ids of rooms name their server until version 11, and no more in version 12, which Synapse makes."""
    nurse = unique_localpart("nurse")
    await homeserver.register(nurse, PASSWORD)
    async with logged_in(homeserver, nurse) as client:
        assert ":" not in await make_room(client)
    async with Homeserver(tmp_path, default_room_version="11") as older:
        await older.register("nurse", PASSWORD)
        async with logged_in(older, "nurse") as client:
            assert (await make_room(client)).endswith(":zorg.test")


async def test_data_and_address_survive_a_restart_a_kill_and_a_new_start(tmp_path: Path) -> None:
    async with Homeserver(tmp_path) as homeserver:
        url = homeserver.url
        await homeserver.register("nurse", PASSWORD)
        async with logged_in(homeserver, "nurse") as client:
            await homeserver.restart()
            assert (await client.get("/_matrix/client/v3/account/whoami")).status_code == 200
            await homeserver.kill()
            with pytest.raises(httpx.ConnectError):
                await client.get("/_matrix/client/versions")
            await homeserver.start()
            assert (await client.get("/_matrix/client/v3/account/whoami")).status_code == 200
        assert homeserver.url == url
    async with Homeserver(tmp_path) as homeserver, logged_in(homeserver, "nurse") as client:
        assert (await client.get("/_matrix/client/v3/account/whoami")).status_code == 200


async def test_temporary_data_is_removed_and_a_given_directory_kept(tmp_path: Path) -> None:
    async with Homeserver() as temporary:
        assert (temporary.directory / "homeserver.db").exists()
        with pytest.raises(HomeserverError, match="runs already"):
            await temporary.start()
    assert not temporary.directory.exists()
    async with Homeserver(tmp_path):
        pass
    assert (tmp_path / "homeserver.db").exists()


async def test_a_homeserver_that_cannot_start_says_why() -> None:
    homeserver = Homeserver(default_room_version="not-a-version")
    with pytest.raises(HomeserverError, match="Unknown default_room_version: not-a-version"):
        async with homeserver:
            pass
    assert not homeserver.directory.exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_does_not_outlive_the_process_that_started_it(how: signal.Signals, tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with starter:
        assert starter.stdout is not None
        port = urlsplit(starter.stdout.readline().strip()).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port)) as connection:
            os.killpg(starter.pid, how)  # as a terminal does: to all in the foreground
            wait_until_gone(port, connection)
