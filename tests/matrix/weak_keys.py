"""What nio 0.26 does with keys and where it keeps them, and what we do: as weaknesses.py, which has the listening."""

from __future__ import annotations

import os
from pathlib import Path

from nio import AsyncClient, AsyncClientConfig, KeysQueryResponse, SyncResponse

from bot.matrix.cross_keys import verified_self_signing
from bot.matrix.identity import Identity
from tests.matrix.bare import bare_nio, sync
from tests.matrix.ear import Ear
from tests.matrix.fakes import Crowd


async def bare_knows_no_cross_signing(_: Path) -> bool:
    """It has no call for it, and drops the master keys that the server tells."""
    answer = KeysQueryResponse.from_dict(Crowd(1).answer)
    calls = [name for name in dir(AsyncClient) if "cross" in name or "signing" in name]
    return not calls and not hasattr(answer, "master_keys")


async def ours_follows_the_chain(_: Path) -> bool:
    """Everybody's, and our own (test_identity.py shows it on a homeserver)."""
    chain = verified_self_signing(Crowd(1).answer, "@nurse0:zorg.test")
    return chain is not None and chain[1] is not None and hasattr(Identity, "ensure")


async def bare_lets_keys_run_out(directory: Path) -> bool:
    """The server has no one-time key of ours left: none is uploaded."""
    async with bare_nio(directory) as client:
        empty = sync(device_one_time_keys_count={"signed_curve25519": 0})
        await client.receive_response(SyncResponse.from_dict(empty))
        return not bool(client.should_upload_keys)


async def ours_fills_up(directory: Path) -> bool:
    """Fifty are."""
    ear = Ear(directory)
    ear.machine.account.shared = True
    ear.wire.answers["upload"] = {"one_time_key_counts": {"signed_curve25519": 50}}
    await ear.hear(sync(device_one_time_keys_count={"signed_curve25519": 0}))
    ear.close()
    (uploaded,) = [body for name, body in ear.wire.asked if name == "upload"]
    return len(uploaded["one_time_keys"]) == int(ear.machine.account.max_one_time_keys)


async def bare_has_no_fallback_key(directory: Path) -> bool:
    """Who writes to us when the stock is empty cannot reach us."""
    async with bare_nio(directory) as client:
        client.olm.account.shared = False
        return "fallback_keys" not in client.olm.share_keys()


async def ours_has_a_fallback_key(directory: Path) -> bool:
    """It is uploaded with the first keys."""
    ear = Ear(directory)
    await ear.supply.fill()
    ear.close()
    (uploaded,) = [body for name, body in ear.wire.asked if name == "upload"]
    return len(uploaded["fallback_keys"]) == 1


async def bare_store_is_everybodys(directory: Path) -> bool:
    """Readable by all on the machine, and sealed with a key that all know."""
    before = os.umask(0o022)
    try:
        async with bare_nio(directory):
            modes = modes_of(directory)
    finally:
        os.umask(before)
    return modes == [0o644] and AsyncClientConfig().pickle_key == "DEFAULT_KEY"


async def ours_is_ours_alone(directory: Path) -> bool:
    """Whatever the umask is; the key is random (session.py)."""
    before = os.umask(0o022)
    try:
        Ear(directory).close()
    finally:
        os.umask(before)
    return modes_of(directory) == [0o600]


def modes_of(directory: Path) -> list[int]:
    """Who may read the databases in it."""
    return [file.stat().st_mode & 0o777 for file in directory.glob("*.db")]
