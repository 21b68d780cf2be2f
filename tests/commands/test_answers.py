"""What the verbs that answer tell, to whom and of which region."""

from __future__ import annotations

import pytest

from commands import capacity, mine, open, overview, release, status, withdraw  # noqa: A004 - the verb is called so
from commands.verb import Verb
from domain.announcements import Board, LightsSet, OpenList, OpenPart, Overview, OwnList, StatusOf
from domain.audience import Person, RegionRoom
from domain.capacity import Colour
from domain.care import Dagdeel, Kind
from domain.people import PostcodeRange
from domain.picture import SHOWN
from domain.refusals import LeadsOnly, OtherTeam, PersonalData, UnknownWord, WhichRegion, WrongRole
from domain.wanted import Wanted
from storage.letters import Letter, Message
from storage.picture import take_picture
from storage.work import Store
from tests.commands.asking import ANNA, ELS, LINDA, MO, NOORD, NOW, ZUID, ask, opened, settle

ALL_DAY = tuple(dagdeel.value for dagdeel in Dagdeel)


@pytest.mark.parametrize(
    ("verb", "who", "answer"),
    [
        (open.VERB, LINDA, OpenList()),
        (mine.VERB, LINDA, OwnList(LINDA)),
        (capacity.VERB, LINDA, Board()),
        (overview.VERB, ELS, Overview()),
    ],
)
async def test_one_to_one_somebody_of_two_regions_sees_both(
    store: Store, verb: Verb, who: str, answer: Message
) -> None:
    await settle(store)
    assert await ask(store, verb, "", who) == [(Person(who), answer, "noord"), (Person(who), answer, "zuid")]


@pytest.mark.parametrize(("verb", "answer"), [(open.VERB, OpenList()), (capacity.VERB, Board())])
async def test_in_a_room_it_is_about_that_region_alone(store: Store, verb: Verb, answer: Message) -> None:
    await settle(store)
    assert await ask(store, verb, "", LINDA, region=ZUID) == [(RegionRoom("zuid"), answer, "zuid")]


async def test_the_digest_is_for_coordinators(store: Store) -> None:
    await settle(store)
    with pytest.raises(WrongRole):
        await ask(store, overview.VERB, "", LINDA)


async def test_a_number_without_its_region_is_refused_with_a_line_to_copy(store: Store) -> None:
    await settle(store)
    with pytest.raises(WhichRegion) as refused:
        await ask(store, status.VERB, "1", LINDA)
    assert refused.value.meant == "!status Noord-1"


@pytest.mark.parametrize(
    ("who", "words", "team"),
    [
        (LINDA, "Noord groen", "roombeek"),
        (LINDA, "zuid groen", "wesselerbrink"),
        (LINDA, "groen Zuid", "wesselerbrink"),
        (LINDA, "team Roombeek groen", "roombeek"),
        (LINDA, "roombeek groen", "roombeek"),
        (LINDA, "wesselerbrink groen", "wesselerbrink"),
        (MO, "groen", "stroinkslanden"),
        (MO, "Zuid groen", "stroinkslanden"),
    ],
)
async def test_who_leads_two_teams_names_the_team_or_its_region(store: Store, who: str, words: str, team: str) -> None:
    """Whoever leads only one of them need not."""
    await settle(store)
    (_, first, region), _ = await ask(store, capacity.VERB, words, who)
    assert first == LightsSet(team, ALL_DAY)
    assert region == ("noord" if team == "roombeek" else "zuid")
    async with store.look() as work:
        lights = [*await work.lights.in_region("noord"), *await work.lights.in_region("zuid")]
    assert {(light.team_id, light.colour, light.note) for light in lights} == {(team, Colour.GROEN, None)}


async def test_who_leads_two_teams_and_names_none_is_given_a_line_to_copy(store: Store) -> None:
    await settle(store)
    with pytest.raises(WhichRegion) as refused:
        await ask(store, capacity.VERB, "avond rood", LINDA)
    assert refused.value.meant == "!capaciteit Noord rood"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("paars groen", UnknownWord("capaciteit", "paars")),
        ("Stroinkslanden groen", OtherTeam("roombeek")),
        ("team Oost groen", OtherTeam("roombeek")),
    ],
)
async def test_what_is_no_team_or_region_of_theirs_is_refused(store: Store, words: str, refusal: Exception) -> None:
    await settle(store)
    with pytest.raises(type(refusal)) as refused:
        await ask(store, capacity.VERB, words, LINDA)
    assert vars(refused.value) == vars(refusal)


async def test_a_nurse_who_leads_no_team_hears_whose_light_it_is(store: Store) -> None:
    await settle(store)
    with pytest.raises(LeadsOnly) as refused:
        await ask(store, capacity.VERB, "groen", ANNA, region=NOORD)
    assert refused.value.team_id == "roombeek"


