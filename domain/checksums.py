"""Check digits of Dutch and European numbers. Only arithmetic: where such numbers stand in a text is privacy.py's."""

import re

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_BSN_DIGITS = re.compile(r"[0-9]{8,9}")
_IBAN_CHARACTERS = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")


def is_bsn(digits: str) -> bool:
    """Say whether 8 or 9 ASCII digits pass the elfproef of the burgerservicenummer; anything else is False.

    Eight digits count as nine with a leading zero. Source: Logisch Ontwerp BSN (RvIG): the digits times
    9 8 7 6 5 4 3 2 -1 add up to a multiple of 11, and the number is not zero.
    """
    if not _BSN_DIGITS.fullmatch(digits) or not digits.strip("0"):
        return False
    weighted = zip(_BSN_WEIGHTS, digits.zfill(9), strict=True)
    return sum(weight * int(digit) for weight, digit in weighted) % 11 == 0


def is_iban(compact: str) -> bool:
    """Say whether an IBAN in capitals without separators has the right check digits; anything else is False.

    Source: ISO 13616 with ISO 7064 MOD 97-10: the first four characters go to the end, letters count as 10 to 35, and
    the number that results leaves 1 when divided by 97.
    """
    if not _IBAN_CHARACTERS.fullmatch(compact):
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
