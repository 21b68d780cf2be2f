"""Whether what is left of a bot that ran here before is whole: a file that is gone must not be taken for a new one."""

from __future__ import annotations

from pathlib import Path

from storage.errors import Unusable

# What cannot be there without the other: the second is made after the first, at the first start of all.
MADE_BEFORE = (("schakelbot.db", "matrix/session.sealed"), ("matrix/crypto.db", "matrix/identity.sealed"))

SMALLEST = 512  # bytes of a database with anything in it. Source: sqlite.org/fileformat.html, "The Database Header"


def refuse_what_was_lost(data: Path) -> None:
    """Raise Unusable when a database that was there is gone or empty. Nothing is changed.

    A fresh one in its place would know no region and no zorgvraag, or would give our device other keys, which
    everybody's client refuses.
    """
    for database, made_later in MADE_BEFORE:
        file = data / database
        if (data / made_later).exists() and not (file.exists() and file.stat().st_size >= SMALLEST):
            how = "empty" if file.exists() else "gone"
            raise Unusable(
                f"{file}: the database is {how}, and the bot has run here before: put it back, "
                f"or move {data} away and restore a backup"
            )
