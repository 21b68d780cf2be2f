"""The moments in a line of !capaciteit: when a light ends, and those at which none can begin. Patterns, no reading.

A light holds from now on. "Vanaf nu" and "vandaag" may be said; anything later may not, outside a note behind a colon.
"""

from __future__ import annotations

import re

from commands.language.moments import DAY, NO_DAY, TIME

_TO = r"(?:(?P<inclusive>tot en met|t/m|tm|t\.e\.m\.?)|tot) (?:de |het )?"
_UNTIL = (
    rf"{_TO}(?:om )?{TIME}{NO_DAY}",
    rf"{_TO}{DAY}(?P<dayseen>)(?:,? ?(?:om )?{TIME})?",
    rf"{_TO}{TIME} (?:op )?{DAY}(?P<dayseen>)",
)
UNTIL = tuple(re.compile(pattern) for pattern in _UNTIL)
UNTIL_AT_END = tuple(re.compile(rf"(?<!\w){pattern}[^\w]*$") for pattern in _UNTIL)

NOW = re.compile(r"(?:vanaf|per|met ingang van) (?:nu|heden|vandaag|direct)(?!\w)")
TODAY = re.compile(
    rf"(?:(?:en|voor|alleen|nog) )*(?:vandaag(?!\w)|(?=van(?:ochtend|morgen|middag|avond|nacht)(?!\w)){DAY})"
)

_FROM = r"vanaf|met ingang van|ingaande|dit|komende?|volgende?|aankomende?"
_BEFORE = rf"(?:(?:{_FROM}|en|pas|alleen|vooral|op|in|per|voor|van|na|tijdens|deze|het|de|elke?|iedere) ){{0,4}}"
# "Zo druk" and "2-3 plekken" are no day; "vr avond" and "ma en di" are.
_LATER_DAY = (
    r"(?!(?:[a-z]{2}|\d{1,2}[-/]\d{1,2}) (?!(?:ochtend|morgen|middag|avond|nacht|en|t/m|tm|tot)(?!\w))[^\W\d_])"
    rf"(?!(?:vandaag|heden)(?!\w)){DAY}"
)
LATER = (
    re.compile(rf"{_BEFORE}{_LATER_DAY}"),
    re.compile(rf"(?:om|na|van|vanaf|over) {TIME}"),
    re.compile(r"van \d{1,2}(?= ?(?:tot|t/m|-))"),
    re.compile(r"(?:vanaf|met ingang van|ingaande|komende|volgende|straks|binnenkort|later)(?!\w)"),
)
LATER_AT_END = re.compile(
    r"[^:(]*?(?<!\w)(?<!tot )(?<!t/m )(?<!tm )(?<!met )"
    rf"(?P<later>(?=(?:{_FROM}|in het)(?!\w)){_BEFORE}{_LATER_DAY})[^\w]*$"
)
