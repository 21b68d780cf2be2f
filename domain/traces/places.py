"""Exact places: coordinates, as a telephone shares them. A house found on the map is an address."""

import re
from collections.abc import Iterator

_LATITUDE, _LONGITUDE = r"-?\d{2}\.\d{4,16}", r"-?\d{1,3}\.\d{4,16}"
_PLACE = re.compile(
    # geo:52.2215,6.8937;u=35. Source: RFC 5870
    r"(?<![^\W_])geo:-?\d{1,3}(?:\.\d{1,16})?,-?\d{1,3}(?:\.\d{1,16})?|"
    # 52.2215, 6.8937; in links to maps @52.2215,6.8937,17z and !3d52.2215!4d6.8937. Four decimals are some ten metres.
    rf"(?<![\d.,]){_LATITUDE}(?:[,;] ?| |!4d){_LONGITUDE}|"
    # What the telephone makes of "share this place".
    r"(?<![^\W_])(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.apple/p)/\w",
    re.IGNORECASE,
)


def places(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each pair of coordinates exact enough to point to a house, and of each shared place."""
    for match in _PLACE.finditer(text):
        yield match.span()
