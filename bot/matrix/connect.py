"""Assembles the folder: from a homeserver's address to something that hears and speaks. No rules of its own."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from bot.matrix.chat import MatrixChat
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.decrypt import Decryptor
from bot.matrix.identity import Identity, IdentityState
from bot.matrix.key_requests import KeyRequests
from bot.matrix.key_supply import KeySupply
from bot.matrix.machine import Machine
from bot.matrix.moves import MayJoin, Moves
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.pins import Pins
from bot.matrix.profile import set_display_name
from bot.matrix.recovery import Recovery
from bot.matrix.rooms import RoomBook
from bot.matrix.session import restore
from bot.matrix.sharing import Sharing
from bot.matrix.sync import LoadCursor, SaveCursor, Sync
from bot.matrix.timeline import OnEvent, Timeline
from bot.matrix.trust import OnChanged, Policy, Trust
from bot.matrix.waiting import Waiting
from bot.matrix.watch import IdentityWatch
from bot.matrix.wire import PATIENCE, Wire
from bot.reach import Reach
from bot.servers import Servers
from storage.seal import Seal


class MatrixHouse:
    """One connected device: `chat` speaks (the Protocols `Chat` and `Rooms`), `first_sync` and `run` listen."""

    def __init__(
        self, wire: Wire, store: CryptoStore, sync: Sync, chat: MatrixChat, watch: IdentityWatch, supply: KeySupply
    ) -> None:
        self._wire = wire
        self._store = store
        self._sync = sync
        self._watch = watch
        self._supply = supply
        self.chat = chat
        self.user_id = str(store.user_id)

    @property
    def identity(self) -> IdentityState:
        """How our identity stood when it was looked at last."""
        return self._watch.state

    @property
    def keys_left(self) -> int | None:
        """How many of our one-time keys the homeserver still has; None when it has not said so yet."""
        return self._supply.left

    @property
    def device_id(self) -> str:
        """Our one device."""
        return str(self._store.device_id)

    async def first_sync(self) -> None:
        """Learn all rooms and hear what happened since our cursor. Raises ChatError; may be called again then."""
        await self._sync.once()

    async def run(self) -> None:
        """Listen until cancelled. Raises LoggedOut when the homeserver no longer knows our token."""
        await self._sync.run()

    async def watch(self) -> None:
        """Look after our identity until cancelled."""
        await self._watch.run()

    async def close(self) -> None:
        """Close connections and files. The device and its token stay as they are."""
        await self._wire.close()
        self._store.close()


async def connect(
    *,
    homeserver: str,
    user: str,
    password: str | None,
    seal: Seal,
    data_dir: Path,
    trust: Policy,
    on_event: OnEvent,
    load_cursor: LoadCursor,
    save_cursor: SaveCursor,
    may_join: MayJoin,
    clock: Callable[[], datetime],
    patience: timedelta = timedelta(minutes=5),
    on_changed_identity: OnChanged = lambda *_: None,
    display_name: str | None = None,
    servers: Servers | None = None,
    answer_within: float = PATIENCE,
    reach: Reach | None = None,
) -> MatrixHouse:
    """Restore the stored device (or log in once), put its keys and identity in order; nothing is heard yet.

    `user` is a localpart or a user id; `password` is used only when there is no stored device. `data_dir` gets the
    sealed session and identity and the crypto store. `on_event` is awaited for each event, in order: if it raises
    TryLater, the batch comes again later from the same cursor; any other exception costs that one event. `clock`
    gives the time with its zone. `patience` is how long a message may wait for its key before it is Unreadable.
    `on_changed_identity` hears the user id of somebody whose master key is not the pinned one, that key, and what to
    call when that is written down.
    `display_name` is what people see; None leaves it. `servers` may take part in our rooms; None: any.
    `answer_within` is how many seconds the homeserver has for an ordinary answer. `reach` hears when it has none.
    Raises ChatError.
    """
    _prepare(data_dir)

    def now_ms() -> int:
        return int(clock().timestamp() * 1000)

    async with AsyncExitStack() as undo:
        wire = Wire(homeserver, answer_within)
        undo.push_async_callback(wire.close)
        session = await restore(wire, seal, data_dir, user, password)
        store = CryptoStore(session.user_id, session.device_id, data_dir, session.pickle_key)
        undo.callback(store.close)
        machine = Machine(store)
        supply = KeySupply(wire, store, machine, now_ms)
        await supply.fill()
        identity = Identity(wire, seal, data_dir, session.user_id, session.device_id)
        state = await identity.ensure(password)
        if state.trusted:
            await Recovery(wire, seal, data_dir, session.user_id, identity).ensure()
        await set_display_name(wire, session.user_id, display_name)
        book = RoomBook(session.user_id)
        if state.trusted:
            Pins(store).pin(session.user_id, state.fingerprint)  # of our own we know who it is, and need not see first
        believed = Trust(wire, store, trust, on_changed_identity, now_ms)
        olm = OlmSessions(wire, store, machine, believed, now_ms)
        decryptor = Decryptor(store, machine, believed)
        moves = Moves(wire, store, book, may_join, now_ms)
        timeline = Timeline(book, decryptor, Waiting(store), moves, on_event, now_ms, patience)
        allowed = servers or Servers.around(session.user_id, ())
        sharing = Sharing(wire, store, machine, believed, olm, now_ms)
        sync = Sync(
            wire,
            machine,
            believed,
            supply,
            olm,
            book,
            moves,
            decryptor,
            KeyRequests(book, believed, on_event, now_ms),
            timeline,
            load_cursor,
            save_cursor,
            now_ms,
            allowed,
            reach or Reach(),
        )
        chat = MatrixChat(wire, book, allowed, sharing)
        undo.pop_all()
        return MatrixHouse(wire, store, sync, chat, IdentityWatch(identity, state, believed, sync, password), supply)


def _prepare(data_dir: Path) -> None:
    os.umask(0o077)
    # nio and peewee put what they choke on into their log lines; nothing of a message may get there.
    for chatty in ("nio", "peewee"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL + 1)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
