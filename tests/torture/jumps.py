"""How the bot's clock is moved during a round: minutes, over eight o'clock, back, two days, beyond what is kept."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal

from domain.people import Region

Jump = Literal["none", "minutes", "back", "morning", "two days", "month"]

SPANS: dict[Jump, timedelta] = {
    "none": timedelta(),
    "minutes": timedelta(minutes=7),
    "back": -timedelta(hours=3),
    "two days": timedelta(hours=49),
    "month": timedelta(days=31),  # what ended is kept for thirty
}
BY_DAY: tuple[Jump, ...] = ("none", "minutes", "morning", "back")


def span_of(jump: Jump, region: Region, now: datetime) -> timedelta:
    """By how much the clock is to be moved at `now` (UTC); "morning" is a little after the next digest's hour."""
    if jump != "morning":
        return SPANS[jump]
    return until(region.policy.digest_at, region, now) + timedelta(minutes=5)


def until(hour: time, region: Region, now: datetime) -> timedelta:
    """How long it is at `now` (UTC) until the region's clocks show that hour next, if nobody changes them before."""
    local = region.local(now)
    today = local.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return today + timedelta(days=today <= local) - local
