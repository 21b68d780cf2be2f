"""What holds for every text: nothing hides, nothing leaks, nothing crashes, and no pattern can be made to crawl."""

import dataclasses
import pkgutil
import re
from datetime import date, timedelta
from importlib import import_module
from itertools import islice

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import domain.traces
from domain.privacy import Finding, Kind, find, is_bsn
from domain.traces.folding import fold

TODAY = date(2026, 11, 22)
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
GROUPINGS = ((9,), (3, 3, 3), (4, 2, 3), (2, 2, 2, 3))
SEPARATORS = (".", "-", " ", "/", "\u00a0", "\u2011", " - ", "·", "\u2009")
SCRIPTS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९")
UNSEEN = ("", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "\ufe0f")
WORDS = (
    "mevrouw", "cliënt", "7523", "wondzorg", "2x/dag", "ochtend,avond", "3,5u", "start", "25-11-2026", "spoed", "PV",
    "Livio:", "24/7", "08.00-09.30", "uur", "Noord-42", "BSN", "bsn:", "tel.", "…", "geb.", "112", "\n", "dank!",
)  # fmt: skip
HARMLESS_WORDS = [word for word in WORDS if word not in {"BSN", "bsn:", "geb."}]

# A slow moment of the machine says nothing about the text.
untimed = settings(deadline=None)

sentences = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@st.composite
def bsns(draw: st.DrawFn, first: st.SearchStrategy[int] = st.integers(0, 9)) -> str:  # noqa: B008
    """Nine digits, at most one zero in front, that pass the elfproef; made by its rule, not by our function."""
    digits = [draw(first), *draw(st.lists(st.integers(0, 9), min_size=7, max_size=7))]
    check = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    assume(check < 10 and any(digits[:2]))
    return "".join(map(str, [*digits, check]))


@st.composite
def written_bsns(draw: st.DrawFn) -> str:
    """A BSN in one of the notations, in any script, with things between its digits that nobody sees."""
    script, unseen = draw(st.sampled_from(SCRIPTS)), draw(st.sampled_from(UNSEEN))
    digits = iter([script[int(digit)] for digit in draw(bsns())])
    groups = [islice(digits, length) for length in draw(st.sampled_from(GROUPINGS))]
    return draw(st.sampled_from(SEPARATORS)).join(unseen.join(group) for group in groups)


def kinds(text: str) -> list[Kind]:
    return [finding.kind for finding in find(text, TODAY)]


@untimed
@given(sentences, written_bsns(), sentences)
def test_a_bsn_is_found_in_every_notation_and_in_every_surrounding(before: str, bsn: str, after: str) -> None:
    assert Kind.BSN in kinds(f"{before} {bsn} {after}")


@untimed
@given(written_bsns(), st.sampled_from(["", "cliënt ", "é\u0301\u200b(", "ﬁ "]))
def test_the_positions_enclose_exactly_what_was_written(bsn: str, before: str) -> None:
    text = f"{before}{bsn}, dank"
    assert [text[found.start : found.end] for found in find(text, TODAY)] == [bsn]


@untimed
@given(bsns(st.just(0)), sentences)
def test_a_bsn_of_eight_digits_is_found_when_it_is_called_one(bsn: str, before: str) -> None:
    assert kinds(f"{before} BSN {bsn[1:]}")[-1:] == [Kind.BSN]


@untimed
@given(st.integers(10_000_000, 999_999_999))
def test_a_number_that_fails_the_elfproef_is_no_bsn(number: int) -> None:
    assume(not is_bsn(str(number)))
    assert Kind.BSN not in kinds(f"ordernummer {number}")


@untimed
@given(st.lists(st.sampled_from(HARMLESS_WORDS)).map(" ".join))
def test_ordinary_sentences_of_a_zorgvraag_are_never_refused(text: str) -> None:
    assert find(text, TODAY) == ()


@untimed
@given(
    st.dates(TODAY - timedelta(days=730), TODAY + timedelta(days=730)),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%y", "%d %m %Y", "%d%m%Y", "%Y%m%d"]),
    st.sampled_from(["", " PV", " 2x/dag", " 14 uur", " 08.00-12.00 uur", " 7523"]),
)
@example(date(2026, 11, 6), "%d-%m-%Y", " 14 uur")
def test_a_start_date_within_two_years_is_never_refused(day: date, notation: str, after: str) -> None:
    assert kinds(f"start {day.strftime(notation)}{after}") == []


