"""A person on Element's own stack, driven from pytest: what they do, what they are shown. No bot code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.interop.js_process import JsClientError, JsProcess
from tests.interop.shown import Shown, Trust

__all__ = ["JsClient", "JsClientError", "Shown", "Trust"]

# Seconds. A wait ends as soon as it can; this is only how long a wait in vain takes.
PATIENCE = 60.0

Found = TypeVar("Found")


class JsClient:
    """One device of one user: `async with JsClient(url, "anna", "password") as anna:`.

    `strict` is Element's rule of signed devices only, for sending and for reading. `cross_sign` makes the
    user's identity and signs this device; with a `recovery_key` the identity that exists signs it, as for a
    second Element. The process is gone when the block ends. Methods raise JsClientError when it refuses.
    """

    def __init__(
        self,
        homeserver: str,
        user: str,
        password: str,
        *,
        strict: bool = True,
        cross_sign: bool = True,
        recovery_key: str | None = None,
    ) -> None:
        self.homeserver = homeserver
        self._login = {"user": user, "password": password}
        self._strict = strict
        self._cross_sign = cross_sign
        self.user_id = ""
        self.device_id = ""
        self.recovery_key = recovery_key

    @property
    def pid(self) -> int:
        """The id of its process, which is gone after the block."""
        return self._process.pid

    async def __aenter__(self) -> Self:
        self._process = await JsProcess.spawn()
        try:
            started = await self._process.ask(
                "start",
                homeserver=self.homeserver,
                **self._login,
                strict=self._strict,
                crossSign=self._cross_sign,
                recoveryKey=self.recovery_key,
            )
        except BaseException:
            await self._process.end()
            raise
        self.user_id, self.device_id = started["user"], started["device"]
        self.recovery_key = started["recoveryKey"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._process.end()

    def another_device(self, *, strict: bool = True, cross_sign: bool = True) -> JsClient:
        """A second device of this person, not yet open; signed with the recovery key, or not at all."""
        key = self.recovery_key if cross_sign else None
        return JsClient(self.homeserver, **self._login, strict=strict, cross_sign=cross_sign, recovery_key=key)

    async def sign(self, recovery_key: str | None = None) -> str:
        """Cross-sign this device, now; returns the recovery key."""
        answer = await self._process.ask("sign", recoveryKey=recovery_key)
        self.recovery_key = str(answer["recoveryKey"])
        return self.recovery_key

    async def verify_status(self, user_id: str) -> Trust:
        """What this client knows of `user_id`, with whom it must share an encrypted room."""
        answer = await self._process.ask("verifyStatus", user=user_id)
        return Trust(
            cross_signed=answer["crossSigned"],
            identity_changed=answer["identityChanged"],
            signed_by_owner=answer["signedByOwner"],
        )

    async def create_room(self, name: str, invite: Sequence[str] = (), *, encrypted: bool = True) -> str:
        """A private room with these people invited; its room id."""
        answer = await self._process.ask("create", name=name, invite=list(invite), encrypted=encrypted)
        return str(answer["room"])

    async def invite(self, room: str, user_id: str) -> None:
        """Invite one person more."""
        await self._process.ask("invite", room=room, user=user_id)

    async def invites(self) -> list[str]:
        """The rooms that this person was invited to and has not answered."""
        return list(await self._process.ask("invites"))

    async def accept_invites(self) -> list[str]:
        """Join every room of `invites`; their ids."""
        return list(await self._process.ask("acceptInvites"))

    async def join(self, room: str) -> None:
        """Join, and return once this client knows the room and whether it is encrypted."""
        await self._process.ask("join", room=room)

    async def leave(self, room: str) -> None:
        """Leave the room."""
        await self._process.ask("leave", room=room)

    async def members(self, room: str) -> dict[str, str]:
        """user id -> "join", "invite", "leave" or "ban", this person included."""
        return {each["user"]: each["membership"] for each in await self._process.ask("members", room=room)}

    async def say(
        self,
        room: str,
        text: str,
        *,
        reply_to: str | None = None,
        thread: str | None = None,
        mentions: Sequence[str] = (),
    ) -> str:
        """Send a text and return its event id; `reply_to` and `thread` (its root) are event ids as well."""
        words = {"text": text, "replyTo": reply_to, "thread": thread, "mentions": list(mentions)}
        return _event(await self._process.ask("say", room=room, **words))

    async def edit(self, room: str, event: str, text: str) -> str:
        """Replace the text of one's own `event`; the event id of the edit."""
        return _event(await self._process.ask("edit", room=room, event=event, text=text))

    async def react(self, room: str, event: str, key: str) -> str:
        """Put an emoji under `event`; the event id of the reaction (redact that to take it back)."""
        return _event(await self._process.ask("react", room=room, event=event, key=key))

    async def redact(self, room: str, event: str) -> str:
        """Remove a message or take back a reaction; the event id of the redaction."""
        return _event(await self._process.ask("redact", room=room, event=event))

    async def read(self, room: str) -> list[Shown]:
        """The messages of the room as this client shows them now, oldest first, threads included."""
        return [Shown(**message) for message in await self._process.ask("read", room=room)]

    async def wait_for(self, room: str, predicate: Callable[[Shown], bool], within: float = PATIENCE) -> Shown:
        """The first message that fits, as soon as there is one; TimeoutError says what is shown instead."""

        async def fitting() -> Shown | None:
            return next(filter(predicate, await self.read(room)), None)

        try:
            return await self.wait_until(fitting, within)
        except TimeoutError as error:
            shown = "\n".join(map(str, await self.read(room)))
            raise TimeoutError(f"{error}; {self.user_id} is shown:\n{shown}") from None

    async def wait_for_members(self, room: str, *user_ids: str) -> None:
        """Return once this client knows that all of these are in the room, and so gives them its keys."""

        async def all_inside() -> bool:
            members = await self._members_at_last(room)
            return all(members.get(user_id) == "join" for user_id in user_ids)

        await self.wait_until(all_inside)

    async def _members_at_last(self, room: str) -> dict[str, str]:
        """The members, asked for again when the client's last sync lies before its joining, which no change tells."""
        while True:
            try:
                return await self.members(room)
            except JsClientError as refused:
                if "not allowed to view events" not in str(refused):
                    raise
            await asyncio.sleep(0.2)

    async def wait_until(self, question: Callable[[], Awaitable[Found | None]], within: float = PATIENCE) -> Found:
        """Ask again at every change, until the answer is true; TimeoutError after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while True:
                    before = self._process.changes
                    if answer := await question():
                        return answer
                    await self._process.changed_since(before)
        except TimeoutError:
            raise TimeoutError(f"not so within {within} s") from None


def _event(answer: Mapping[str, Any]) -> str:
    return str(answer["event"])
