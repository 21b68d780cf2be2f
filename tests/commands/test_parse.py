"""What people type becomes a command, a refusal that helps, or nothing at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands import VERBS
from commands.claim import Claim
from commands.language.light_line import LightLine, read_light
from commands.language.parse import parse
from commands.language.said import Place
from commands.language.words import Which, Words
from commands.submit import Submit
from domain.care import Care
from domain.refusals import MissingParts, NoCommand, Refusal, UnknownVerb, Unsure
from tests.commands import cases


def read(line: str, place: Place = cases.ROOM, *, now: datetime = cases.NOW) -> tuple[str, Any] | None:
    """The verb's name and its command."""
    found = parse(line, VERBS, now, names=cases.NAMES, place=place)
    return found and (found[0].name, found[1])


def refusal_of(line: str, place: Place = cases.ROOM) -> Refusal:
    """The refusal that a line meets."""
    with pytest.raises(Refusal) as caught:
        read(line, place)
    return caught.value


def shown(refusal: Refusal) -> tuple[type[Refusal], dict[str, Any]]:
    """A refusal as something that can be compared."""
    return type(refusal), vars(refusal)


@pytest.mark.parametrize(("line", "verb", "command"), cases.COMMANDS)
def test_a_line_becomes_its_command(line: str, verb: str, command: Any) -> None:
    assert read(line) == (verb, command)


@pytest.mark.parametrize(("line", "verb", "command"), cases.LOOSE)
def test_in_a_reply_a_verb_needs_no_prefix(line: str, verb: str, command: Any) -> None:
    assert read(line, cases.THREAD) == (verb, command)
    assert read(line, cases.ALONE) == (verb, command)


@pytest.mark.parametrize(("line", "verb", "command"), cases.BARE)
def test_in_the_room_a_whole_command_with_its_number_needs_no_prefix(line: str, verb: str, command: Any) -> None:
    assert read(line) == (verb, command)
    assert read(line, cases.POST) == (verb, command)


@pytest.mark.parametrize(("line", "refusal"), cases.BARE_REFUSED)
def test_what_is_likely_but_not_clear_is_asked_back_in_the_room(line: str, refusal: Refusal) -> None:
    assert shown(refusal_of(line)) == shown(refusal)


@pytest.mark.parametrize("line", cases.CLEAR_UNDER_A_POST)
def test_clear_words_under_a_post_claim_it_also_when_somebody_was_first(line: str) -> None:
    assert read(line, cases.POST) == ("oppakken", Claim(Which(None)))
    assert read(line, cases.TAKEN) == ("oppakken", Claim(Which(None)))


@pytest.mark.parametrize("line", cases.ASKED_BACK_UNDER_A_POST)
def test_less_clear_words_under_an_open_post_are_asked_back(line: str) -> None:
    assert shown(refusal_of(line, cases.POST)) == shown(Unsure("!oppakken 42"))
    assert read(line, cases.TAKEN) is None
    assert read(line, cases.THREAD) is None


@pytest.mark.parametrize(("line", "meant"), cases.ASKED_BACK_AT_WORK)
def test_a_coordinator_or_lead_who_forgot_the_prefix_is_asked_back_and_others_are_not(line: str, meant: str) -> None:
    assert shown(refusal_of(line, cases.AT_WORK)) == shown(Unsure(meant))
    assert read(line) is None


@pytest.mark.parametrize("line", cases.CHAT_AT_WORK)
def test_talk_of_coordinators_and_leads_stays_talk(line: str) -> None:
    assert read(line, cases.AT_WORK) is None


def test_a_coordinator_who_asks_for_takers_is_not_asked_back() -> None:
    for line in ("42 oppakken", "graag 42 oppakken aub", "42 is voor ons"):
        assert read(line, cases.NO_NURSE) is None


