"""The name under which people see the bot. Nothing depends on it."""

from __future__ import annotations

import logging

from bot.matrix.wire import Refused, Wire, path

log = logging.getLogger(__name__)


async def set_display_name(wire: Wire, user_id: str, name: str | None) -> None:
    """Give our account this name, unless it has it; None leaves it as it is.

    A homeserver that forbids it is no reason not to start. Raises TryLater.
    """
    if name is None:
        return
    where = path("v3", "profile", user_id, "displayname")
    try:
        if await _current(wire, where) != name:
            await wire.call("PUT", where, {"displayname": name})
    except Refused as refused:
        log.warning("the homeserver refused our display name: %s", refused)


async def _current(wire: Wire, where: str) -> object:
    try:
        return (await wire.call("GET", where)).get("displayname")
    except Refused as refused:
        if refused.status != 404:
            raise
        return None
