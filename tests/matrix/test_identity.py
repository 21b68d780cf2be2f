"""The bot's own identity: others can verify it, a crash heals, and nothing is replaced behind an owner's back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.chat import TryLater
from bot.matrix.cross_keys import PrivateKeys
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.identity import Identity, IdentityError
from bot.matrix.key_supply import KeySupply
from bot.matrix.machine import Machine
from bot.matrix.session import restore
from bot.matrix.signing import signed_by
from bot.matrix.wire import Wire
from storage.seal import Seal, WrongKey
from tests.matrix.bots import PASSWORD, Bot
from tests.matrix.conftest import NewBot, NewPerson
from tests.matrix.raw import keys_of


class Cut(Wire):
    """A wire that is cut before, or right after, its n-th request."""

    def __init__(self, whole: Wire, *, before: int | None = None, after: int | None = None) -> None:
        self._whole, self._before, self._after, self._calls = whole, before, after, 0

    async def call(self, *args: Any, **options: Any) -> dict[str, Any]:
        self._calls += 1
        if self._before is not None and self._calls >= self._before:
            raise TryLater("cut")
        answer = await self._whole.call(*args, **options)
        if self._after is not None and self._calls >= self._after:
            raise TryLater("cut")
        return answer


async def logged_in(bot: Bot) -> tuple[Wire, str, str]:
    """A device with its keys uploaded, and no identity yet."""
    bot.data_dir.mkdir(parents=True)
    wire = Wire(bot.homeserver)
    session = await restore(wire, bot.seal, bot.data_dir, bot.localpart, PASSWORD)
    store = CryptoStore(session.user_id, session.device_id, bot.data_dir, session.pickle_key)
    await KeySupply(wire, store, Machine(store), lambda: 1).fill()
    store.close()
    return wire, session.user_id, session.device_id


def chain_holds(answer: dict[str, Any], user_id: str) -> bool:
    """The whole chain, checked by hand on what another account gets to see."""
    (master,) = answer["master_keys"][user_id]["keys"].values()
    (self_signing,) = answer["self_signing_keys"][user_id]["keys"].values()
    (device,) = answer["device_keys"][user_id].values()
    device_id = device["device_id"]
    return (
        signed_by(answer["self_signing_keys"][user_id], user_id, master, master)
        and signed_by(device, user_id, self_signing, self_signing)
        and signed_by(device, user_id, device_id, device["keys"][f"ed25519:{device_id}"])
    )


async def test_another_account_can_follow_the_whole_chain(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    answer = await keys_of(jan, bot.matrix.user_id)
    assert chain_holds(answer, bot.matrix.user_id)
    assert bot.matrix.identity.trusted
    assert bot.matrix.identity.fingerprint in answer["master_keys"][bot.matrix.user_id]["keys"].values()
    assert "=" not in str(answer)


async def test_a_restart_keeps_device_and_identity(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    before = await keys_of(jan, bot.matrix.user_id)
    await bot.stop()
    await bot.start()
    assert await keys_of(jan, bot.matrix.user_id) == before


async def test_of_ourselves_we_believe_what_we_hold_whatever_the_homeserver_showed_first(new_bot: NewBot) -> None:
    bot = await (await new_bot()).start()
    pin = "SELECT master FROM pins WHERE user_id = ?"
    for shown in (None, "A" * 43):
        if shown is not None:
            bot.matrix._store.run("UPDATE pins SET master = ? WHERE user_id = ?", shown, bot.matrix.user_id)
            await bot.stop()
            await bot.start()
        assert bot.matrix._store.rows(pin, bot.matrix.user_id) == [(bot.matrix.identity.fingerprint,)]


async def test_private_halves_and_stores_are_readable_by_us_alone(new_bot: NewBot) -> None:
    bot = await (await new_bot()).start()
    files = list(bot.data_dir.iterdir())
    assert {file.name for file in files} >= {"session.sealed", "identity.sealed", "crypto.db"}
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    await bot.stop()
    bot.seal = Seal(Seal.new_key())
    with pytest.raises(WrongKey, match=r"session\.sealed"):
        await bot.connect()


@pytest.mark.parametrize("cut", [{"before": n} for n in range(1, 6)] + [{"after": n} for n in range(1, 6)])
async def test_a_crash_at_any_request_heals_at_the_next_start(
    new_bot: NewBot, new_person: NewPerson, cut: dict[str, int]
) -> None:
    bot, jan = await new_bot(), await new_person()
    wire, user_id, device_id = await logged_in(bot)
    try:
        with pytest.raises(TryLater):
            await Identity(Cut(wire, **cut), bot.seal, bot.data_dir, user_id, device_id).ensure()
    finally:
        await wire.close()
    assert (await bot.connect()).identity.trusted
    assert chain_holds(await keys_of(jan, user_id), user_id)


async def test_an_identity_that_is_not_ours_is_never_replaced(new_bot: NewBot, new_person: NewPerson) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    before = (await keys_of(jan, bot.matrix.user_id))["master_keys"]
    await bot.stop()
    (bot.data_dir / "identity.sealed").unlink()
    await bot.connect()
    assert bot.matrix.identity.status == "foreign"
    assert (await keys_of(jan, bot.matrix.user_id))["master_keys"] == before


async def test_a_reset_replaces_it_and_a_reset_cut_short_is_finished(
    new_bot: NewBot, new_person: NewPerson, tmp_path: Path
) -> None:
    bot, jan = await (await new_bot()).start(), await new_person()
    user_id, old = bot.matrix.user_id, bot.matrix.identity.fingerprint
    wire, device_id = bot.matrix._wire, bot.matrix._store.device_id
    with pytest.raises(TryLater):  # cut after the upload with the password
        await Identity(Cut(wire, after=2), bot.seal, bot.data_dir, user_id, device_id).reset(PASSWORD)
    await bot.stop()
    await bot.connect()
    new = bot.matrix.identity
    assert new.trusted
    assert new.fingerprint != old
    assert chain_holds(await keys_of(jan, user_id), user_id)
    identity = Identity(bot.matrix._wire, bot.seal, tmp_path, user_id, device_id)
    with pytest.raises(IdentityError):  # without the password the server keeps what it has
        await identity._upload(PrivateKeys.new(), None)
