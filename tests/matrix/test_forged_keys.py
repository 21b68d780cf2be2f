"""Keys that somebody made to harm: whose they are, what they bring, how many they are. Nobody else pays for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vodozemac

from bot.chat import Said
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.kept_sessions import MOST_DEVICES, MOST_OF_DEVICE, KeptSessions
from bot.matrix.machine import OLM, REMEMBERED, Machine, NotForUs
from bot.matrix.room_keys import MEGOLM, RoomKeys
from bot.matrix.signing import canonical, encode
from bot.matrix.trust import Device
from bot.servers import Servers
from tests.matrix.bare import event, member, sync
from tests.matrix.ear import NURSE, ROOM, US, Ear
from tests.matrix.fakes import Crowd
from tests.matrix.test_sharing import Desk

JAN, MALLORY = "@nurse0:zorg.test", "@nurse1:zorg.test"


class Sender:
    """Somebody's device that writes Olm messages to the bot, true ones or not."""

    def __init__(self, user_id: str, machine: Machine) -> None:
        self.user_id = user_id
        self.account = vodozemac.Account()
        self.group = vodozemac.GroupSession()
        self._machine = machine
        self._to = vodozemac.Curve25519PublicKey.from_base64(machine.curve25519)

    def begin(self) -> vodozemac.Session:
        """A session with one of the bot's one-time keys."""
        self._machine.account.generate_one_time_keys(1)
        (key,) = list(self._machine.account.one_time_keys["curve25519"].values())[-1:]
        session = self.account.create_outbound_session(self._to, vodozemac.Curve25519PublicKey.from_base64(key))
        self._machine.account.mark_keys_as_published()
        return session

    def payload(self, **other: Any) -> dict[str, Any]:
        """A room key that is all right, but for what is `other`."""
        content = {
            "algorithm": MEGOLM,
            "room_id": ROOM,
            "session_id": self.group.session_id,
            "session_key": self.group.session_key.to_base64(),
        }
        return {
            "type": "m.room_key",
            "content": content,
            "sender": self.user_id,
            "keys": {"ed25519": self.account.ed25519_key.to_base64()},
            "recipient": US,
            "recipient_keys": {"ed25519": self._machine.ed25519},
            **other,
        }

    def message(self, session: vodozemac.Session, payload: Any) -> dict[str, Any]:
        """The to-device event."""
        plaintext = payload if isinstance(payload, bytes) else canonical(payload)
        number, body = session.encrypt(plaintext).to_parts()
        content = {
            "algorithm": OLM,
            "sender_key": self.account.curve25519_key.to_base64(),
            "ciphertext": {self._machine.curve25519: {"type": number, "body": encode(body)}},
        }
        return {"type": "m.room.encrypted", "sender": self.user_id, "content": content}

    def says(self, body: str, event_id: str, **more: Any) -> dict[str, Any]:
        """A text in the room."""
        inside = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": body}, "room_id": ROOM}
        return self.encrypted({**inside, **more}, event_id)

    def encrypted(self, inside: dict[str, Any], event_id: str, **outside: Any) -> dict[str, Any]:
        """Any event of the room."""
        text = self.group.encrypt(canonical(inside)).to_base64()
        content = {"algorithm": MEGOLM, "session_id": self.group.session_id, "ciphertext": text}
        return event("m.room.encrypted", event_id, content, sender=self.user_id, **outside)


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    """Our ear."""
    ear = Ear(tmp_path, Servers("zorg.test", ("thuis.test",)))
    yield ear
    ear.close()


def known(ear: Ear, *senders: Sender) -> None:
    """Let the homeserver tell the devices of these people, each cross-signed by its owner."""
    crowd = Crowd(0)
    for sender in senders:
        crowd.add(sender.user_id, sender.account)
    ear.wire.answers["query"] = crowd.answer


def keys(ear: Ear) -> int:
    ((count,),) = ear.store.rows("SELECT count(*) FROM room_keys")
    return int(count)


FORGERIES: dict[str, dict[str, Any]] = {
    "another sender inside": {"sender": MALLORY},
    "for somebody else": {"recipient": MALLORY},
    "for another device of ours": {"recipient_keys": {"ed25519": "A" * 43}},
    "for nobody": {"recipient_keys": {}},
    "without a fingerprint": {"keys": {}},
    "a fingerprint that is no text": {"keys": {"ed25519": 5}},
    "a key that is forwarded": {"type": "m.forwarded_room_key"},
    "a secret that nobody asked for": {"type": "m.secret.send"},
    "no content": {"content": None},
    "an empty content": {"content": {}},
}
WRONG: dict[str, dict[str, Any]] = {
    "another algorithm": {"algorithm": "m.megolm.v2"},
    "under another's id": {"session_id": "A" * 43},
    "no key at all": {"session_key": "%%%"},
    "a key that is no text": {"session_key": 5},
    "a room without end": {"room_id": "!" + "x" * 300},
    "a surrogate": {"session_key": "\\ud800"},
}


