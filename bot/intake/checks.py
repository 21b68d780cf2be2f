"""What a new zorgvraag from a system must meet besides its shape, and which field is to blame. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.intake.problems import Problem, Refused, sentence
from commands.free_text import must_be_anonymous
from domain import privacy
from domain.care import Care, Contact
from domain.refusals import PersonalData
from texts import intake as texts
from texts import words

FARTHEST = timedelta(days=366)
NEVER_IN_CHAT = (privacy.Kind.BSN, privacy.Kind.BIRTH_DATE, privacy.Kind.IBAN)


def must_be_new(care: Care, contact: Contact | None, now: datetime, today: date) -> None:
    """Raises Refused. For a new one alone: what was taken once is the same zorgvraag for ever, also next week.

    `today` is the region's. A day of grace is left for who asks "from today" around midnight.
    """
    problems = [*_start(care.start, today), *_contact(contact, now)]
    if problems:
        raise Refused(422, tuple(problems))


def personal_data(care: Care, now: datetime) -> Refused:
    """Says of each field that holds personal data what it looks like, never what it is."""
    problems = []
    for field, text in care.free_text().items():
        try:
            must_be_anonymous(now, text)
        except PersonalData as found:
            problems.append(Problem(field=field, reason=sentence(found)))
    return Refused(422, tuple(problems))


def _start(start: date | None, today: date) -> Iterator[Problem]:
    if start is not None and start < today - timedelta(days=1):
        yield Problem(field="start", reason=texts.START_PASSED)
    if start is not None and start > today + FARTHEST:
        yield Problem(field="start", reason=texts.START_FAR)


def _contact(contact: Contact | None, now: datetime) -> Iterator[Problem]:
    """Details are told in chat too, one to one; BSN and birth date belong in the handover between providers."""
    if contact is None:
        return
    for field in ("name", "address", "remark"):
        found = {finding.kind for finding in privacy.find(getattr(contact, field) or "", now.date())}
        for kind in NEVER_IN_CHAT:
            if kind in found:
                what = words.PERSONAL[kind.value]
                yield Problem(field=f"contact.{field}", reason=texts.NEVER_IN_CHAT.format(what=what))
