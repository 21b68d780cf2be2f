"""Where a message was said, for the parser: how much of a line is a command depends on that. Nothing is read here."""

from __future__ import annotations

from bot.chat import Said
from commands.capacity import VERB as CAPACITY
from commands.claim import VERB as CLAIM
from commands.language.fold import fold
from commands.language.said import Place
from commands.submit import VERB as SUBMIT
from commands.verb import TEAM_LEADS, Asked
from domain.audience import Audience, Person
from domain.zorgvraag import State, Zorgvraag
from storage.work import Work


async def place_of(said: Said, audience: Audience, asked: Asked, work: Work) -> Place:
    """The place of this message, whose sender is `asked`."""
    regions = {place.region_id for place in asked.places}
    if asked.region is not None:
        regions |= {asked.region.id, fold(asked.region.name)}
    offered = await _offered(said.about, work)
    where = offered.region_id if offered is not None else asked.region.id if asked.region is not None else None
    here = [one for one in asked.places if where in (None, one.region_id)]
    is_nurse = any(one.is_any(CLAIM.roles) for one in here)
    work_of = ((SUBMIT.name, SUBMIT.roles), (CAPACITY.name, TEAM_LEADS))  # everybody may look, a lead sets
    return Place(
        to_us=said.addressed or isinstance(audience, Person),
        alone=isinstance(audience, Person),
        about_one=asked.about is not None,
        offered=None if offered is None else offered.number,
        hint=is_nurse and (offered is None or offered.state is State.OPEN),
        regions=frozenset(regions),
        may_mean=frozenset(name for name, roles in work_of if any(one.is_any(roles) for one in here)),
    )


async def _offered(about: tuple[str, ...], work: Work) -> Zorgvraag | None:
    """The zorgvraag that the first of these messages which is about one asks somebody to take."""
    for event_id in about:
        zorgvraag_id = await work.outbox.zorgvraag_at(event_id)
        if zorgvraag_id is not None:
            return await work.zorgvragen.get(zorgvraag_id) if await work.outbox.is_offer(event_id) else None
    return None
