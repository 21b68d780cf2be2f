"""A real homeserver on this machine: Synapse on SQLite, as a child process on a loopback port. No bot."""

import asyncio
import hmac
import secrets
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from demo.synapse_config import Limits, SynapseConfig, free_port

START_SECONDS = 60.0  # it takes about 1.3 s; a busy machine and a first import need more
STOP_SECONDS = 10.0
_CHILD = Path(__file__).with_name("synapse_child.py")


class HomeserverError(Exception):
    """The homeserver did not start, or refused what was asked; the text says why."""


class Homeserver:
    """One Synapse, used as `async with Homeserver() as homeserver`; it never outlives this process.

    It may be used from any event loop. Without a `directory` its data is temporary. `limits="default"` keeps
    Synapse's own rate limits, `limits="off"` makes them too wide to notice. Without a `default_room_version`
    new rooms get Synapse's own default. While it is stopped, its `directory` may be copied and put back.
    """

    def __init__(
        self,
        directory: Path | None = None,
        *,
        server_name: str = "zorg.test",
        limits: Limits = "default",
        default_room_version: str | None = None,
    ) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        if directory is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="homeserver-")
            directory = Path(self._temporary.name)
        self.directory = directory.resolve()
        self.log = self.directory / "synapse.log"
        self._config = SynapseConfig(
            directory=self.directory,
            server_name=server_name,
            port=free_port(),
            registration_secret=secrets.token_urlsafe(32),
            limits=limits,
            default_room_version=default_room_version,
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients find it, for example `http://127.0.0.1:24680`; the same after every restart."""
        return self._config.url

    @property
    def server_name(self) -> str:
        """The part of a user id after the colon."""
        return self._config.server_name

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            self._remove_data()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self.stop()
        finally:
            self._remove_data()

    async def start(self) -> None:
        """Start it after `stop` or `kill`; return when it answers. HomeserverError says why it does not."""
        if self._process is not None:
            raise HomeserverError("the homeserver runs already")
        self._process = self._spawn()
        try:
            await self._answer(self._process)
        except BaseException:
            self._end()
            raise

    async def stop(self) -> None:
        """Let it close its database and end; after 10 seconds, or when this is cancelled, it is killed."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass  # it is killed below
        finally:
            self._end()

    async def kill(self) -> None:
        """End it as a power cut would (kill -9); its data stays."""
        self._end()

    async def restart(self) -> None:
        """Stop and start it: the same data, the same address."""
        await self.stop()
        await self.start()

    async def register(self, localpart: str, password: str, admin: bool = False) -> str:
        """Make an account without a device and return its user id, as `@nurse:zorg.test`.

        HomeserverError when the name is taken or not allowed. Source of the signature over the request:
        Synapse's documentation, "Shared-Secret Registration".
        """
        async with _client(self.url) as client:
            path = "/_synapse/admin/v1/register"
            nonce = (await client.get(path)).json()["nonce"]
            signed = [nonce, localpart, password, "admin" if admin else "notadmin"]
            mac = hmac.new(self._config.registration_secret.encode(), "\0".join(signed).encode(), "sha1")
            answer = await client.post(
                path,
                json={
                    "nonce": nonce,
                    "username": localpart,
                    "password": password,
                    "admin": admin,
                    "mac": mac.hexdigest(),
                    "inhibit_login": True,
                },
            )
        if answer.is_error:
            raise HomeserverError(f"no account {localpart!r}: {answer.json().get('error')}")
        return f"@{localpart}:{self.server_name}"

    def _spawn(self) -> subprocess.Popen[bytes]:
        config = self._config.write()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                # -P: the folder of the script is no place to import from.
                [sys.executable, "-P", str(_CHILD), str(config)],
                cwd=self.directory,
                stdin=subprocess.PIPE,  # its end is our end: see synapse_child
                stdout=log,
                stderr=log,
                # Ctrl-C in a terminal is for this process, which still needs the homeserver to say goodbye.
                start_new_session=True,
            )

    async def _answer(self, process: subprocess.Popen[bytes]) -> None:
        try:
            async with asyncio.timeout(START_SECONDS), _client(self.url) as client:
                while not await _answers(client):
                    if process.poll() is not None:
                        raise HomeserverError(f"the homeserver did not start:\n{self._last_words()}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise HomeserverError(
                f"the homeserver did not answer within {START_SECONDS:.0f} seconds:\n{self._last_words()}"
            ) from None

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None

    def _remove_data(self) -> None:
        if self._temporary:
            self._temporary.cleanup()


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/_matrix/client/versions")).is_success
    except httpx.TransportError:
        return False


def _client(url: str) -> httpx.AsyncClient:
    # A proxy in the environment is not for the loopback. Plain HTTP needs no certificates: httpx would take
    # 20 ms to read them for every client.
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(base_url=url, trust_env=False, verify=no_certificates, timeout=30)
