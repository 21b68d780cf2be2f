"""What people read, word for word, and what holds for every sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from domain import announcements as a
from domain import privacy
from domain import refusals as r
from domain.picture import Picture
from domain.zorgvraag import State
from storage.letters import KINDS, Message
from tests.texts import golden, golden_lists, golden_refusals
from tests.texts.golden import POSTS
from tests.texts.scene import CARLA, CLAIMED, CLOSED, FATIMA, FULL, JAN, OPEN, WHO, picture
from texts import nl
from texts.words import DOTS

GOLDEN = [*golden.POSTS, *golden.NOTICES, *golden_lists.LISTS, *golden_refusals.REFUSED]
BEGIN = [*golden.BEGIN, *golden_refusals.BEGIN]
ALL = [*GOLDEN, *BEGIN]


def names(rows: list[tuple[Message, Picture, str]]) -> list[str]:
    """What each row tells, numbered: the same fact stands in several scenes."""
    return [f"{number}-{type(told).__name__}" for number, (told, *_) in enumerate(rows)]


every = pytest.mark.parametrize(("told", "scene"), [row[:2] for row in ALL], ids=names(ALL))


@pytest.mark.parametrize(("told", "scene", "body"), GOLDEN, ids=names(GOLDEN))
def test_these_are_the_words(told: Message, scene: Picture, body: str) -> None:
    assert nl.say(told, scene).body == body


@pytest.mark.parametrize(("told", "scene", "begin"), BEGIN, ids=names(BEGIN))
def test_these_are_the_first_words(told: Message, scene: Picture, begin: str) -> None:
    assert nl.say(told, scene).body.startswith(begin)


def test_everything_that_can_be_said_has_a_golden_sentence() -> None:
    golden = {type(told) for told, *_ in ALL}
    assert [name for name, kind in KINDS.items() if kind not in golden and kind not in nl.WORDLESS] == []


TOLD_OF_ONE = [row[:2] for row in ALL if hasattr(row[0], "zorgvraag_id") and row[1].zorgvragen.shown]
ENDED = [(told, scene) for told, scene in TOLD_OF_ONE if scene.zorgvraag.state is not State.OPEN]


@pytest.mark.parametrize(("told", "scene"), ENDED, ids=names([(*row, "") for row in ENDED]))
def test_nobody_reads_who_has_room_for_what_is_not_open(told: Message, scene: Picture) -> None:
    """Their lights are not even looked up: `storage.picture`."""
    assert nl.say(told, replace(scene, lights=golden.ALL_DAY)) == nl.say(told, scene)


def read_html(html: str) -> str:
    """What somebody sees of the HTML."""
    return unescape(re.sub(r"<[^>]*>", "", html.replace("<br>", "\n").replace("&nbsp;", " ")))


@every
def test_plain_text_and_html_say_the_same_words(told: Message, scene: Picture) -> None:
    said = nl.say(told, scene)
    assert read_html(said.html) == said.body


@every
def test_no_line_ends_in_a_space_and_none_is_empty(told: Message, scene: Picture) -> None:
    for line in nl.say(told, scene).body.split("\n"):
        assert line == line.strip()
        assert line


@every
def test_a_colour_never_stands_without_its_word(told: Message, scene: Picture) -> None:
    for line in nl.say(told, scene).body.split("\n"):
        for colour, dot in DOTS.items():
            assert line.count(dot) <= len(re.findall(rf"\b{colour}\b", line))
        assert line.count("⚪") <= line.count("onbekend")


@every
def test_nobody_is_called_a_patient_and_nobody_gets_an_u(told: Message, scene: Picture) -> None:
    assert not re.search(r"pati[eë]nt|\b[Uu]w?\b(?!/week)|ticket|claim", nl.say(told, scene).body)


@pytest.mark.parametrize(("told", "scene"), [row[:2] for row in POSTS], ids=names(POSTS))
def test_a_post_is_short_enough_for_a_telephone(told: Message, scene: Picture) -> None:
    """A line of a post is at most 120 characters for what people usually type, six lines in all."""
    lines = nl.say(told, scene).body.split("\n")
    assert len(lines) <= 6
    assert [line for line in lines if len(line) > 120] == []


@every
def test_only_those_who_are_meant_are_mentioned(told: Message, scene: Picture) -> None:
    """Who asked, who did it, and whose zorgvraag it was: nobody else's telephone tells of it."""
    meant = {*scene.asked_by, getattr(told, "by", None), getattr(told, "user_id", None)}
    if isinstance(told, a.Withdrawn):
        meant = {scene.zorgvraag.claimed_by}
    if isinstance(told, a.Resumed | a.Reopened):
        meant.add(told.claimant)
    if isinstance(told, a.Closed):
        meant.add(scene.zorgvraag.claimed_by)
    if isinstance(told, r.Refusal):
        meant = set(scene.asked_by)
    said = nl.say(told, scene)
    assert set(said.mentions) <= meant
    assert len(said.mentions) == len(set(said.mentions))


