"""E-mail addresses. A person or a room on Matrix (@jan:zorg.nl, #noord:zorg.nl) is none of them."""

import re
from collections.abc import Iterator

_AT = r"(?:@| ?[(\[] ?(?:at|a|apenstaartje) ?[)\]] ?| apenstaartje )"
_DOT = r"(?:\.| ?[(\[] ?(?:dot|punt) ?[)\]] ?)"
# The character right before the @ is what an address has and a Matrix name has not.
_EMAIL = re.compile(
    rf"[\w.+-]{{0,63}}\w(?:{_AT}(?:[\w-]{{1,63}}{_DOT}){{1,8}}[^\W\d_]{{2,24}}|"
    # jan @ zorg.nl, as telephones space it; only with the usual ends: "vraag @jan.de.vries" speaks to a colleague
    r" ?@ ?(?:[\w-]{1,63}\.){1,8}(?:nl|be|eu|com|net|org))(?![^\W_])",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each e-mail address, with @, or with (at) and [dot] in its place."""
    for match in _EMAIL.finditer(text):
        yield match.span()
