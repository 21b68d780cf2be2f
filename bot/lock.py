"""One bot per data directory: two processes with one device would undo each other's encryption."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process works with this data directory."""


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the directory until the block ends; the kernel lets go of it when we are killed. Raises AlreadyRunning."""
    with (directory / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(f"another Schakelbot is running on {directory}") from None
        yield
