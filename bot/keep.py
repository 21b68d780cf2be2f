"""Keeping a house: opening it, and opening it again after a soft logout."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot import clock
from bot.backoff import Backoff
from bot.house import House
from bot.logout import is_mended_by_a_login
from bot.matrix.wire import LoggedOut
from config.settings import Settings

log = structlog.get_logger()


async def keep_house(settings: Settings, now: Callable[[], datetime] = clock.now) -> None:
    """Open the house, live in it until cancelled, and close it, whatever happened.

    After a soft logout the same device logs in again, when the settings hold the password.
    """
    logins = Backoff(longest=300.0)
    while True:
        house = House(settings, now)
        try:
            await house.open()
            await house.run()
        except* LoggedOut as gone:
            if not is_mended_by_a_login(gone, settings):
                raise
        finally:
            await house.close()
        wait = logins.failed()
        log.warning("login ended by the homeserver, logging in again", seconds=round(wait, 1))
        await asyncio.sleep(wait)
