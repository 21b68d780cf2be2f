"""The keys that others need to reach this device: its own, one-time keys and a fallback key, kept in stock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.matrix.crypto_store import CryptoStore
from bot.matrix.machine import Machine
from bot.matrix.wire import Refused, Wire, path

log = logging.getLogger(__name__)

ATTEMPTS = 5
# Someone who uses our keys up on purpose may not make us forget a fallback key that others are still using: the account
# keeps the one before as well, and no third.
SERVES_MS = 24 * 3_600_000
FALLBACK_SINCE = "fallback key since"  # a fact in the crypto store, in milliseconds


class KeySupply:
    """Keeps the homeserver's stock of our keys full."""

    def __init__(self, wire: Wire, store: CryptoStore, machine: Machine, now_ms: Callable[[], int]) -> None:
        self._wire = wire
        self._store = store
        self._now_ms = now_ms
        self._machine = machine
        self._fallback_since = int(store.fact(FALLBACK_SINCE) or -SERVES_MS)
        self._fallback_was_used = store.fact(FALLBACK_SINCE) is None
        self._fallback: dict[str, Any] | None = None  # made, and not yet taken by the homeserver
        self.left: int | None = None  # one-time keys on the server; None: not known yet

    def counted(self, sync: Mapping[str, Any]) -> None:
        """Read from a /sync answer what is left. A count that is not named is zero."""
        counts = sync.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            left = counts.get("signed_curve25519", 0)
            self.left = left if isinstance(left, int) else 0
        unused = sync.get("device_unused_fallback_key_types")
        if isinstance(unused, list) and "signed_curve25519" not in unused:
            self._fallback_was_used = True

    async def fill(self) -> None:
        """Upload what is missing; does nothing when nothing is. Raises ChatError."""
        account = self._machine.account
        for _ in range(ATTEMPTS):
            wanted = self._wanted()
            if account.shared and not wanted and not self._fallback_is_due():
                return
            try:
                await self._upload(wanted)
                return
            except Refused as refused:
                # After a restored backup the server holds other keys under these ids: go on with later ids.
                log.warning("the homeserver refused our one-time keys: %s", refused)
                account.mark_keys_as_published()

    def _fallback_is_due(self) -> bool:
        """Whether a new fallback key must be made: there is none, or it was used and has served its time."""
        return self._fallback_was_used and not 0 <= self._now_ms() - self._fallback_since < SERVES_MS

    def _wanted(self) -> int:
        if not self._machine.account.shared:
            return int(self._machine.account.max_one_time_keys)
        full: int = self._machine.account.max_one_time_keys
        # Half a stock is enough to wait with: filling up after every single claim would cost a request each.
        return 0 if self.left is None or self.left > full // 2 else full - self.left

    async def _upload(self, wanted: int) -> None:
        machine = self._machine
        account = machine.account
        waiting = len(account.one_time_keys["curve25519"])  # made before, perhaps never uploaded
        account.generate_one_time_keys(max(wanted - waiting, 0))
        fallback = self._fallback or (machine.fallback_key() if self._fallback_is_due() else None)
        machine.save_account()  # before the upload: nobody may get a key that a crash makes us forget
        self._fallback = fallback  # a second one made in its place would cost us the one that others are still using
        one_time = {f"signed_curve25519:{name}": self._signed(key) for name, key in _public(account).items()}
        body: dict[str, Any] = {"one_time_keys": one_time}
        if fallback is not None:
            body["fallback_keys"] = fallback
        if not account.shared:
            body["device_keys"] = machine.device_keys()
        answer = await self._wire.call("POST", path("v3", "keys", "upload"), body)
        account.shared = True
        account.mark_keys_as_published()
        machine.save_account()
        if fallback is not None:
            self._fallback, self._fallback_since, self._fallback_was_used = None, self._now_ms(), False
            self._store.remember(FALLBACK_SINCE, str(self._fallback_since))
        self.counted({"device_one_time_keys_count": answer.get("one_time_key_counts")})

    def _signed(self, key: str) -> dict[str, Any]:
        return self._machine.signed({"key": key})


def _public(account: Any) -> dict[str, str]:
    keys: dict[str, str] = account.one_time_keys["curve25519"]
    return keys
