"""How people write the number of a zorgvraag: patterns on folded text. What a line does with it stands elsewhere."""

from __future__ import annotations

import re

# What stands before a number in a reason ("vanaf 12 uur", "covid-19", "week 48") and is no region.
_NO_REGION = (
    r"(?:al|bij|bus|corona|covid|dag|de|die|dit|een|en|er|geen|heb|in|is|ivm|kamer|kan|lijn|ma|di|wo|do|vr|za|zo|meer|"
    r"met|minstens|na|nog|om|op|over|pas|per|rond|sinds|te|tot|tussen|uit|van|vanaf|voor|week|wegens|wk)(?![^\W\d_])"
)
_LABEL = r"(?:zorgvraag|vraag|nummer|num|nr|no|zv)(?![^\W\d_])[ .:]{0,2}"
_REGION = rf"(?!{_NO_REGION})[^\W\d_]{{2,30}}(?:[-'][^\W\d_]{{1,30}}){{0,3}}"
_LONG_REGION = rf"{_REGION}(?: {_REGION}){{1,3}}"
# Not the 2 of "2 dagen ziek".
_NO_COUNT = (
    r"(?! ?(?:x|keer|maal|uur|uren|u|min|minuten|dagen|dag|nachten|weken|week|maanden|maand|km|kilometer|zieken|"
    r"zieke|collega|collegas|collega's|mensen|personen|man|procent|%|januari|februari|maart|april|mei|juni|juli|augustus|"
    r"september|oktober|november|december|jan|feb|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec)(?!\w))"
)
# Nor a part of "42,43", "12:30" or "7e".
_DIGITS = rf"#? ?(?P<number>\d+)(?!\w|[.,:/+&'-]\d){_NO_COUNT}"
# None at all: "noord9".
_GAP = r"(?: ?[-#] ?| |)"

# "42", "#42", "nr 42" · "Noord-42", "noord 42" · "Enschede Noord 42" at the end of a line.
NUMBERS = (
    re.compile(rf"(?:{_LABEL})?[-#]? ?{_DIGITS}"),
    re.compile(rf"(?:{_LABEL})?(?P<region>{_REGION}){_GAP}{_DIGITS}"),
    re.compile(
        rf"(?:{_LABEL})?(?P<region>{_LONG_REGION})(?: ?[-#] ?{_DIGITS}| {_DIGITS.replace('number', 'last')}[^\w]*$)"
    ),
)

# One of several: "4", "#4", "noord-4".
ONE = rf"(?:{_LABEL})?(?:{_REGION}{_GAP})?#?\d{{1,10}}(?!\w){_NO_COUNT}"
# "4 6" with nothing but numbers; "4-6", "4/6", "4 t/m 6"; "4, 6 en 12 te ver", whatever follows.
SEVERAL = (
    re.compile(rf"[^\w#]*{ONE}(?: ?[,;+&] ?(?:en )?{ONE}| (?:en )?{ONE})+(?P<rest>.*)"),
    re.compile(rf"[^\w#]*{ONE} ?(?:-|/|t/m|tm|tot en met) ?{ONE}(?P<rest>.*)"),
)
SEVERAL_AND_MORE = re.compile(rf"[^\w#]*{ONE}(?:(?: ?[,&+] ?(?:en )?| en ){ONE})+(?![/:.]\d)")
