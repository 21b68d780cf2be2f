"""What a new device of ours takes over from the one before: what we learned, and nothing that only one device may use.

Never an account, an Olm session or an outbound Megolm session: whoever goes on with an old ratchet encrypts two
messages with one key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.matrix.sealed_file import SealedFile
from bot.matrix.session import SESSION, new_device
from storage.errors import told_apart
from storage.seal import Seal

CRYPTO = "crypto.db"
# Room keys that we were given, whom we trust, which positions were read, and what still has to be done.
TAKEN_OVER = ("room_keys", "pins", "read_positions", "waiting", "invitations", "moves")


class NothingToMove(Exception):
    """There is no account in this directory yet."""


def sealed_files(directory: Path) -> list[Path]:
    """The identity and the recovery key; the session, with its token, stays where it is."""
    return sorted(file for file in directory.glob("*.sealed") if file.name != SESSION)


def account(directory: Path, seal: Seal) -> dict[str, str]:
    """Who we are, and the key under which the room keys lie. Raises NothingToMove or WrongKey."""
    known = SealedFile(directory / SESSION, seal).read()
    if known is None or "user_id" not in known:
        raise NothingToMove(f"{directory}: the bot has never logged in")
    return {"user_id": known["user_id"], "pickle_key": known["pickle_key"]}


def leave_device(crypto: Path) -> None:
    """Take out of a copy of the crypto database everything that belongs to the device itself, free pages included.

    Raises CannotKeep.
    """
    with told_apart(), closing(sqlite3.connect(crypto)) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            if name not in TAKEN_OVER and not name.startswith("sqlite_"):
                database.execute(f'DROP TABLE "{name}"')
        database.commit()
        database.execute("VACUUM")


def prepare_device(directory: Path, seal: Seal, carried: Mapping[str, Any]) -> None:
    """Make the next start log in as a device that never was, with what `account` gave."""
    SealedFile(directory / SESSION, seal).write(new_device(carried["pickle_key"]) | {"user_id": carried["user_id"]})
