"""The tokens of a !zorgvraag line: for each its pattern on folded text, and what it puts in the draft. Nothing else.

Those of hours and times stand in care_hours.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from commands.language import moments
from commands.language.care_draft import VERB, Draft, once
from commands.language.care_hours import HOURS
from commands.language.vocabulary import DAGDEEL, FUNDING, KINDS, REFERRERS, dagdelen_in, one_of
from commands.language.words import echo
from domain.care import Per, Referrer, Urgency, Visits
from domain.refusals import BadValue, UnknownWord

_MOST_VISITS = {Per.DAG: 24, Per.WEEK: 168, Per.MAAND: 99}

Reader = Callable[[Draft, re.Match[str]], None]

# The words of two letters that may stand behind a PC4; any others are the rest of the postcode.
_SHORT = "|".join(sorted(
    {word for word in (*KINDS, *REFERRERS) if len(word) == 2}
    | {"av", "bv", "ca", "de", "di", "do", "en", "in", "is", "ma", "mi", "na", "nm", "nu", "of", "om", "op", "te", "vm"}
    | {"vr", "wo", "za"}
))  # fmt: skip
POSTCODE = re.compile(
    r"(?:(?:postcode|pc4?) ?:? ?)?(?P<pc4>[1-9]\d{3})"
    rf"(?:(?P<letters>[a-z]{{2}})| ?[ -] ?(?P<apart>(?!{_SHORT})[a-z]{{2}}))?"
    r"(?!\w)|(?P<wrong>0\d{3}|\d{5})(?!\w)"
)

_NUMERALS = {"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8}
_COUNT = rf"(?:(?P<low>\d{{1,3}}) ?(?:-|a|of|tot) ?)?(?P<count>\d{{1,3}}|{'|'.join(_NUMERALS)})"
_PERIOD = r"(?:(?P<day>dag|daags|dgs?|d|dd|etmaal)|(?P<week>week|weeks|wk|w)|(?P<month>maand|maands|mnd))(?!\w)"
VISITS = (
    re.compile(rf"{_COUNT} ?(?:x|keer|maal|dagen|dgn)(?: ?(?:per|p\.?|/|a|in de|in een|elke|iedere)/?)? ?{_PERIOD}"),
    re.compile(rf"{_COUNT} ?(?:per |/ ?|p){_PERIOD}"),
    re.compile(r"(?P<count>\d{1,2}) ?(?P<day>dd)(?P<low>)?(?!\w)"),
    # Without a period, or with one that we cannot keep: "1x per 6 weken".
    re.compile(
        rf"{_COUNT} ?(?:x|keer|maal)(?: ?(?:/|per|in de|om de)(?: de)? ?\d{{1,2}} ?(?:dagen|weken|wk|maanden))?(?!\w)"
    ),
)
OFTEN = re.compile(
    r"(?:(?P<day>dagelijks|elke dag|iedere dag)|(?P<month>maandelijks|elke maand|iedere maand)|"
    r"(?P<week>wekelijks|elke week|iedere week))(?!\w)"
)

_START = r"(?:ingaande|ingang|aanvang|m\.?i\.?v\.?|met ingang van|begint?|begindatum)"
START = re.compile(
    rf"(?:start(?:datum|en|t)?|(?P<soft>{_START}|vanaf|per))(?!\w)[ :=]*(?:(?:op|per|vanaf|uiterlijk|is|uit) )?"
    rf"(?:{moments.DAY}|(?P<wrong>(?(soft)(?!)|[^\s,;+&|]*)))"
)
DATE = re.compile(rf"{moments.DAY}(?! ?(?:u|uur|uren|x|keer|maal|dagen|weken|min|minuten|mg|ml|kg|%)(?!\w))(?!\d)")
AT_ONCE = re.compile(r"(?:(?:start|vanaf|ingaande) ?:? ?)?(?:per )?(?:direct|nu|meteen|onmiddellijk|vandaag nog)(?!\w)")
SOON = re.compile(r"(?:start ?:? ?)?(?:zsm|z\.s\.m\.?|asap|zo snel mogelijk|zo spoedig mogelijk)(?!\w)")

SPOED = re.compile(r"(?:met )?(?:spoed(?:zorg|aanvraag|vraag|geval|ig|eisend)?|urgent|acuut|acute)(?!\w)|🚨")
PLANNED = re.compile(
    r"(?:gepland|geplande|planbaar|planbare|regulier|(?:geen|niet)[ -](?:spoed|haast|urgent|acuut))(?!\w)"
)
WITHIN = re.compile(
    r"(?:binnen|<|max\.?|maximaal|uiterlijk binnen) ?(?P<count>\d{1,3}|een|twee|drie) ?"
    r"(?:(?P<hour>uur|uren|u|h)|(?P<days>dag|dagen|etmaal)|week|weken)(?!\w)"
)

KIND = re.compile(one_of(KINDS))
PAID = re.compile(one_of(FUNDING))
SENT_BY = re.compile(one_of(REFERRERS))
SENT_BY_CLIENT = re.compile(
    r"(?:van|via|door|vanuit|verwijzer:?) (?:de )?(?:client|familie|partner|zelf|client zelf)(?!\w)"
)
# Right in itself, but to be said in another way here.
ELSEWISE = re.compile(r"(?P<alternate>om de dag)(?!\w)|(?:een )?(?P<sex>vrouw|man)(?:elijke?|nelijke?)?(?!\w)")


def _postcode(draft: Draft, match: re.Match[str]) -> None:
    """The letters of a full postcode are never said back, not even in a refusal."""
    if match["letters"] or match["apart"]:
        raise BadValue("postcode", f"{match['pc4']}…")
    if match["wrong"]:
        raise BadValue("postcode", match["wrong"])
    draft.pc4 = once("postcode", draft.pc4, match["pc4"], match["pc4"])


def _visits(draft: Draft, match: re.Match[str]) -> None:
    count = _NUMERALS.get(match["count"]) or int(match["count"])
    per = _per(match)
    if match["low"] or per is None or not 0 < count <= _MOST_VISITS[per]:
        raise BadValue("bezoeken", echo(match[0]))
    draft.visits = once("bezoeken", draft.visits, Visits(count, per), match[0])


def _often(draft: Draft, match: re.Match[str]) -> None:
    draft.often = once("bezoeken", draft.often, _per(match), match[0])


def _per(match: re.Match[str]) -> Per | None:
    """The period that was named, if any."""
    named = {"day": Per.DAG, "week": Per.WEEK, "month": Per.MAAND}
    return next((named[group] for group, found in match.groupdict().items() if group in named and found), None)


def _start(draft: Draft, match: re.Match[str]) -> None:
    if match["wrong"] is not None:
        raise BadValue("datum", echo(match["wrong"] or match[0]))
    draft.start = once("datum", draft.start, moments.read_day(match, draft.today), match[0])
    if part := moments.read_part(match):
        draft.dagdelen.add(part)


def _date(draft: Draft, match: re.Match[str]) -> None:
    """Without "start" a weekday may mean every week."""
    if match["weekday"] or match["weekend"]:
        raise UnknownWord(VERB, echo(match[0]), f"start {match[0]}")
    if match["gap"] == ".":
        raise UnknownWord(VERB, echo(match[0]))
    draft.start = once("datum", draft.start, moments.read_day(match, draft.today), match[0])
    if part := moments.read_part(match):
        draft.dagdelen.add(part)


def _at_once(draft: Draft, match: re.Match[str]) -> None:
    draft.start = once("datum", draft.start, draft.today, match[0])


def _soon(draft: Draft, _: re.Match[str]) -> None:
    draft.soon = True


def _within(draft: Draft, match: re.Match[str]) -> None:
    count = _NUMERALS.get(match["count"]) or int(match["count"])
    hours = count * (1 if match["hour"] else 24 if match["days"] else 168)
    if hours < 24:
        draft.urgencies.add(Urgency.SPOED)
    elif hours in (24, 48):
        draft.urgencies.add(Urgency.BINNEN_24 if hours == 24 else Urgency.BINNEN_48)
    else:
        raise BadValue("urgentie", echo(match[0]))


def _referrer(draft: Draft, match: re.Match[str]) -> None:
    who = REFERRERS.get(match[0], Referrer.CLIENT)
    draft.referrer = once("verwijzer", draft.referrer, who, match[0])


def _funding(draft: Draft, match: re.Match[str]) -> None:
    draft.funding = once("financiering", draft.funding, FUNDING[match[0]], match[0])


def _elsewise(_: Draft, match: re.Match[str]) -> None:
    raise UnknownWord(VERB, match[0], "4x/week" if match["alternate"] else f"wens {match['sex']}")


# The longest one counts, and of equals the first.
TOKENS: Mapping[re.Pattern[str], Reader] = {
    POSTCODE: _postcode,
    **dict.fromkeys(VISITS, _visits),
    OFTEN: _often,
    **HOURS,
    AT_ONCE: _at_once,
    SOON: _soon,
    START: _start,
    DATE: _date,
    SPOED: lambda draft, _: draft.urgencies.add(Urgency.SPOED),
    PLANNED: lambda draft, _: draft.urgencies.add(Urgency.GEPLAND),
    WITHIN: _within,
    KIND: lambda draft, match: draft.kinds.add(KINDS[match[0]]),
    DAGDEEL: lambda draft, match: draft.dagdelen.update(dagdelen_in(match)),
    PAID: _funding,
    SENT_BY: _referrer,
    SENT_BY_CLIENT: _referrer,
    ELSEWISE: _elsewise,
}
