"""Whatever comes in, the door answers in its own shape, with a Dutch reason, and never fails."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.intake.models import NewContact, NewVisits, NewZorgvraag
from tests.intake.door import ADDRESS, DAY, Door, body, errors
from texts import intake as texts

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NEAR = st.sampled_from(["7523", "wondzorg", "dag", "2026-11-25", "1e5", "-0", "Infinity", "sNaN", "1E-9", "NaN", ""])
VALUES = NEAR | ANY | st.lists(NEAR, max_size=3) | st.integers(-(10**400), 10**400)


def near(model: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the right keys, mostly, and odd values."""
    return st.dictionaries(st.sampled_from([*model.model_fields, "extra"]), VALUES, max_size=6)


FIELDS = near(NewZorgvraag) | st.fixed_dictionaries({"contact": near(NewContact), "visits": near(NewVisits)})
GIVEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def send(door: Door, content: bytes) -> None:
    door.moment += DAY  # so that no example waits for another
    answer = await door.client.post(ADDRESS, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 201, 409, 413, 422)
    if answer.status_code >= 400:
        assert texts.UNUSABLE not in errors(answer).values()


@GIVEN
@given(content=ANY)
async def test_any_json_gets_an_answer(door: Door, content: Any) -> None:
    """Never 500, and every kind of error has its reason."""
    await send(door, json.dumps(content).encode())


@GIVEN
@given(fields=FIELDS)
async def test_almost_a_zorgvraag_gets_an_answer(door: Door, fields: dict[str, Any]) -> None:
    """The right fields with odd values."""
    await send(door, json.dumps(body() | fields).encode())


@GIVEN
@given(content=st.binary(max_size=200))
async def test_any_bytes_get_an_answer(door: Door, content: bytes) -> None:
    """Not even JSON."""
    await send(door, content)


@GIVEN
@given(text=st.text(max_size=60))
async def test_any_text_in_every_free_field_gets_an_answer(door: Door, text: str) -> None:
    """What a person may type, with and without contact details."""
    contact = dict.fromkeys(NewContact.model_fields, text)
    fields = dict.fromkeys(("expertise", "preferred", "wish", "note"), text)
    await send(door, json.dumps(body() | fields | {"contact": contact}).encode())


@GIVEN
@given(path=st.text(max_size=40))
async def test_any_reference_can_be_asked_for(door: Door, path: str) -> None:
    """404 for whatever was never sent."""
    door.moment += DAY
    answer = await door.client.get(f"{ADDRESS}/x{quote(path)}")
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", sorted(texts.REASONS))
def test_every_reason_can_be_said(kind: str) -> None:
    """Each sentence is complete with the bounds that pydantic gives."""
    bounds = {
        "choices": "a",
        "gt": 0,
        "ge": 1,
        "le": 2,
        "max_length": 3,
        "min_length": 1,
        "decimal_places": 2,
        "what": "x",
    }
    assert "{" not in texts.reason(kind, ("field",), bounds)
