"""Making and keeping the rooms of the house: marked, private, encrypted from their first event."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.chat import NotInRoom, RoomPlan, TryLater, Undeliverable
from bot.matrix.rooms import MARK, Room, RoomBook, creators_rule
from bot.matrix.unheard import unheard
from bot.matrix.wire import Refused, Wire, path
from bot.servers import EVERYBODY, Servers

WANTED = "12"  # version of rooms: creators stand above power levels, so nobody can take the room from the bot
OLDER = "11"  # for a homeserver that does not say what it knows
BOT_POWER, COORDINATOR_POWER = 100, 50
ACL = "m.room.server_acl"


class HouseRooms:
    """The Protocol `Rooms` of bot.chat. Every method raises ChatError and nothing else."""

    def __init__(self, wire: Wire, book: RoomBook, servers: Servers) -> None:
        self._wire = wire
        self._book = book
        self._servers = servers
        self._us = book.us
        self._making = asyncio.Lock()
        self._version: str | None = None

    async def find(self, purpose: str) -> str | None:
        """The joined, encrypted room that carries our mark `purpose`, or None; the oldest if there are more."""
        room = self._book.marked(purpose)
        return room.room_id if room else None

    async def create(self, plan: RoomPlan) -> str:
        """A private encrypted room, history for members only, invitations by power 50, marked with `purpose`.

        When the plan's purpose has a room already, that one.
        """
        async with self._making:
            known = await self._marked(plan.purpose)
            if known is not None:
                return known.room_id
            request = {"name": plan.name, "topic": plan.topic}
            return await self._create(plan.purpose, plan.people, "joined", request)

    async def direct_room(self, user_id: str) -> str:
        """The encrypted one-to-one room with `user_id`, made and invited to when there is none."""
        self._check_server(user_id)
        purpose = "direct:" + hashlib.sha256(user_id.encode()).hexdigest()[:32]
        async with self._making:
            room = await self._marked(purpose)
            if room is None:
                # Readable from the invitation on: what is sent before somebody accepts is meant for them.
                request = {"is_direct": True, "invite": [user_id]}
                room_id = await self._create(purpose, {}, "invited", request)
                await self._list_as_direct(user_id, room_id)
                return room_id
        await self.invite(room.room_id, user_id)
        return room.room_id

    def is_in(self, room_id: str) -> bool:
        """Whether we are in this room, as far as we have heard."""
        return self._book.get(room_id) is not None

    def why_mute(self, room_id: str) -> str | None:
        """Why nothing can be said in this room, as far as we have heard, up to its name; None when it can."""
        room = self._book.get(room_id)
        if room is None:
            return "the bot is no longer in the room"
        return None if room.encrypted else "the encryption was taken from the room"

    async def members(self, room_id: str) -> Mapping[str, str]:
        """user id -> "join" | "invite", without the bot itself."""
        room = await self._known(room_id)
        found = {user: room.membership(user) or "" for user in room.members("join", "invite")}
        found.pop(self._us, None)
        return found

    async def settle(self, room_id: str, plan: RoomPlan) -> None:
        """Make name, topic, power levels and allowed servers as planned; does nothing when they are."""
        room = await self._known(room_id)
        planned: dict[str, Mapping[str, Any]] = {
            "m.room.name": {"name": plan.name},
            "m.room.topic": {"topic": plan.topic},
            "m.room.power_levels": self._power_levels(plan.people, room.version),
        }
        acl = self._servers.acl() or (EVERYBODY if room.content(ACL) else None)
        if acl is not None:
            planned[ACL] = acl
        for kind, content in planned.items():
            current = room.content(kind)  # the server adds to it: a richer form of the topic, older power levels
            if any(current.get(name) != value for name, value in content.items()):
                await self._wire.call("PUT", path("v3", "rooms", room_id, "state", kind, ""), content)
                self._book.learn(room_id, [_state(self._us, kind, "", content)])

    async def invite(self, room_id: str, user_id: str) -> None:
        """Invite; somebody who is in already is fine. Undeliverable for who is of a server that may not take part."""
        self._check_server(user_id)
        await self._membership(room_id, user_id, "invite", ("join", "invite"))

    async def remove(self, room_id: str, user_id: str) -> None:
        """Kick, or take the invitation back; somebody who is gone already is fine."""
        await self._membership(room_id, user_id, "kick", (None, "leave", "ban"))

    def _check_server(self, user_id: str) -> None:
        if not self._servers.allow(user_id):
            raise Undeliverable("a homeserver that may not take part")

    async def _membership(self, room_id: str, user_id: str, verb: str, fine: tuple[str | None, ...]) -> None:
        room = await self._known(room_id)
        if room.membership(user_id) in fine:
            return
        try:
            await self._wire.call("POST", path("v3", "rooms", room_id, verb), {"user_id": user_id})
        except Refused:
            room = await self._learn(room_id)  # perhaps somebody was faster than our sync
            if room.membership(user_id) not in fine:
                raise
        else:
            content = {"membership": "invite" if verb == "invite" else "leave"}
            self._book.learn(room_id, [_state(self._us, "m.room.member", user_id, content)])

    async def _marked(self, purpose: str) -> Room | None:
        """Our room with this mark, also when the answer to its making was lost and no sync has told of it yet."""
        if self._book.marked(purpose) is None:
            for room_id in await unheard(self._wire, self._book, purpose):
                with suppress(NotInRoom):
                    await self._learn(room_id)
        return self._book.marked(purpose)

    async def _known(self, room_id: str) -> Room:
        return self._book.get(room_id) or await self._learn(room_id)

    async def _learn(self, room_id: str) -> Room:
        """Ask for the state of a room. The server also tells the last state that we saw of one that we left."""
        room = self._book.learn(room_id, await self._wire.state(room_id))
        if room.membership(self._us) != "join":
            self._book.forget(room_id)
            raise NotInRoom("we are not in the room")
        return room

    async def _create(
        self, purpose: str, people: Mapping[str, int], visibility: str, request: Mapping[str, Any]
    ) -> str:
        version, acl = await self._room_version(), self._servers.acl()
        body = {
            **request,
            "preset": "private_chat",
            "visibility": "private",
            "room_version": version,
            "power_level_content_override": self._power_levels(people, version),
            "initial_state": [
                _initial("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}),
                _initial("m.room.history_visibility", {"history_visibility": visibility}),
                _initial("m.room.guest_access", {"guest_access": "forbidden"}),
                _initial("m.room.join_rules", {"join_rule": "invite"}),
                _initial(MARK, {"purpose": purpose}),
                *([_initial(ACL, acl)] if acl else []),
            ],
        }
        answer = await self._wire.call("POST", path("v3", "createRoom"), body)
        room_id = answer.get("room_id")
        if not isinstance(room_id, str):
            raise TryLater("an answer without a room id")
        await self._learn(room_id)
        return room_id

    async def _room_version(self) -> str:
        if self._version is None:
            match await self._wire.call("GET", path("v3", "capabilities")):
                case {"capabilities": {"m.room_versions": {"available": {**known}}}} if known.get(WANTED) == "stable":
                    self._version = WANTED
                case {"capabilities": {"m.room_versions": {"default": str(default)}}}:
                    self._version = default
                case _:
                    self._version = OLDER
        return self._version

    def _power_levels(self, people: Mapping[str, int], version: str) -> dict[str, Any]:
        # From version 12 on a creator may not be named here: it stands above every level.
        users = {} if creators_rule(version) else {self._us: BOT_POWER}
        return {
            "users": {**users, **{user: power for user, power in people.items() if power and user != self._us}},
            "users_default": 0,
            "events_default": 0,
            "state_default": BOT_POWER,
            "events": {},
            "invite": COORDINATOR_POWER,
            "kick": COORDINATOR_POWER,
            "ban": COORDINATOR_POWER,
            "redact": COORDINATOR_POWER,
            "notifications": {"room": COORDINATOR_POWER},
        }

    async def _list_as_direct(self, user_id: str, room_id: str) -> None:
        """Let our own other clients show the room under people. Nothing depends on it."""
        where = path("v3", "user", self._us, "account_data", "m.direct")
        try:
            listed = await self._wire.call("GET", where)
        except Refused:
            listed = {}
        theirs = listed.get(user_id)
        rooms = [*(theirs if isinstance(theirs, list) else []), room_id]
        with suppress(Refused):
            await self._wire.call("PUT", where, {**listed, user_id: rooms})


def _initial(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "state_key": "", "content": content}


def _state(sender: str, kind: str, key: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "state_key": key, "sender": sender, "content": content}
