"""Sealing what is too large for memory: a file of sealed pieces that only opens whole, in order and to its end."""

from __future__ import annotations

import secrets
from typing import BinaryIO

from storage.seal import Seal, WrongKey

MAGIC = b"schakelbot-sealed-1\n"
PIECE = 1 << 20  # bytes in each piece before it is sealed
LONGEST = 2 * PIECE  # bytes of a sealed piece, which is base64
HEAD = 16 + 8 + 1  # the file's own number, the piece's number, and whether it is the last


class NotWhole(Exception):
    """This is no sealed file, or not all of it: cut short, or its pieces were changed about."""


class SealedWriter:
    """Takes bytes, and writes one line of sealed text for each piece; what was not `finish`ed never opens."""

    def __init__(self, file: BinaryIO, seal: Seal) -> None:
        self._file = file
        self._seal = seal
        self._id = secrets.token_bytes(16)
        self._pieces = 0
        self._waiting = bytearray()
        file.write(MAGIC)

    def write(self, data: bytes) -> int:
        """Take some more."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write what is left, and that it was all."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, data: bytes, *, last: bool) -> None:
        head = self._id + self._pieces.to_bytes(8) + bytes([last])
        self._file.write(self._seal.close(head + data) + b"\n")
        self._pieces += 1


class SealedReader:
    """Gives back what a SealedWriter was given. Raises NotWhole or WrongKey, at the latest at the end."""

    def __init__(self, file: BinaryIO, seal: Seal) -> None:
        self._file = file
        self._seal = seal
        self._id: bytes | None = None
        self._pieces = 0
        self._ended = False
        self._ready = bytearray()
        if file.read(len(MAGIC)) != MAGIC:
            raise NotWhole("this is no sealed file of Schakelbot")

    def read(self, size: int) -> bytes:
        """The next `size` bytes, or fewer at the end."""
        while len(self._ready) < size and not self._ended:
            self._next()
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _next(self) -> None:
        line = self._file.readline(LONGEST)
        if not line.endswith(b"\n"):
            raise NotWhole("this file is cut short")
        try:
            piece = self._seal.open(line[:-1])
        except WrongKey:
            if self._pieces == 0:
                raise
            raise NotWhole("this file is damaged") from None
        own, number, last = piece[:16], int.from_bytes(piece[16:24]), piece[24]
        if number != self._pieces or (self._id is not None and own != self._id):
            raise NotWhole("pieces of this file were changed about")
        self._id, self._pieces, self._ended = own, number + 1, bool(last)
        self._ready += piece[HEAD:]
