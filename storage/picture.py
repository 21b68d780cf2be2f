"""Taking a picture: everything that one letter's sentence needs, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.announcements import Details, Digest, OpenList, OpenPart, Overview, OwnList, Superseded, Welcome
from domain.audience import Person
from domain.people import Region
from domain.picture import NOWHERE, Few, Picture
from domain.zorgvraag import State
from storage.letters import Letter
from storage.work import Work


async def take_picture(letters: Sequence[Letter], work: Work, now: datetime) -> Picture:
    """The region of these letters (told as one) as it is at `now`, with what the last of them is about."""
    letter = letters[-1]
    tells_of_room = True
    details: dict[str, Any] = {
        "asked_by": tuple(dict.fromkeys(one.asked_by for one in letters if one.asked_by)),
        "given_back": letter.secret,
        "organisations": await work.people.organisations(),
    }
    if letter.zorgvraag_id is not None:
        zorgvraag = await work.zorgvragen.get(letter.zorgvraag_id)
        details["zorgvragen"] = Few((zorgvraag,), 1)
        tells_of_room = zorgvraag.state is State.OPEN  # nobody asks who has room for what was taken
        region = await work.people.region(zorgvraag.region_id)
    elif letter.region_id is not None:
        region = await work.people.region(letter.region_id)
        details["zorgvragen"] = await _list(letter, region, work)
    else:
        details |= await _colleagues_of(details["asked_by"], work)
        return Picture(now=now, region=NOWHERE, **details)
    details["teams"] = await work.people.teams(region.id)
    details["members"] = await work.people.members(region.id)
    if tells_of_room:
        details["lights"] = await work.lights.in_region(region.id)
    match letter.message:
        case Details(zorgvraag_id):
            zorgvraag = details["zorgvragen"].shown[0]
            if letter.audience == Person(zorgvraag.claimed_by or ""):
                details["contact"] = await work.contacts.of(zorgvraag_id)
        case Digest() | Overview():
            details["figures"] = await work.happened.since_yesterday(region, now)
        case Superseded(zorgvraag_id):
            newest = await work.outbox.newest_post(zorgvraag_id)
            details["newest_post"] = newest and (newest.room_id, newest.event_id)
    return Picture(now=now, region=region, **details)


async def _colleagues_of(asked_by: Sequence[str], work: Work) -> dict[str, Any]:
    """Who somebody may be told of who asks one to one, wherever they work: nobody has to read a bare account."""
    regions = {place.region_id for user_id in asked_by for place in await work.people.places_of(user_id)}
    found: dict[str, Any] = {"members": {}, "teams": {}}
    for region_id in sorted(regions):
        found["members"] |= await work.people.members(region_id)
        found["teams"] |= await work.people.teams(region_id)
    return found


async def _list(letter: Letter, region: Region, work: Work) -> Few:
    match letter.message:
        case OpenList(wanted):
            return await work.zorgvragen.few_open_in(region.id, wanted)
        case OpenPart(zorgvraag_ids):
            return await work.zorgvragen.still_open(zorgvraag_ids)
        case Welcome() | Digest() | Overview():
            return await work.zorgvragen.few_open_in(region.id)
        case OwnList(user_id):
            return await work.zorgvragen.few_claimed_by(user_id, region.id)
        case _:
            return Few()
