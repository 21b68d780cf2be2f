"""A plain Matrix event -> what the house hears. Pure: nothing is asked, remembered or believed here.

Everything in an event is a stranger's: whatever has not the shape that it should have is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from bot.chat import Arrived, Departed, Entered, Event, PutOut, Reacted, Said, Showed, TookBack
from bot.matrix import showing

TXN_ID = "nl.schakelbot.txn_id"  # beside the ciphertext of what we say; a homeserver forgets which was whose in a day


class _Who(TypedDict):
    event_id: str
    room_id: str
    sender: str
    at: datetime


def origin(room_id: str, event: Mapping[str, Any]) -> _Who:
    """Which event, whose and when (the homeserver's time). Raises for an event without these."""
    at = datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
    match event:
        case {"event_id": str(event_id), "sender": str(sender)}:
            return {"event_id": event_id, "room_id": room_id, "sender": sender, "at": at}
    raise ValueError("an event without id or sender")


def arrived(room_id: str, event: Mapping[str, Any]) -> Arrived | None:
    """What our own encrypted event says of its sending; None when it says nothing of that."""
    txn_id = event["content"].get(TXN_ID)
    anew = _relation(event["content"]).get("rel_type") != "m.replace"  # stands beside the ciphertext as well
    return Arrived(**origin(room_id, event), txn_id=txn_id, anew=anew) if isinstance(txn_id, str) else None


def heard(room_id: str, event: Mapping[str, Any], names: tuple[str, ...], *, encrypted: bool) -> Event | None:
    """What the event says to the house, or None when it is nothing to us.

    `names` is what we answer to, our user id first. `encrypted`: it came encrypted; a text that did not is no command.
    """
    who = origin(room_id, event)
    content = event["content"]
    if not isinstance(content, dict):
        return None
    if event["type"] == "m.room.member":
        return _moved_in_or_out(who, event, names[0])
    if who["sender"] == names[0]:
        return None
    match event["type"]:
        case "m.room.message" if encrypted and _is_new_text(content):
            return _said(who, content, names)
        case "m.reaction":
            return _reacted(who, content)
        case "m.room.redaction":
            # Since room version 11 the target stands in the content, where a server cannot leave it out.
            taken = content.get("redacts", event.get("redacts"))
            return TookBack(**who, taken=taken) if isinstance(taken, str) else None
    return _showed(who, event["type"], content)


def too_late(event: Event) -> Showed | None:
    """What is left of an event whose sender was told that it cannot be read: others can read it, no command is run."""
    photograph = isinstance(event, Showed) and event.photograph
    if not event.shown and not photograph:
        return None
    who: _Who = {"event_id": event.event_id, "room_id": event.room_id, "sender": event.sender, "at": event.at}
    return Showed(**who, shown=event.shown, photograph=photograph)


def _is_new_text(content: Mapping[str, Any]) -> bool:
    is_edit = "m.new_content" in content or _relation(content).get("rel_type") == "m.replace"
    return content.get("msgtype") == "m.text" and isinstance(content.get("body"), str) and not is_edit


def _said(who: _Who, content: Mapping[str, Any], names: tuple[str, ...]) -> Said:
    body, about = content["body"], _about(_relation(content))
    if about:
        body = _without_quote(body)
    # What is quoted stands in the room once more: it is looked at as well.
    shown = tuple(dict.fromkeys((*showing.texts({"body": body}), *showing.texts(content))))
    return Said(**who, body=body, about=about, addressed=_addressed(content, body, names), shown=shown)


def _showed(who: _Who, kind: object, content: Mapping[str, Any]) -> Showed | None:
    if not isinstance(kind, str) or kind not in showing.KINDS:
        return None
    shown, photograph = showing.texts(content), showing.is_photograph(content)
    return Showed(**who, shown=shown, photograph=photograph) if shown or photograph else None


def _relation(content: Mapping[str, Any]) -> Mapping[str, Any]:
    relation = content.get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _about(relation: Mapping[str, Any]) -> tuple[str, ...]:
    reply = relation.get("m.in_reply_to")
    target = reply.get("event_id") if isinstance(reply, dict) else None
    root = relation.get("event_id") if relation.get("rel_type") == "m.thread" else None
    found = [event_id for event_id in (target, root) if isinstance(event_id, str)]
    return tuple(dict.fromkeys(found))


def _without_quote(body: str) -> str:
    """Without the lines that older clients put before a reply. Source: specification before 1.13, "Rich replies"."""
    lines = body.split("\n")
    quoted = 0
    while quoted < len(lines) and lines[quoted].startswith("> "):
        quoted += 1
    if quoted and quoted < len(lines) and lines[quoted] == "":
        return "\n".join(lines[quoted + 1 :])
    return body


def _addressed(content: Mapping[str, Any], body: str, names: tuple[str, ...]) -> bool:
    mentions = content.get("m.mentions")
    mentioned = mentions.get("user_ids") if isinstance(mentions, dict) else None
    if isinstance(mentioned, list) and names[0] in mentioned:
        return True
    begin = body.lstrip().lower()
    return any(re.match(r"@?" + re.escape(name.lower()) + r"(?!\w)", begin) is not None for name in names if name)


def _reacted(who: _Who, content: Mapping[str, Any]) -> Reacted | Showed | None:
    match content.get("m.relates_to"):
        case {"rel_type": "m.annotation", "event_id": str(about), "key": str(emoji)}:
            return Reacted(**who, emoji=emoji, about=about, shown=showing.texts(content))
    return _showed(who, "m.reaction", content)


def _moved_in_or_out(who: _Who, event: Mapping[str, Any], us: str) -> Entered | Departed | None:
    person, now = event.get("state_key"), event["content"].get("membership")
    if not isinstance(person, str) or person == us:
        return None
    before = membership_before(event)
    if now == "join" and before != "join":
        return Entered(event_id=who["event_id"], room_id=who["room_id"], sender=person, at=who["at"])
    if now in ("leave", "ban") and before in ("join", None):
        return Departed(**who, who=person)
    return None


def put_out(room_id: str, event: Mapping[str, Any], us: str) -> PutOut | None:
    """That we were taken out of a room that we were in; None for anything else, such as a declined invitation."""
    match event:
        case {"type": "m.room.member", "state_key": key, "content": {"membership": "leave" | "ban"}} if key == us:
            if membership_before(event) in ("join", None):
                return PutOut(**origin(room_id, event))
    return None


def membership_before(event: Mapping[str, Any]) -> str | None:
    """The membership that this membership event replaced, if the server says so."""
    unsigned = event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    value = before.get("membership") if isinstance(before, dict) else None
    return value if isinstance(value, str) else None
