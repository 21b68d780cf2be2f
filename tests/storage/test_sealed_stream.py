"""Sealed files: what went in comes out, and whatever is missing, moved or foreign is refused."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.seal import Seal, WrongKey
from storage.sealed_stream import MAGIC, PIECE, NotWhole, SealedReader, SealedWriter

SEAL = Seal(Seal.new_key())


def sealed(*parts: bytes) -> bytes:
    """A sealed file, written in these parts."""
    file = io.BytesIO()
    writer = SealedWriter(file, SEAL)
    for part in parts:
        writer.write(part)
    writer.finish()
    return file.getvalue()


def opened(file: bytes, seal: Seal = SEAL, size: int = PIECE) -> bytes:
    """What it holds, read in pieces of this size."""
    reader, read = SealedReader(io.BytesIO(file), seal), b""
    while part := reader.read(size):
        read += part
    return read


@given(st.lists(st.integers(0, PIECE + 1).map(lambda size: b"x" * size), max_size=3), st.integers(1000, 3 * PIECE))
@settings(deadline=None, max_examples=20)
def test_what_went_in_comes_out(parts: list[bytes], size: int) -> None:
    assert opened(sealed(*parts), size=size) == b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_at_every_edge_of_a_piece(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(data[:size])) == data[:size]


def pieces(file: bytes) -> list[bytes]:
    """Its lines, without the first."""
    return file[len(MAGIC) :].splitlines(keepends=True)


def test_whatever_is_missing_doubled_swapped_or_of_another_file_is_refused() -> None:
    one, other = pieces(sealed(b"a" * 3 * PIECE)), pieces(sealed(b"b" * 3 * PIECE))
    assert len(one) == 3
    wrong = [
        one[:0],
        one[:1],
        one[:2],
        [one[0], one[2]],
        [one[0], one[0], one[1], one[2]],
        [one[1], one[0], one[2]],
        [one[0], other[1], one[2]],
        [*one[:2], one[2][:-1]],
        [*one[:2], one[2][:50] + (b"B" if one[2][50:51] == b"A" else b"A") + one[2][51:]],
    ]
    for lines in wrong:
        with pytest.raises(NotWhole):
            opened(MAGIC + b"".join(lines))
    assert all(before != after for before, after in pairwise(one))


def test_another_key_and_another_file_are_told_apart() -> None:
    with pytest.raises(WrongKey, match="another key"):
        opened(sealed(b"x"), Seal(Seal.new_key()))
    for strange in (b"", b"nonsense", MAGIC[:-1]):
        with pytest.raises(NotWhole, match="no sealed file"):
            opened(strange)


def test_after_a_change_of_key_an_older_file_still_opens() -> None:
    old, new = Seal.new_key(), Seal.new_key()
    file = io.BytesIO()
    writer = SealedWriter(file, Seal(old))
    writer.write(b"x")
    writer.finish()
    assert opened(file.getvalue(), Seal(f"{new},{old}")) == b"x"
