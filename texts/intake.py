"""What a system that sends zorgvragen hears when something is wrong with its request: a reason in Dutch, no echo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNUSABLE = "Hier kan ik niets mee."
UNAUTHORISED = "Stuur een geldig token mee: Authorization: Bearer …"
TOO_MANY = "Te veel verzoeken. Probeer het later nog eens."
TOO_LARGE = "Het bericht is te groot: hooguit {most} bytes."
TOO_SLOW = "Het bericht kwam te langzaam binnen. Probeer het nog eens."
NOT_JSON = "Stuur JSON, met Content-Type: application/json."
COMPRESSED = "Stuur de JSON zonder compressie (geen Content-Encoding)."
CANNOT_KEEP = "Ik kan nu even niet bij mijn gegevens. Probeer het straks nog eens met hetzelfde kenmerk."
FAILED = "Er ging bij mij iets mis. Probeer het straks nog eens met hetzelfde kenmerk."
UNKNOWN_REFERENCE = "Onder dit kenmerk heb je geen zorgvraag aangemeld."
START_PASSED = "De startdatum is al voorbij."
START_FAR = "De startdatum ligt meer dan een jaar vooruit."
NEVER_IN_CHAT = "Dit lijkt op {what}. Dat deel ik nooit in de chat. Haal het weg en probeer het opnieuw."

STATUS = {404: "Dit adres ken ik niet.", 405: "Dat kan niet op dit adres."}

REASONS = {
    "choice": "Kies uit: {choices}.",
    "date_parsing": "Schrijf de datum als 2026-11-25.",
    "date_type": "Schrijf de datum als tekst: 2026-11-25.",
    "decimal_max_places": "Gebruik hooguit {decimal_places} cijfers achter de komma.",
    "decimal_parsing": "Dit moet een getal zijn, met een punt: 3.5.",
    "decimal_type": "Dit moet een getal zijn, met een punt: 3.5.",
    "extra_forbidden": "Dit veld ken ik niet.",
    "finite_number": "Dit moet een gewoon getal zijn.",
    "greater_than": "Dit moet meer zijn dan {gt}.",
    "greater_than_equal": "Dit moet minstens {ge} zijn.",
    "int_type": "Dit moet een heel getal zijn.",
    "json_invalid": "Dit is geen geldige JSON.",
    "less_than_equal": "Dit mag hooguit {le} zijn.",
    "missing": "Dit veld ontbreekt.",
    "model_type": "Dit moet een JSON-object zijn, met velden tussen accolades.",
    "personal_reference": "Dit lijkt op {what}. Kies een kenmerk zonder persoonsgegevens, dat begint met een letter.",
    "string_pattern_mismatch": "Hier staat een teken dat niet mag, zoals een regeleinde.",
    "string_too_long": "Dit is te lang: hooguit {max_length} tekens.",
    "string_too_short": "Dit is leeg. Laat het veld weg, of vul het in.",
    "string_type": "Dit moet tekst zijn, tussen aanhalingstekens.",
    "too_long": "Dit zijn er te veel: hooguit {max_length}.",
    "too_short": "Geef er minstens {min_length}.",
    "tuple_type": "Dit moet een lijst zijn, tussen rechte haken.",
}

# What a pattern means for the fields that have one of their own.
PATTERNS = {
    "pc4": "Geef alleen de vier cijfers van de postcode, zonder letters.",
    "reference": "Een kenmerk bestaat uit letters, cijfers en de tekens . _ : ~ - en begint met een letter of cijfer.",
}


def reason(kind: str, place: tuple[int | str, ...], context: Mapping[str, Any]) -> str:
    """Why the value at `place` is refused: `kind` is pydantic's type of error, `context` the bounds that it gives."""
    if kind == "string_pattern_mismatch" and place[-1] in PATTERNS:
        return PATTERNS[str(place[-1])]
    return REASONS.get(kind, UNUSABLE).format(**context)
