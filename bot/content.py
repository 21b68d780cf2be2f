"""A message as the content of a chat event: new, as a reply, or as an edit. Pure; no Matrix library here."""

from __future__ import annotations

from typing import Any

from texts.markup import Message


def new(message: Message, reply_to: str | None = None) -> dict[str, Any]:
    """The content of a new message, perhaps in answer to an event."""
    content = _text(message)
    if reply_to is not None:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
    return content


def edit(message: Message, event_id: str) -> dict[str, Any]:
    """The content that replaces our earlier event; who was mentioned before is not mentioned again."""
    replacement = _text(message)
    replacement["m.mentions"] = {}
    return {
        **replacement,
        "body": f"* {message.body}",
        "formatted_body": f"* {message.html}",
        "m.new_content": replacement,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


def _text(message: Message) -> dict[str, Any]:
    mentions: dict[str, Any] = {}
    if message.mentions:
        mentions["user_ids"] = list(message.mentions)
    if message.room:
        mentions["room"] = True
    return {
        "msgtype": "m.notice" if message.quiet else "m.text",
        "body": message.body,
        "format": "org.matrix.custom.html",
        "formatted_body": message.html,
        "m.mentions": mentions,
    }