@pytest.mark.parametrize("line", [*cases.CLEAR_UNDER_A_POST, *cases.ASKED_BACK_UNDER_A_POST])
def test_no_words_without_a_number_claim_anything_in_the_room(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize(("line", "refusal"), cases.REFUSED_UNDER_A_POST)
def test_under_a_post_the_number_of_another_is_asked_back(line: str, refusal: Refusal) -> None:
    assert shown(refusal_of(line, cases.POST)) == shown(refusal)


@pytest.mark.parametrize(("line", "refusal"), cases.REFUSED_TO_US)
def test_a_question_to_us_alone_is_asked_back(line: str, refusal: Refusal) -> None:
    assert shown(refusal_of(line, cases.ALONE)) == shown(refusal)
    assert shown(refusal_of(f"Schakelbot, {line}")) == shown(refusal)


@pytest.mark.parametrize(("line", "verb", "command"), cases.TO_US)
def test_to_us_alone_everyday_words_are_enough(line: str, verb: str, command: Any) -> None:
    assert read(line, cases.ALONE) == (verb, command)
    assert read(f"Schakelbot, {line}") == (verb, command)


@pytest.mark.parametrize("line", cases.NO_COMMAND)
def test_one_to_one_what_is_no_command_is_not_met_with_silence(line: str) -> None:
    assert shown(refusal_of(line, replace(cases.ALONE, alone=True))) == shown(NoCommand())


@pytest.mark.parametrize("line", cases.NEEDS_NO_ANSWER)
def test_one_to_one_thanks_need_no_answer(line: str) -> None:
    assert read(line, replace(cases.ALONE, alone=True)) is None


@given(st.text(st.sampled_from("ikpakneemwij 'm42?!✋ aan"), max_size=25))
def test_no_question_without_a_prefix_changes_anything(text: str) -> None:
    for place in cases.PLACES:
        with suppress(Refusal):
            found = parse(f"{text}?", VERBS, cases.NOW, place=place)
            assert found is None or not (found[0].changes and found[0].numbered) or text.lstrip().startswith(("!", "/"))


@pytest.mark.parametrize("line", cases.CHAT)
def test_chat_stays_chat(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize("line", cases.CHAT_IN_A_THREAD)
def test_everyday_words_in_a_thread_are_no_command(line: str) -> None:
    assert read(line, cases.THREAD) is None
    assert read(line, cases.POST) is None


@pytest.mark.parametrize(("line", "refusal"), cases.REFUSED)
def test_a_wrong_line_is_refused_with_what_helps(line: str, refusal: Refusal) -> None:
    assert shown(refusal_of(line)) == shown(refusal)


@pytest.mark.parametrize(("line", "refusal"), cases.REFUSED_IN_A_THREAD)
def test_a_wrong_command_in_a_thread_is_not_met_with_silence(line: str, refusal: Refusal) -> None:
    assert shown(refusal_of(line, cases.THREAD)) == shown(refusal)


def test_the_table_is_large_and_says_nothing_twice() -> None:
    lines = [case[0] for case in (*cases.COMMANDS, *cases.REFUSED)] + cases.CHAT
    assert len(lines) >= 220
    assert len(set(lines)) == len(lines)


def test_every_name_of_every_verb_is_read() -> None:
    for verb in VERBS:
        for name in (verb.name, *verb.aliases):
            try:
                found = read(f"!{name}")
            except MissingParts:
                found = ("zorgvraag", None)
            assert found is not None
            assert found[0] == verb.name


def test_no_slip_of_the_finger_runs_a_verb_that_changes_something() -> None:
    known = {name for verb in VERBS for name in (verb.name, *verb.aliases)}
    for verb in VERBS:
        for name in (verb.name, *verb.aliases) if verb.changes else ():
            for at in range(len(name)):
                slips = {name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:], name[:at] + "q" + name[at + 1 :]}
                for slip in slips - known - {""}:
                    try:
                        found = parse(f"!{slip} 42", VERBS, cases.NOW)
                    except Refusal:
                        continue
                    assert found is None or not found[0].changes, slip


def test_a_suggestion_can_be_copied_and_then_runs() -> None:
    for _, refusal in cases.REFUSED:
        if isinstance(refusal, UnknownVerb) and refusal.meant:
            assert read(refusal.meant) is not None


TOKENS = (
    "7523", "wondzorg", "PV", "2x/dag", "ochtend,avond", "3,5u", "start 25-11", "spoed", "voorkeur Buurtzorg Noord",
    "expertise dementie", "wens vrouw", "taal Turks", "van huisarts", "zvw", "dagelijks", "binnen 24 uur",
)  # fmt: skip


@given(st.permutations(TOKENS), st.sampled_from([" ", "  ", ", ", "\n", " - ", "\u00a0"]))
def test_the_tokens_of_a_zorgvraag_come_in_any_order(tokens: list[str], separator: str) -> None:
    expected = read("!zorgvraag " + " ".join(TOKENS) + ": Sleutel bij buren")
    assert read("!zorgvraag " + separator.join(tokens) + ": Sleutel bij buren") == expected


def test_the_tokens_of_a_light_come_in_any_order() -> None:
    lights = {
        read("!capaciteit " + " ".join(tokens))
        for tokens in permutations(("avond", "rood", "tot vrijdag 12:00", "ochtend"))
    }
    assert len(lights) == 1


@given(st.text(max_size=300), st.sampled_from(cases.PLACES))
@example("!zorgvraag 7523 wond start 29-2", cases.ROOM)
@example("!cap rood tot 99-99", cases.ROOM)
@example("!pak ²", cases.ROOM)
@example("!zorgvraag ½", cases.ROOM)
@example("İ" * 50, cases.ALONE)
@example("Schakelbot İ", cases.ROOM)
def test_any_text_gives_a_command_nothing_or_a_refusal(text: str, place: Place) -> None:
    for line in (text, f"!{text}", f"Schakelbot {text}"):
        refusal = None
        try:
            read(line, place)
        except Refusal as caught:
            refusal = caught
        assert len(getattr(refusal, "word", "")) <= 40


PIECES = st.sampled_from([
    "7523", "7523ab", "wond", "pv", "ma", "zo", "2x", "2", "/", "-", ":", ",", ".", "u", "uur", "/dag", "per", "week",
    "start", "tot", "t/m", "31-2", "25-11", "1.2", "12:00", "24:00", "99", "morgen", "van", "vanavond", "ochtend",
    "o/a", "avond", "rood", "groen", "vol", "team", "voorkeur", "expertise", "wens", "Livio", "spoed", "<24u",
    "binnen", "48", "🔴", "🚨", "½", '"', "(", ")", "#", "0", "volgende", "weekend", "over", "dagen", "dec", "jan",
    "29-2", "nog", "ruimte", "en", "noord-42", "noord", "42", "graag", "gr",
])  # fmt: skip


@given(st.sampled_from([verb.name for verb in VERBS]), st.lists(PIECES, max_size=12), st.sampled_from([" ", ""]))
def test_any_words_of_ours_in_any_order_give_a_command_or_a_refusal(verb: str, pieces: list[str], glue: str) -> None:
    with suppress(Refusal):
        assert read(f"!{verb} {glue.join(pieces)}") is not None


@given(st.integers(1, 10**10 - 1), st.sampled_from(["", "#", "nr ", "Noord-", "noord "]))
def test_any_number_is_read_back(number: int, before: str) -> None:
    found = read(f"!oppakken {before}{number}")
    assert found is not None
    assert found[1].which.number == number


@given(st.integers(0, 4 * 366 * 24 * 60))
def test_an_end_always_lies_ahead_also_in_the_nights_of_the_clock_change(minutes: int) -> None:
    now = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(cases.AMSTERDAM)
    for end in (
        "morgen",
        "vrijdag",
        "t/m vandaag",
        "02:30",
        "3 uur",
        "volgende week",
        "overmorgen 12:00",
        "maandagochtend",
    ):
        until = read_light(Words("capaciteit", f"rood tot {end}".replace("tot t/m", "t/m"), now)).until
        assert until is not None
        assert until.utcoffset() is not None
        assert timedelta() < until.replace(tzinfo=None) - now.replace(tzinfo=None) <= timedelta(days=8)


@pytest.mark.parametrize(
    ("today", "line", "start"),
    [
        ("2026-12-31", "start 1-1", "2027-01-01"),
        ("2026-12-31", "start morgen", "2027-01-01"),
        ("2027-12-01", "start 29-2", "2028-02-29"),
        ("2028-02-28", "start morgen", "2028-02-29"),
        ("2026-11-19", "start 19-11", "2026-11-19"),
        ("2026-11-19", "start donderdag", "2026-11-26"),
        ("2026-11-22", "start maandag", "2026-11-23"),
        ("2026-11-22", "start volgende week", "2026-11-23"),
        ("2026-11-19", "start volgende week donderdag", "2026-11-26"),
        ("2026-11-19", "start in", None),
    ],
)
def test_a_start_is_the_next_such_day(today: str, line: str, start: str | None) -> None:
    now = datetime.fromisoformat(today).replace(hour=10, tzinfo=cases.AMSTERDAM)
    try:
        found = read(f"!zorgvraag 7523 wond {line}", now=now)
    except Refusal:
        assert start is None
        return
    assert found is not None
    assert isinstance(found[1], Submit)
    assert str(found[1].care.start) == start


def test_the_letters_of_a_postcode_are_never_said_back() -> None:
    for line in ("7523XQ", "7523 XQ", "7523-XQ", "wond 7523xq spoed", "postcode 7523xq"):
        assert "xq" not in str(vars(refusal_of(f"!zorgvraag {line}"))).lower()


@pytest.mark.parametrize(
    "filler",
    [
        ":",
        "!",
        ",",
        "tot 1",
        "start:",
        "1 ",
        "noord ",
        "\u200b",
        "voorkeur a ",
        "/",
        "2x ",
        "in het ",
        "x vanaf ",
        "8 uur ",
    ],
)
@pytest.mark.parametrize("verb", ["zorgvraag", "capaciteit", "oppakken", "vrijgeven"])
@pytest.mark.timeout(5)
def test_a_very_long_line_is_dealt_with_at_once(verb: str, filler: str) -> None:
    for line in (f"!{verb} " + filler * 30_000, f"!{verb} rood 7523 wond " + filler * (1_900 // len(filler))):
        with suppress(Refusal):
            read(line)


def test_what_was_read_keeps_accents_and_capitals() -> None:
    found = read("!ZORGVRAAG 7523 WOND VOORKEUR Zorggroep Één: Mevr. is ‘slechthorend’, 2 katten")
    assert found == ("zorgvraag", cases.care(
        cases.WOND, preferred="Zorggroep Één", note="Mevr. is ‘slechthorend’, 2 katten"
    ))  # fmt: skip


def test_the_types_are_those_of_the_verbs() -> None:
    assert isinstance(cases.CARE[0][2].care, Care)
    assert isinstance(cases.LIGHTS[0][2], LightLine)
