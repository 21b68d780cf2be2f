"""Names on Matrix: whoever has a telephone number for a user name is still a colleague who is spoken to."""

import re
from collections.abc import Iterator

# @0612345678:zorg.nl, with the server's name: without it, it may be anything that stands behind an @.
_NAME = re.compile(r"(?<![\w.])@[\w.=/+-]{1,64}:(?=[\w-]{1,63}\.[a-z])(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}", re.IGNORECASE)


def names(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each user id such as @jan:zorg.nl."""
    for match in _NAME.finditer(text):
        yield match.span()
