"""Answers of a homeserver that make no sense: no exception leaves the loop and no later event is skipped.

Why hypothesis and not atheris: the inputs are trees of JSON, and the strategies below know their shape. Measured once,
with atheris 3.0 driving the first test through `fuzz_one_input` for 100 seconds: 3,000 inputs at 29 a second, 406 lines
of bot/matrix reached, nothing found. The 60 examples of one ordinary run reach 420 lines.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat import Event, Reacted
from bot.matrix.crypto_store import CryptoStore
from bot.matrix.machine import Machine
from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.trust import Device, Trust
from tests.matrix.ear import NURSE, ROOM, US, Ear, Odd

GOOD = {
    "type": "m.reaction",
    "event_id": "$good",
    "sender": NURSE,
    "origin_server_ts": 1_795_000_000_000,
    "content": {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$post", "key": "✋"}},
}
ENCRYPTED = {
    "type": "m.room.encryption",
    "state_key": "",
    "sender": US,
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}

odd_text = st.sampled_from(["", "m.text", ROOM, US, NURSE, "$x", "\ud800", "m.replace", "join", "leave", "A" * 43])
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | odd_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | odd_text, inner, max_size=3),
    max_leaves=8,
)
relation = st.fixed_dictionaries(
    {},
    optional={
        "rel_type": st.sampled_from(["m.annotation", "m.replace", "m.thread"]) | odd,
        "event_id": odd,
        "key": odd,
        "m.in_reply_to": odd,
    },
)
content = odd | st.fixed_dictionaries(
    {},
    optional={
        "algorithm": st.sampled_from(["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"]) | odd,
        "ciphertext": odd | st.dictionaries(odd_text, st.fixed_dictionaries({"type": odd, "body": odd})),
        "session_id": odd,
        "sender_key": odd,
        "membership": odd,
        "m.relates_to": relation | odd,
        "msgtype": odd,
        "body": odd | st.fixed_dictionaries({"room_id": odd_text}),
        "redacts": odd,
        "action": st.just("request") | odd,
        "requesting_device_id": odd_text | odd,
        "replacement_room": odd,
        "users": odd,
    },
)
kinds = [
    "m.room.encrypted",
    "m.room_key_request",
    "m.room.message",
    "m.reaction",
    "m.room.redaction",
    "m.room.member",
    "m.room.tombstone",
    "m.room.power_levels",
    "m.room.create",
    "m.room.name",
    "nl.schakelbot.room",
]
event = odd | st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(kinds) | odd,
        "event_id": odd_text | odd,
        "sender": odd_text | odd,
        "origin_server_ts": st.integers() | odd,
        "content": content,
        "state_key": odd_text | odd,
        "unsigned": odd,
        "redacts": odd,
    },
)
events = odd | st.lists(event, max_size=6)


_DIRECTORY = tempfile.TemporaryDirectory()


async def hear(answer: dict[str, Any]) -> list[Event]:
    """What the house hears of one answer."""
    with tempfile.TemporaryDirectory() as directory:
        ear = Ear(Path(directory))
        try:
            return await ear.hear(answer)
        finally:
            ear.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    to_device=events,
    lists=odd,
    counts=odd,
    state=events,
    timeline=st.lists(event, max_size=8),
    elsewhere=st.dictionaries(st.text() | odd_text, odd | st.fixed_dictionaries({"timeline": odd}), max_size=2),
    others=odd,
)
def test_whatever_stands_before_it_a_good_event_is_heard(
    to_device: Any, lists: Any, counts: Any, state: Any, timeline: list[Any], elsewhere: Any, others: Any
) -> None:
    room = {
        "state": {"events": [*(state if isinstance(state, list) else []), ENCRYPTED]},
        "timeline": {"events": [*timeline, GOOD], "limited": False},
    }
    answer = {
        "next_batch": "s2",
        "to_device": {"events": to_device},
        "device_lists": lists,
        "device_one_time_keys_count": counts,
        "device_unused_fallback_key_types": counts,
        "rooms": {"leave": others, "invite": elsewhere, "join": {**elsewhere, ROOM: room}},
    }
    heard = asyncio.run(hear(answer))
    assert any(isinstance(event, Reacted) and event.event_id == "$good" for event in heard)


key_object = odd | st.fixed_dictionaries(
    {},
    optional={
        "user_id": st.just(NURSE) | odd,
        "device_id": st.just("TELEFOON") | odd,
        "usage": odd | st.just(["master"]) | st.just(["self_signing"]),
        "keys": odd | st.fixed_dictionaries({"ed25519:TELEFOON": odd_text | odd, "curve25519:TELEFOON": odd_text}),
        "signatures": odd | st.fixed_dictionaries({NURSE: odd}),
    },
)
users = odd | st.fixed_dictionaries({NURSE: key_object | st.fixed_dictionaries({"TELEFOON": key_object})})


@settings(max_examples=200, deadline=None)
@given(device_keys=users, master_keys=users, self_signing_keys=users, claimed=users)
def test_keys_that_make_no_sense_are_nobodys(**answers: Any) -> None:
    wire = Odd()
    claimed = answers.pop("claimed")
    wire.answers = {"query": answers, "claim": {"one_time_keys": claimed}}
    store = CryptoStore(US, "BOT", Path(_DIRECTORY.name), "key")
    try:
        machine = Machine(store)
        trust = Trust(wire, store, "all", lambda *_: None, lambda: 1)
        asyncio.run(trust.refresh([NURSE]))
        assert trust.devices(NURSE) == ()
        device = Device(NURSE, "TELEFOON", "A" * 43, "A" * 43, signed=True)
        olm = OlmSessions(wire, store, machine, trust, lambda: 1)
        asyncio.run(olm.establish([device]))
        assert not machine.has_session(device)
    finally:
        store.close()
