"""Hostile input: names, notes and reasons never become tags, mentions or events that a homeserver refuses."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content
from domain import announcements as a
from domain import refusals as r
from domain.capacity import Colour, Light
from domain.care import Care, Contact, Dagdeel, Kind
from domain.people import Member, Organisation, Role, Team
from domain.picture import SHOWN, Few, Picture
from storage.letters import Message
from tests.texts.scene import CLAIMED, FATIMA, FIGURES, FULL, JAN, NOW, OPEN, PICTURE
from texts import markup, nl
from texts.markup import Bold, Link, Person, line, message

NASTY = st.text(st.sampled_from("<>&\"'/= \n@#:!a😀é\u202e\u200b"), min_size=1, max_size=30) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<a href='https://boos.test'>klik</a>",
        '"><img src=x onerror=x>',
        "&lt;b&gt;",
        "<!--",
        "</strong>",
        "@room",
        "<mx-reply>",
    ]
)
TAGS = {"a", "br", "strong"}


class Tags(HTMLParser):
    """What a client would make of our HTML: its tags, its addresses and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.addresses: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.found.append(tag)
        self.addresses += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href"}
        if tag == "br":
            self.words += "\n"

    def handle_data(self, data: str) -> None:
        """Note the words."""
        self.words += data.replace("\xa0", " ")

    def handle_comment(self, data: str) -> None:
        """Nothing of ours is one."""
        raise AssertionError(data)


def scene(text: str) -> Picture:
    """Region Noord, where everything that a person may type is `text`."""
    care = replace(FULL, expertise=text, preferred=text, wish=text, note=text)
    claimed = replace(CLAIMED, care=care, reason=text)
    return replace(
        PICTURE,
        members={FATIMA: Member(FATIMA, "noord", frozenset({Role.NURSE}), text, "t")},
        teams={"t": Team("t", text, "o", "noord")},
        organisations={"o": Organisation("o", text)},
        lights=tuple(Light("t", dagdeel, Colour.GROEN, NOW, JAN, note=text) for dagdeel in Dagdeel),
        zorgvragen=Few((claimed,), 1),
        contact=Contact(text, text, text, text),
        figures=FIGURES,
        asked_by=(FATIMA,),
        given_back=text,
        newest_post=("!room", "$new"),
    )


def everything(text: str) -> list[tuple[Message, Picture]]:
    """Each sentence that repeats what a person typed."""
    claimed = scene(text)
    still_open = replace(claimed, zorgvragen=Few((replace(OPEN, care=claimed.zorgvraag.care),), 1))
    return [
        (a.Opened(7), still_open),
        (a.Reopened(7, FATIMA, FATIMA, text), still_open),
        (a.Reposted(7, 1, 48, loud=False, escalated=False), still_open),
        (a.PostChanged(7), claimed),
        (a.Superseded(7, "$old"), claimed),
        (a.Claimed(7, FATIMA, NOW), claimed),
        (a.Withdrawn(7, FATIMA, text), claimed),
        (a.Details(7), claimed),
        (a.StatusOf(7), claimed),
        (a.LightsSet("t", tuple(Dagdeel)), claimed),
        (a.Board(), claimed),
        (a.OpenList(), still_open),
        (a.OwnList(FATIMA), claimed),
        (a.Welcome(FATIMA), still_open),
        (a.Digest(NOW.date()), claimed),
        (a.GivenBack(("bsn",)), claimed),
        (a.Stranger(text), claimed),
        (r.AlreadyClaimed(7, JAN, NOW), claimed),
        (r.NotYours(7, FATIMA), claimed),
        (r.UnknownVerb(text, text), claimed),
        (r.UnknownWord("zorgvraag", text, text), claimed),
        (r.BadValue("datum", text), claimed),
        (r.ReferenceReused(text), claimed),
    ]


@given(NASTY)
def test_nothing_that_a_person_typed_becomes_a_tag_or_an_address(text: str) -> None:
    for told, picture in everything(text):
        said = nl.say(told, picture)
        seen = Tags(said.html)
        assert set(seen.found) <= TAGS
        assert all(address.startswith("https://matrix.to/#/") for address in seen.addresses)
        assert seen.words == said.body


