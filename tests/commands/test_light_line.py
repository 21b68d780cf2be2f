"""A name before the colour says whose light it is; everyday words with a colour in them do not."""

from __future__ import annotations

import pytest

from commands.language.light_line import read_light
from commands.language.words import Words
from domain.refusals import UnknownWord
from tests.commands.cases import NOW


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Noord groen", "Noord"),
        ("Noord: groen", "Noord"),
        ("Oost-Twente avond rood tot vrijdag", "Oost-Twente"),
        ("avond Noord rood: griep", "Noord"),
        ("Enschede Zuid 🟢", "Enschede Zuid"),
        ("groen", None),
    ],
)
def test_a_name_before_the_colour_is_kept_as_it_was_typed(words: str, place: str | None) -> None:
    assert read_light(Words("capaciteit", words, NOW)).place == place


@pytest.mark.parametrize("words", ["verstandelijk beperkt", "dementerend, misschien nachtzorg", "Noord", "op tafel"])
def test_without_a_plain_colour_an_unknown_word_is_refused(words: str) -> None:
    """ "Licht verstandelijk beperkt" is talk under a post, and "licht" is an alias."""
    with pytest.raises(UnknownWord):
        read_light(Words("capaciteit", words, NOW))
