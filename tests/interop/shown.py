"""What a JsClient shows: plain data, as the SDK gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One message as this client shows it: edits applied; `body` is None when redacted or not decrypted.

    `failure_code` is the SDK's DecryptionFailureCode; `shield` is "none" or such as "grey: UNSIGNED_DEVICE";
    `session` is the id of the Megolm session; `reactions` maps each key to the user ids that gave it, sorted.
    """

    event_id: str
    sender: str
    body: str | None
    formatted_body: str | None
    msgtype: str | None
    mentions: Sequence[str]
    mentions_room: bool
    reply_to: str | None
    thread: str | None
    edited: bool
    redacted: bool
    encrypted: bool
    decrypted: bool
    failure_code: str | None
    shield: str | None
    session: str | None
    reactions: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What this client knows of a user; `signed_by_owner` says so of each device id."""

    cross_signed: bool
    identity_changed: bool
    signed_by_owner: Mapping[str, bool]
