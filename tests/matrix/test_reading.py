"""A plain event in, what the house hears out: a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.chat import Departed, Entered, Said, TookBack
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
        {"msgtype": "m.text", "body": "* nieuw", "m.new_content": {"body": "nieuw"}},
        {"msgtype": "m.text", "body": "* x", "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}},
        {"msgtype": "m.notice", "body": "ik ben een bot"},
        {"msgtype": "m.image", "body": "foto.jpg"},
        {"msgtype": "m.text", "body": 5},
        {"msgtype": "m.text"},
        {},
    ],
    ids=["edit", "edit by relation", "notice", "image", "number", "no body", "empty"],
)
def test_edits_notices_and_whatever_is_no_text_are_not_heard(content: dict[str, Any]) -> None:
    assert heard("!room", event("m.room.message", content), NAMES, encrypted=True) is None


def test_a_text_that_came_in_the_clear_is_not_heard_and_neither_is_our_own() -> None:
    assert heard("!room", text("!oppakken 1"), NAMES, encrypted=False) is None
    assert heard("!room", {**text("!oppakken 1"), "sender": US}, NAMES, encrypted=True) is None


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
