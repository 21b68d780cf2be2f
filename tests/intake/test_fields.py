"""What is wrong with a body: which field, and a Dutch reason that repeats nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.intake.models import NewZorgvraag
from tests.intake.door import ADDRESS, Door, body, errors
from texts import intake as texts

CONTACT = {"name": "De Vries", "address": "Roomweg 1", "telephone": "053-4801234"}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"pc4": "9999"}, "pc4", "Postcode 9999 hoort bij geen regio die ik ken. Dichtbij ken ik 7520-7529."),
    ({"pc4": "7523 AB"}, "pc4", texts.PATTERNS["pc4"]),
    ({"pc4": "٧٥٢٣"}, "pc4", texts.PATTERNS["pc4"]),
    ({"pc4": 7523}, "pc4", "Dit moet tekst zijn, tussen aanhalingstekens."),
    ({"reference": ""}, "reference", "Dit is leeg. Laat het veld weg, of vul het in."),
    ({"reference": "x" * 101}, "reference", "Dit is te lang: hooguit 100 tekens."),
    ({"reference": "../x"}, "reference", texts.PATTERNS["reference"]),
    ({"reference": "Mw De Vries"}, "reference", texts.PATTERNS["reference"]),
    ({"reference": "111222333"}, "reference", texts.REASONS["personal_reference"].format(what="een BSN")),
    ({"kinds": []}, "kinds", "Geef er minstens 1."),
    ({"kinds": "wondzorg"}, "kinds", "Dit moet een lijst zijn, tussen rechte haken."),
    ({"kinds": ["wondzorg"] * 17}, "kinds", "Dit zijn er te veel: hooguit 16."),
    ({"dagdelen": ["ochtend", "'s nachts"]}, "dagdelen.1", "Kies uit: ochtend, middag, avond, nacht."),
    ({"dagdelen": [None]}, "dagdelen.0", "Kies uit: ochtend, middag, avond, nacht."),
    ({"urgency": "haast"}, "urgency", "Kies uit: spoed, binnen 24 uur, binnen 48 uur, gepland."),
    ({"urgency": None}, "urgency", "Kies uit: spoed, binnen 24 uur, binnen 48 uur, gepland."),
    ({"funding": "PGB"}, "funding", "Kies uit: Zvw, Wlz, Wmo."),
    ({"visits": 2}, "visits", "Dit moet een JSON-object zijn, met velden tussen accolades."),
    ({"visits": {"count": 2}}, "visits.per", "Dit veld ontbreekt."),
    ({"visits": {"count": 0, "per": "dag"}}, "visits.count", "Dit moet minstens 1 zijn."),
    ({"visits": {"count": 100, "per": "dag"}}, "visits.count", "Dit mag hooguit 99 zijn."),
    ({"visits": {"count": 1.5, "per": "dag"}}, "visits.count", "Dit moet een heel getal zijn."),
    ({"visits": {"count": True, "per": "dag"}}, "visits.count", "Dit moet een heel getal zijn."),
    ({"hours": 0}, "hours", "Dit moet meer zijn dan 0."),
    ({"hours": 169}, "hours", "Dit mag hooguit 168 zijn."),
    ({"hours": "1e1000000"}, "hours", "Dit mag hooguit 168 zijn."),
    ({"hours": 10**400}, "hours", "Dit mag hooguit 168 zijn."),
    ({"hours": 1.125}, "hours", "Gebruik hooguit 2 cijfers achter de komma."),
    ({"hours": "3,5"}, "hours", "Dit moet een getal zijn, met een punt: 3.5."),
    ({"hours": []}, "hours", "Dit moet een getal zijn, met een punt: 3.5."),
    ({"hours": "NaN"}, "hours", "Dit moet een gewoon getal zijn."),
    ({"start": "25-11-2026"}, "start", "Schrijf de datum als 2026-11-25."),
    ({"start": "2026-02-30"}, "start", "Schrijf de datum als 2026-11-25."),
    ({"start": 20261125}, "start", "Schrijf de datum als tekst: 2026-11-25."),
    ({"start": "2026-11-25T08:00:00"}, "start", "Schrijf de datum als 2026-11-25."),
    ({"start": "2026-11-21"}, "start", "De startdatum is al voorbij."),
    ({"start": "1941-03-12"}, "start", "De startdatum is al voorbij."),
    ({"start": "2027-11-25"}, "start", "De startdatum ligt meer dan een jaar vooruit."),
    ({"note": "x" * 501}, "note", "Dit is te lang: hooguit 500 tekens."),
    ({"note": "piep\x07"}, "note", texts.REASONS["string_pattern_mismatch"]),
    ({"wish": "een\nvrouw"}, "wish", texts.REASONS["string_pattern_mismatch"]),
    ({"preferred": "   "}, "preferred", "Dit is leeg. Laat het veld weg, of vul het in."),
    ({"haast": True}, "haast", "Dit veld ken ik niet."),
    ({"Mw. De Vries": True}, "?", "Dit veld ken ik niet."),
    ({"contact": {"name": "De Vries"}}, "contact.address", "Dit veld ontbreekt."),
    ({"contact": CONTACT | {"bsn": "111222333"}}, "contact.bsn", "Dit veld ken ik niet."),
]


@pytest.mark.parametrize(("fields", "field", "reason"), WRONG, ids=[str(row[0])[:40] for row in WRONG])
async def test_a_wrong_field_is_named_with_a_reason(
    door: Door, fields: dict[str, Any], field: str, reason: str
) -> None:
    """422, and nothing is kept or rung."""
    answer = await door.post(body(**fields))
    assert (answer.status_code, errors(answer).get(field)) == (422, reason)
    assert door.rings == 0
    assert await door.kept() == []


def test_there_is_a_reason_for_every_kind_of_error_and_no_other() -> None:
    """The cases above provoke exactly the kinds that have a sentence."""
    kinds = set()
    for content in (*(json.dumps(body(**fields)) for fields, _, _ in WRONG), "[]", "{"):
        try:
            NewZorgvraag.model_validate_json(content)
        except ValidationError as error:
            kinds |= {one["type"] for one in error.errors()}
    assert kinds == set(texts.REASONS)


async def test_all_wrong_fields_are_told_at_once(door: Door) -> None:
    """Somebody who builds a connection needs one answer, not eight; a list is not blamed for its one wrong value."""
    answer = await door.post({"pc4": "75", "kinds": ["pleister"], "hours": -1})
    assert answer.status_code == 422
    assert list(errors(answer)) == ["reference", "pc4", "kinds.0", "hours"]


PERSONAL = [
    ("note", "BSN 111222333", "een BSN"),
    ("note", "bel 06-12345678", "een telefoonnummer"),
    ("wish", "mail jan@example.org", "een e-mailadres"),
    ("preferred", "die van 7523 XA", "een volledige postcode"),
    ("expertise", "geb. 12-03-1941", "een geboortedatum"),
    ("note", "NL91 ABNA 0417 1643 00", "een IBAN"),
]


@pytest.mark.parametrize(("field", "text", "what"), PERSONAL)
async def test_personal_data_is_refused_by_field_without_an_echo(door: Door, field: str, text: str, what: str) -> None:
    """The reason says what it looks like; the text itself comes back nowhere."""
    answer = await door.post(body(**{field: text}))
    assert answer.status_code == 422
    assert errors(answer) == {
        field: f"Dit lijkt op {what}. Ik heb niets geplaatst. Haal persoonsgegevens weg en probeer het opnieuw."
    }
    assert text not in answer.text


@pytest.mark.parametrize(
    ("reference", "what"),
    [
        ("111222333", "een BSN"),
        ("111.222.333", "een BSN"),
        ("111222333-2", "een BSN"),
        ("BSN-111222333", "een BSN"),
        ("client:bsn:111222333", "een BSN"),
        ("0612345678", "een telefoonnummer"),
        ("client-06-12345678", "een telefoonnummer"),
        ("31612345678", "een telefoonnummer"),
        ("NL91ABNA0417164300", "een IBAN"),
    ],
)
async def test_a_reference_that_gives_somebody_away_is_refused(door: Door, reference: str, what: str) -> None:
    """It is kept as it is, and stands in addresses and so in the logs of proxies."""
    answer = await door.post(body(reference))
    assert answer.status_code == 422
    reason = f"Dit lijkt op {what}. Kies een kenmerk zonder persoonsgegevens, dat begint met een letter."
    assert errors(answer) == {"reference": reason}
    assert reference not in answer.text


@pytest.mark.parametrize(
    "reference",
    [
        "ZD-2026-00187",
        "ZD111222333",
        "ZD-111222333",
        "2026-001112223",
        "123456789",
        "12345672-e29b-41d4-a716-446655440000",
        "20231105-0001",
        "0000012345",
        "42",
    ],
)
async def test_a_reference_that_is_just_a_number_is_taken(door: Door, reference: str) -> None:
    """Numbers of nine digits meet the elfproef by chance: behind a letter or a year they are a counter."""
    assert (await door.post(body(reference))).status_code == 201


async def test_each_field_with_personal_data_is_named(door: Door) -> None:
    """Two wrong fields, two reasons."""
    answer = await door.post(body(note="bel 06-12345678", wish="BSN 111222333"))
    assert set(errors(answer)) == {"note", "wish"}


@pytest.mark.parametrize(
    ("field", "text", "what"),
    [
        ("remark", "BSN 111222333", "een BSN"),
        ("name", "De Vries, geb. 12-03-1941", "een geboortedatum"),
        ("address", "NL91ABNA0417164300", "een IBAN"),
    ],
)
async def test_a_bsn_or_birth_date_does_not_belong_in_contact_details(
    door: Door, field: str, text: str, what: str
) -> None:
    """They would be told in chat, if only to one nurse; a telephone and an address are what contact is for."""
    answer = await door.post(body(contact=CONTACT | {field: text}))
    assert answer.status_code == 422
    assert errors(answer) == {f"contact.{field}": texts.NEVER_IN_CHAT.format(what=what)}
    assert await door.kept() == []
    full = CONTACT | {"address": "Roomweg 1, 7523 XA", "remark": "dochter: 06-12345678, jan@example.org"}
    assert (await door.post(body(contact=full))).status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\xff\xfe",
        b'{"note": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"hours": NaN}',
        b'{"visits": {"count": ' + b"9" * 5_000 + b"}}",
        b'{"reference": 1e400}',
    ],
)
async def test_broken_json_is_a_mistake_of_the_sender(door: Door, content: bytes) -> None:
    """422 with a reason, whatever the bytes."""
    answer = await door.client.post(ADDRESS, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert texts.UNUSABLE not in errors(answer).values()


async def test_a_list_is_no_zorgvraag(door: Door) -> None:
    """JSON, but not an object."""
    answer = await door.post([body()])
    assert errors(answer) == {None: texts.REASONS["model_type"]}
