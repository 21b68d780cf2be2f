"""Every announcement, refusal and object that is stored comes back as it was."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import announcements, refusals
from domain.audience import Audience, Coordinators, Person, RegionRoom, Room
from domain.care import Care, Contact, Kind, Urgency, Visits
from domain.people import Policy, PostcodeRange, Region, Team
from domain.wanted import EVERYTHING, Wanted
from storage.codec import from_json, to_json
from storage.letters import AUDIENCES, KINDS, Message
from storage.work import Store
from tests.storage.shelf import NOW, opened, take

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    datetime: st.datetimes(timezones=st.just(UTC)),
    tuple[str, ...]: st.lists(TEXT, max_size=3).map(tuple),
    str | None: st.none() | TEXT,
}


PLAIN: dict[Any, Any] = {
    str: "x",
    str | None: "x",
    int: 3,
    bool: True,
    tuple[str, ...]: ("x", "y"),
    tuple[int, ...]: (1, 2),
    date: NOW.date(),
    datetime: NOW,
    Wanted: EVERYTHING,
}


def types_of(kind: type[Any]) -> dict[str, Any]:
    """The type of each field of a dataclass."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def examples(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Instances of a dataclass, each field by its type."""
    return st.builds(kind, **{name: BY_TYPE.get(hint, st.from_type(hint)) for name, hint in types_of(kind).items()})


def as_stored(value: Any) -> Any:
    """What a JSON column would give back."""
    return json.loads(json.dumps(value))


def test_the_kinds_of_letters_are_all_announcements_and_refusals() -> None:
    """One name, one kind: a refusal called as an announcement would be told as the other."""
    assert list(KINDS.values()) == [*announcements.ALL, *refusals.ALL]


def test_the_lists_of_all_kinds_miss_none() -> None:
    def leaves(kind: type[Any]) -> set[type[Any]]:
        below = {leaf for each in kind.__subclasses__() for leaf in leaves(each)}
        return below | ({kind} if "__dataclass_fields__" in vars(kind) else set())

    abstract = {announcements.Announcement, announcements.Post}
    assert leaves(announcements.Announcement) - abstract == set(announcements.ALL)
    assert leaves(refusals.Refusal) == set(refusals.ALL)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(deadline=None)  # the first of a kind builds its adapter, which a busy machine takes long for
@given(data=st.data())
def test_whatever_can_be_said_comes_back_from_storage_as_it_was(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(examples(kind))
    again: Message = from_json(kind, as_stored(to_json(kind, message)))
    assert type(again) is kind
    assert vars(again) == vars(message)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_whatever_can_be_said_goes_through_the_outbox(store: Store, kind: type[Message]) -> None:
    """With ids that exist: a zorgvraag of the region."""
    zorgvraag = await opened(store)
    facts = {name: PLAIN[hint] for name, hint in types_of(kind).items()}
    if "zorgvraag_id" in facts:
        facts["zorgvraag_id"] = zorgvraag.id
    message = kind(**facts)
    async with store.work() as work:
        await work.outbox.put(RegionRoom("noord"), message, NOW)
    batch = await take(store)
    assert batch is not None
    (letter,) = batch.letters
    assert type(letter.message) is kind
    assert vars(letter.message) == vars(message)
    assert letter.zorgvraag_id == facts.get("zorgvraag_id")


@pytest.mark.parametrize("audience", [RegionRoom("noord"), Coordinators("noord"), Person("@a:x"), Room("!r")])
async def test_every_audience_comes_back_from_the_outbox(store: Store, audience: Audience) -> None:
    async with store.work() as work:
        await work.outbox.put(audience, announcements.Board(), NOW)
    batch = await take(store)
    assert batch is not None
    assert batch.letters[0].audience == audience
    assert AUDIENCES[type(audience).__name__] is type(audience)


CARE = st.builds(
    Care,
    pc4=st.integers(1000, 9999).map(str),
    kinds=st.lists(st.sampled_from(Kind), min_size=1, unique=True).map(tuple),
    visits=st.none() | st.builds(Visits, count=st.integers(1, 20)),
    hours=st.none() | st.decimals(Decimal("0.25"), 168, places=2),
)
POLICY = st.builds(
    Policy,
    steps=st.fixed_dictionaries(
        {urgency: st.lists(st.timedeltas(), min_size=1, max_size=3).map(tuple) for urgency in Urgency}
    ),
)
RANGES = st.lists(st.builds(PostcodeRange), max_size=3).map(tuple)


@given(CARE)
def test_what_is_asked_comes_back_to_the_quarter_of_an_hour(care: Care) -> None:
    assert from_json(Care, as_stored(to_json(Care, care))) == care


@given(st.builds(Region, postcodes=RANGES, timezone=st.just("Europe/Amsterdam"), policy=POLICY))
def test_a_region_comes_back_with_every_step_of_its_policy(region: Region) -> None:
    assert from_json(Region, as_stored(to_json(Region, region))) == region


@given(st.builds(Team, postcodes=RANGES, expertise=st.lists(TEXT, max_size=3).map(tuple)))
def test_a_team_comes_back(team: Team) -> None:
    assert from_json(Team, as_stored(to_json(Team, team))) == team


@given(st.builds(Contact))
def test_a_contact_comes_back(contact: Contact) -> None:
    assert from_json(Contact, as_stored(to_json(Contact, contact))) == contact
