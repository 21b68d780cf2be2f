"""Requests for room keys (`m.room_key_request`): noted, never answered with a key. What to tell instead is the house's.

A new device asks for the keys of what was said before it came. Forwarding them is how keys get to where they should
not be; what is still open can simply be said again. Source: Matrix specification, client-server API, "Key requests".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.chat import AskedForKeys
from bot.matrix.rooms import RoomBook
from bot.matrix.trust import Trust

MOST = 100  # requests in one batch; whoever sends more is not waiting for an answer


class KeyRequests:
    """Those of the batch that is being dealt with."""

    def __init__(
        self, book: RoomBook, trust: Trust, tell: Callable[[AskedForKeys], Awaitable[None]], now_ms: Callable[[], int]
    ) -> None:
        self._book = book
        self._trust = trust
        self._tell = tell
        self._now_ms = now_ms
        self._asked: dict[tuple[str, str], str] = {}  # (user id, device id) -> room id

    def note(self, event: Mapping[str, Any]) -> None:
        """Keep a to-device request until `answer`; anything that is none is ignored."""
        match event:
            case {
                "sender": str(sender),
                "content": {
                    "action": "request",
                    "requesting_device_id": str(device_id),
                    "body": {"room_id": str(room_id)},
                },
            } if len(self._asked) < MOST:
                self._asked.setdefault((sender, device_id), room_id)

    async def answer(self) -> None:
        """Tell the house of each device that we believe and whose owner is in the room. Raises ChatError.

        One device gives one event id for ever, so that the house, which deals with an id once, answers it once.
        """
        for (sender, device_id), room_id in tuple(self._asked.items()):
            room = self._book.get(room_id)
            if room is not None and room.membership(sender) == "join" and await self._is_believed(sender, device_id):
                at = datetime.fromtimestamp(self._now_ms() / 1000, UTC)
                event_id = f"keys for {sender} {device_id}"
                await self._tell(AskedForKeys(event_id=event_id, room_id=room_id, sender=sender, at=at))
            del self._asked[sender, device_id]

    async def _is_believed(self, user_id: str, device_id: str) -> bool:
        await self._trust.refresh([user_id])
        devices = (device for device in self._trust.devices(user_id) if device.device_id == device_id)
        return any(self._trust.believes(device) for device in devices)
