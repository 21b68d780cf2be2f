"""How the bot's clock is moved during a round: minutes, over eight o'clock, back, two days, beyond what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
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
    local = region.local(now)
    day = local.date() + timedelta(days=local.time() >= region.policy.digest_at)
    hour = region.policy.digest_at
    return local.replace(day=day.day, month=day.month, year=day.year, hour=hour.hour, minute=5) - local
