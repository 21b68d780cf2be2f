"""People by name: those who asked, at the beginning of an answer, and colleagues. Whole sentences stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from domain.picture import NOWHERE, Picture
from texts.markup import Message, Part, Person, line, message


def answer(picture: Picture, *parts: Part) -> Message:
    """An answer to whoever asked, by name."""
    return message([said_to(picture.asked_by, picture, *parts)], quiet=True)


def said_to(user_ids: Iterable[str], picture: Picture, *parts: Part) -> list[Part]:
    """A line that begins with these names; where there are none to be said, with a capital."""
    who: list[Part] = [
        part for user_id in user_ids if _has_name(user_id, picture) for part in (named(user_id, picture), ", ")
    ]
    first = parts[0]
    if who and isinstance(first, str):
        first = first[0].lower() + first[1:]
    return line(*who, first, *parts[1:])


def named(user_id: str, picture: Picture) -> Person:
    """A mention by the name in the register; of a stranger by the account, in which clients show its own name."""
    member = picture.members.get(user_id)
    return Person(user_id, member.name if member else user_id)


def colleague(user_id: str, picture: Picture) -> Part:
    """Somebody as they are mentioned, with their team behind it; who left is not mentioned."""
    member, who = picture.members.get(user_id), picture.colleague(user_id)
    return Person(user_id, member.name, behind=who.removeprefix(member.name)) if member else who


def _has_name(user_id: str, picture: Picture) -> bool:
    """One to one a stranger knows who is meant; in a room the others do not."""
    return user_id in picture.members or picture.region is not NOWHERE
