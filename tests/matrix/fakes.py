"""A homeserver of two questions, for what a real one cannot show in a test: 500 devices, and answers that fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import vodozemac

from bot.chat import ChatError
from bot.matrix.signing import SigningKey, canonical
from bot.matrix.wire import Wire


class Crowd(Wire):
    """A wire to a server that knows some people, each with one cross-signed device that has one-time keys."""

    def __init__(self, people: int) -> None:
        self.devices: dict[str, vodozemac.Account] = {}
        self.answer: dict[str, dict[str, Any]] = {"device_keys": {}, "master_keys": {}, "self_signing_keys": {}}
        self.sent: list[tuple[str, Mapping[str, Any]]] = []  # (path, messages) of each to-device request
        self.asked: list[str] = []
        self.fail: Callable[[str], ChatError | None] = lambda _: None
        self.refuse: Callable[[str, Any], ChatError | None] = lambda _, __: None
        for number in range(people):
            self.add(f"@nurse{number}:zorg.test", vodozemac.Account())

    async def call(self, method: str, where: str, body: Any = None, **_: Any) -> dict[str, Any]:
        self.asked.append(f"{method} {where}")
        error = self.fail(where) or self.refuse(where, body)
        if error is not None:
            raise error
        if where.endswith("/keys/query"):
            return {
                kind: {user: known for user, known in users.items() if user in body["device_keys"]}
                for kind, users in self.answer.items()
            }
        if where.endswith("/keys/claim"):
            return {"one_time_keys": {user: self._one_time_key(user) for user in body["one_time_keys"]}}
        if "/sendToDevice/" in where:
            self.sent.append((where, body["messages"]))
        return {}

    def told(self, kind: str) -> set[str]:
        """The people to whom this kind of to-device message went."""
        return {user for where, messages in self.sent if f"/{kind}/" in where for user in messages}

    def add(self, user_id: str, account: vodozemac.Account, curve25519: str | None = None) -> None:
        """One more person; `curve25519` is an identity key that is not their own."""
        self.devices[user_id] = account
        master, self_signing = SigningKey.new(), SigningKey.new()
        device = self._device(user_id, curve25519 or account.curve25519_key.to_base64())
        self.answer["device_keys"][user_id] = {"TELEFOON": self_signing.sign(device, user_id)}
        self.answer["master_keys"][user_id] = _public(user_id, "master", master)
        signed = master.sign(_public(user_id, "self_signing", self_signing), user_id)
        self.answer["self_signing_keys"][user_id] = signed

    def replace_keys(self, user_id: str, account: vodozemac.Account) -> None:
        """Other keys under the same device id, which signs itself and is signed by nobody else."""
        self.devices[user_id] = account
        device = self._device(user_id, account.curve25519_key.to_base64())
        self.answer["device_keys"][user_id] = {"TELEFOON": device}

    def _device(self, user_id: str, curve25519: str) -> dict[str, Any]:
        ed25519 = self.devices[user_id].ed25519_key.to_base64()
        keys = {"curve25519:TELEFOON": curve25519, "ed25519:TELEFOON": ed25519}
        device = {"user_id": user_id, "device_id": "TELEFOON", "algorithms": [], "keys": keys}
        return self._signed(user_id, device)

    def _one_time_key(self, user_id: str) -> dict[str, Any]:
        account = self.devices[user_id]
        account.generate_one_time_keys(1)
        (key,) = account.one_time_keys.values()
        account.mark_keys_as_published()
        signed = self._signed(user_id, {"key": key.to_base64()})
        return {"TELEFOON": {"signed_curve25519:A": signed}}

    def _signed(self, user_id: str, thing: dict[str, Any]) -> dict[str, Any]:
        signature = self.devices[user_id].sign(canonical(thing)).to_base64()
        return {**thing, "signatures": {user_id: {"ed25519:TELEFOON": signature}}}


def _public(user_id: str, usage: str, key: SigningKey) -> dict[str, Any]:
    return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}
