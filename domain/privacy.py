"""What may never stand in a shared room, and where a text holds it. No text is kept and nothing is worded here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.traces.bsn import bsns, is_bsn, labelled_bsns
from domain.traces.dates import compact_dates, written_dates
from domain.traces.emails import emails
from domain.traces.folding import fold
from domain.traces.ibans import ibans
from domain.traces.key_codes import key_codes
from domain.traces.names import names
from domain.traces.places import places
from domain.traces.postcodes import postcodes
from domain.traces.telephones import telephones

__all__ = ["Finding", "Kind", "find", "given_away_by", "is_bsn"]


class Kind(StrEnum):
    """A kind of personal data. The values are codes; the words that people read live in texts/."""

    BSN = "bsn"
    PHONE = "telefoon"
    EMAIL = "email"
    POSTCODE = "postcode"
    BIRTH_DATE = "geboortedatum"
    IBAN = "iban"
    PLACE = "locatie"
    KEY_CODE = "sleutelcode"
    PHOTOGRAPH = "foto"  # never found in a text: whoever sees one names it so


@dataclass(frozen=True)
class Finding:
    """Where a piece of personal data stands: indexes into the original text, `end` not included.

    It holds positions and never the text itself, so that no log and no repr can leak it.
    """

    kind: Kind
    start: int
    end: int


class _Candidate(NamedTuple):
    """One reading of a part of the folded text.

    No kind is a date or a name that may stand there: it keeps its digits from being read as something else, such as
    the telephone number in "06-11-2026 14 uur".
    """

    kind: Kind | None
    start: int
    end: int


def find(text: str, today: date) -> tuple[Finding, ...]:
    """Return the personal data in a text, in the order of the text, without overlaps; empty if there is none.

    `today` tells a birth date from a start date. It takes time in proportion to the length, and raises for no text.

    Not found, on purpose: names and streets (no rule tells them from other words), a year or an age alone
    ("geboren in 1941"), a telephone number without its area code, and a date of the last two years that is not
    called a birth date. A BSN or IBAN with a typing error in it fails its check digits and is not found either.
    """
    folded, origins = fold(text)
    taken = bytearray(len(text))
    findings = []
    for kind, start, end in _candidates(folded, today):
        first, last = origins[start], origins[end - 1] + 1
        if 1 in taken[first:last]:
            continue
        taken[first:last] = b"\x01" * (last - first)
        if kind is not None:
            findings.append(Finding(kind, first, last))
    return tuple(sorted(findings, key=lambda finding: finding.start))


def given_away_by(key: str) -> Kind | None:
    """What an ASCII key, by which another system knows a zorgvraag, gives away; None for a key that is just a key.

    Milder than `find`, because whoever counts in nine digits meets the elfproef once in eleven times, and a refused
    key is a client without care: a BSN is one when the key begins with it or calls it so ("BSN-111222333").
    """
    called_so = {start for start, _ in labelled_bsns(key)}
    for found in find(key, date.max):
        is_whole_bsn = found.end - found.start > len("12345678") and (found.start == 0 or found.start in called_so)
        if found.kind in (Kind.PHONE, Kind.IBAN) or (found.kind is Kind.BSN and is_whole_bsn):
            return found.kind
    return None


def _candidates(text: str, today: date) -> Iterator[_Candidate]:
    """Yield the readings of a folded text; where two overlap, the one that comes first here is right."""
    yield from (_Candidate(None, *span) for span in names(text))
    yield from (_Candidate(Kind.IBAN, *span) for span in ibans(text))
    yield from (_Candidate(Kind.PLACE, *span) for span in places(text))
    yield from (_Candidate(Kind.EMAIL, *span) for span in emails(text))
    yield from (_Candidate(Kind.KEY_CODE, *span) for span in key_codes(text))
    yield from (_dated(*found) for found in written_dates(text, today))
    yield from (_Candidate(Kind.BSN, *span) for span in labelled_bsns(text))
    yield from sorted(_numbers(text, today), key=lambda number: (number.start, -number.end))
    yield from (_Candidate(Kind.POSTCODE, *span) for span in postcodes(text))


def _numbers(text: str, today: date) -> Iterator[_Candidate]:
    """Yield what bare digits may be, likelier first; of two that overlap, the one that begins first is right."""
    yield from (_Candidate(Kind.PHONE, *span) for span in telephones(text))
    yield from (_dated(*found) for found in compact_dates(text, today))
    yield from (_Candidate(Kind.BSN, *span) for span in bsns(text))


def _dated(is_birth_date: bool, start: int, end: int) -> _Candidate:
    return _Candidate(Kind.BIRTH_DATE if is_birth_date else None, start, end)