@given(NASTY)
def test_nothing_that_a_person_typed_mentions_anybody(text: str) -> None:
    for told, picture in everything(text):
        said = nl.say(told, picture)
        assert not said.room
        assert set(said.mentions) <= {FATIMA}


@given(NASTY, NASTY)
def test_what_stands_in_an_address_cannot_leave_it(user_id: str, event_id: str) -> None:
    said = message([line(Person(f"@{user_id}", "x"), Bold(user_id), Link("!room", f"${event_id}", "y"))])
    (person, post) = Tags(said.html).addresses
    assert re.fullmatch(r"https://matrix\.to/#/@[\w.~:@!$%-]*", person)
    assert re.fullmatch(r"https://matrix\.to/#/!room/\$[\w.~:@!$%-]*", post)


def test_an_address_of_usual_ids_is_readable() -> None:
    assert Link("!abc:zorg.test", "$ev-1_x", "").url == "https://matrix.to/#/!abc:zorg.test/$ev-1_x"


def size_on_the_wire(said: markup.Message) -> int:
    """Bytes of the encrypted event, if it is an edit: base64 of the JSON, with room for the envelope."""
    return len(json.dumps(content.edit(said, "$" + "x" * 43))) * 4 // 3 + 2_000


WORST = ["x", '"', "<", "é", "😀", "\n"]


@pytest.mark.parametrize("character", WORST)
def test_the_longest_free_texts_fit_into_an_event_even_as_an_edit(character: str) -> None:
    for told, picture in everything(character * 500):
        assert size_on_the_wire(nl.say(told, picture)) < 65_536 * 3 // 4


@pytest.mark.parametrize("character", WORST)
def test_a_region_as_large_as_can_be_still_has_a_digest(character: str) -> None:
    """200 teams, each with four notes of 500 characters, and a list that is full."""
    teams = {f"t{number}": Team(f"t{number}", f"Team {number}", "o", "noord") for number in range(200)}
    lights = tuple(
        Light(team, dagdeel, Colour.ROOD, NOW, JAN, note=f"{index}{character * 499}")
        for team in teams
        for index, dagdeel in enumerate(Dagdeel)
    )
    full = replace(scene("x"), teams=teams, lights=lights, zorgvragen=Few((OPEN,) * SHOWN, 10_000))
    for told in (a.Digest(NOW.date()), a.Overview(), a.Board(), a.OpenList(), a.Welcome(FATIMA)):
        said = nl.say(told, full)
        assert size_on_the_wire(said) < 65_536 * 3 // 4
        if isinstance(told, a.Digest):
            assert "Open in Noord: 10000" in said.body
            assert "Sinds gisteren: 3 nieuw" in said.body
            assert "\n…\n" in said.body


def test_ten_thousand_open_ones_are_still_one_short_message() -> None:
    usual = replace(OPEN, care=Care("7523", (Kind.WONDZORG,)))
    said = nl.say(a.OpenList(), replace(PICTURE, zorgvragen=Few((usual,) * SHOWN, 10_000)))
    assert len(said.body) < 1_000
    assert "… en nog 9985." in said.body


def test_64_who_lost_one_race_fit_into_one_message() -> None:
    members = {f"@n{n}:x": Member(f"@n{n}:x", "noord", frozenset(), f"Nurse {n}") for n in range(64)}
    picture = replace(PICTURE, zorgvragen=Few((CLAIMED,), 1), members=members, asked_by=tuple(members))
    said = nl.say(r.AlreadyClaimed(7, FATIMA, NOW), picture)
    assert len(said.mentions) == 64
    assert size_on_the_wire(said) < 65_536 * 3 // 4


def test_a_text_is_given_back_whole_when_it_has_a_length_that_people_type() -> None:
    typed = "mevrouw belt 0612345678 " * 100
    said = nl.say(a.GivenBack(("telefoon",)), replace(PICTURE, given_back=typed))
    assert said.body.endswith(typed.strip())
    assert unescape(said.html).endswith(typed.strip())
