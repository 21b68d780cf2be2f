"""The IBAN: its check digits, its length in each country, and how people space it."""

import re
from collections.abc import Iterator

# Other countries by the length of their IBAN: SEPA, Turkey and Morocco. Source: the IBAN registry of SWIFT.
_COUNTRIES = {
    15: "NO", 16: "BE", 18: "DK FI", 19: "SI", 20: "AT EE LT LU", 21: "CH HR LI LV", 22: "BG DE GB IE",
    24: "CZ ES RO SE SK", 25: "PT", 26: "IS TR", 27: "FR GR IT MC SM", 28: "CY HU MA PL", 31: "MT",
}  # fmt: skip
# The Dutch one is known by its letters and digits, so it may be spaced freely. The others must begin in one
# piece: "de 24 uur zorg" is no German account.
_DUTCH = r"NL[ .-]?\d\d[ .-]?[A-Z]{4}(?:(?: ?[-./] ?| )?\d){10}"
_OTHERS = "|".join(
    rf"(?:{countries.replace(' ', '|')})\d\d(?:[ -]?[A-Z0-9]){{{length - 4}}}"
    for length, countries in _COUNTRIES.items()
)
_IBAN = re.compile(rf"(?=(?P<hit>{_DUTCH}|{_OTHERS}))", re.IGNORECASE)


def is_iban(compact: str) -> bool:
    """Say whether the check digits of an IBAN, in ASCII capitals without separators, are right.

    Source: ISO 13616 with ISO 7064 MOD 97-10: the first four characters go to the end, letters count as 10 to 35,
    and the number that results leaves 1 when divided by 97.
    """
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each IBAN whose check digits are right."""
    for match in _IBAN.finditer(text):
        if is_iban(re.sub(r"[^A-Z0-9]", "", match["hit"].upper())):
            yield match.span("hit")
