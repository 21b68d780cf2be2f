"""What lies on disk: details of clients only as ciphertext, and another key opens nothing."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from domain.announcements import GivenBack
from domain.audience import Person
from domain.care import Contact
from domain.people import Member
from storage.seal import Seal, WrongKey
from storage.work import Store, open_store
from tests.storage.shelf import NOW, opened

CANARY = "Kanarie"
CONTACT = Contact(f"Mevr. {CANARY}", f"{CANARY}straat 1", f"06-{CANARY}", f"sleutel bij {CANARY}")


def on_disk(file: Path) -> bytes:
    """Every byte of the database, its write-ahead log and its shared memory."""
    files = sorted(file.parent.glob(f"{file.name}*"))
    assert f"{file.name}-wal" in [one.name for one in files]
    return b"".join(one.read_bytes() for one in files)


async def test_contact_details_come_back_for_who_may_read_them(store: Store) -> None:
    one, other = await opened(store), await opened(store)
    async with store.work() as work:
        await work.contacts.keep(one.id, CONTACT)
        assert await work.contacts.of(one.id) == CONTACT
        assert await work.contacts.has(one.id)
        assert await work.contacts.of(other.id) is None
        assert not await work.contacts.has(other.id)
        await work.contacts.forget(one.id)
        assert await work.contacts.of(one.id) is None


async def test_no_byte_on_disk_shows_a_contact_or_a_given_back_text(store: Store, file: Path) -> None:
    zorgvraag = await opened(store)
    async with store.work() as work:
        await work.contacts.keep(zorgvraag.id, CONTACT)
        await work.outbox.put(Person("@a:x"), GivenBack(("bsn",)), NOW, secret=f"{CANARY} 123456782")
    written = on_disk(file)
    assert b"@carla:x" in written  # what is not sealed does show, so this test could fail
    assert CANARY.encode() not in written
    assert CANARY.encode("utf-16-le") not in written


async def test_another_key_opens_nothing_and_says_so_without_a_word_of_it(store: Store, file: Path) -> None:
    zorgvraag = await opened(store)
    async with store.work() as work:
        await work.contacts.keep(zorgvraag.id, CONTACT)
    with pytest.raises(WrongKey, match="sealed with another key") as refused:
        await open_store(file, Seal(Seal.new_key()))
    assert CANARY not in repr(refused.value)


async def test_after_a_rotation_the_old_key_still_opens_and_the_new_one_closes() -> None:
    old, new = Seal.new_key(), Seal.new_key()
    before = Seal(old).close(b"x")
    both = Seal(f"{new}, {old}")
    assert both.open(before) == b"x"
    assert Seal(new).open(both.close(b"y")) == b"y"


@pytest.mark.parametrize("key", ["", "no key", "a" * 44, f"{Seal.new_key()},"])
def test_a_malformed_key_is_one_clear_sentence(key: str) -> None:
    with pytest.raises(WrongKey, match=r"^a sealing key must be 32 bytes in url-safe base64$"):
        Seal(key)


def test_damaged_bytes_are_not_opened() -> None:
    seal = Seal(Seal.new_key())
    sealed = bytearray(seal.close(b"x"))
    sealed[20] ^= 1
    with pytest.raises(WrongKey):
        seal.open(bytes(sealed))


def test_a_contact_shows_nothing_of_itself() -> None:
    assert CANARY not in f"{CONTACT} {CONTACT!r}"
    assert CANARY.encode() in pickle.dumps(CONTACT)  # it is there, and does not show


async def test_an_error_of_the_database_carries_no_value_of_the_statement(store: Store) -> None:
    stray = Member(f"@{CANARY}:x", "noord", frozenset(), CANARY, team_id=f"no team {CANARY}")
    async with store.work() as work:
        with pytest.raises(IntegrityError) as failed:
            await work.people.put_member(stray)
    assert CANARY not in str(failed.value)
