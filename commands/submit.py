"""!zorgvraag ...: a new zorgvraag, from a coordinator in chat or from another system over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands.free_text import must_be_anonymous
from commands.language.care_line import read_care, unknown
from commands.language.fold import fold
from commands.language.words import Words
from commands.verb import COORDINATORS, Asked, Verb
from domain.announcements import Opened
from domain.area import spell
from domain.audience import RegionRoom
from domain.care import Care, Contact
from domain.people import Region
from domain.refusals import OtherRegion, ReferenceReused, UnknownPostcode
from domain.zorgvraag import Zorgvraag
from storage.references import Reference
from storage.work import Work


@dataclass(frozen=True)
class Submit:
    """Ask the region for this care; `place` is the name that was typed before the postcode."""

    care: Care
    place: str | None = None


@dataclass(frozen=True)
class Delivery:
    """How a system sent it: `source` is its name, `reference` its own key, `fingerprint` a digest of the body."""

    source: str
    reference: str
    fingerprint: str


def read(words: Words) -> Submit:
    """Tokens in any order; before the postcode perhaps the region's name, behind a colon a note."""
    return Submit(*read_care(words))


async def run(command: Submit, asked: Asked, work: Work) -> None:
    """A coordinator asks. Outside the region's room the postcode says which room it goes to, and that is told.

    A name before the postcode must be that region's. Raises OtherRegion or UnknownWord.
    """
    region = await region_for(command.care.pc4, work)
    if asked.region is not None and asked.region.id != region.id:
        raise OtherRegion(command.care.pc4, region.name)
    VERB.allow(asked.member(region.id))
    if command.place is not None and not _is_named(command.place, region):
        if any(_is_named(command.place, other) for other in await work.people.regions()):
            raise OtherRegion(command.care.pc4, region.name)
        raise unknown(VERB.name, command.place)
    zorgvraag = await submit(command.care, region, asked.user_id, work, asked.now)
    await asked.confirm(zorgvraag, work)


def _is_named(name: str, region: Region) -> bool:
    return fold(name) in (region.id, fold(region.name))


async def submit(
    care: Care, region: Region, by: str, work: Work, now: datetime, contact: Contact | None = None
) -> Zorgvraag:
    """Open a zorgvraag and post it. Raises PersonalData or TooLong, and then nothing was posted."""
    must_be_anonymous(now, *care.free_text().values())
    zorgvraag = await work.zorgvragen.add(region, care, by, now)
    if contact is not None:
        await work.contacts.keep(zorgvraag.id, contact)
    await work.outbox.put(RegionRoom(region.id), Opened(zorgvraag.id), now)
    await work.journal.write(VERB.name, by, now, region_id=region.id, zorgvraag_id=zorgvraag.id)
    return zorgvraag


async def deliver(
    care: Care, delivery: Delivery, work: Work, now: datetime, contact: Contact | None = None
) -> tuple[Zorgvraag, bool]:
    """What a system sent: the zorgvraag, and whether it is new. The same reference and body give the same one.

    Raises ReferenceReused for another body under a known reference, UnknownPostcode, PersonalData or TooLong.
    """
    known = await work.references.find(delivery.source, delivery.reference)
    if known is not None:
        if known.fingerprint != delivery.fingerprint:
            raise ReferenceReused(delivery.reference)
        return await work.zorgvragen.get(known.zorgvraag_id), False
    region = await region_for(care.pc4, work)
    zorgvraag = await submit(care, region, f"source:{delivery.source}", work, now, contact)
    kept = Reference(delivery.fingerprint, zorgvraag.id)
    await work.references.keep(delivery.source, delivery.reference, kept)
    return zorgvraag, True


async def region_for(pc4: str, work: Work) -> Region:
    """The region that covers this PC4. Raises UnknownPostcode with the nearest ranges."""
    regions = await work.people.regions()
    for region in regions:
        if region.covers(pc4):
            return region
    ranges = [postcodes for region in regions for postcodes in region.postcodes]
    ranges.sort(key=lambda postcodes: min(abs(int(pc4) - int(postcodes.first)), abs(int(pc4) - int(postcodes.last))))
    raise UnknownPostcode(pc4, tuple(spell(nearest) for nearest in ranges[:2]))


VERB = Verb("zorgvraag", ("nieuw", "aanvraag", "vraag"), COORDINATORS, read, run)
