"""Who gets our room keys and who does not; that it is tried again; and that the house goes on meanwhile."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vodozemac

from bot.chat import ChatError, TryLater
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.machine import Machine
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.outbound import Outbound
from bot.matrix.rooms import Room
from bot.matrix.sharing import Sharing
from bot.matrix.trust import Trust
from tests.matrix.fakes import Crowd

NOW = 1_795_000_000_000
US = "@bot:zorg.test"


class Desk:
    """Sharing on a desk: a crowd, a room with all of it, and a clock."""

    def __init__(self, directory: Path, people: int) -> None:
        self.now_ms = NOW
        self.directory = directory
        self.crowd = Crowd(people)
        self.room = Room("!room")
        self._state("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"})
        self._state("m.room.history_visibility", "", {"history_visibility": "joined"})
        for user_id in (US, *self.crowd.devices):
            self.member(user_id, "join")
        self.open()

    def open(self) -> None:
        """As a new process finds it."""
        self.store = CryptoStore(US, "BOT", self.directory, "key")
        self.machine = Machine(self.store)
        self.trust = Trust(self.crowd, self.store, "cross-signed", lambda *_: None, lambda: self.now_ms)
        olm = OlmSessions(self.crowd, self.store, self.machine, self.trust, lambda: self.now_ms)
        self.sharing = Sharing(self.crowd, self.store, self.machine, self.trust, olm, lambda: self.now_ms)

    def member(self, user_id: str, membership: str) -> None:
        """Somebody comes or goes."""
        self._state("m.room.member", user_id, {"membership": membership})

    def rotation(self, **settings: int) -> None:
        """The room's rotation settings."""
        self._state("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2", **settings})

    async def say(self) -> dict[str, Any]:
        """Encrypt one message for the room."""
        return (await self.sharing.ready(self.room)).encrypt("m.room.message", {"body": "x"})

    def _state(self, kind: str, key: str, content: dict[str, Any]) -> None:
        self.room.apply({"type": kind, "state_key": key, "sender": US, "content": content})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with three people."""
    desk = Desk(tmp_path, people=3)
    yield desk
    desk.store.close()


def index(content: dict[str, Any]) -> int:
    return vodozemac.MegolmMessage.from_base64(content["ciphertext"]).message_index()


async def test_everyone_gets_the_key_once_and_a_second_message_needs_no_request(desk: Desk) -> None:
    first = await desk.say()
    assert desk.crowd.told("m.room.encrypted") == set(desk.crowd.devices)
    asked = len(desk.crowd.asked)
    second = await desk.say()
    assert len(desk.crowd.asked) == asked
    assert second["session_id"] == first["session_id"]
    assert (index(first), index(second)) == (0, 1)


async def test_a_device_reads_with_the_key_that_it_was_given(desk: Desk) -> None:
    content = await desk.say()
    ((_, messages),) = desk.crowd.sent
    user_id, account = next(iter(desk.crowd.devices.items()))
    mine = messages[user_id]["TELEFOON"]["ciphertext"][account.curve25519_key.to_base64()]
    bot_key = vodozemac.Curve25519PublicKey.from_base64(desk.machine.curve25519)
    pre_key = vodozemac.PreKeyMessage.from_base64(mine["body"])
    _, plaintext = account.create_inbound_session(bot_key, pre_key)
    key = json.loads(plaintext)["content"]["session_key"]
    session = vodozemac.InboundGroupSession(vodozemac.SessionKey(key))
    opened = session.decrypt(vodozemac.MegolmMessage.from_base64(content["ciphertext"]))
    assert json.loads(opened.plaintext)["room_id"] == "!room"


async def test_a_restart_goes_on_with_the_same_session_and_the_next_index(desk: Desk) -> None:
    first = await desk.say()
    desk.store.close()
    desk.open()
    desk.crowd.sent.clear()
    second = await desk.say()
    assert (second["session_id"], index(second)) == (first["session_id"], index(first) + 1)
    assert desk.crowd.sent == []


async def test_the_session_changes_when_somebody_leaves_or_a_device_disappears(desk: Desk) -> None:
    first = await desk.say()
    desk.member("@nurse0:zorg.test", "leave")
    second = await desk.say()
    assert second["session_id"] != first["session_id"]
    assert "@nurse0:zorg.test" not in desk.crowd.sent[-1][1]
    desk.crowd.answer["device_keys"]["@nurse1:zorg.test"] = {}
    desk.trust.changed(["@nurse1:zorg.test"])
    assert (await desk.say())["session_id"] != second["session_id"]


async def test_the_session_changes_as_the_room_says(desk: Desk) -> None:
    desk.rotation(rotation_period_msgs=2)
    sessions = [(await desk.say())["session_id"] for _ in range(5)]
    assert [sessions.index(session) for session in sessions] == [0, 0, 2, 2, 4]
    desk.rotation(rotation_period_ms=24 * 3_600_000)
    desk.now_ms += 24 * 3_600_000
    assert (await desk.say())["session_id"] not in sessions


async def test_a_newcomer_gets_the_key_from_the_next_message_on(desk: Desk) -> None:
    desk.member("@nurse2:zorg.test", "leave")
    first = await desk.say()
    assert "@nurse2:zorg.test" not in desk.crowd.told("m.room.encrypted")
    desk.member("@nurse2:zorg.test", "join")
    second = await desk.say()
    assert second["session_id"] == first["session_id"]
    assert "@nurse2:zorg.test" in desk.crowd.told("m.room.encrypted")


async def test_the_invited_have_the_key_until_they_decline(desk: Desk) -> None:
    desk.member("@nurse2:zorg.test", "invite")
    first = await desk.say()
    assert "@nurse2:zorg.test" in desk.crowd.told("m.room.encrypted")
    desk.member("@nurse2:zorg.test", "leave")
    assert (await desk.say())["session_id"] != first["session_id"]


async def test_who_is_not_cross_signed_is_told_once_and_gets_the_key_when_signed(desk: Desk) -> None:
    master = desk.crowd.answer["master_keys"].pop("@nurse0:zorg.test")
    await desk.say()
    await desk.say()
    withheld = [messages for where, messages in desk.crowd.sent if "/m.room_key.withheld/" in where]
    (notice,) = withheld[0]["@nurse0:zorg.test"].values()
    assert (len(withheld), list(withheld[0]), notice["code"]) == (1, ["@nurse0:zorg.test"], "m.unverified")
    assert "@nurse0:zorg.test" not in desk.crowd.told("m.room.encrypted")
    assert await desk.sharing.cannot_read(desk.room) == ["@nurse0:zorg.test"]

    desk.crowd.answer["master_keys"]["@nurse0:zorg.test"] = master
    desk.trust.changed(["@nurse0:zorg.test"])
    await desk.say()
    assert "@nurse0:zorg.test" in desk.crowd.told("m.room.encrypted")
    assert await desk.sharing.cannot_read(desk.room) == []


@pytest.mark.parametrize("step", ["/keys/query", "/keys/claim", "/sendToDevice/"])
async def test_a_step_that_fails_is_tried_again_and_never_counted_as_done(desk: Desk, step: str) -> None:
    failed: list[str] = []

    def fail(where: str) -> ChatError | None:
        if step in where and len(failed) < 2:
            failed.append(where)
            return TryLater("away")
        return None

    desk.crowd.fail = fail
    for _ in range(2):
        with pytest.raises(TryLater):
            await desk.say()
    await asyncio.wait_for(desk.say(), 5)
    assert desk.crowd.told("m.room.encrypted") == set(desk.crowd.devices)
    assert len(set(failed)) == 1  # the same transaction id each time


async def test_a_device_without_keys_holds_up_nobody_and_is_tried_again_later(desk: Desk) -> None:
    poor = desk.crowd.devices["@nurse0:zorg.test"]
    desk.crowd.devices["@nurse0:zorg.test"] = vodozemac.Account()  # its keys are not signed by the device
    await desk.say()
    assert desk.crowd.told("m.room.encrypted") == {"@nurse1:zorg.test", "@nurse2:zorg.test"}
    claims = [where for where in desk.crowd.asked if "/keys/claim" in where]
    await desk.say()
    assert [where for where in desk.crowd.asked if "/keys/claim" in where] == claims  # not at once
    desk.crowd.devices["@nurse0:zorg.test"] = poor
    desk.now_ms += 3_600_000
    await desk.say()
    assert "@nurse0:zorg.test" in desk.crowd.told("m.room.encrypted")


async def test_a_session_is_begun_anew_once_an_hour_also_after_the_clock_was_put_back(desk: Desk) -> None:
    """Whose messages cannot be read is sent one message in a new session, which their device answers in."""
    await desk.trust.refresh(desk.crowd.devices)
    whose = ("@nurse0:zorg.test", desk.crowd.devices["@nurse0:zorg.test"].curve25519_key.to_base64())
    for later, begun in ((0, 1), (3_599_999, 1), (3_600_000, 2), (-24 * 3_600_000, 3)):
        desk.now_ms = NOW + later
        desk.machine.wedged = {whose}
        await desk.sharing._olm.mend()
        assert len(desk.crowd.sent) == begun


async def test_sharing_with_500_devices_leaves_the_loop_to_others(tmp_path: Path) -> None:
    """They get their turn after every few devices, in each part of the work; how long that takes, a benchmark says."""
    desk = Desk(tmp_path, people=500)
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    others = asyncio.create_task(take_turns())
    await desk.say()
    others.cancel()
    desk.store.close()
    assert len(desk.crowd.told("m.room.encrypted")) == 500
    # One for each person whose devices are looked at, and one in ten while pinning, beginning sessions and encrypting.
    assert turns > 500 + 2 * 50


DIES = """
import os, signal, sys
from pathlib import Path
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.machine import Machine
from bot.matrix.outbound import Outbound
store = CryptoStore("@bot:zorg.test", "BOT", Path(sys.argv[1]), "key")
outbound = Outbound(store, Machine(store), "!room", 1)
print(outbound.encrypt("m.room.message", {"body": "x"})["ciphertext"], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_between_encrypting_and_sending_never_uses_an_index_twice(tmp_path: Path) -> None:
    used = []
    for _ in range(3):
        died = subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], capture_output=True, text=True, check=False)
        assert died.returncode == -signal.SIGKILL
        used.append(index({"ciphertext": died.stdout.strip()}))
    store = CryptoStore(US, "BOT", tmp_path, "key")
    used.append(index(Outbound(store, Machine(store), "!room", 1).encrypt("m.room.message", {})))
    store.close()
    assert used == [0, 1, 2, 3]
