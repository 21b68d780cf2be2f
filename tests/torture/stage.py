"""The stage of one episode: a region of its own with its people, a bot account, a data directory and a clock."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from config.settings import Settings
from demo.homeserver import Homeserver
from demo.synapse_config import free_port
from domain.people import Member, Organisation, PostcodeRange, Region, Role, Team
from storage.seal import Seal
from storage.work import open_store
from tests.torture import newer
from tests.torture.jumps import until
from tests.torture.victim import Spoil
from tests.torture.victim_process import VictimProcess
from tests.torture.witness import Witness

PASSWORD = "torture-password"
# In the region's time, before a digest is due: who has not entered the room yet can never read it.
BEGINS_AT = time(6, 30)
REGION = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
CAST = {
    "Carla": (Role.COORDINATOR, None),
    "Fatima": (Role.NURSE, "roombeek"),
    "Jan": (Role.NURSE, "centrum"),
    "Linda": (Role.TEAM_LEAD, "centrum"),
}


class Stage:
    """`async with Stage(homeserver, directory, "7")` brings the people; the bot is started by whoever plays on it.

    `empty`: nobody but the bot has an account. `through` is where the bot finds the homeserver, if not directly.
    """

    def __init__(
        self,
        homeserver: Homeserver,
        directory: Path,
        name: str,
        spoil: Spoil | None = None,
        *,
        empty: bool = False,
        through: str | None = None,
    ) -> None:
        self.people: dict[str, Witness] = {}
        self.token = secrets.token_urlsafe(32)
        self.ahead = timedelta()
        self.log = directory / "bot.log"
        self._homeserver = homeserver
        self._url = through or homeserver.url
        self._name = name
        self._cast = {} if empty else CAST
        self.data = directory / "data"
        self.chest = directory / "region.backup"  # where backups are written
        self._directory = directory
        self._clock = directory / "clock"
        self._port = free_port()
        self._bot = f"torture-bot-{name}"
        self._doors = AsyncExitStack()
        self.seal_key = Seal.new_key()
        self.settings = self._settings()
        self.victim = VictimProcess(self.settings, self._clock, self.log, spoil)
        self.clerk = VictimProcess(self.settings, self._clock, self.log)  # for commands beside the running bot
        self.intake: httpx.AsyncClient

    @property
    def bot_id(self) -> str:
        """The bot's user id."""
        return self.settings.matrix.user_id

    async def __aenter__(self) -> Self:
        self.move_clock(until(BEGINS_AT, REGION, self.now()))
        url, headers = f"http://127.0.0.1:{self._port}", {"Authorization": f"Bearer {self.token}"}
        self.intake = httpx.AsyncClient(base_url=url, headers=headers, timeout=10, trust_env=False)
        self._doors.push_async_callback(self.intake.aclose)
        self._doors.callback(self.victim.close)
        self._doors.callback(self.clerk.close)
        await self._homeserver.register(self._bot, PASSWORD)
        try:
            for name in self._cast:
                localpart = f"torture-{name.lower()}-{self._name}"
                await self._homeserver.register(localpart, PASSWORD)
                witness = Witness(self._homeserver.url, localpart, PASSWORD, name, self.bot_id)
                self.people[name] = await self._doors.enter_async_context(witness)
        except BaseException:
            await self._doors.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._doors.aclose()

    async def apply_area(self) -> None:
        """Put the region and its people into the store, as `python -m bot apply` does before the first start."""
        store = await open_store(self.data / "schakelbot.db", Seal(self.seal_key))
        try:
            async with store.work() as work:
                await work.people.put_region(REGION)
                for name in ("Buurtzorg", "Livio"):
                    await work.people.put_organisation(Organisation(name.lower(), name))
                for team, organisation in (("Roombeek", "buurtzorg"), ("Centrum", "livio")):
                    await work.people.put_team(Team(team.lower(), f"Team {team}", organisation, REGION.id))
                for name, (role, member_of) in CAST.items():
                    member = Member(self.people[name].user_id, REGION.id, frozenset({role}), name, member_of)
                    await work.people.put_member(member)
        finally:
            await store.close()

    def move_house(self) -> None:
        """From now on the data directory is an empty one, on another host; the bot must not be running."""
        self.data = self._directory / f"data-{sum(1 for _ in self._directory.glob('data*')) + 1}"
        self.settings = self.settings.model_copy(update={"data": self.data})
        self.victim.settings = self.clerk.settings = self.settings

    def release_newer(self) -> str:
        """From now on a newer version of the bot is started here; returns the migration that it brings."""
        migrations = self._directory / "migrations"
        revision = newer.release(migrations)
        self.victim.migrations = self.clerk.migrations = migrations
        return revision

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The bot's database, read by nobody's code but SQLite's own. Raises sqlite3.Error before there is one."""
        file = self.data / "schakelbot.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection

    async def is_ready(self) -> bool:
        """Whether the bot says so itself."""
        try:
            return (await self.intake.get("/ready")).is_success
        except httpx.TransportError:
            return False

    def move_clock(self, span: timedelta) -> None:
        """Let time pass for the bot."""
        self.ahead += span
        scratch = self._clock.with_suffix(".new")
        scratch.write_text(str(self.ahead.total_seconds()))
        scratch.replace(self._clock)

    def now(self) -> datetime:
        """What the bot's clock says, in UTC."""
        return datetime.now(UTC) + self.ahead

    def rooms(self) -> dict[str, str]:
        """The shared rooms by name, as the coordinator's client shows them."""
        rooms = self.people["Carla"].client.rooms
        return {room.name: room_id for room_id, room in rooms.items() if room.name}

    @property
    def room(self) -> str:
        """The region's room."""
        return self.rooms()["Noord – zorgvragen"]

    @property
    def coordination(self) -> str:
        """The coordinators' room."""
        return self.rooms()["Noord – coördinatie"]

    def alone(self, name: str) -> list[str]:
        """The one-to-one rooms of somebody with the bot."""
        return sorted(set(self.people[name].client.rooms) - {self.room, self.coordination})

    def _settings(self) -> Settings:
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        return Settings.model_validate(
            {
                "data": self.data,
                "matrix": {
                    "homeserver": self._url,
                    "user_id": f"@{self._bot}:{self._homeserver.server_name}",
                    "password": PASSWORD,
                },
                "seal": {"key": self.seal_key},
                "intake": {
                    "port": self._port,
                    "per_minute": 100_000,
                    "sources": [{"name": "ziekenhuis", "token_hash": f"sha256:{digest}"}],
                },
                "logging": {"level": "info"},
                "clock": {"tick": 0.3},
            }
        )
