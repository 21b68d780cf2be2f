"""Bots that are broken on purpose, each in one way, to prove that the judge sees it. Used by tests alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.matrix.chat import MatrixChat
from storage.letters import Batch
from storage.outbox import Outbox


def another_transaction_id_each_time() -> None:
    """What was sent, and not yet marked as sent when the bot died, is sent again as something new."""
    send = MatrixChat.send

    async def forgetful(chat: MatrixChat, room_id: str, content: Mapping[str, Any], _txn_id: str) -> str:
        return await send(chat, room_id, content, uuid4().hex)

    MatrixChat.send = forgetful  # type: ignore[method-assign, assignment]


def marked_before_it_is_sent() -> None:
    """What was marked as sent, and not yet sent when the bot died, is never sent."""
    take = Outbox.take

    async def hasty(outbox: Outbox, now: datetime) -> Batch | None:
        batch = await take(outbox, now)
        if batch is not None:
            await outbox.gave_up(batch, "sent", now)
        return batch

    Outbox.take = hasty  # type: ignore[method-assign, assignment]
