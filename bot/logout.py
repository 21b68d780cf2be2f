"""When the homeserver ends our login: which end it was, and whether a new login mends it. Nothing is asked here."""

from __future__ import annotations

from bot.matrix.wire import LoggedOut
from config.settings import Settings


def the_logout(gone: BaseExceptionGroup[LoggedOut]) -> LoggedOut:
    """The one that came first."""
    first = gone.exceptions[0]
    return the_logout(first) if isinstance(first, BaseExceptionGroup) else first


def is_mended_by_a_login(gone: BaseExceptionGroup[LoggedOut], settings: Settings) -> bool:
    """Whether a house that is opened anew can go on: after a soft logout, with the password in the settings."""
    return the_logout(gone).soft and settings.matrix.password is not None
