"""E-mail addresses. A person or a room on Matrix (@jan:zorg.nl, #noord:zorg.nl) is none of them."""

import re
from collections.abc import Iterator

# The character right before the @ is what an address has and a Matrix name has not.
_EMAIL = re.compile(
    r"[\w.+-]{0,63}\w(?:@| ?[(\[] ?at ?[)\]] ?)(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![^\W_])",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each e-mail address, with @, (at) or [at]."""
    for match in _EMAIL.finditer(text):
        yield match.span()
