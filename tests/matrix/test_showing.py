"""Whatever place of a message holds personal data that a client would show, it is found; what nobody reads is not."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matrix.reading import heard
from bot.matrix.showing import texts
from domain import privacy

US, TODAY = "@schakelbot:zorg.test", date(2026, 11, 22)
DIGITS = {"111222333": privacy.Kind.BSN, "0612345678": privacy.Kind.PHONE, "+31612345678": privacy.Kind.PHONE}

untimed = settings(deadline=None)
# No digits: behind a "0" those of a BSN are those of a telephone number.
letters = st.characters(codec="utf-8", exclude_characters="<>&@:", exclude_categories=["N"])
words = st.text(letters, max_size=20).map(lambda text: f"{text} ")
plain_places = ["body", "filename", "m.caption", "org.matrix.msc1767.text", "geo_uri", "nl.zorg.iets", "title", "key"]
html_places = ["formatted_body", "m.html", "org.matrix.msc1767.html"]
tags = ["b", "i", "u", "span", "font", "code", "strong", "em", "del", "sub", "sup"]
blocks = ["p", "div", "li", "td", "h1", "blockquote", "mx-reply", "details", "unknown"]


@st.composite
def written_in_html(draw: st.DrawFn, digits: str) -> str:
    """The digits, as a browser would show them: cut by tags, spelled as entities, in a link or beside a picture."""
    way = draw(st.sampled_from(["cut", "entities", "block", "tel", "title", "alt", "spoiler"]))
    cut = draw(st.integers(0, len(digits)))
    tag, block = draw(st.sampled_from(tags)), draw(st.sampled_from(blocks))
    entity = draw(st.sampled_from(["&#{};", "&#0{};", "&#x{:x};"]))
    quote = draw(st.sampled_from(["'", '"']))
    return {
        "cut": f"{digits[:cut]}<{tag} data-x={quote}y{quote}>{digits[cut:]}</{tag}>",
        "entities": "".join(entity.format(ord(digit)) for digit in digits),
        "block": f"<{block}>{digits}</{block}>",
        "tel": f"<a href={quote}tel:{digits}{quote}>bel</a>",
        "title": f"<a title={quote}{digits}{quote} href='https://example.org'>bel</a>",
        "alt": f"<img src='mxc://a/b' alt={quote}{digits}{quote}>",
        "spoiler": f"<span data-mx-spoiler={quote}{digits}{quote}>x</span>",
    }[way]


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """(the digits, a message that holds them somewhere): of any type, an edit or not, at any depth."""
    digits = draw(st.sampled_from(sorted(DIGITS)))
    if draw(st.booleans()):
        place, held = draw(st.sampled_from(html_places)), draw(written_in_html(digits))
    else:
        place, held = draw(st.sampled_from(plain_places)), digits
    content: Any = {place: draw(words) + held + " " + draw(words)}
    for around in draw(st.lists(st.sampled_from(["m.text", "list", "m.poll", "nl.zorg.iets"]), max_size=4)):
        content = [{}, content] if around == "list" else {"body": "iets", around: content}
    if draw(st.booleans()):
        content = {"body": "* iets", "m.new_content": content, "m.relates_to": {"rel_type": "m.replace"}}
    kind = draw(st.sampled_from(["m.text", "m.emote", "m.notice", "m.file", "m.audio", "m.location", "nl.zorg.x"]))
    inner = content if isinstance(content, dict) else {"nl.zorg.lijst": content}
    return digits, {"body": "iets", "msgtype": kind, **inner}


@untimed
@given(messages(), st.booleans())
def test_whatever_place_of_a_message_holds_it_it_is_found(message: tuple[str, dict[str, Any]], encrypted: bool) -> None:
    digits, content = message
    event = {"type": "m.room.message", "event_id": "$1", "sender": "@jan:zorg.test", "origin_server_ts": 1}
    told = heard("!room", {**event, "content": content}, (US,), encrypted=encrypted)
    assert told is not None
    found = [finding.kind for text in told.shown for finding in privacy.find(text, TODAY)]
    assert DIGITS[digits] in found


def test_ids_keys_and_addresses_in_random_letters_are_read_by_nobody() -> None:
    """One in 20,000 event ids holds what looks like a postcode: a reply may not be taken out for that."""
    event_id = "$a_1234AB_" + "x" * 34
    relation = {"rel_type": "m.thread", "event_id": event_id, "m.in_reply_to": {"event_id": event_id}}
    secret = {"url": "mxc://zorg.test/1234AB", "key": {"k": "_1234AB_"}, "iv": "111222333", "hashes": {"sha256": "x"}}
    info = {"mimetype": "audio/ogg", "size": 111222333, "thumbnail_file": secret, "xyz.amorgan.blurhash": "a@b.nl"}
    content = {
        "msgtype": "m.audio",
        "body": "a.ogg",
        "file": secret,
        "info": info,
        "m.relates_to": relation,
        "m.mentions": {"user_ids": ["@0612345678:zorg.test"]},
        "formatted_body": f'<a href="https://matrix.to/#/!1234AB:zorg.test/{event_id}?via=zorg.test">a.ogg</a>',
    }
    assert texts(content) == ("a.ogg",)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["body", "formatted_body", "m.new_content", "msgtype", "info", "m.relates_to", "mimetype", "m.text"]


@untimed
@given(st.dictionaries(st.sampled_from(KEYS), json, max_size=6))
def test_no_content_makes_it_raise_and_every_text_can_be_kept(content: dict[str, Any]) -> None:
    for text in texts(content):
        assert text.encode().decode() == text
        assert text.strip()


@pytest.mark.parametrize(
    "piece", ["<", "<a href='", "<a a", "<a =", "<!--", "<?", "</a", "&#", "&#1", "&#0", "&x", '="', ">", "<a>", "= "]
)
def test_html_that_was_made_to_be_slow_is_not(piece: str) -> None:
    """The largest event there can be. It takes a fifth of a second at most; the standard library's parser took 52."""
    began = time.process_time()
    texts({"formatted_body": "<a " + piece * (65_536 // len(piece)) + ">"})
    assert time.process_time() - began < 5


class Counting(str):
    """A text that counts how many of its letters were looked through for another text."""

    __slots__ = ()
    looked = 0

    def __contains__(self, other: object) -> bool:
        Counting.looked += len(self)
        return isinstance(other, str) and super().__contains__(other)


@pytest.mark.parametrize("first", [0, 30_000])
def test_many_texts_cost_no_more_than_few_of_the_same_size(first: int) -> None:
    """The largest event there can be, nothing but texts, none of which stands in another: each is told, and first."""
    Counting.looked = 0
    several = [Counting(f"{number:05}") for number in range((65_536 - first) // len('"00000",'))]
    content = {"m.text": [Counting("x" * first), *several]}
    typed, *each = texts(content)
    assert set(several) <= set(typed.split("\n"))
    assert set(several) <= set(each)
    assert Counting.looked <= 100 * 65_536


def test_a_poll_is_told_once_although_it_carries_its_words_twice() -> None:
    """Each word is looked at; what its sender typed has it once."""
    answers = [f"Antwoord {number:02}" for number in range(20)]
    whole = "\n".join(["Wie kan er?", *answers])
    start = {"question": {"m.text": "Wie kan er?"}, "answers": [{"id": one, "m.text": one} for one in answers]}
    typed, *each = texts({"m.text": whole, "m.poll": start, "org.matrix.msc3381.poll.start": start})
    assert typed == whole
    assert set(each) == {"Wie kan er?", *answers}
