"""What an administrator reads when a command ends in an error: one sentence, and what to look at. It prints nothing."""

from __future__ import annotations

from bot.chat import TryLater
from bot.matrix.wire import LoggedOut

AWAY = (
    "the homeserver cannot be used now ({why}): does it run, and is matrix.homeserver right, "
    "also in beginning with https:// (or http://, for one without TLS on this machine)?"
)
LIMITED = "the homeserver wants fewer requests of this account; try again in some minutes"


def sentence(error: Exception) -> str:
    """One line; for an error of a file, which file."""
    if isinstance(error, LoggedOut):
        return str(error)
    if isinstance(error, TryLater):
        return LIMITED if str(error) == "limited" else AWAY.format(why=error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
