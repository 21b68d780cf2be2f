"""The seal: what it closed only it can open, and a wrong key is one clear error."""

from __future__ import annotations

import pytest

from storage.seal import Seal, WrongKey


def test_what_is_closed_is_unreadable_and_opens_again() -> None:
    seal = Seal(Seal.new_key())
    closed = seal.close(b"mevrouw Jansen")
    assert b"Jansen" not in closed
    assert seal.open(closed) == b"mevrouw Jansen"


def test_another_key_damage_and_no_key_at_all_are_refused() -> None:
    closed = Seal(Seal.new_key()).close(b"x")
    with pytest.raises(WrongKey, match="another key"):
        Seal(Seal.new_key()).open(closed)
    with pytest.raises(WrongKey):
        Seal(Seal.new_key()).open(b"damaged")
    with pytest.raises(WrongKey, match="32 bytes"):
        Seal("geheim")


def test_after_a_change_of_key_the_old_seals_open_and_new_ones_are_the_new_keys() -> None:
    old, new = Seal.new_key(), Seal.new_key()
    both = Seal(f"{new}, {old}")
    assert both.open(Seal(old).close(b"x")) == b"x"
    assert Seal(new).open(both.close(b"y")) == b"y"
