"""Codes of key safes: who knows one can walk into a client's house."""

import re
from collections.abc import Iterator

_SAFE = (
    r"(?:sleutel ?(?:kast|kluis|safe|box|kist|buis|cilinder)(?:je|tje)?|sleutel ?code|key ?(?:safe|box|code)"
    r"|(?:code|cijfer) ?slot|kluis(?:je| ?code)|(?:deur|toegangs) ?code)"
)
_BETWEEN = r"(?:[ :=,.-]|code|cijfers?|nummer|nr|is|heeft|met|op|de|het|van|links|rechts|(?:voor|achter)deur){0,16}?"
# "4711" or "4-7-1-1"; not "10.30" nor "25-11", which are a time and a date.
_CODE = re.compile(
    rf"(?<![^\W_]){_SAFE}{_BETWEEN}(?<!\d)(?P<code>\d{{3,8}}|\d(?:[ .-]\d){{2,7}})(?![ .-]?\d)", re.IGNORECASE
)


def key_codes(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each three to eight digits right behind the name of a key safe, a door or its code."""
    for match in _CODE.finditer(text):
        yield match.span("code")
