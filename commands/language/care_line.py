"""The line of !zorgvraag: tokens in any order, and a note behind a colon. What may be posted is judged elsewhere.

Decisions: "nacht" is a dagdeel and "nachtzorg" a kind of care; a start today means spoed unless something else was
said; "zsm" means binnen 24 uur; of several urgencies the most urgent holds; kinds and dagdelen get a fixed order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from commands.free_text import LONGEST, NAMED
from commands.language.care_draft import Draft, once
from commands.language.care_tokens import TOKENS
from commands.language.fold import fold
from commands.language.vocabulary import DAGDEEL, DAGDELEN, FUNDING, KINDS, REFERRERS, in_order, one_of
from commands.language.words import Words, close_to, echo, is_polite
from domain.care import Care, Kind, Urgency, Visits
from domain.refusals import BadValue, MissingParts, TooLong, UnknownWord

# Free text runs from its label to the next token that is known.
_FREE = {
    "wens": re.compile(r"(?:wens|wensen)(?!\w)[ :=]*|(?:voorkeur|liefst) (?=(?:een )?(?:vrouw|man(?!\w)|mannelijk))"),
    "taal": re.compile(r"(?:taal|spreekt)(?!\w)[ :=]*"),
    "voorkeur": re.compile(r"(?:bij )?(?:voorkeur|voorkeurs?organisatie|voork|liefst)(?: voor| naar)?(?!\w)[ :=]*"),
    "expertise": re.compile(r"(?:expertise|deskundigheid|specialisatie|kennis van)(?!\w)[ :=]*"),
}
_LABELS = (
    r"(?:start(?:datum)?|vanaf|voorkeur|voorkeursorganisatie|expertise|wens|wensen|taal|verwijzer|via|postcode|pc4?|"
    r"zorg|soort|uren|aantal|bezoeken|frequentie|dagdeel|dagdelen|tijden|urgentie|financiering)"
)
_GLUE = re.compile(
    r"(?:en|of|met|in|bij|voor|door|van|vanuit|via|uit|verwijzer|urgentie|financiering|frequentie|bezoeken|dagdeel|"
    r"dagdelen|tijden|soort|aantal|uren|postcode|pc4?)(?!\w)"
)
_FILLER = re.compile(
    rf"(?:{_LABELS}|en|met|in|bij|de|het|een|voor|door|van|vanuit|uit|nodig|gevraagd|gezocht|nieuwe?|zorgvraag|inzet|"
    r"ca|circa|ongeveer|regio|toelichting|opmerking|nb)(?!\w)"
)
_WORD = re.compile(r"[^\s,;+/&|]+")
_NAME = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*(?=[\s,;:/]|-\d|$)")
_GAP = re.compile(r"[^\w<🚨]*")
_SEPARATOR = re.compile(r"[^\w<🚨]+")
# "Complexe wondzorg" is one expertise: an adjective takes its kind of care along.
_SKILL = re.compile(rf"(?:[^\W\d_]{{3,}}(?<!i)e (?={one_of(KINDS)}))?{_WORD.pattern}")
_QUOTED = re.compile(r'"(?P<quoted>[^"]+)"')
_KNOWN = (
    *KINDS, *DAGDELEN, *FUNDING, *REFERRERS, "spoed", "gepland", "dagelijks", "start", "voorkeur", "expertise", "wens",
)  # fmt: skip


def read_care(words: Words) -> tuple[Care, str | None]:
    """What is asked, and the name that stood before the postcode, which may be the region's.

    Raises MissingParts, UnknownWord, BadValue, ClockOrHours, or TooLong for a note of over 500 characters or a
    voorkeur, expertise or wens of over 100.
    """
    words.take(_SEPARATOR)
    note = words.cut_note(_LABELS)
    draft = Draft(words.now.date())
    free: dict[str, str] = {}
    while not words.is_done:
        _read_one(words, draft, free)
    missing = [part for part, said in (("postcode", draft.pc4), ("zorg", draft.kinds)) if not said]
    if draft.pc4 is None or missing:
        slips = (unknown(words.verb, name) for name in draft.place)
        raise next((slip for slip in slips if slip.meant), None) or MissingParts(tuple(missing))
    care = _care(draft, draft.pc4, free, note)
    _refuse_long(care)
    words.bare_reason |= bool(draft.place)  # without a prefix "zorgvraag van Jan" is talk
    return care, echo(" ".join(draft.place)) or None


def _care(draft: Draft, pc4: str, free: Mapping[str, str], note: str | None) -> Care:
    return Care(
        pc4=pc4,
        kinds=tuple(kind for kind in Kind if kind in draft.kinds),
        visits=_visits(draft),
        dagdelen=in_order(draft.dagdelen),
        hours=draft.hours,
        start=draft.start,
        urgency=_urgency(draft),
        funding=draft.funding,
        referrer=draft.referrer,
        expertise=free.get("expertise"),
        preferred=free.get("voorkeur"),
        wish=", ".join(free[name] for name in ("wens", "taal") if name in free) or None,
        note=note,
    )


def _refuse_long(care: Care) -> None:
    for what, text in (("voorkeur", care.preferred), ("expertise", care.expertise), ("wens", care.wish)):
        if text is not None and len(text) > NAMED:
            raise TooLong(NAMED, what)
    if care.note is not None and len(care.note) > LONGEST:
        raise TooLong(LONGEST)


def _visits(draft: Draft) -> Visits | None:
    """ "Dagelijks" beside "2x/dag" says nothing new; beside "3x/week" it cannot be."""
    if draft.visits is None:
        return Visits(1, draft.often) if draft.often else None
    if draft.often not in (None, draft.visits.per):
        raise BadValue("bezoeken", f"{draft.visits.count}x per {draft.visits.per}")
    return draft.visits


def _urgency(draft: Draft) -> Urgency:
    for urgency in Urgency:
        if urgency in draft.urgencies:
            return urgency
    if draft.start == draft.today:
        return Urgency.SPOED
    return Urgency.BINNEN_24 if draft.soon else Urgency.GEPLAND


def _read_one(words: Words, draft: Draft, free: dict[str, str]) -> None:
    """Read one token, one free text, or skip a filler or a separator. Raises UnknownWord or BadValue."""
    label = words.longest(_FREE.values())
    token = words.longest(TOKENS)
    if label is not None and (token is None or token.end() < label.end()):
        words.go(label.end())
        if label.re is not _FREE["voorkeur"] or words.sees(DAGDEEL) is None:  # "voorkeur ochtend" is no organisation
            name = next(name for name, pattern in _FREE.items() if pattern is label.re)
            free[name] = once(name, free.get(name), _free_text(words, name), label[0])
    elif token is not None:
        words.go(token.end())
        TOKENS[token.re](draft, token)
    elif words.take(_FILLER) is None and words.take(_SEPARATOR) is None:
        _read_word(words, draft)


def _free_text(words: Words, name: str) -> str:
    """What was typed behind a label, up to the next known token; between quotation marks anything goes."""
    if quoted := words.take(_QUOTED):
        return words.typed(quoted.start("quoted"), quoted.end("quoted"))
    first = words.take(_SKILL if name == "expertise" else _WORD)
    if first is None:
        raise UnknownWord(words.verb, name)
    end = first.end()
    while words.take(_GAP) and not words.is_done and words.longest((*TOKENS, *_FREE.values())) is None:
        glue = words.sees(_GLUE)
        word = words.take(_WORD)
        if word is not None and glue is None and not is_polite(word[0]):
            end = word.end()
    return words.typed(first.start(), end).strip(" .,;()")


def unknown(verb: str, typed: str) -> UnknownWord:
    """The refusal of a word that is no token, with the token that it was perhaps meant to be."""
    return UnknownWord(verb, echo(typed), close_to(fold(typed).strip(".!?()"), _KNOWN))


def _read_word(words: Words, draft: Draft) -> None:
    """Politeness, or before the postcode a name. Raises UnknownWord."""
    word = words.take(_NAME if draft.pc4 is None and words.sees(_NAME) else _WORD)
    if word is None or is_polite(word[0]):
        return
    typed = words.typed(word.start(), word.end())
    if word.re is not _NAME:
        raise unknown(words.verb, typed)
    draft.place.append(typed)
