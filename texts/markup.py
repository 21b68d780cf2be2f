"""A sentence as people see it: plain text and HTML from one source, with escaping and mentions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Bold:
    """Words that must catch the eye."""

    text: str


@dataclass(frozen=True)
class Person:
    """A mention: `name` is shown, `user_id` is told."""

    user_id: str
    name: str


@dataclass(frozen=True)
class Link:
    """An event in a room, to be tapped on."""

    room_id: str
    event_id: str
    text: str

    @property
    def url(self) -> str:
        """A matrix.to address, which every client opens in itself."""
        return f"https://matrix.to/#/{self.room_id}/{self.event_id}"


Part = str | Bold | Person | Link


@dataclass(frozen=True)
class Message:
    """What goes into one chat event. `quiet` ones make no telephone ring; `room` mentions everybody in the room."""

    body: str
    html: str
    mentions: tuple[str, ...] = ()
    room: bool = False
    quiet: bool = False


def line(*parts: Part | None) -> list[Part]:
    """One line; parts that are None are left out."""
    return [part for part in parts if part is not None]


def message(lines: Iterable[list[Part]], *, room: bool = False, quiet: bool = False) -> Message:
    """All lines that are not empty, as one message."""
    kept = [one for one in lines if one]
    people = [part.user_id for one in kept for part in one if isinstance(part, Person)]
    return Message(
        body="\n".join("".join(_plain(part) for part in one) for one in kept),
        html="<br>".join("".join(_html(part) for part in one) for one in kept),
        mentions=tuple(dict.fromkeys(people)),
        room=room,
        quiet=quiet,
    )


def _plain(part: Part) -> str:
    match part:
        case str():
            return part
        case Bold(text):
            return text
        case Person(_, name):
            return name
        case Link() as link:
            return link.text


def _html(part: Part) -> str:
    match part:
        case str():
            return escape(part).replace("\n", "<br>")
        case Bold(text):
            return f"<strong>{escape(text)}</strong>"
        case Person(user_id, name):
            return f'<a href="https://matrix.to/#/{escape(user_id)}">{escape(name)}</a>'
        case Link() as link:
            return f'<a href="{escape(link.url)}">{escape(link.text)}</a>'
