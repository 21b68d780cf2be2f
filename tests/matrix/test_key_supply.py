"""What the homeserver is given of our keys, and what becomes of them when it will not have them."""

from __future__ import annotations

from pathlib import Path

from bot.matrix.key_supply import SERVES_MS
from bot.matrix.wire import Refused
from tests.matrix.ear import Ear


async def test_however_often_a_new_fallback_key_is_refused_it_stays_the_same_one(tmp_path: Path) -> None:
    """The account keeps one before it, and that is the one which others are using until the new one is taken."""
    ear = Ear(tmp_path)
    ear.machine.account.shared = True
    ear.supply._now_ms = lambda: 0
    await ear.supply.fill()
    await ear.hear({"next_batch": "s2", "device_unused_fallback_key_types": []})
    ear.supply._now_ms = lambda: SERVES_MS
    ear.wire.answers["upload"] = Refused(400, "M_UNKNOWN", {})
    for _ in range(2):
        await ear.supply.fill()
    del ear.wire.answers["upload"]
    await ear.supply.fill()
    ear.close()
    told = [tuple(body["fallback_keys"]) for name, body in ear.wire.asked if name == "upload"]
    assert len(told) > 3
    assert len(set(told)) == 2
    assert told[1:] == [told[1]] * (len(told) - 1)
