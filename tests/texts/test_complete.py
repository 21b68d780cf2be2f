"""Nothing is missing: every fact has its sentence, every verb its line of help, every code its word."""

from __future__ import annotations

import pytest

from commands import VERBS
from domain import announcements, privacy, refusals
from domain.announcements import Erase, Help, Redact
from domain.capacity import Colour
from domain.people import Role
from domain.picture import Picture
from domain.zorgvraag import State
from tests.texts.scene import PICTURE
from texts import help, nl, refused, words  # noqa: A004 - the verb is called so


def test_every_announcement_and_refusal_has_a_sentence() -> None:
    assert set(nl.SENTENCES) | set(nl.WORDLESS) == {*announcements.ALL, *refusals.ALL}


def test_only_what_is_done_rather_than_said_has_none() -> None:
    assert {kind.__name__ for kind in nl.WORDLESS} <= {"Redact", "Erase", "DetailsTaken"}
    assert not set(nl.WORDLESS) & set(nl.SENTENCES)
    for done in (Redact("$event"), Erase("$event")):
        with pytest.raises(KeyError):
            nl.say(done, PICTURE)


def test_help_tells_of_every_verb_in_the_order_of_their_table() -> None:
    assert list(help.LINES) == [verb.name for verb in VERBS]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_help_shows_a_verb_to_those_who_may_say_it(verb: object) -> None:
    name, roles = verb.name, verb.roles  # type: ignore[attr-defined]
    allowed, typed, does = help.LINES[name]
    assert allowed == roles
    assert typed.startswith(f"!{name}")
    assert does


@pytest.mark.parametrize("role", Role)
def test_each_role_is_shown_its_own_verbs_and_no_others(role: Role) -> None:
    body = nl.say(Help((role.value,)), PICTURE).body
    shown = {name for name, (_, typed, _) in help.LINES.items() if typed in body}
    assert shown == {verb.name for verb in VERBS if role in verb.roles}


def test_who_has_no_role_sees_what_a_nurse_sees() -> None:
    assert nl.say(Help(()), PICTURE) == nl.say(Help(("nurse",)), PICTURE)


def test_every_code_has_its_word() -> None:
    assert set(words.PERSONAL) == {kind.value for kind in privacy.Kind}
    assert set(words.ROLES) == set(Role)
    assert set(words.DOTS) == set(words.MEANINGS) == set(Colour)
    assert set(refused.STATES) == {State.CLOSED.value, State.WITHDRAWN.value}


def test_refusals_that_an_empty_picture_must_be_able_to_tell() -> None:
    """The door on HTTP tells these without a region: no name and no number is needed."""
    nowhere = Picture(PICTURE.now, PICTURE.region)
    for refusal in (refusals.PersonalData(("bsn",)), refusals.TooLong(500), refusals.UnknownPostcode("1000")):
        assert nl.say(refusal, nowhere).body
