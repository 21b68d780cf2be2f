"""HTML as it is read: words and what tags carry. No parser of pages, and nothing is judged here.

Our own, because what the standard library has needs up to a minute for 60 kB that somebody made for it (measured on
Python 3.11.7; CVE-2025-6069). This takes time in proportion to the length, whatever it is, and raises for no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

# Source: specification 1.16, "m.room.message msgtypes": what may stand in formatted_body. All other tags break a line.
_INLINE = frozenset({"a", "b", "code", "del", "em", "font", "i", "s", "span", "strike", "strong", "sub", "sup", "u"})
_NAME = re.compile(r"/?([a-z][a-z0-9-]*)|[!?/]", re.IGNORECASE)
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s"']+))""")
_OUR_LINKS = re.compile(r"https?://matrix\.to/|matrix:|mxc:", re.IGNORECASE)  # people, rooms and random ids
_ZEROS, _TOO_LONG = re.compile(r"&#0+"), re.compile(r"&#[0-9]{20,}")


def read(html: str) -> Iterator[str]:
    """Yield the words as one text, tags out and entities spelled, and then each text that a tag carries.

    A ">" between quotes ends a tag here, so that some of it counts as words: rather that than overlook it.
    """
    first, *pieces = html.split("<")
    words, carried = [_spelled(first)], []
    for piece in pieces:
        name = _NAME.match(piece)
        tag, closed, rest = piece.partition(">")
        if name is None or not closed:
            words.append(_spelled(f"<{piece}"))
            continue
        if (name[1] or "").lower() not in _INLINE:
            words.append("\n")
        words.append(_spelled(rest))
        carried += [unescape(value) for found in _VALUE.findall(_bounded(tag)) for value in found if value]
    yield "".join(words).strip()
    yield from (unquote(value) for value in carried if not _OUR_LINKS.match(value))


def _spelled(text: str) -> str:
    """A line break in HTML is a space; an entity that is cut off by a tag is none."""
    return re.sub(r"\s", " ", unescape(_bounded(text)))


def _bounded(text: str) -> str:
    """Python refuses to read a number of thousands of digits; no character has a number of twenty."""
    return _TOO_LONG.sub("", _ZEROS.sub("&#", text))
