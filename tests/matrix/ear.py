"""Our ear on a desk: the sync loop with everything behind it, and a homeserver that answers what a test wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.chat import Event
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.decrypt import Decryptor
from bot.matrix.key_requests import KeyRequests
from bot.matrix.key_supply import KeySupply
from bot.matrix.machine import Machine
from bot.matrix.moves import Moves
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.rooms import RoomBook
from bot.matrix.sync import Sync
from bot.matrix.timeline import Timeline
from bot.matrix.trust import Trust
from bot.matrix.waiting import Waiting
from bot.matrix.wire import Wire
from bot.reach import Reach
from bot.servers import Servers

ROOM, US, NURSE = "!room", "@bot:zorg.test", "@jan:zorg.test"


class Odd(Wire):
    """A wire to a homeserver that answers /sync as told, and everything else with nothing."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, Any]] = []

    async def call(self, method: str, where: str, body: Any = None, *, patience: float | None = None) -> dict[str, Any]:
        del method, patience
        name = where.partition("?")[0].rpartition("/")[2]
        self.asked.append((name, body))
        answer = self.answers.get(name, {})
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


class Ear:
    """A device that hears what the wire answers to /sync; `fail` may raise for an event that the house hears.

    Its clock says `now_ms`.
    """

    def __init__(self, directory: Path, servers: Servers | None = None) -> None:
        self.wire = Odd()
        self.now_ms = 1
        self.heard: list[Event] = []
        self.saved: list[str] = []
        self.fail: Callable[[Event], None] = lambda _: None
        self.store = CryptoStore(US, "BOT", directory, "key")
        self.machine, self.book = Machine(self.store), RoomBook(US)
        self.trust = Trust(self.wire, self.store, "cross-signed", lambda *_: None, self._now)
        olm = OlmSessions(self.wire, self.store, self.machine, self.trust, self._now)
        decryptor = Decryptor(self.store, self.machine, self.trust)
        moves = Moves(self.wire, self.store, self.book, _may_join, self._now)
        waiting = Waiting(self.store)
        timeline = Timeline(self.book, decryptor, waiting, moves, self._hear, self._now, timedelta(minutes=5))
        self.supply = KeySupply(self.wire, self.store, self.machine, self._now)
        requests = KeyRequests(self.book, self.trust, self._hear, self._now)
        self.sync = Sync(
            self.wire,
            self.machine,
            self.trust,
            self.supply,
            olm,
            self.book,
            moves,
            decryptor,
            requests,
            timeline,
            self._load,
            self._save,
            self._now,
            servers or Servers("zorg.test"),
            Reach(),
        )

    async def hear(self, answer: dict[str, Any]) -> list[Event]:
        """Deal with this answer to /sync; everything that the house heard until now."""
        self.wire.answers["sync"] = answer
        await self.sync.once()
        return self.heard

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    async def _hear(self, event: Event) -> None:
        self.fail(event)
        self.heard.append(event)

    def _now(self) -> int:
        return self.now_ms

    async def _load(self) -> str:
        return self.saved[-1] if self.saved else "s1"

    async def _save(self, cursor: str) -> None:
        self.saved.append(cursor)


async def _may_join(_room: str, _inviter: str, _is_direct: bool) -> bool:
    return False