@pytest.mark.parametrize("name", [*FORGERIES, *WRONG])
async def test_a_room_key_that_is_not_what_it_says_is_not_kept_and_the_next_one_is(ear: Ear, name: str) -> None:
    jan = Sender(NURSE, ear.machine)
    session = jan.begin()
    good = jan.payload()
    bad = {**good, **FORGERIES.get(name, {})}
    if name in WRONG:
        bad["content"] = {**good["content"], **WRONG[name]}
    ear.machine.open(jan.message(session, bad))
    assert keys(ear) == 0
    assert ear.machine.open(jan.message(session, good)) == (ROOM, jan.group.session_id)
    assert keys(ear) == 1


@pytest.mark.parametrize("plaintext", [b"", b"5", b"[]", b"{", b"\xff", b"[" * 5000, b"9" * 5000], ids=repr)
async def test_an_olm_message_with_nonsense_in_it_does_not_end_its_session(ear: Ear, plaintext: bytes) -> None:
    jan = Sender(NURSE, ear.machine)
    session = jan.begin()
    assert ear.machine.open(jan.message(session, plaintext)) is None
    assert ear.machine.open(jan.message(session, jan.payload())) is not None


async def test_a_message_for_a_one_time_key_that_we_do_not_have_asks_for_a_new_session(ear: Ear) -> None:
    """And so does one in a session that we do not know; one that came twice does not."""
    jan, other = Sender(NURSE, ear.machine), vodozemac.Account()
    other.generate_one_time_keys(1)
    (unknown,) = other.one_time_keys.values()
    to = vodozemac.Curve25519PublicKey.from_base64(ear.machine.curve25519)
    with pytest.raises(NotForUs):
        ear.machine.open(jan.message(jan.account.create_outbound_session(to, unknown), jan.payload()))
    assert ear.machine.wedged == {(NURSE, jan.account.curve25519_key.to_base64())}

    ear.machine.wedged.clear()
    message = jan.message(jan.begin(), jan.payload())
    assert ear.machine.open(message) is not None
    assert ear.machine.open(message) is None
    assert ear.machine.wedged == set()


async def test_somebody_of_a_homeserver_that_may_not_take_part_brings_no_keys(ear: Ear) -> None:
    for user_id, kept in (("@mallory:elders.test", 0), ("@jan:thuis.test", 1)):
        sender = Sender(user_id, ear.machine)
        await ear.hear(sync(to_device={"events": [sender.message(sender.begin(), sender.payload())]}))
        assert keys(ear) == kept


@pytest.mark.parametrize("mallory", [MALLORY, "@a:zorg.test"], ids=["asked after the owner", "asked before"])
async def test_who_publishes_another_ones_identity_key_does_not_keep_room_keys_from_its_owner(
    tmp_path: Path, mallory: str
) -> None:
    desk = Desk(tmp_path, people=1)
    jan = desk.crowd.devices[JAN]
    desk.crowd.add(mallory, vodozemac.Account(), curve25519=jan.curve25519_key.to_base64())
    desk.member(mallory, "join")
    await desk.say()
    sent: dict[str, Any] = {}
    for where, messages in desk.crowd.sent:
        if "/m.room.encrypted/" in where:
            sent |= messages
    mine = sent[JAN]["TELEFOON"]["ciphertext"][jan.curve25519_key.to_base64()]
    bot = vodozemac.Curve25519PublicKey.from_base64(desk.machine.curve25519)
    jan.create_inbound_session(bot, vodozemac.PreKeyMessage.from_base64(mine["body"]))  # raises if it is not for Jan
    desk.store.close()


