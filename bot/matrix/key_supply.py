"""The keys that others need to reach this device: its own, one-time keys and a fallback key, kept in stock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.matrix.machine import Machine
from bot.matrix.wire import Refused, Wire, path

log = logging.getLogger(__name__)

ATTEMPTS = 5


class KeySupply:
    """Keeps the homeserver's stock of our keys full."""

    def __init__(self, wire: Wire, machine: Machine, now_ms: Callable[[], int]) -> None:
        self._wire = wire
        self._now_ms = now_ms
        self._machine = machine
        self.left: int | None = None  # one-time keys on the server; None: not known yet

    def counted(self, sync: Mapping[str, Any]) -> None:
        """Read from a /sync answer what is left. A count that is not named is zero."""
        counts = sync.get("device_one_time_keys_count")
        if isinstance(counts, dict):
            left = counts.get("signed_curve25519", 0)
            self.left = left if isinstance(left, int) else 0
        unused = sync.get("device_unused_fallback_key_types")
        if isinstance(unused, list) and "signed_curve25519" not in unused:
            self._machine.fallback.used = True

    async def fill(self) -> None:
        """Upload what is missing; does nothing when nothing is. Raises ChatError."""
        account, fallback = self._machine.account, self._machine.fallback
        for _ in range(ATTEMPTS):
            wanted = self._wanted()
            if account.shared and not wanted and not fallback.is_due(self._now_ms()):
                return
            try:
                await self._upload(wanted)
                return
            except Refused as refused:
                # After a restored backup the server holds other keys under these ids: go on with later ids.
                log.warning("the homeserver refused our one-time keys: %s", refused)
                account.mark_keys_as_published()

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
        renew = machine.fallback.is_due(self._now_ms())
        if renew:
            machine.fallback.renew(self._now_ms())
        machine.save_account()  # before the upload: nobody may get a key that a crash makes us forget
        one_time = {f"signed_curve25519:{name}": self._signed(key) for name, key in _public(account).items()}
        body: dict[str, Any] = {"one_time_keys": one_time}
        if renew or not account.shared:
            name, key = machine.fallback.current()
            body["fallback_keys"] = {f"signed_curve25519:{name}": machine.signed({"key": key, "fallback": True})}
        if not account.shared:
            body["device_keys"] = machine.device_keys()
        answer = await self._wire.call("POST", path("v3", "keys", "upload"), body)
        account.shared = True
        account.mark_keys_as_published()
        machine.save_account()
        self.counted({"device_one_time_keys_count": answer.get("one_time_key_counts")})

    def _signed(self, key: str) -> dict[str, Any]:
        return self._machine.signed({"key": key})


def _public(account: Any) -> dict[str, str]:
    keys: dict[str, str] = account.one_time_keys["curve25519"]
    return keys
