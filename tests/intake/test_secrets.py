"""What was told in confidence stands in no answer, no log line and no file."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from structlog.typing import EventDict

from bot.intake.fingerprint import fingerprint, fingerprint_key
from bot.intake.models import NewZorgvraag
from storage.seal import Seal
from tests.intake.door import ADDRESS, TOKEN, Door, body, break_database, open_door

CANARIES = ("Kanariegeel", "Kooistraat 77", "0612345678", "piepklein")
CONTACT = dict(zip(("name", "address", "telephone", "remark"), CANARIES, strict=True))


@pytest_asyncio.fixture
async def filed(tmp_path: Path) -> AsyncIterator[tuple[Door, Path]]:
    """A door and the folder of its database."""
    async with open_door(tmp_path / "intake.db", per_minute=5) as door:
        yield door, tmp_path


async def test_contact_details_come_back_in_no_answer_and_no_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """Accepted, repeated, refused for every reason there is, and failed: no answer and no line holds a canary."""
    caplog.set_level(logging.DEBUG)
    answers = []
    with structlog.testing.capture_logs() as lines:
        answers.append(await door.post(body(contact=CONTACT)))
        answers.append(await door.post(body(contact=CONTACT)))
        answers.append(await door.post(body(contact=CONTACT, hours=9)))
        answers.append(await door.client.get(f"{ADDRESS}/ZD-1"))
        wrong: list[dict[str, Any]] = [
            {name: value for name, value in CONTACT.items() if name != "address"},
            CONTACT | {"name": [CANARIES[0]]},
            CONTACT | {"telephone": CANARIES[2] * 9},
            CONTACT | {"remark": CANARIES[3] + " BSN 111222333"},
            CONTACT | {f"{CANARIES[0]}!": 1},
        ]
        answers += [await door.post(body("ZD-2", contact=contact)) for contact in wrong]
        answers.append(await door.post(body("ZD-3", contact=CONTACT, pc4="9999")))
        answers.append(await door.post(body("ZD-4", contact=CONTACT, note=f"{CANARIES[2]} bellen")))
        raw = str(body("ZD-5", contact=CONTACT)).encode()
        answers.append(await door.client.post(ADDRESS, content=raw, headers={"Content-Type": "application/json"}))
        await break_database(door)
        answers.append(await door.post(body("ZD-6", contact=CONTACT)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201, 409, 422, 503]
    said = "".join(answer.text + str(answer.headers) for answer in answers)
    logged = str(lines) + "".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    for secret in (*CANARIES, TOKEN):
        assert secret not in said
        assert secret not in logged


async def test_a_failure_is_logged_by_its_type_alone(door: Door) -> None:
    """A mistake of ours that carries a name in its message does not carry it into the log."""

    def broken() -> None:
        raise RuntimeError(CANARIES[0])

    door.ring = broken
    with structlog.testing.capture_logs() as lines:
        answer = await door.post(body(contact=CONTACT))
    assert answer.status_code == 500
    failed: list[EventDict] = [line for line in lines if line["log_level"] == "error"]
    assert failed == [{"event": "intake failed", "error": "RuntimeError", "log_level": "error"}]
    assert CANARIES[0] not in str(lines) + answer.text


async def test_contact_details_lie_sealed_on_disk(filed: tuple[Door, Path]) -> None:
    """No file of the database holds a canary, nor a hash by which one could be guessed; the note is there in clear."""
    door, folder = filed
    assert (await door.post(body(note="zichtbaar", contact=CONTACT))).status_code == 201
    files = list(folder.glob("intake.db*"))
    on_disk = b"".join(file.read_bytes() for file in files)
    assert b"zichtbaar" in on_disk
    for canary in CANARIES:
        assert canary.encode() not in on_disk
    guess = fingerprint(body(note="zichtbaar", contact=CONTACT), b"")
    assert guess.encode() not in on_disk


def test_a_fingerprint_needs_its_key() -> None:
    """Another key gives another fingerprint; the order of keys in the body does not matter."""
    one, other = fingerprint_key(Seal.new_key()), fingerprint_key(Seal.new_key())
    assert fingerprint({"a": 1, "b": 2}, one) == fingerprint({"b": 2, "a": 1}, one)
    assert fingerprint({"a": 1}, one) != fingerprint({"a": 1}, other)


def test_a_field_of_a_later_version_changes_no_fingerprint() -> None:
    """Only what was said counts, so a field that did not exist then cannot make an old body another one."""
    key = fingerprint_key(Seal.new_key())
    assert NewZorgvraag.model_validate_json(json.dumps(body())).fingerprint(key) == fingerprint(body(), key)


def test_a_new_sealing_key_in_front_changes_no_fingerprint() -> None:
    """Who repeats a delivery after the keys were rotated still hears 200."""
    old, new = Seal.new_key(), Seal.new_key()
    assert fingerprint_key(f"{new}, {old}") == fingerprint_key(old)
    assert fingerprint_key(new) != fingerprint_key(old)
