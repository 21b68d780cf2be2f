"""The one check that every free text must pass before it may stand in a shared room, from whatever door it came."""

from __future__ import annotations

from datetime import datetime

from domain import privacy
from domain.refusals import PersonalData, TooLong

LONGEST = 500


def must_be_anonymous(now: datetime, *texts: str | None) -> None:
    """Raises PersonalData when one of the texts may identify a person, TooLong when one is over 500 characters."""
    kinds: list[str] = []
    for text in texts:
        if text is None:
            continue
        if len(text) > LONGEST:
            raise TooLong(LONGEST)
        kinds += [finding.kind.value for finding in privacy.find(text, now.date())]
    if kinds:
        raise PersonalData(tuple(dict.fromkeys(kinds)))