async def test_who_gives_out_anothers_room_key_as_their_own_silences_nobody(ear: Ear) -> None:
    """Mallory was given Jan's key, gives it to the bot as hers, and repeats Jan's words before Jan's own come in."""
    jan, mallory = Sender(NURSE, ear.machine), Sender(MALLORY, ear.machine)
    known(ear, jan, mallory)
    mine, stolen = jan.payload(), mallory.payload(content=jan.payload()["content"])
    to_device = [mallory.message(mallory.begin(), stolen), jan.message(jan.begin(), mine)]
    said = jan.says("!pak 1", "$jan")
    repeated = {**said, "sender": MALLORY, "event_id": "$mallory"}
    heard = await ear.hear(sync(member(NURSE), member(MALLORY), repeated, said, to_device={"events": to_device}))
    assert [(one.sender, one.body) for one in heard if isinstance(one, Said)] == [
        (MALLORY, "!pak 1"),  # whoever can read it can type it
        (NURSE, "!pak 1"),
    ]


async def test_what_was_read_is_never_read_as_another_event_and_its_position_goes_with_its_key(
    tmp_path: Path,
) -> None:
    ear = Ear(tmp_path)
    jan = Sender(NURSE, ear.machine)
    brought = jan.message(jan.begin(), jan.payload())
    said = {**jan.says("!pak 1", "$1"), "origin_server_ts": 0}  # the server says it is from 1970
    for event_id, times in (("$1", 1), ("$2", 0)):
        known(ear, jan)
        again = {**said, "event_id": event_id, "origin_server_ts": 0 if event_id == "$1" else 1_795_000_000_000}
        heard = await ear.hear(sync(member(NURSE), again, to_device={"events": [brought]}))
        assert len([one for one in heard if isinstance(one, Said)]) == times
        ear.close()
        ear = Ear(tmp_path)
    ear.store.run("DELETE FROM room_keys")
    ear.close()
    ear = Ear(tmp_path)
    assert ear.store.rows("SELECT * FROM read_positions") == []
    ear.close()


@pytest.mark.parametrize("kind", ["m.room.redaction", "m.room.member", "m.room.tombstone", "m.room.encrypted"])
async def test_what_only_the_server_can_check_is_not_taken_from_inside_a_message(ear: Ear, kind: str) -> None:
    jan = Sender(NURSE, ear.machine)
    known(ear, jan)
    key = jan.message(jan.begin(), jan.payload())
    content = {"redacts": "$hand", "membership": "join", "replacement_room": "!mine"}
    inside = {"type": kind, "content": content, "room_id": ROOM}
    hidden = jan.encrypted(inside, "$hidden")
    as_state = jan.encrypted({**inside, "type": "m.room.message"}, "$state", state_key=MALLORY)
    said = jan.says("daarna", "$said")
    heard = await ear.hear(sync(member(NURSE), hidden, as_state, said, to_device={"events": [key]}))
    assert [one.event_id for one in heard if one.event_id in ("$hidden", "$state", "$said")] == ["$said"]
    assert ear.store.rows("SELECT * FROM moves") == []


async def test_a_device_whose_keys_changed_under_its_id_gets_nothing_until_its_owner_signs_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, people=2)
    first = await desk.say()
    desk.crowd.replace_keys(JAN, vodozemac.Account())  # by the homeserver: it has not the owner's signing key
    desk.trust.changed([JAN])
    desk.crowd.sent.clear()
    second = await desk.say()
    assert second["session_id"] != first["session_id"], "whoever had the old device's key reads no further"
    assert JAN not in desk.crowd.told("m.room.encrypted")
    assert JAN in desk.crowd.told("m.room_key.withheld")
    desk.store.close()


@pytest.mark.parametrize("what", ["self_signing_keys", "master_keys"])
async def test_signing_keys_that_the_homeserver_puts_in_the_place_of_others_sign_nothing(
    tmp_path: Path, what: str
) -> None:
    """A device of the homeserver's own making, signed by a self-signing key, or a whole identity, of its own making."""
    desk = Desk(tmp_path, people=1)
    await desk.say()
    other = Crowd(1).answer
    desk.crowd.answer["device_keys"][JAN] |= {"EVIL": other["device_keys"][JAN]["TELEFOON"] | {"device_id": "EVIL"}}
    desk.crowd.answer["self_signing_keys"][JAN] = other["self_signing_keys"][JAN]
    desk.crowd.answer[what][JAN] = other[what][JAN]
    desk.trust.changed([JAN])
    await desk.trust.refresh([JAN])
    assert not [device for device in desk.trust.devices(JAN) if device.signed]
    desk.store.close()


async def test_a_member_that_is_no_user_id_is_never_asked_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path, people=1)
    for nobody in ("mallory", "@mallory", "", ":zorg.test"):
        desk.member(nobody, "join")
    assert desk.room.members("join") == [US, JAN] or desk.room.members("join") == [JAN, US]
    desk.store.close()