@untimed
@given(
    st.dates(date(1929, 1, 1), TODAY - timedelta(days=733)),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d %m %Y", "%d%m%Y", "%Y%m%d", "%d-%m-%y", "%d.%m.%y"]),
    sentences,
)
def test_a_birth_date_is_found_in_every_notation(day: date, notation: str, before: str) -> None:
    assume("%y" not in notation or day.year < 2000)
    assert kinds(f"{before} meneer {day.strftime(notation)}")[-1:] == [Kind.BIRTH_DATE]


@untimed
@given(
    st.text("12345678", min_size=8, max_size=8),
    st.sampled_from(["06", "06-", "06 ", "+316", "+31 6 ", "0031 6 ", "+31 (0)6-", "(06) "]),
    st.sampled_from([(8,), (4, 4), (2, 2, 2, 2), (3, 3, 2), (2, 3, 3), (1,) * 8]),
    st.sampled_from([" ", ".", "-", "\u00a0", "\u2009", "\u2011", " - ", "·", "/"]),
    st.sampled_from(SCRIPTS),
    st.sampled_from(UNSEEN),
)
def test_a_mobile_number_is_found_in_every_notation(
    digits: str, prefix: str, grouping: tuple[int, ...], separator: str, script: str, unseen: str
) -> None:
    assume(digits[0] not in "67")
    rest = iter(digits)
    number = separator.join(unseen.join(next(rest) for _ in range(length)) for length in grouping)
    written = "".join(script[int(one)] if one.isdigit() else one for one in prefix + number)
    assert kinds(f"Dochter: {written}, na 9 uur") == [Kind.PHONE]


@untimed
@given(st.text("12345678", min_size=8, max_size=8), st.sampled_from([" ", ".", "-", "\u00a0", "\u2009", "·"]))
def test_a_mobile_number_is_found_when_every_digit_stands_apart(digits: str, separator: str) -> None:
    assume(digits[0] not in "67")
    assert kinds(f"Dochter: {separator.join('06' + digits)}, na 9 uur") == [Kind.PHONE]


@untimed
@given(st.text(st.characters()), st.dates())
@example("1" * 5_000, date.min)
@example("\ud800@\udfff.\ud800", date.max)
def test_no_text_makes_it_raise(text: str, today: date) -> None:
    find(text, today)
    is_bsn(text)


@untimed
@given(st.lists(st.sampled_from([*WORDS, *UNSEEN, *SEPARATORS, "111222333", "⑩", "㏂", "06", "1941", "@a.nl"])))
def test_findings_are_in_order_without_overlap_and_within_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    edges = [edge for found in find(text, TODAY) for edge in (found.start, found.end)]
    assert edges == sorted(edges)
    assert all(found.start < found.end <= len(text) for found in find(text, TODAY))


@untimed
@given(written_bsns())
def test_a_finding_shows_a_code_and_two_numbers_and_nothing_of_the_text(bsn: str) -> None:
    (found,) = find(f"x {bsn} x", TODAY)
    assert [field.name for field in dataclasses.fields(Finding)] == ["kind", "start", "end"]
    assert (type(found.kind), type(found.start), type(found.end)) == (Kind, int, int)
    shown = f"Finding(kind={Kind.BSN!r}, start={found.start}, end={found.end})"
    assert (repr(found), str(found)) == (shown, shown)


@untimed
@given(st.text(st.characters()))
def test_folding_keeps_one_origin_for_each_character_and_never_turns_back(text: str) -> None:
    folded, origins = fold(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    assert all(0 <= origin < len(text) for origin in origins)


def patterns() -> list[re.Pattern[str]]:
    """Every compiled pattern of domain.traces, alone or in a tuple."""
    modules = [import_module(found.name) for found in pkgutil.iter_modules(domain.traces.__path__, "domain.traces.")]
    values = [value for module in modules for value in vars(module).values()]
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    return [value for row in rows for value in row if isinstance(value, re.Pattern)]


def is_bounded(pattern: str) -> bool:
    """Say whether no quantifier in it is open-ended; escapes and character classes hold no quantifiers."""
    return re.search(r"[*+]|,\}", re.sub(r"\\.|\[[^]]*]", "x", pattern)) is None


@pytest.mark.parametrize("pattern", ["a*", "(?:a|b)+", "[a-z]+x", r"\d{3,}", "a+?"])
def test_the_check_on_quantifiers_sees_an_open_one(pattern: str) -> None:
    assert not is_bounded(pattern)


def test_every_pattern_is_bounded_so_that_the_work_is_linear_whatever_is_typed() -> None:
    """A position costs at most a constant, and no timing on a busy machine has to show it."""
    assert len(patterns()) > 15
    assert [pattern.pattern for pattern in patterns() if not is_bounded(pattern.pattern)] == []
