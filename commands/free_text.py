"""The one check that every free text must pass before it may stand in a shared room or be said back to its sender."""

from __future__ import annotations

from datetime import datetime

from domain import privacy
from domain.refusals import NotUnderstood, PersonalData, Refusal, TooLong, UnknownZorgvraag

# Characters, at both doors: of a note or a reason, and of what stands in one line of a post with more.
LONGEST = 500
NAMED = 100


def must_be_anonymous(now: datetime, *texts: str | None) -> None:
    """Raises PersonalData when one of the texts may identify a person, TooLong when one is over 500 characters."""
    kinds: list[str] = []
    for text in texts:
        if text is None:
            continue
        if len(text) > LONGEST:
            raise TooLong(LONGEST)
        kinds += _kinds(text, now)
    if kinds:
        raise PersonalData(tuple(dict.fromkeys(kinds)))


def safe_to_keep(refusal: Refusal, typed: str, now: datetime) -> Refusal:
    """The refusal itself, or PersonalData for one that says words of `typed` back which may identify a person.

    What is to be said lies in the outbox as it is, and stays there: also what was typed one to one.
    """
    kinds = _kinds(typed, now) if isinstance(refusal, NotUnderstood | UnknownZorgvraag) else []
    return PersonalData(tuple(dict.fromkeys(kinds))) if kinds else refusal


def _kinds(text: str, now: datetime) -> list[str]:
    return [finding.kind.value for finding in privacy.find(text, now.date())]
