"""A zorgvraag comes in: kept once, told once, and shown to its source alone."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.intake.models import EXAMPLE
from domain.announcements import Opened
from domain.audience import RegionRoom
from domain.care import Care, Dagdeel, Funding, Kind, Per, Referrer, Urgency, Visits
from tests.intake.door import ADDRESS, DAY, FATIMA, OTHER_TOKEN, REGION, Door, body

CONTACT = {"name": "Mw. De Vries", "address": "Roomweg 1", "telephone": "053-4801234", "remark": "Sleutel bij de buren"}


async def test_a_new_zorgvraag_is_kept_posted_and_shown(door: Door) -> None:
    """201 with the number and the address of its state; it waits in the outbox and the postman is rung once."""
    answer = await door.post(body())
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/v1/zorgvragen/ZD-1"
    assert answer.json() == {
        "reference": "ZD-1",
        "number": "Noord-1",
        "region": "Noord",
        "state": "open",
        "status_url": "/v1/zorgvragen/ZD-1",
        "submitted_at": "2026-11-23T09:10:00Z",
        "claimed_by": None,
        "claimed_at": None,
        "ended_at": None,
    }
    assert door.rings == 1
    async with door.store.work() as work:
        batch = await work.outbox.take(door.moment)
    assert batch is not None
    (letter,) = batch.letters
    assert (letter.audience, type(letter.message)) == (RegionRoom("noord"), Opened)


async def test_every_field_reaches_the_domain(door: Door) -> None:
    """All that may be sent arrives as the domain has it; contact details can be opened again with the key."""
    sent = body(
        kinds=["pv", "VP", "Wondzorg", "PV"],
        visits={"count": 2, "per": "dag"},
        dagdelen=["avond", "Ochtend", "avond"],
        hours=3.5,
        start="2026-11-25",
        urgency="binnen 24 uur",
        funding="zvw",
        referrer="cliënt/mantelzorger",
        expertise="  wondverpleegkundige ",
        preferred="Livio",
        wish="een vrouw",
        note="Eerst bellen.\nDe hond is lief.",
        contact=CONTACT,
    )
    assert (await door.post(sent)).status_code == 201
    (zorgvraag,) = await door.kept()
    assert zorgvraag.care == Care(
        pc4="7523",
        kinds=(Kind.VERZORGING, Kind.VERPLEGING, Kind.WONDZORG),
        visits=Visits(2, Per.DAG),
        dagdelen=(Dagdeel.OCHTEND, Dagdeel.AVOND),
        hours=Decimal("3.5"),
        start=date(2026, 11, 25),
        urgency=Urgency.BINNEN_24,
        funding=Funding.ZVW,
        referrer=Referrer.CLIENT,
        expertise="wondverpleegkundige",
        preferred="Livio",
        wish="een vrouw",
        note="Eerst bellen.\nDe hond is lief.",
    )
    assert zorgvraag.submitted_by == "source:ziekenhuis"
    async with door.store.look() as work:
        contact = await work.contacts.of(zorgvraag.id)
    assert contact is not None
    assert vars(contact) == CONTACT


async def test_the_example_of_the_documentation_is_accepted(door: Door) -> None:
    """What /docs shows can be sent."""
    assert (await door.post(EXAMPLE)).status_code == 201


async def test_the_same_again_is_the_same_zorgvraag(door: Door) -> None:
    """Keys in another order, spaces, a default told and an abbreviation written out are still the same body."""
    first = await door.post(body(kinds=["PV"], hours=3.5, contact=CONTACT))
    same = {
        "contact": CONTACT | {"name": " Mw. De Vries "},
        "hours": "3.50",
        "urgency": "gepland",
        "note": None,
        **body(kinds=["persoonlijke verzorging"]),
    }
    again = await door.post(same)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert len(await door.kept()) == 1
    assert door.rings == 1


async def test_the_same_again_a_month_later_is_no_mistake(door: Door) -> None:
    """A start date that has passed since then does not make a known body wrong."""
    sent = body(start="2026-11-25")
    await door.post(sent)
    door.moment += 30 * DAY
    assert (await door.post(sent)).status_code == 200


@pytest.mark.parametrize("other", [{"hours": 4}, {"note": "anders"}, {"contact": CONTACT}, {"pc4": "7524"}])
async def test_another_body_under_a_known_reference_is_a_conflict(door: Door, other: dict[str, Any]) -> None:
    """409, and what was kept stays as it was."""
    await door.post(body())
    answer = await door.post(body(**other))
    assert answer.status_code == 409
    assert answer.json() == {
        "errors": [{"field": "reference", "reason": "Onder kenmerk ZD-1 is al een andere zorgvraag aangemeld."}]
    }
    assert [one.care.hours for one in await door.kept()] == [None]
    assert door.rings == 1


async def test_twice_at_the_same_moment_is_one_zorgvraag(door: Door) -> None:
    """Of twenty identical requests under way together, one is the first."""
    answers = await asyncio.gather(*(door.post(body()) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert {answer.json()["number"] for answer in answers} == {"Noord-1"}
    assert len(await door.kept()) == 1
    assert door.rings == 1


async def test_references_of_two_sources_have_nothing_to_do_with_one_another(door: Door) -> None:
    """The same reference from another source is another zorgvraag, and neither source sees the other's."""
    await door.post(body())
    async with door.as_source(OTHER_TOKEN) as other:
        assert (await other.get(f"{ADDRESS}/ZD-1")).status_code == 404
        answer = await other.post(ADDRESS, json=body())
        assert (answer.status_code, answer.json()["number"]) == (201, "Noord-2")
    assert (await door.client.get(f"{ADDRESS}/ZD-1")).json()["number"] == "Noord-1"


async def test_the_source_can_follow_its_zorgvraag(door: Door) -> None:
    """Open, claimed by a team, closed: with times, and without the name of a nurse."""
    await door.post(body())
    (zorgvraag,) = await door.kept()
    async with door.store.work() as work:
        zorgvraag.claim(FATIMA, door.moment + DAY)
        await work.zorgvragen.save(zorgvraag)
    answer = await door.client.get(f"{ADDRESS}/ZD-1")
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["state"], shown["claimed_by"]) == ("claimed", "Team Roombeek, Livio")
    assert (shown["claimed_at"], shown["ended_at"]) == ("2026-11-24T09:10:00Z", None)
    assert "atima" not in answer.text
    async with door.store.work() as work:
        zorgvraag.close(FATIMA, door.moment + 2 * DAY)
        await work.zorgvragen.save(zorgvraag)
    shown = (await door.client.get(f"{ADDRESS}/ZD-1")).json()
    assert (shown["state"], shown["ended_at"]) == ("closed", "2026-11-25T09:10:00Z")


async def test_a_claimant_who_left_is_shown_as_nobody(door: Door) -> None:
    """The state stays true when the area file no longer knows who claimed."""
    await door.post(body())
    (zorgvraag,) = await door.kept()
    async with door.store.work() as work:
        zorgvraag.claim(FATIMA, door.moment)
        await work.zorgvragen.save(zorgvraag)
        await work.people.remove_member(FATIMA.user_id, REGION.id)
    shown = (await door.client.get(f"{ADDRESS}/ZD-1")).json()
    assert (shown["state"], shown["claimed_by"]) == ("claimed", None)


async def test_an_odd_reference_has_an_address_that_works(door: Door) -> None:
    """The status address is the reference, escaped where it must be."""
    answer = await door.post(body("a:b~c._-"))
    assert (await door.client.get(answer.headers["Location"])).json()["reference"] == "a:b~c._-"