@every
def test_the_room_is_mentioned_only_by_a_loud_repost(told: Message, scene: Picture) -> None:
    said = nl.say(told, scene)
    assert said.room is (isinstance(told, a.Reposted) and told.loud)
    assert ("@room" in said.body) is said.room


def test_a_loud_repost_of_what_was_claimed_meanwhile_wakes_nobody() -> None:
    said = nl.say(a.Reposted(7, 1, 48, loud=True, escalated=False), picture(CLAIMED))
    assert not said.room
    assert said.body.startswith("✅ Noord-42")


LOUD = (
    *(a.Post, a.PostChanged, a.StillOpen, a.Departed, a.Details, a.GivenBack),
    *(a.Stranger, a.ShutOut, a.Unread, a.KeyChanged, a.Alarm, a.Welcome, a.Digest),
)


@every
def test_answers_and_notices_make_no_telephone_ring(told: Message, scene: Picture) -> None:
    """A new or changed post rings, and what somebody must know; what was asked for is read anyway."""
    rings = isinstance(told, LOUD) or (isinstance(told, a.Withdrawn) and scene.zorgvraag.claimed_by is not None)
    rings |= isinstance(told, a.Resumed) and told.by != told.claimant
    rings |= isinstance(told, a.Closed) and told.by != scene.zorgvraag.claimed_by
    rings = rings or (isinstance(told, a.OpenPart) and told.number == 1)  # it was asked in another room
    assert nl.say(told, scene).quiet is not rings


def test_who_lost_is_mentioned_and_who_won_is_not() -> None:
    scene = picture(CLAIMED, asked_by=(JAN, FATIMA, CARLA))
    assert nl.say(r.AlreadyClaimed(7, FATIMA, scene.now), scene).mentions == (JAN, CARLA)


def test_a_mention_holds_the_name_alone_because_clients_put_another_name_in_its_place() -> None:
    """Element shows a mention as the account's own name: a team inside it would be gone."""
    said = nl.say(a.Claimed(7, FATIMA, CLAIMED.opened_at), picture(CLAIMED))
    assert f">Fatima</a>{WHO.removeprefix('Fatima')}." in said.html


def test_urgency_is_as_bold_as_the_number() -> None:
    said = nl.say(a.Opened(7), picture(replace(OPEN, care=FULL)))
    assert "<strong>Noord-42 · SPOED</strong> · 7523" in said.html


def test_what_to_type_is_not_broken_over_two_lines() -> None:
    assert nl.say(a.Opened(7), picture(OPEN)).html.endswith("<strong>!oppakken&nbsp;42</strong>")


def test_who_had_it_is_mentioned_when_it_is_withdrawn() -> None:
    assert nl.say(a.Withdrawn(7, CARLA), picture(CLAIMED)).mentions == (FATIMA,)
    assert nl.say(a.Withdrawn(7, CARLA), picture(OPEN)).mentions == ()


def test_who_had_it_is_mentioned_when_a_coordinator_gives_it_back_or_finishes_it() -> None:
    assert nl.say(a.Reopened(7, FATIMA, CARLA), picture(OPEN)).mentions == (FATIMA,)
    assert nl.say(a.Reopened(7, FATIMA, FATIMA), picture(OPEN)).mentions == ()
    assert FATIMA in nl.say(a.Closed(7, CARLA), picture(CLOSED)).mentions


def test_somebody_who_left_the_register_is_no_bare_account() -> None:
    said = nl.say(a.Claimed(7, "@gone:zorg.test", CLAIMED.opened_at), picture(CLAIMED, members={}))
    assert said.body == "✅ Noord-42 is opgepakt door een oud-collega."
    assert said.mentions == ()


@every
def test_whoever_quotes_us_is_not_taken_for_somebody_who_types_personal_data(told: Message, scene: Picture) -> None:
    """Older clients put what they answer before the answer, and what was quoted is looked at as well."""
    alone = isinstance(told, a.Details | a.GivenBack)
    assert bool(privacy.find(nl.say(told, scene).body, scene.now.date())) <= alone
