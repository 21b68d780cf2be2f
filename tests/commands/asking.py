"""Two regions, and somebody who asks in one of them or one to one: a verb is run on a real database, without a room."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.language.words import Words
from commands.verb import Asked, Verb
from domain.audience import Audience, Person, RegionRoom
from domain.care import Care, Kind
from domain.people import Member, Organisation, PostcodeRange, Region, Role, Team
from domain.zorgvraag import Zorgvraag
from storage.letters import Message
from storage.work import Store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)  # Monday, 10:10 in Amsterdam
NOORD = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
ZUID = Region("zuid", "Zuid", (PostcodeRange("7540", "7549"),))
NURSE, LEAD, COORDINATOR = (frozenset({role}) for role in (Role.NURSE, Role.TEAM_LEAD, Role.COORDINATOR))

ANNA = "@anna:x"  # nurse in Noord
LINDA = "@linda:x"  # leads a team in each region
MO = "@mo:x"  # nurse in Noord, lead in Zuid
ELS = "@els:x"  # coordinator of both
PEOPLE = (
    Member(ANNA, "noord", NURSE, "Anna", "roombeek"),
    Member(LINDA, "noord", LEAD, "Linda", "roombeek"),
    Member(LINDA, "zuid", LEAD, "Linda", "wesselerbrink"),
    Member(MO, "noord", NURSE, "Mo", "roombeek"),
    Member(MO, "zuid", LEAD, "Mo", "stroinkslanden"),
    Member(ELS, "noord", COORDINATOR, "Els"),
    Member(ELS, "zuid", COORDINATOR, "Els"),
)
TEAMS = (
    Team("roombeek", "Team Roombeek", "livio", "noord"),
    Team("wesselerbrink", "Wesselerbrink", "livio", "zuid"),
    Team("stroinkslanden", "Stroinkslanden", "livio", "zuid"),
)


async def settle(store: Store) -> None:
    """Apply both regions."""
    async with store.work() as work:
        for region in (NOORD, ZUID):
            await work.people.put_region(region)
        await work.people.put_organisation(Organisation("livio", "Livio"))
        for team in TEAMS:
            await work.people.put_team(team)
        for member in PEOPLE:
            await work.people.put_member(member)


async def opened(store: Store, region: Region = NOORD, pc4: str = "7523", kind: Kind = Kind.WONDZORG) -> Zorgvraag:
    """One more that is open."""
    async with store.work() as work:
        return await work.zorgvragen.add(region, Care(pc4, (kind,)), ELS, NOW)


async def ask(
    store: Store, verb: Verb, words: str, who: str, *, region: Region | None = None
) -> list[tuple[Audience, Message, str | None]]:
    """What is then told, to whom, about which region; `region` is that of the room, or else it is one to one."""
    async with store.work() as work:
        asked = Asked(
            user_id=who,
            places=tuple(await work.people.places_of(who)),
            region=region,
            answer_to=RegionRoom(region.id) if region else Person(who),
            event_id="$asked",
            now=NOW,
        )
        await verb.run(verb.read(Words(verb.name, words, NOORD.local(NOW))), asked, work)
    told = []
    async with store.work() as work:
        while (batch := await work.outbox.take(NOW)) is not None:
            told += [(letter.audience, letter.message, letter.region_id) for letter in batch.letters]
            await work.outbox.gave_up(batch, "seen", NOW)
    return told