async def test_what_is_open_can_be_asked_by_postcode_kind_and_urgency(store: Store) -> None:
    await settle(store)
    wanted = Wanted((PostcodeRange("7523", "7523"),), (Kind.WONDZORG,), spoed=True)
    told = await ask(store, open.VERB, "7523 wondzorg spoed", ANNA, region=NOORD)
    assert told == [(RegionRoom("noord"), OpenList(wanted), "noord")]


async def test_what_is_open_can_be_asked_of_one_region(store: Store) -> None:
    await settle(store)
    assert await ask(store, open.VERB, "zuid", LINDA) == [(Person(LINDA), OpenList(), "zuid")]
    with pytest.raises(UnknownWord) as refused:
        await ask(store, open.VERB, "de deur", LINDA)
    assert refused.value.word == "deur"


async def test_the_whole_list_comes_one_to_one_in_parts_and_names_each_once(store: Store) -> None:
    await settle(store)
    ids = [(await opened(store)).id for _ in range(2 * open.PART + 1)]
    told = await ask(store, open.VERB, "alles", ANNA, region=NOORD)
    assert {(audience, region) for audience, _, region in told} == {(Person(ANNA), "noord")}
    parts = [message for _, message, _ in told if isinstance(message, OpenPart)]
    assert [(part.number, part.parts, part.more) for part in parts] == [(1, 3, 0), (2, 3, 0), (3, 3, 0)]
    assert [zorgvraag_id for part in parts for zorgvraag_id in part.zorgvraag_ids] == ids


async def test_a_list_that_has_no_end_is_cut_and_says_so(store: Store) -> None:
    await settle(store)
    for _ in range(open.PART * open.PARTS + 7):
        await opened(store)
    last = (await ask(store, open.VERB, "alles", ANNA))[-1][1]
    assert isinstance(last, OpenPart)
    assert (last.number, last.parts, last.more) == (open.PARTS, open.PARTS, 7)


async def test_a_whole_list_that_is_short_is_answered_where_it_was_asked(store: Store) -> None:
    await settle(store)
    for _ in range(SHOWN):
        await opened(store)
    told = await ask(store, open.VERB, "alles", ANNA, region=NOORD)
    assert told == [(RegionRoom("noord"), OpenList(), "noord")]


async def test_one_that_is_claimed_meanwhile_leaves_its_part_and_no_other(store: Store) -> None:
    await settle(store)
    ids = [(await opened(store)).id for _ in range(SHOWN + 1)]
    ((_, part, _),) = await ask(store, open.VERB, "alles", ANNA)
    async with store.work() as work:
        first = await work.zorgvragen.get(ids[0])
        first.claim((await work.people.members("noord"))[ANNA], NOW)
        await work.zorgvragen.save(first)
        letter = Letter(1, Person(ANNA), "noord", part, None, ANNA, None, NOW, 0, None)
        picture = await take_picture([letter], work, NOW)
    assert [one.id for one in picture.zorgvragen.shown] == ids[1:]


@pytest.mark.parametrize(
    ("verb", "who", "shown"), [(release.VERB, ANNA, True), (release.VERB, ANNA, False), (withdraw.VERB, ELS, True)]
)
async def test_who_gives_a_reason_one_to_one_hears_that_the_group_reads_it(
    store: Store, verb: Verb, who: str, *, shown: bool
) -> None:
    await settle(store)
    zorgvraag = await claimed_by_anna(store)
    told = await ask(store, verb, "noord-1 te ver" if shown else "noord-1", who)
    assert StatusOf(zorgvraag, reason_shown=shown) in [
        message for audience, message, _ in told if audience == Person(who)
    ]


@pytest.mark.parametrize(("verb", "who"), [(release.VERB, ANNA), (withdraw.VERB, ELS)])
async def test_a_reason_with_personal_data_is_refused_one_to_one_too(store: Store, verb: Verb, who: str) -> None:
    """The guard of the shared rooms does not look there, and the reason would stand in one."""
    await settle(store)
    zorgvraag = await claimed_by_anna(store)
    with pytest.raises(PersonalData):
        await ask(store, verb, "noord-1 bel mevrouw op 06-12345678", who)
    async with store.look() as work:
        assert (await work.zorgvragen.get(zorgvraag)).claimed_by == ANNA


async def claimed_by_anna(store: Store) -> int:
    """Noord-1, which Anna has."""
    zorgvraag = await opened(store)
    async with store.work() as work:
        zorgvraag.claim((await work.people.members("noord"))[ANNA], NOW)
        await work.zorgvragen.save(zorgvraag)
    return zorgvraag.id
