"""Letters -> the words of one message, from the state of things at the moment of sending. Says nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import content
from bot.chat import Chat, ChatError
from domain.announcements import Details, Digest, Overview, Post, PostChanged, Superseded
from domain.audience import Person, RegionRoom
from domain.picture import Picture
from storage.letters import Batch
from storage.picture import take_picture
from storage.work import Store
from texts import nl


class Needless(Exception):
    """What was to be said has no meaning any more."""


class Wording:
    """Reads in the store what is told, and asks the chat who cannot read along."""

    def __init__(self, store: Store, chat: Chat, now: Callable[[], datetime]) -> None:
        self._store = store
        self._chat = chat
        self._now = now

    async def content(self, batch: Batch) -> dict[str, Any]:
        """The content of the one event that says all letters of the batch. Raises Needless or CannotKeep."""
        posts = [letter for letter in batch.letters if isinstance(letter.message, Post)]
        telling = posts[-1] if posts else batch.letters[-1]
        async with self._store.look() as work:
            picture = await take_picture((*batch.letters, telling), work, self._now())
            newest = None
            if isinstance(telling.message, PostChanged):
                newest = await work.outbox.newest_post(telling.message.zorgvraag_id)
        if isinstance(telling.message, Details) and telling.audience != Person(picture.zorgvraag.claimed_by or ""):
            raise Needless  # it was given back before we could tell
        if isinstance(telling.message, Digest) and picture.region.has_later_digest(telling.message.day, self._now()):
            raise Needless  # it could not be told in time, and a newer one comes
        if isinstance(telling.message, Digest | Overview):
            picture = replace(picture, unreachable=await self._unreachable(picture))
        said = nl.say(telling.message, picture)
        match telling.message:
            case PostChanged() if newest is not None:
                return content.edit(said, newest.event_id)
            case Superseded(event_id=event_id):
                return content.edit(said, event_id)
            case _:
                return content.new(said, telling.reply_to if len(batch.letters) == 1 else None)

    async def _unreachable(self, picture: Picture) -> tuple[str, ...]:
        """The region's members who cannot read along; none when the chat cannot say so now: a digest does not wait."""
        async with self._store.look() as work:
            room_id = await work.rooms.room_of(RegionRoom(picture.region.id))
        if room_id is None:
            return ()
        try:
            deaf = await self._chat.cannot_read(room_id)
        except ChatError:
            return ()
        return tuple(user_id for user_id in deaf if user_id in picture.members)
