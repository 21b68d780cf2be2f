"""What of an event others can read: every text in it, wherever it stands. Judges no text; what it is to us: reading.py.

A text is looked for by leaving out what is known to be machinery, never by listing where texts stand: clients invent
new places (captions, polls, richer forms of the same body) faster than we hear of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from bot.matrix import html_words

# The kinds of events that clients show in a timeline, polls and locations also under the names of before their
# specification. Calls and verifications are not among them: long rows of digits that nobody reads.
KINDS = frozenset({
    "m.room.message", "m.sticker", "m.reaction",
    "m.poll.start", "org.matrix.msc3381.poll.start", "m.poll.end", "org.matrix.msc3381.poll.end",
    "m.beacon", "org.matrix.msc3672.beacon",
})  # fmt: skip

# What nobody reads, by its key: ids and addresses in random letters, keys, and words of the protocol.
_MACHINERY = frozenset({
    "event_id", "rel_type", "m.mentions", "id", "m.id", "msgtype", "format", "mimetype", "kind",
    "url", "file", "info", "thumbnail_url", "thumbnail_file", "thumbnail_info", "iv", "hashes", "k",
})  # fmt: skip
_HTML = frozenset({"formatted_body", "m.html", "org.matrix.msc1767.html"})
_PICTURES = ("image/", "video/")
COMPARED = 100  # texts; a poll has twenty answers at most, in two or three forms


def texts(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Every text of an event's content that others can read, each once; what its sender typed comes first.

    HTML as it reads, tags out and entities spelled, and beside it what its links and pictures carry. It takes time in
    proportion to the size, and raises for no content. A half of a character (a lone surrogate) becomes "?".
    """
    new = content.get("m.new_content")
    meant = new if isinstance(new, dict) else content
    body = meant.get("body")
    typed = body if isinstance(body, str) else "\n".join(_apart(_walk(meant)))
    found = (text.encode("utf-8", "replace").decode() for text in (typed, *_walk(content)))
    return tuple(dict.fromkeys(text for text in found if text.strip()))


def is_photograph(content: Mapping[str, Any]) -> bool:
    """Whether it is a picture or a film, also one that is sent as a file or that an edit puts in its place."""
    new = content.get("m.new_content")
    return _is_picture(content) or (isinstance(new, dict) and _is_picture(new))


def _is_picture(content: Mapping[str, Any]) -> bool:
    info = content.get("info")
    kind = info.get("mimetype") if isinstance(info, dict) else None
    is_file = content.get("msgtype") == "m.file" and isinstance(kind, str)
    return content.get("msgtype") in ("m.image", "m.video") or (is_file and str(kind).lower().startswith(_PICTURES))


def _walk(content: object) -> Iterator[str]:
    """Every text, in the order of the content. Without recursion: content may be as deep as its sender likes."""
    left: list[tuple[object, bool]] = [(content, False)]
    while left:
        thing, is_html = left.pop()
        if isinstance(thing, str):
            yield from html_words.read(thing) if is_html else (thing,)
        elif isinstance(thing, list):
            left += [(one, is_html) for one in reversed(thing)]
        elif isinstance(thing, dict):
            html_here = thing.get("mimetype") == "text/html"
            inner = [(value, html_here or key in _HTML) for key, value in thing.items() if key not in _MACHINERY]
            left += reversed(inner)


def _apart(found: Iterator[str]) -> Iterator[str]:
    """Without what stands in an earlier one already: a poll carries its words twice, once for older clients.

    What comes after COMPARED texts is not compared: no poll has as many, and it would take the square of their number.
    """
    before: list[str] = []
    for text in islice(found, COMPARED):
        if not any(text in one for one in before):
            before.append(text)
            yield text
    yield from found
