"""A small sealed JSON file that is either the old one or the new one, never half of either. It knows no Matrix."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from storage.seal import Seal, WrongKey


class SealedFile:
    """One JSON object on disk, readable by us alone (mode 0600) and only with the key."""

    def __init__(self, path: Path, seal: Seal) -> None:
        self.path = path
        self._seal = seal

    def read(self) -> dict[str, Any] | None:
        """The object, or None when there is no file. Raises WrongKey, naming the file."""
        try:
            sealed = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            opened: dict[str, Any] = json.loads(self._seal.open(sealed))
        except WrongKey as error:
            raise WrongKey(f"{self.path.name}: {error}") from error
        return opened

    def write(self, content: dict[str, Any]) -> None:
        """Replace the file. On return it is on the disk itself, so that a power cut cannot take it back."""
        fresh = self.path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._seal.close(json.dumps(content).encode()))
            file.flush()
            os.fsync(file.fileno())
        self.move(fresh, self.path)

    def move(self, old: Path, new: Path) -> None:
        """Rename `old` to `new` and make that last."""
        old.replace(new)
        directory = os.open(new.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def remove(self) -> None:
        """Delete the file, if there is one."""
        self.path.unlink(missing_ok=True)