@pytest.mark.parametrize("key", ["%%%", "", "A" * 43, "AAAA"], ids=["no base64", "nothing", "zeros", "short"])
async def test_a_one_time_key_that_is_signed_and_yet_none_holds_up_nobody(tmp_path: Path, key: str) -> None:
    desk = Desk(tmp_path, people=2)
    real = desk.crowd._one_time_key

    def claim(user_id: str) -> dict[str, Any]:
        if user_id != MALLORY:
            return real(user_id)
        return {"TELEFOON": {"signed_curve25519:A": desk.crowd._signed(user_id, {"key": key})}}

    desk.crowd._one_time_key = claim  # type: ignore[method-assign]
    await desk.say()
    assert desk.crowd.told("m.room.encrypted") == {JAN}
    desk.store.close()


def test_sessions_and_devices_of_one_person_and_digests_are_bounded_and_the_latest_stay(tmp_path: Path) -> None:
    store = CryptoStore(US, "BOT", tmp_path, "key")
    machine, sessions = Machine(store), KeptSessions(store)
    jan = Sender(NURSE, machine)
    curve = jan.account.curve25519_key.to_base64()
    begun = [jan.begin() for _ in range(MOST_OF_DEVICE + 2)]
    for session in begun:
        sessions.put_first(NURSE, curve, session)
    kept = [session.session_id for session in sessions.of(NURSE, curve)]
    assert kept == [session.session_id for session in reversed(begun[2:])]

    with store.batch():
        for number in range(MOST_DEVICES):
            sessions.put_first(NURSE, f"{number}", begun[0])
            store.run("INSERT INTO room_keys VALUES ('!r', 's', ?, 'f', 'p')", f"{number}")
    assert not sessions.exists(NURSE, curve)
    sessions.put_first(NURSE, "0", begun[0])  # heard from again
    sessions.put_first(NURSE, "new", begun[0])
    assert sessions.exists(NURSE, "0")
    assert not sessions.exists(NURSE, "1")
    assert [row for row in store.rows("SELECT sender_key FROM room_keys") if row[0] in "01"] == [("0",)]

    with store.batch():
        for number in range(REMEMBERED):
            store.run("INSERT INTO olm_seen (digest) VALUES (?)", f"{number}")
    machine.open(jan.message(jan.begin(), jan.payload()))
    assert store.rows("SELECT count(*) FROM olm_seen") == [(REMEMBERED,)]
    store.close()


def test_room_keys_of_one_device_are_bounded_and_a_start_makes_room_for_new_ones(tmp_path: Path) -> None:
    """Whoever sends us thousands is the only one who has harm of it."""
    store = CryptoStore(US, "BOT", tmp_path, "key")
    keys, session = RoomKeys(store), vodozemac.GroupSession()
    with store.batch():
        for number in range(2000):
            store.run("INSERT INTO room_keys VALUES ('!r', ?, 'hers', 'f', 'p')", f"{number}")
    about = {"algorithm": MEGOLM, "room_id": ROOM, "session_id": session.session_id}
    content = about | {"session_key": session.session_key.to_base64()}
    assert keys.keep("hers", "f", content) is None
    assert keys.keep("another's", "f", content) == (ROOM, session.session_id)
    assert RoomKeys(store).keep("hers", "f", content) == (ROOM, session.session_id)
    kept = [int(one) for (one,) in store.rows("SELECT session_id FROM room_keys WHERE room_id = '!r'")]
    assert kept == list(range(1000, 2000))
    store.close()


def test_a_device_that_nobody_knows_leaves_nothing_behind(tmp_path: Path) -> None:
    """Messages in sessions that we do not have, from identity keys that somebody made up."""
    store = CryptoStore(US, "BOT", tmp_path, "key")
    machine = Machine(store)
    for _ in range(3):
        stranger = vodozemac.Account()
        body = {"type": 1, "body": encode(b"x" * 64)}
        sender_key = stranger.curve25519_key.to_base64()
        content = {"algorithm": OLM, "sender_key": sender_key, "ciphertext": {machine.curve25519: body}}
        with pytest.raises((NotForUs, ValueError)):
            machine.open({"sender": MALLORY, "content": content})
        assert not machine.has_session(Device(MALLORY, "X", sender_key, "A" * 43, signed=False))
    assert store.rows("SELECT count(*) FROM olm") == [(0,)]
    store.close()
