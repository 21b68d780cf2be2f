"""The recovery key of our identity: made and uploaded once, kept sealed until an administrator has seen it, then gone.

How it seals is secret_storage.py; whom it is shown to is for the command line to say. It never gets into a log.
"""

from __future__ import annotations

from pathlib import Path

from bot.matrix.identity import Identity
from bot.matrix.sealed_file import SealedFile
from bot.matrix.secret_storage import DEFAULT, RecoveryKey
from bot.matrix.signing import decode, encode
from bot.matrix.wire import Refused, Wire, path
from storage.seal import Seal


class Recovery:
    """Our identity in the account's secret storage. `directory` holds the key from its making until it was shown."""

    def __init__(self, wire: Wire, seal: Seal, directory: Path, user_id: str, identity: Identity) -> None:
        self._wire = wire
        self._user_id = user_id
        self._identity = identity
        self._file = SealedFile(directory / "recovery.sealed", seal)

    async def ensure(self) -> None:
        """Put our identity into secret storage, unless something stands there already. Heals after a crash.

        Call it when the identity is trusted. Raises ChatError.
        """
        kept = self._file.read()
        if kept is None and not await self._is_in_use():
            self.renew()
            kept = self._file.read()
        if kept is None or kept["stored"]:
            return
        keys = self._identity.private_keys()
        if keys is None:
            return
        for kind, content in RecoveryKey(decode(kept["key"])).account_data(keys).items():
            await self._wire.call("PUT", self._where(kind), content)
        self._file.write({**kept, "stored": True})

    def renew(self) -> None:
        """Make a new key; the next `ensure` puts what we hold then under it, and the old key opens nothing more."""
        self._file.write({"key": encode(RecoveryKey.new().raw), "stored": False})

    async def _is_in_use(self) -> bool:
        try:
            return "key" in await self._wire.call("GET", self._where(DEFAULT))
        except Refused as refused:
            if refused.status != 404:
                raise
            return False

    def _where(self, kind: str) -> str:
        return path("v3", "user", self._user_id, "account_data", kind)


class UnseenKey:
    """The recovery key that nobody has seen yet, as it lies in `directory`. Needs no connection."""

    def __init__(self, seal: Seal, directory: Path) -> None:
        self._file = SealedFile(directory / "recovery.sealed", seal)

    def read(self) -> str | None:
        """The key as Element asks for it; None when there is none, or none that works yet. Raises WrongKey."""
        kept = self._file.read()
        return RecoveryKey(decode(kept["key"])).written if kept is not None and kept["stored"] else None

    def forget(self) -> None:
        """It was shown: from now on nobody has it but who wrote it down."""
        self._file.remove()
