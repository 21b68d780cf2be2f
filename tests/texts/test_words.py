"""The small words: days, hours, numbers and enumerations, on the region's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.care import Care, Dagdeel, Kind, Per, Urgency, Visits
from tests.texts.scene import NOW, PICTURE
from texts import words


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-23T08:14", "09:14"),
        ("2026-11-22T23:00", "00:00"),
        ("2026-11-22T22:59", "gisteren 23:59"),
        ("2026-11-24T11:00", "morgen 12:00"),
        ("2026-11-25T11:00", "wo 25 nov 12:00"),
        ("2026-10-01T10:00", "do 1 okt 12:00"),
    ],
)
def test_a_moment_is_said_as_near_as_it_is(when: str, said: str) -> None:
    assert words.moment(datetime.fromisoformat(when).replace(tzinfo=UTC), NOW, PICTURE.region) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-23T08:14", "om 09:14"),
        ("2026-11-22T22:59", "gisteren om 23:59"),
        ("2026-10-01T10:00", "do 1 okt om 12:00"),
    ],
)
def test_a_moment_in_a_sentence_has_its_preposition(when: str, said: str) -> None:
    assert words.at(datetime.fromisoformat(when).replace(tzinfo=UTC), NOW, PICTURE.region) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-23T23:00", "morgen"),
        ("2026-11-26T23:00", "vr 27 nov"),
        ("2026-11-26T23:01", "vr 27 nov 00:01"),
        ("2026-11-24T11:00", "morgen 12:00"),
    ],
)
def test_until_a_day_is_until_it_begins_without_its_zeros(when: str, said: str) -> None:
    assert words.until(datetime.fromisoformat(when).replace(tzinfo=UTC), NOW, PICTURE.region) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=-5), "1 min"),
        (timedelta(seconds=59), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 uur"),
        (timedelta(hours=71, minutes=59), "71 uur"),
        (timedelta(hours=72), "3 dagen"),
        (timedelta(days=40), "40 dagen"),
    ],
)
def test_a_span_is_said_in_what_fits(span: timedelta, said: str) -> None:
    assert words.long_ago(span) == said


@pytest.mark.parametrize(("value", "said"), [("3.5", "3,5"), ("5.0", "5"), ("100", "100"), ("0.25", "0,25")])
def test_a_number_has_a_comma_and_no_needless_zeros(value: str, said: str) -> None:
    assert words.number(Decimal(value)) == said


@given(st.decimals(0, 10_000, places=2))
def test_a_number_keeps_its_value(value: Decimal) -> None:
    assert Decimal(words.number(value).replace(",", ".")) == value


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")]
)
def test_an_enumeration_ends_in_a_word(names: list[str], said: str) -> None:
    assert words.and_(names) == said


@pytest.mark.parametrize(
    ("care", "said"),
    [
        (Care("7523", (Kind.WONDZORG,)), "7523 · wondzorg"),
        (Care("7523", (Kind.VERPLEGING, Kind.ANDERS), urgency=Urgency.SPOED), "7523 · VP + anders"),
        (Care("7523", (Kind.STOMA,), dagdelen=(Dagdeel.NACHT,)), "7523 · stoma · nacht"),
        (Care("7523", (Kind.STOMA,), visits=Visits(3, Per.WEEK)), "7523 · stoma · 3×/week"),
        (Care("7523", (Kind.STOMA,), start=date(2026, 12, 1)), "7523 · stoma · start di 1 dec"),
        (Care("7523", (Kind.STOMA,), hours=Decimal("3.50")), "7523 · stoma · 3,5 u/week"),
    ],
)
def test_the_first_line_says_what_was_asked_and_nothing_that_was_not(care: Care, said: str) -> None:
    assert words.asked_for(care) == said


@given(st.text(max_size=50), st.integers(1, 40))
def test_a_shortened_text_is_never_longer_than_asked(text: str, most: int) -> None:
    short = words.short(text, most)
    assert len(short) <= most
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
