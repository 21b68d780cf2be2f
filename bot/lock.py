"""The data directory: made, and held by one bot: two processes with one device would undo each other's encryption."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process works with this data directory."""


class DataError(Exception):
    """The setting `data` names nothing that we can work in; the text says why."""


def make_directory(directory: Path) -> None:
    """Make it, for us alone, if it is not there. Raises DataError."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError):
        raise DataError(f"data: {directory} must be a directory, and there is a file in the way") from None
    except OSError as error:
        raise DataError(f"data: {directory} cannot be made: {error.strerror}") from None


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the directory, made if need be, until the block ends; the kernel lets go of it when we are killed.

    Raises AlreadyRunning or DataError.
    """
    make_directory(directory)
    try:
        file = (directory / "lock").open("w")
    except OSError as error:
        raise DataError(f"data: {directory} cannot be written: {error.strerror}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(f"another Schakelbot is running on {directory}") from None
        yield
