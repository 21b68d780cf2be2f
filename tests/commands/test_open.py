"""What stands behind !open becomes a choice, or a refusal that helps."""

from __future__ import annotations

import pytest

from commands.language.words import Words
from commands.open import Open, read
from domain.care import Kind
from domain.people import PostcodeRange
from domain.refusals import BadValue, UnknownWord
from domain.wanted import Wanted
from tests.commands.cases import NOW


def area(first: str, last: str | None = None) -> PostcodeRange:
    """One PC4, or a run of them."""
    return PostcodeRange(first, last or first)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("", Open()),
        ("aub 🙏", Open()),
        ("7523", Open(Wanted((area("7523"),)))),
        ("in postcode 7523 graag", Open(Wanted((area("7523"),)))),
        ("7523, 7521 en 7523", Open(Wanted((area("7523"), area("7521"))))),
        ("7520-7525", Open(Wanted((area("7520", "7525"),)))),
        ("7525 t/m 7520", Open(Wanted((area("7520", "7525"),)))),
        ("wondzorg", Open(Wanted(kinds=(Kind.WONDZORG,)))),
        ("PV of stoma", Open(Wanted(kinds=(Kind.VERZORGING, Kind.STOMA)))),
        ("spoed", Open(Wanted(spoed=True))),
        ("spoed 7523 wond", Open(Wanted((area("7523"),), (Kind.WONDZORG,), spoed=True))),
        ("alles", Open(whole=True)),
        ("alles in 7523", Open(Wanted((area("7523"),)), whole=True)),
        ("groetjes Fatima", Open()),
        ("Noord", Open(place="Noord")),
        ("in Oost-Twente wondzorg", Open(Wanted(kinds=(Kind.WONDZORG,)), place="Oost-Twente")),
        ("Enschede Zuid alles aub", Open(whole=True, place="Enschede Zuid")),
    ],
)
def test_words_in_any_order_say_what_is_wanted(words: str, command: Open) -> None:
    assert read(Words("open", words, NOW)) == command


@pytest.mark.parametrize(
    ("words", "word", "meant"),
    [
        ("42", "42", "!status 42"),
        ("Noord-42", "Noord-42", "!status Noord-42"),
        ("wonzorg", "wonzorg", "wondzorg"),
        ("spoet", "spoet", "spoed"),
    ],
)
def test_any_other_word_is_refused_with_what_was_perhaps_meant(words: str, word: str, meant: str) -> None:
    with pytest.raises(UnknownWord) as refused:
        read(Words("open", words, NOW))
    assert (refused.value.word, refused.value.meant) == (word, meant)


def test_the_letters_of_a_postcode_are_never_said_back() -> None:
    with pytest.raises(BadValue) as refused:
        read(Words("open", "7523xq", NOW))
    assert refused.value.word == "7523…"
