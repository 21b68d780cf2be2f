"""What happened in a room since we heard of it last, also where the homeserver left something out. It tells nobody."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from bot.matrix.timeline import is_our_join, since_our_join
from bot.matrix.wire import Refused, Wire, path

log = logging.getLogger(__name__)

PAGES = 200  # of 100 events each: how far back a gap is read
REST = 0.2  # seconds before each page but the first: never more than a few requests in a second


@dataclass(frozen=True)
class Heard:
    """Up to where we have heard: `since` is a cursor, or None when the homeserver forgot it.

    Then what is older than `oldest_ms` was heard; what is younger is heard again.
    """

    since: str | None
    oldest_ms: int = 0


class Gap:
    """Puts the answer of one sync and what lies before it together; `us` is our own user id."""

    def __init__(self, wire: Wire, us: str) -> None:
        self._wire = wire
        self._us = us

    async def since(self, heard: Heard, room_id: str, joined: object) -> list[Any]:
        """Every event of the room that was not heard and came after we did, oldest first. Raises ChatError."""
        timeline = joined.get("timeline") if isinstance(joined, dict) else None
        timeline = timeline if isinstance(timeline, dict) else {}
        events = _events(timeline.get("events"))
        before = timeline.get("prev_batch")
        if timeline.get("limited") is True and isinstance(before, str) and not self._is_all(events, heard):
            events = [*await self._before(before, heard, room_id), *events]
        return [event for event in since_our_join(events, self._us) if not _is_older(event, heard.oldest_ms)]

    async def _before(self, before: str, heard: Heard, room_id: str) -> list[Any]:
        newest_first: list[Any] = []
        for number in range(PAGES):
            if number:
                await asyncio.sleep(REST)
            query = {"dir": "b", "from": before, "limit": "100"}
            if heard.since is not None:
                query["to"] = heard.since
            try:
                page = await self._wire.call("GET", path("v3", "rooms", room_id, "messages", **query))
            except Refused as refused:
                log.error("the gap in %s cannot be read: %s", room_id, refused)
                break
            events = _events(page.get("chunk"))
            newest_first += events
            end = page.get("end")
            if not isinstance(end, str) or not events or self._is_all(events, heard):
                break
            before = end
        else:
            log.error("the gap in %s is longer than %d events; the rest is lost", room_id, len(newest_first))
        return newest_first[::-1]

    def _is_all(self, events: list[Any], heard: Heard) -> bool:
        """Whether nothing before these events is for us. One old date proves nothing: each server writes its own."""
        if any(is_our_join(event, self._us) for event in events):
            return True
        return bool(events) and all(_is_older(event, heard.oldest_ms) for event in events)


def _events(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _is_older(event: object, oldest_ms: int) -> bool:
    at = event.get("origin_server_ts") if isinstance(event, dict) else None
    return isinstance(at, int) and 0 <= at < oldest_ms
