"""Taking a picture: everything that one letter's sentence needs, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from domain.announcements import Details, Digest, OpenList, Overview, OwnList, Superseded, Welcome
from domain.audience import Person
from domain.people import Region
from domain.picture import NOWHERE, Few, Figures, Picture
from storage.letters import Letter
from storage.work import Work


async def take_picture(letters: Sequence[Letter], work: Work, now: datetime) -> Picture:
    """The region of these letters (told as one) as it is at `now`, with what the last of them is about."""
    letter = letters[-1]
    details: dict[str, Any] = {
        "asked_by": tuple(dict.fromkeys(one.asked_by for one in letters if one.asked_by)),
        "given_back": letter.secret,
        "organisations": await work.people.organisations(),
    }
    if letter.zorgvraag_id is not None:
        zorgvraag = await work.zorgvragen.get(letter.zorgvraag_id)
        details["zorgvragen"] = Few((zorgvraag,), 1)
        region = await work.people.region(zorgvraag.region_id)
    elif letter.region_id is not None:
        region = await work.people.region(letter.region_id)
        details["zorgvragen"] = await _list(letter, region, work)
    else:
        return Picture(now=now, region=NOWHERE, **details)
    details["teams"] = await work.people.teams(region.id)
    details["members"] = await work.people.members(region.id)
    details["lights"] = await work.lights.in_region(region.id)
    match letter.message:
        case Details(zorgvraag_id):
            zorgvraag = details["zorgvragen"].shown[0]
            if letter.audience == Person(zorgvraag.claimed_by or ""):
                details["contact"] = await work.contacts.of(zorgvraag_id)
        case Digest() | Overview():
            details["figures"] = await _figures(region, work, now)
        case Superseded(zorgvraag_id):
            newest = await work.outbox.newest_post(zorgvraag_id)
            details["newest_post"] = newest and (newest.room_id, newest.event_id)
    return Picture(now=now, region=region, **details)


async def _list(letter: Letter, region: Region, work: Work) -> Few:
    match letter.message:
        case OpenList() | Welcome() | Digest() | Overview():
            return await work.zorgvragen.few_open_in(region.id)
        case OwnList(user_id):
            return await work.zorgvragen.few_claimed_by(user_id, region.id)
        case _:
            return Few()


async def _figures(region: Region, work: Work, now: datetime) -> Figures:
    since = region.day_before(now)
    waits = [wait.total_seconds() for wait in await work.zorgvragen.waits_until_claim(region.id, since)]
    return Figures(
        since=since,
        submitted=await work.zorgvragen.submitted_since(region.id, since),
        claimed=await work.zorgvragen.claimed_since(region.id, since),
        closed=await work.zorgvragen.closed_since(region.id, since),
        reposted=await work.zorgvragen.reposted_since(region.id, since),
        median_to_claim=timedelta(seconds=median(waits)) if waits else None,
    )
