"""A sentence as people see it: plain text and HTML from one source, with escaping and mentions, never too large."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

# Characters of JSON. An encrypted edit carries everything twice and a third more for base64, and a homeserver takes
# 65,536 bytes (specification of Matrix, "Size limits").
LARGEST = 16_000


@dataclass(frozen=True)
class Bold:
    """Words that must catch the eye."""

    text: str


@dataclass(frozen=True)
class Typed:
    """What to type, in bold and never broken over two lines: a number alone on a line is read as something else."""

    text: str


@dataclass(frozen=True)
class Person:
    """A mention: `user_id` is told. Clients show the account's own name for `name`, so the rest stands `behind` it."""

    user_id: str
    name: str
    behind: str = ""


@dataclass(frozen=True)
class Link:
    """An event in a room, to be tapped on."""

    room_id: str
    event_id: str
    text: str

    @property
    def url(self) -> str:
        """A matrix.to address, which every client opens in itself."""
        return f"https://matrix.to/#/{_address(self.room_id)}/{_address(self.event_id)}"


Part = str | Bold | Typed | Person | Link


@dataclass(frozen=True)
class Message:
    """What goes into one chat event. `quiet` ones make no telephone ring; `room` mentions everybody in the room."""

    body: str
    html: str
    mentions: tuple[str, ...] = ()
    room: bool = False
    quiet: bool = False


def line(*parts: Part | None) -> list[Part]:
    """One line, without spaces behind it; parts that are None are left out."""
    kept = [part for part in parts if part is not None]
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    return kept


def message(
    lines: Iterable[list[Part]], *, tail: Sequence[list[Part]] = (), room: bool = False, quiet: bool = False
) -> Message:
    """All lines that are not empty, as one message; the last ones before `tail` make way when they are too many."""
    space = LARGEST - sum(map(_size, tail))
    kept = [*_fitting((one for one in lines if _plain_line(one)), space), *tail]
    people = [part.user_id for one in kept for part in one if isinstance(part, Person)]
    return Message(
        body="\n".join(_plain_line(one) for one in kept),
        html="<br>".join(_html_line(one) for one in kept),
        mentions=tuple(dict.fromkeys(people)),
        room=room,
        quiet=quiet,
    )


def _fitting(lines: Iterable[list[Part]], left: int) -> Iterator[list[Part]]:
    for one in lines:
        left -= _size(one)
        if left < 0:
            yield ["…"]
            return
        yield one


def _size(one: list[Part]) -> int:
    return len(json.dumps(_plain_line(one) + _html_line(one)))


def _plain_line(parts: list[Part]) -> str:
    return "".join(_plain(part) for part in parts)


def _html_line(parts: list[Part]) -> str:
    return "".join(_html(part) for part in parts)


def _address(identifier: str) -> str:
    return quote(identifier, safe="@!$:")


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _plain(part: Part) -> str:
    match part:
        case str():
            return part
        case Bold(text) | Typed(text):
            return text
        case Person(_, name, behind):
            return name + behind
        case Link() as link:
            return link.text


def _html(part: Part) -> str:
    match part:
        case str():
            return _text(part)
        case Bold(text):
            return f"<strong>{_text(text)}</strong>"
        case Typed(text):
            return f"<strong>{_text(text).replace(' ', '&nbsp;')}</strong>"
        case Person(user_id, name, behind):
            return f'<a href="https://matrix.to/#/{_address(user_id)}">{_text(name)}</a>{_text(behind)}'
        case Link() as link:
            return f'<a href="{link.url}">{_text(link.text)}</a>'
