"""What nio 0.26 does to whoever listens, and what we do: pairs of small experiments, run by test_nio_weaknesses.py.

`bare_…` is true while nio still has the weakness, `ours_…` is true when we do not. Keys stand in weak_keys.py,
sending in weak_sending.py.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from aiohttp import web
from nio import (
    BadEvent,
    Event,
    RoomMessageText,
    SyncResponse,
    UnknownBadEvent,
)

from bot.chat import Event as Heard
from bot.chat import Reacted, Showed, TookBack, TryLater
from bot.matrix.reading import heard
from bot.matrix.rooms import Room
from tests.matrix.bare import bare_nio, event, homeserver, reaction, sync
from tests.matrix.ear import NURSE, ROOM, US, Ear

REDACTION = event("m.room.redaction", "$back", {"redacts": "$hand"})  # as of room version 11
CREATION = event(
    "m.room.create", "$create", {"room_version": "12", "predecessor": {"room_id": "!old"}}, state_key=""
)  # as of room version 12
EDIT = event(
    "m.room.message",
    "$edit",
    {
        "msgtype": "m.text",
        "body": "* !pak 1",
        "m.new_content": {"msgtype": "m.text", "body": "!pak 1"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$old"},
    },
)


async def bare_skips_the_rest(directory: Path) -> bool:
    """A callback that fails at the first of two events: the cursor has moved, and the second one is never seen."""
    seen: list[str] = []

    async def fail(_room: object, told: Event) -> None:
        seen.append(told.event_id)
        raise RuntimeError

    async with bare_nio(directory) as client:
        client.add_event_callback(fail, Event)
        with contextlib.suppress(RuntimeError):
            await client.receive_response(SyncResponse.from_dict(sync(reaction("$1"), reaction("$2"))))
        return client.next_batch == "s2" and "$2" not in seen


async def ours_goes_on(directory: Path) -> bool:
    """A mistake costs one event; TryLater stops the batch, and the cursor stays where it was."""
    ear = Ear(directory)

    def fail(told: Heard) -> None:
        if told.event_id == "$1":
            raise mistake

    ear.fail = fail
    mistake: Exception = RuntimeError()
    went_on = [told.event_id for told in await ear.hear(sync(reaction("$1"), reaction("$2")))] == ["$2"]
    mistake = TryLater("full")
    kept = list(ear.saved)
    with contextlib.suppress(TryLater):
        await ear.hear(sync(reaction("$1"), next_batch="s3"))
    ear.close()
    return went_on and ear.saved == kept


def malformed(curve25519: str) -> dict[str, Any]:
    """A batch that begins with a message to this device that anyone can send."""
    content = {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": "A" * 43,
        "ciphertext": {curve25519: {"type": 0, "body": "AAAA"}},
    }
    bad = {"type": "m.room.encrypted", "sender": NURSE, "content": content}
    return sync(reaction("$1"), to_device={"events": [bad]})


async def bare_raises(directory: Path) -> bool:
    """One malformed Olm message raises out of receive_response, before any room is looked at."""
    async with bare_nio(directory) as client:
        batch = malformed(client.olm.account.identity_keys["curve25519"])
        try:
            await client.receive_response(SyncResponse.from_dict(batch))
        except Exception:  # noqa: BLE001  # whatever it is, it took the whole batch with it
            return ROOM not in client.rooms
        return False


async def ours_refuses_it(directory: Path) -> bool:
    """It is refused by itself, and what stands behind it is heard."""
    ear = Ear(directory)
    told = await ear.hear(malformed(ear.machine.curve25519))
    ear.close()
    return [type(one) for one in told] == [Reacted]


async def bare_spins(directory: Path) -> bool:
    """An error as the answer to /sync: sync_forever asks again at once, for ever."""
    refusal = {"errcode": "M_UNKNOWN", "error": "no"}
    async with homeserver(lambda _: web.json_response(refusal, status=500)) as (address, asked):
        async with bare_nio(directory, address) as client:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.3):
                    await client.sync_forever(timeout=0)
        return len(asked) > 20


async def ours_waits(directory: Path) -> bool:
    """We back off."""
    ear = Ear(directory)
    ear.wire.answers["sync"] = TryLater("500")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await ear.sync.run()
    ear.close()
    return len(ear.wire.asked) == 1


async def bare_misses_the_gap(directory: Path) -> bool:
    """A timeline that begins later than the last one ended: what lies between is not asked for."""
    async with homeserver(lambda _: web.json_response({})) as (address, asked):
        async with bare_nio(directory, address) as client:
            await client.receive_response(SyncResponse.from_dict(gap()))
        return not asked


async def ours_reads_the_gap(directory: Path) -> bool:
    """It is asked for and heard first."""
    ear = Ear(directory)
    ear.wire.answers["messages"] = {"chunk": [reaction("$1")]}
    told = await ear.hear(gap())
    ear.close()
    return [one.event_id for one in told] == ["$1", "$2"]


def gap() -> dict[str, Any]:
    """A batch of which only the end was sent."""
    batch = sync(reaction("$2"))
    batch["rooms"]["join"][ROOM]["timeline"]["limited"] = True
    return batch


async def bare_keeps_left_rooms(directory: Path) -> bool:
    """A room that we were kicked from stays in client.rooms."""
    async with bare_nio(directory) as client:
        for batch in (sync(reaction("$1")), left()):
            await client.receive_response(SyncResponse.from_dict(batch))
        return ROOM in client.rooms


async def ours_forgets_left_rooms(directory: Path) -> bool:
    """It is no longer in the book, so nothing is sent there."""
    ear = Ear(directory)
    for batch in (sync(reaction("$1")), left()):
        await ear.hear(batch)
    ear.close()
    return ear.book.get(ROOM) is None


def left() -> dict[str, Any]:
    """The batch in which we were kicked."""
    kick = event("m.room.member", "$kick", {"membership": "leave"}, state_key=US)
    timeline = {"events": [kick], "limited": False, "prev_batch": "p"}
    rooms = {"invite": {}, "join": {}, "leave": {ROOM: {"state": {"events": []}, "timeline": timeline}}}
    return sync(next_batch="s3", rooms=rooms)


async def bare_calls_a_redaction_bad(_: Path) -> bool:
    """Taking back a ✋ goes unseen in a room of version 11 or later."""
    return isinstance(Event.parse_event(REDACTION), BadEvent | UnknownBadEvent)


async def ours_reads_a_redaction(_: Path) -> bool:
    """The target stands in the content."""
    told = heard(ROOM, REDACTION, (US,), encrypted=False)
    return isinstance(told, TookBack) and told.taken == "$hand"


async def bare_calls_a_creation_bad(_: Path) -> bool:
    """A room of version 12 that follows an older one has no event id in its predecessor."""
    return isinstance(Event.parse_event(CREATION), BadEvent | UnknownBadEvent)


async def ours_reads_a_creation(_: Path) -> bool:
    """Its sender stands above all power levels."""
    room = Room(ROOM)
    room.apply(CREATION)
    return room.version == "12" and room.creators == {NURSE}


async def bare_takes_an_edit_for_a_message(_: Path) -> bool:
    """An edit arrives as a fresh text."""
    parsed = Event.parse_event(EDIT)
    return isinstance(parsed, RoomMessageText) and parsed.body == "* !pak 1"


async def ours_hears_no_edit(_: Path) -> bool:
    """An edit runs nothing."""
    return isinstance(heard(ROOM, EDIT, (US,), encrypted=True), Showed)
