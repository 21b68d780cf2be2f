"""What the door says about itself: documentation, health and headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.intake.app import NO
from bot.intake.models import NewZorgvraag
from tests.intake.door import Door, break_database, errors, open_door


async def test_the_documentation_names_no_other_host(door: Door) -> None:
    """The page loads no script, style or image; its policy would forbid it too."""
    answer = await door.client.get("/docs")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert not re.search(r"https?:|//|<script|<link|<img|@import|url\(", answer.text)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")


async def test_the_documentation_shows_every_address_field_and_answer(door: Door) -> None:
    """All paths, all fields of a zorgvraag and all statuses stand on the page."""
    page = (await door.client.get("/docs")).text
    described = (await door.client.get("/openapi.json")).json()
    assert set(described["paths"]) == {"/v1/zorgvragen", "/v1/zorgvragen/{reference}", "/live", "/ready", "/metrics"}
    words = [*described["paths"], *NewZorgvraag.model_fields, *map(str, NO), "201", "200"]
    assert [word for word in words if f"{word}</code>" not in page] == []


async def test_every_reference_in_openapi_leads_somewhere(door: Door) -> None:
    """No schema is named that is not there, and none is there that nobody names."""
    answer = await door.client.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', answer.text))
    assert named == set(answer.json()["components"]["schemas"])


async def test_the_documentation_can_be_shut(tmp_path: Path) -> None:
    """`docs = false` takes away the page and the document."""
    async with open_door(tmp_path / "quiet.db", docs=False) as door:
        for address in ("/docs", "/openapi.json"):
            answer = await door.client.get(address)
            assert answer.status_code == 404
            assert None in errors(answer)


async def test_it_lives_whatever_is_wrong_and_is_ready_only_when_nothing_is(door: Door) -> None:
    """/live is about the process, /ready about the work; both without a token."""
    async with door.as_source(None) as anybody:
        assert (await anybody.get("/ready")).json() == {"ready": True, "reasons": []}
        door.ills.append("no sync yet")
        answer = await anybody.get("/ready")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "reasons": ["no sync yet"]})
        answer = await anybody.get("/live")
        assert (answer.status_code, answer.json()) == (200, {"live": True})


async def test_a_database_that_is_gone_is_a_reason_too(door: Door) -> None:
    """A question of health that itself needs the database gives a reason instead of an error."""

    async def look() -> list[str]:
        async with door.store.look() as work:
            await work.references.find("ziekenhuis", "ZD-1")
        return []

    door.health = look
    assert (await door.client.get("/ready")).status_code == 200
    await break_database(door)
    answer = await door.client.get("/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["the database cannot be opened"])


@pytest.mark.parametrize("address", ["/live", "/docs", "/openapi.json", "/v1/zorgvragen/x", "/nothing"])
async def test_every_answer_has_its_headers(door: Door, address: str) -> None:
    """Nothing is cached, sniffed, framed or told to others."""
    headers = (await door.client.get(address)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
