"""A plain event in, what the house hears out: a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.chat import Departed, Entered, Event, Reacted, Said, Showed, TookBack
from bot.matrix.reading import heard

US, JAN = "@schakelbot:zorg.test", "@jan:zorg.test"
NAMES = (US, "schakelbot", "Schakel (Chatbot)")


def event(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    plain = {"event_id": "$1", "sender": JAN, "origin_server_ts": 1_795_000_000_000, "type": kind}
    return {**plain, "content": content, **more}


def text(body: str, **more: Any) -> dict[str, Any]:
    return event("m.room.message", {"msgtype": "m.text", "body": body, **more})


def said(content: dict[str, Any]) -> Said:
    told = heard("!room", content, NAMES, encrypted=True)
    assert isinstance(told, Said)
    return told


def test_time_sender_and_room_are_told_as_the_server_says() -> None:
    told = said(text("!open"))
    assert (told.room_id, told.sender, told.event_id) == ("!room", JAN, "$1")
    assert told.at == datetime.fromtimestamp(1_795_000_000, UTC)


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("> <@bot:zorg.test> Noord-1\n> nog een regel\n\n!oppakken", "!oppakken"),
        ("> <@bot:zorg.test> Noord-1\n\n!oppakken\n\nmet regel", "!oppakken\n\nmet regel"),
        ("> geen citaat maar een punt", "> geen citaat maar een punt"),
        ("> een\nzonder lege regel", "> een\nzonder lege regel"),
        ("!oppakken", "!oppakken"),
    ],
    ids=["two lines", "blank line inside", "no reply text", "no blank line", "no quote"],
)
def test_the_quote_before_a_reply_is_left_out(body: str, rest: str) -> None:
    assert said(text(body, **{"m.relates_to": {"m.in_reply_to": {"event_id": "$post"}}})).body == rest
    assert said(text(body)).body == body


@pytest.mark.parametrize(
    ("relation", "about"),
    [
        ({"m.in_reply_to": {"event_id": "$a"}}, ("$a",)),
        ({"rel_type": "m.thread", "event_id": "$r", "m.in_reply_to": {"event_id": "$a"}}, ("$a", "$r")),
        ({"rel_type": "m.thread", "event_id": "$r", "m.in_reply_to": {"event_id": "$r"}}, ("$r",)),
        ({"rel_type": "m.thread", "event_id": "$r"}, ("$r",)),
        ({"rel_type": "m.thread", "event_id": 5, "m.in_reply_to": []}, ()),
        ({"rel_type": "m.reference", "event_id": "$r"}, ()),
        ("x", ()),
    ],
    ids=["reply", "reply in thread", "fallback reply", "thread", "nonsense", "reference", "text"],
)
def test_a_text_is_about_what_it_replies_to_and_then_its_thread(relation: Any, about: tuple[str, ...]) -> None:
    assert said(text("ok", **{"m.relates_to": relation})).about == about


@pytest.mark.parametrize(
    ("content", "addressed"),
    [
        ({"body": "hallo", "m.mentions": {"user_ids": [US]}}, True),
        ({"body": "hallo", "m.mentions": {"user_ids": [JAN]}}, False),
        ({"body": "hallo", "m.mentions": {"user_ids": US}}, False),
        ({"body": f"{US}: hallo"}, True),
        ({"body": "@schakelbot hallo"}, True),
        ({"body": "Schakel (Chatbot): hallo"}, True),
        ({"body": "schakelbots zijn fijn"}, False),
        ({"body": "ik vroeg het schakelbot"}, False),
    ],
    ids=["mention", "another", "malformed", "user id", "localpart", "display name", "longer word", "later"],
)
def test_a_mention_or_our_name_at_the_start_addresses_us(content: dict[str, Any], addressed: bool) -> None:
    assert said(event("m.room.message", {"msgtype": "m.text", **content})).addressed is addressed


@pytest.mark.parametrize(
    "content",
    [
        {"msgtype": "m.text", "body": "* !open", "m.new_content": {"body": "!open"}},
        {"msgtype": "m.text", "body": "* !open", "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}},
        {"msgtype": "m.emote", "body": "!open"},
        {"msgtype": "m.emote", "body": "pakt 4"},
        {"msgtype": "m.notice", "body": "!open"},
        {"msgtype": "m.image", "body": "!open"},
        {"msgtype": "nl.zorg.eigen", "body": "!open"},
        {"body": "!open"},
    ],
    ids=["edit", "edit by relation", "emote", "emote like a command", "notice", "image", "unknown", "no type"],
)
def test_edits_and_whatever_is_no_plain_text_are_looked_at_and_never_a_command(content: dict[str, Any]) -> None:
    assert isinstance(heard("!room", event("m.room.message", content), NAMES, encrypted=True), Showed)


@pytest.mark.parametrize("content", [{"msgtype": "m.text", "body": 5}, {"msgtype": "m.text", "body": " "}, {}])
def test_where_nothing_can_be_read_there_is_nothing_to_look_at(content: dict[str, Any]) -> None:
    told = heard("!room", event("m.room.message", content), NAMES, encrypted=True)
    assert told is None or (isinstance(told, Said) and not told.shown)


def test_a_text_that_came_in_the_clear_is_no_command_and_our_own_is_not_heard() -> None:
    told = heard("!room", text("!oppakken 1"), NAMES, encrypted=False)
    assert isinstance(told, Showed)
    assert told.shown == ("!oppakken 1",)
    assert heard("!room", {**text("!oppakken 1"), "sender": US}, NAMES, encrypted=True) is None


def shown(kind: str, content: Any, *, encrypted: bool = True) -> tuple[str, ...]:
    told = heard("!room", event(kind, content), NAMES, encrypted=encrypted)
    return told.shown if told else ()


EDIT = {"rel_type": "m.replace", "event_id": "$1"}
POLL = {
    "org.matrix.msc1767.text": "Wie?\n1. Jan\n2. Els",
    "org.matrix.msc3381.poll.start": {
        "question": {"org.matrix.msc1767.text": "Wie?", "body": "Wie?", "msgtype": "m.text"},
        "kind": "org.matrix.msc3381.poll.disclosed",
        "max_selections": 1,
        "answers": [
            {"id": "550e8400-e29b", "org.matrix.msc1767.text": "Jan"},
            {"id": "12345672-e29b", "org.matrix.msc1767.text": "Els"},
        ],
    },
}
PLAIN = [{"mimetype": "text/html", "body": "<b>Wie</b>?"}, {"body": "Wie?"}]
NEW_POLL = {"m.poll": {"question": {"m.text": PLAIN}, "answers": [{"m.id": "1", "m.text": [{"body": "Jan"}]}]}}


@pytest.mark.parametrize(
    ("kind", "content", "texts"),
    [
        ("m.room.message", {"msgtype": "m.text", "body": "a", "formatted_body": "<b>a</b>"}, ["a"]),
        ("m.room.message", {"msgtype": "m.text", "body": "a", "formatted_body": "a<br>b"}, ["a", "a\nb"]),
        ("m.room.message", {"body": "* b", "m.new_content": {"body": "b"}, "m.relates_to": EDIT}, ["b", "* b"]),
        ("m.room.message", {"msgtype": "m.image", "body": "mooi", "filename": "a.jpg"}, ["mooi", "a.jpg"]),
        ("m.room.message", {"msgtype": "m.file", "body": "a.pdf", "info": {"x": "b"}, "url": "mxc://x/1"}, ["a.pdf"]),
        ("m.room.message", {"msgtype": "m.location", "body": "hier", "geo_uri": "geo:1,2"}, ["hier", "geo:1,2"]),
        ("m.room.message", {"body": "a", "m.mentions": {"user_ids": ["@x:y"]}, "m.caption": "b"}, ["a", "b"]),
        ("m.room.message", {"body": "\ud83da"}, ["?a"]),
        ("m.sticker", {"body": "hart", "url": "mxc://x/1"}, ["hart"]),
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$1", "key": "ja!"}}, ["ja!"]),
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "key": "ja!"}}, ["ja!"]),
        (
            "org.matrix.msc3381.poll.start",
            POLL,
            ["Wie?\n1. Jan\n2. Els", "Wie?", "Jan", "Els"],
        ),
        ("m.poll.start", NEW_POLL, ["Wie?\nJan", "Wie?", "Jan"]),
        ("m.beacon", {"m.location": {"uri": "geo:1,2"}, "m.ts": 5}, ["geo:1,2"]),
        ("m.call.invite", {"offer": {"sdp": "o=- 46117314 IN IP4"}}, []),
        ("m.key.verification.mac", {"mac": {"ed25519:A": "x"}}, []),
        (["m.room.message"], {"body": "a"}, []),
    ],
)
def test_what_others_can_read_is_told_as_texts_the_typed_one_first(kind: Any, content: Any, texts: list[str]) -> None:
    assert list(shown(kind, content)) == texts
    assert list(shown(kind, content, encrypted=False)) == texts


def test_a_quote_is_looked_at_and_what_was_typed_under_it_stands_first() -> None:
    reply = {"m.in_reply_to": {"event_id": "$post"}}
    told = said(text("> <@x:y> bsn\n\nja", **{"m.relates_to": reply}))
    assert told.shown == ("ja", "> <@x:y> bsn\n\nja")


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("06<b>12</b>345678", ["0612345678"]),
        ("<p>06</p><p>12</p>", ["06\n\n12"]),
        ("a\nb<br/>c", ["a b\nc"]),
        ("&#48;6 &lt;b&gt; &amp;amp;", ["06 <b> &amp;"]),
        ('<a href="tel:%30612">bel</a>', ["bel", "tel:0612"]),
        ("<a href='mailto:a&#64;b.nl'>m</a>", ["m", "mailto:a@b.nl"]),
        ("<a href=tel:0612>bel</a>", ["bel", "tel:0612"]),
        ('<a title="a>b">c</a>', ['b">c', "a"]),
        ('<a href="https://matrix.to/#/@0612345678:zorg.nl">Jan</a>', ["Jan"]),
        ('<img src="mxc://x/0612" alt="foto" title="t">', ["foto", "t"]),
        ('<span data-mx-spoiler="reden">s</span>', ["s", "reden"]),
        ("2 < 3 en 4 > 3 <", ["2 < 3 en 4 > 3 <"]),
        ("<!-- weg -->hier<b", ["hier<b"]),
        ("&#" + "9" * 5000 + ";&#" + "0" * 5000 + "48;", [";0"]),
    ],
)
def test_html_is_looked_at_as_it_reads_and_so_is_what_its_tags_carry(html: str, texts: list[str]) -> None:
    assert list(shown("m.room.message", {"body": "", "formatted_body": html})) == texts


@pytest.mark.parametrize(
    ("content", "photograph"),
    [
        ({"msgtype": "m.image", "body": "a.jpg"}, True),
        ({"msgtype": "m.image"}, True),
        ({"msgtype": "m.video", "body": "a.mp4"}, True),
        ({"msgtype": "m.file", "body": "a", "info": {"mimetype": "Image/HEIC"}}, True),
        ({"msgtype": "m.text", "body": "* a", "m.new_content": {"msgtype": "m.image", "body": "a"}}, True),
        ({"msgtype": "m.file", "body": "a", "info": {"mimetype": "application/pdf"}}, False),
        ({"msgtype": "m.file", "body": "a", "info": {"thumbnail_info": {"mimetype": "image/png"}}}, False),
        ({"msgtype": "m.file", "body": "a", "info": {"mimetype": 5}}, False),
        ({"msgtype": "m.audio", "body": "a"}, False),
        ({"msgtype": ["m.image"], "body": "a", "m.new_content": 5}, False),
    ],
)
def test_a_picture_or_film_is_a_photograph_also_when_it_comes_as_a_file(content: Any, photograph: bool) -> None:
    told = heard("!room", event("m.room.message", content), NAMES, encrypted=True)
    assert isinstance(told, Showed)
    assert told.photograph is photograph


def test_a_reaction_is_what_it_was_and_shows_its_key() -> None:
    content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$post", "key": "✋"}}
    told: Event | None = heard("!room", event("m.reaction", content), NAMES, encrypted=False)
    assert isinstance(told, Reacted)
    assert (told.emoji, told.about, told.shown) == ("✋", "$post", ("✋",))


def test_content_as_deep_as_its_sender_likes_is_read_to_the_bottom() -> None:
    bottom: dict[str, Any] = {"body": "bsn"}
    for _ in range(50_000):
        bottom = {"a": bottom}
    assert shown("m.room.message", bottom) == ("bsn",)


def test_what_was_taken_back_stands_in_the_content_or_in_older_rooms_outside() -> None:
    for redaction in (event("m.room.redaction", {"redacts": "$x"}), event("m.room.redaction", {}, redacts="$x")):
        told = heard("!room", redaction, NAMES, encrypted=False)
        assert isinstance(told, TookBack)
        assert told.taken == "$x"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("invite", "join", Entered),
        (None, "join", Entered),
        ("join", "join", None),
        ("join", "leave", Departed),
        ("join", "ban", Departed),
        ("invite", "leave", None),
        ("leave", "ban", None),
        ("leave", "invite", None),
    ],
)
def test_who_enters_and_who_departs(before: str | None, now: str, told: type | None) -> None:
    unsigned = {"prev_content": {"membership": before}} if before else {}
    member = event("m.room.member", {"membership": now}, state_key=JAN, unsigned=unsigned)
    answer = heard("!room", member, NAMES, encrypted=False)
    assert (type(answer) if answer else None) is told
    if isinstance(answer, Departed):
        assert answer.who == JAN
