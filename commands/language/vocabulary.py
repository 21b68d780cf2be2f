"""The words that nurses use for the care, and what each stands for. Tables only, in folded spelling; no reading.

The abbreviations are those of Dutch district nursing: cad (catheter à demeure), msvt (medisch-specialistische
verpleging in de thuissituatie), pv and vp (verzorging, verpleging), tek (therapeutisch elastische kousen).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.capacity import Colour
from domain.care import Dagdeel, Funding, Kind, Referrer

_KINDS: Mapping[Kind, Sequence[str]] = {
    Kind.VERZORGING: (
        "persoonlijke verzorging", "pers verzorging", "persoonlijke zorg", "verzorging", "verz", "pv", "adl",
        "adl zorg", "wassen", "douchen", "wassen en aankleden", "aankleden", "lichaamsverzorging", "adl hulp",
    ),
    Kind.VERPLEGING: (
        "verpleging", "verpleegkundig", "verpleegkundige zorg", "vp", "vpk", "zwachtelen",
        "sondevoeding", "sonde",
    ),
    Kind.WONDZORG: (
        "wondzorg", "wond", "wonden", "wond zorg", "wondverzorging", "wondbehandeling", "decubitus", "ulcus", "vac",
        "vac therapie", "vac-therapie",
    ),
    Kind.STEUNKOUSEN: (
        "steunkousen", "steunkous", "steun kousen", "steunkousen aan", "steunkousen uit", "steunkousen aan en uit",
        "steunkousen aan/uit", "kousen", "kousen aan en uit", "kousen aan/uit", "kous", "tek", "elastische kousen",
        "compressiekousen",
    ),
    Kind.MEDICATIE: (
        "medicatie", "medicijnen", "medicijn", "med", "meds", "medi", "medicatie aanreiken", "medicatie toedienen",
        "medicatietoediening", "medicatie delen", "baxter", "oogdruppels", "ogen druppelen", "druppelen",
    ),
    Kind.INJECTIES: (
        "injecties", "injectie", "inj", "insuline", "insuline spuiten", "insuline injectie", "insuline injecties",
        "spuiten", "fraxi", "fraxiparine", "b12", "b12 injectie",
    ),
    Kind.INFUUS: ("infuus", "infuuszorg", "infusen", "iv", "picc", "picc-lijn", "picc lijn", "iv antibiotica"),
    Kind.KATHETER: (
        "katheter", "catheter", "katheterzorg", "cad", "cad zorg", "cad wissel", "katheterwissel", "katheter wissel",
        "blaasspoelen", "blaasspoeling", "katheteriseren", "suprapubisch", "spc",
    ),
    Kind.STOMA: ("stoma", "stomazorg", "stoma zorg", "colostoma", "ileostoma", "urostoma"),
    Kind.PALLIATIEF: (
        "palliatief", "palliatieve", "palliatieve zorg", "pall", "pal", "terminaal", "terminale", "terminale zorg",
        "terminale thuiszorg", "palliatief terminaal", "palliatief/terminaal", "ptz", "stervensbegeleiding",
    ),
    Kind.DEMENTIE: (
        "dementie", "dementiezorg", "alzheimer", "casemanagement", "casemanager", "case management", "cm",
        "casemanagement dementie", "dementie/casemanagement",
    ),
    Kind.MSVT: ("msvt",),
    Kind.NACHTZORG: ("nachtzorg", "nacht zorg", "waakzorg"),
    Kind.KINDZORG: ("kindzorg", "kind", "kinderzorg", "kinderverpleging", "kindverpleging", "ikz"),
    Kind.BEGELEIDING: ("begeleiding", "begeleiden", "bg"),
    Kind.ANDERS: ("anders", "overig", "overige", "overige zorg"),
}  # fmt: skip
_DAGDELEN: Mapping[tuple[Dagdeel, ...], Sequence[str]] = {
    (Dagdeel.OCHTEND,): (
        "ochtend", "ochtends", "ochtenden", "och", "ocht", "vm", "morgens", "s morgens", "s ochtends", "sochtends",
        "smorgens", "ochtendzorg", "in de ochtend", "voormiddag", "elke ochtend", "iedere ochtend",
    ),
    (Dagdeel.MIDDAG,): (
        "middag", "middags", "middagen", "mi", "mid", "midd", "nm", "s middags", "smiddags", "middagzorg",
        "in de middag", "namiddag", "elke middag", "iedere middag",
    ),
    (Dagdeel.AVOND,): (
        "avond", "avonds", "avonden", "av", "avo", "s avonds", "savonds", "avondzorg", "in de avond", "elke avond",
        "iedere avond",
    ),
    (Dagdeel.NACHT,): ("nacht", "nachten", "nachts", "s nachts", "snachts", "in de nacht", "elke nacht"),
    (Dagdeel.OCHTEND, Dagdeel.MIDDAG): ("overdag",),
    (Dagdeel.OCHTEND, Dagdeel.MIDDAG, Dagdeel.AVOND): ("hele dag", "de hele dag", "heel de dag", "gehele dag"),
    tuple(Dagdeel): (
        "dag en nacht", "alle dagdelen", "hele etmaal", "24 uur per dag", "24/7", "24u per dag",
    ),
}  # fmt: skip
_REFERRERS: Mapping[Referrer, Sequence[str]] = {
    Referrer.HUISARTS: ("huisarts", "huisartsenpraktijk", "huisartsenpost", "ha", "hap", "poh"),
    Referrer.ZIEKENHUIS: (
        "ziekenhuis", "zkh", "zh", "transfer", "transferpunt", "transferbureau", "transferverpleegkundige",
        "transferafdeling", "specialist", "medisch specialist",
    ),
    Referrer.CLIENT: ("mantelzorger", "mantelzorg", "client/mantelzorger", "client en mantelzorger"),
    Referrer.WIJKTEAM: ("wijkteam", "sociaal wijkteam", "wijkcoach", "gemeente"),
    Referrer.COLLEGA: ("collega", "collega-organisatie", "collega organisatie", "andere thuiszorg"),
}  # fmt: skip
_FUNDING: Mapping[Funding, Sequence[str]] = {
    Funding.ZVW: ("zvw", "zorgverzekeringswet"),
    Funding.WLZ: ("wlz", "wet langdurige zorg"),
    Funding.WMO: ("wmo",),
}
_COLOURS: Mapping[Colour, Sequence[str]] = {
    Colour.GROEN: (
        "groen", "groene", "green", "gr", "g", "ruimte", "wel ruimte", "nog ruimte", "plek", "nog plek", "🟢", "🟩",
        "💚",
    ),
    Colour.ORANJE: (
        "oranje", "orange", "geel", "or", "o", "overleg", "in overleg", "misschien", "beperkt", "beperkte ruimte", "🟠",
        "🟧", "🧡", "🟡",
    ),
    Colour.ROOD: (
        "rood", "rode", "red", "rd", "r", "vol", "zit vol", "zitten vol", "dicht", "geen ruimte", "geen plek", "🔴",
        "🟥",
    ),
}  # fmt: skip
# The colours themselves, as against what they stand for.
PLAIN_COLOURS = frozenset(
    {"groen", "groene", "green", "oranje", "orange", "geel", "rood", "rode", "red", *"🟢🟩🟠🟧🟡🔴🟥"}
)

COLOURS = {word: colour for colour, words in _COLOURS.items() for word in words}
KINDS = {word: kind for kind, words in _KINDS.items() for word in (*words, kind.value.lower())}
DAGDELEN = {word: dagdelen for dagdelen, words in _DAGDELEN.items() for word in words}
REFERRERS = {word: referrer for referrer, words in _REFERRERS.items() for word in words}
FUNDING = {word: funding for funding, words in _FUNDING.items() for word in words}
_LETTERS = dict(zip("oman", Dagdeel, strict=True))


def one_of(words: Sequence[str] | Mapping[str, object]) -> str:
    """A pattern for any of these words, the longest first, up to the end of a word."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})(?!\\w)"


DAGDEEL = re.compile(rf"(?P<dagdeel>{one_of(DAGDELEN)})|(?P<letters>[oman](?:[/+,][oman]){{1,3}})(?!\w)")


def dagdelen_in(match: re.Match[str]) -> tuple[Dagdeel, ...]:
    """The dagdelen that a match of `DAGDEEL` names: a word, or letters like "o/a" for ochtend and avond."""
    if match["dagdeel"]:
        return DAGDELEN[match["dagdeel"]]
    return tuple(_LETTERS[letter] for letter in match["letters"] if letter in _LETTERS)


def in_order(dagdelen: set[Dagdeel]) -> tuple[Dagdeel, ...]:
    """The dagdelen in the order of the day."""
    return tuple(dagdeel for dagdeel in Dagdeel if dagdeel in dagdelen)
