"""Nonsense that is encrypted as it should be, by a device that is believed: it gets past the locks that stop strangers.

Beside test_fuzz.py, whose events cannot be decrypted: here real Olm and Megolm sessions carry them, so that what stands
behind decrypting is reached as well.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import vodozemac
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat import Event, Said
from bot.matrix.room_keys import MEGOLM
from tests.matrix.bare import event, member, sync
from tests.matrix.ear import NURSE, ROOM, US, Ear
from tests.matrix.test_forged_keys import Sender, known
from tests.matrix.test_fuzz import content, events, odd, odd_text

MALLORY = "@nurse1:zorg.test"

# What stands in an Olm message: nearly a room key, with some of it odd.
room_key = st.fixed_dictionaries(
    {},
    optional={
        "algorithm": st.just(MEGOLM) | odd,
        "room_id": st.just(ROOM) | odd,
        "session_id": odd_text | odd,
        "session_key": st.text() | odd,
    },
)
olm_payload = odd | st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["m.room_key", "m.forwarded_room_key", "m.dummy", "m.secret.send"]) | odd,
        "content": room_key | odd,
        "sender": odd,
        "recipient": odd,
        "recipient_keys": odd,
        "keys": odd,
    },
)
# What stands in a Megolm message: nearly an event of the room.
kinds = ["m.room.message", "m.reaction", "m.room.redaction", "m.room.member", "m.room.tombstone", "m.room.encrypted"]
megolm_payload = odd | st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(kinds) | odd,
        "content": content,
        "room_id": st.just(ROOM) | odd,
        "state_key": odd_text | odd,
    },
)
# What anyone in the room, or its server, can make of its state.
state = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["m.room.member", "m.room.tombstone", "m.room.power_levels", "m.room.create"]),
        "state_key": st.sampled_from(["", US, NURSE, MALLORY, "nobody"]) | st.text(),
        "sender": st.sampled_from([US, NURSE, MALLORY]),
        "event_id": st.text(),
        "origin_server_ts": st.integers(0, 2 * 10**12) | odd,
        "content": content
        | st.fixed_dictionaries({"membership": st.sampled_from(["join", "invite", "ban", "knock"])})
        | st.fixed_dictionaries({"replacement_room": st.just("!next") | odd_text, "users": odd, "predecessor": odd}),
        "unsigned": odd | st.fixed_dictionaries({"prev_content": odd}),
    }
)
invited = st.fixed_dictionaries(
    {
        "type": st.just("m.room.member"),
        "state_key": st.just(US) | odd_text,
        "sender": st.sampled_from([NURSE, MALLORY]) | odd,
        "content": st.fixed_dictionaries({"membership": st.just("invite") | odd}, optional={"is_direct": odd}),
    }
)
invitations = st.dictionaries(
    st.just("!next") | st.text(min_size=1),
    st.fixed_dictionaries({"invite_state": odd | st.fixed_dictionaries({"events": st.lists(invited | odd)})}),
    max_size=3,
)
flips = st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 255)), max_size=3)


def damaged(text: str, where: list[tuple[int, int]]) -> str:
    """The same length of base64 with some of its characters changed."""
    letters = list(text)
    for position, by in where:
        place = position % len(letters)
        letters[place] = chr(33 + (ord(letters[place]) + by) % 94)
    return "".join(letters)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    olm=st.lists(olm_payload, max_size=4),
    spoken=st.lists(megolm_payload, max_size=4),
    around=st.lists(state, max_size=4),
    loose=events,
    invites=invitations,
    next_room=st.lists(state, max_size=3),
    where=flips,
)
def test_whatever_a_believed_device_encrypts_a_good_text_after_it_is_heard(
    olm: list[Any],
    spoken: list[Any],
    around: list[Any],
    loose: Any,
    invites: dict[str, Any],
    next_room: list[Any],
    where: list[tuple[int, int]],
) -> None:
    rooms = {"invite": invites, "join": {"!next": {"state": {"events": next_room}}}}
    around = [*around, *(loose if isinstance(loose, list) else [])]
    with tempfile.TemporaryDirectory() as directory:
        ear = Ear(Path(directory))
        try:
            heard = asyncio.run(_hear(ear, olm, spoken, around, rooms, where))
        finally:
            ear.close()
    assert any(isinstance(one, Said) and one.body == "goed" for one in heard)


async def _hear(
    ear: Ear,
    olm: list[Any],
    spoken: list[Any],
    around: list[Any],
    rooms: dict[str, Any],
    where: list[tuple[int, int]],
) -> list[Event]:
    jan, mallory = Sender(NURSE, ear.machine), Sender(MALLORY, ear.machine)
    known(ear, jan, mallory)
    to_device = []
    for sender in (mallory, jan):
        session, key = sender.begin(), sender.payload()
        odd_ones = [_sealed(sender, session, {**key, **one} if isinstance(one, dict) else one) for one in olm]
        broken = sender.message(sender.begin(), key)
        letter = broken["content"]["ciphertext"][ear.machine.curve25519]
        letter["body"] = damaged(letter["body"], where or [(0, 1)])
        to_device += [*odd_ones, broken, sender.message(session, key)]
    timeline: list[Any] = [member(NURSE), member(MALLORY), *around]
    for number, inside in enumerate(spoken):
        timeline.append(_said(mallory, inside, f"$odd{number}"))
    cut = mallory.says("stuk", "$cut")
    cut["content"]["ciphertext"] = damaged(cut["content"]["ciphertext"], where or [(0, 1)])
    batch = sync(*timeline, cut, to_device={"events": to_device})
    batch["rooms"]["invite"] = rooms["invite"]
    await ear.hear(batch)
    batch = sync(next_batch="s3")
    batch["rooms"]["join"] |= rooms["join"]
    await ear.hear(batch)
    # Apart from what the room may have become: its state is the server's, and this one is encrypted again.
    return await ear.hear(sync(member(NURSE), jan.says("goed", "$good"), next_batch="s4"))


def _sealed(sender: Sender, session: vodozemac.Session, payload: Any) -> dict[str, Any]:
    return sender.message(session, json.dumps(payload).encode())


def _said(sender: Sender, inside: Any, event_id: str) -> dict[str, Any]:
    text = sender.group.encrypt(json.dumps(inside).encode()).to_base64()
    content = {"algorithm": MEGOLM, "session_id": sender.group.session_id, "ciphertext": text}
    return event("m.room.encrypted", event_id, content, sender=sender.user_id)
