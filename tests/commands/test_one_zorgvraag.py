"""What the verbs about one zorgvraag do beyond its rules: who hears the details, what is journalled, which region."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.intake.models import NewZorgvraag
from commands import claim, client, close, reopen, status, submit
from commands.free_text import LONGEST, NAMED
from domain.announcements import Details, Opened, PostChanged, Restored, Resumed
from domain.audience import Person, RegionRoom
from domain.care import Contact
from domain.people import PostcodeRange, Region
from domain.refusals import Erased, NoDetails, OtherRegion, UnknownPostcode, UnknownWord, UnknownZorgvraag
from domain.zorgvraag import State
from storage.work import Store
from tests.commands.asking import ANNA, ELS, LINDA, MO, NOORD, NOW, ask, opened, settle

CONTACT = Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000")


async def claimed(store: Store, contact: Contact | None = CONTACT) -> int:
    """Noord-1, which Anna has."""
    await settle(store)
    zorgvraag = await opened(store)
    if contact is not None:
        async with store.work() as work:
            await work.contacts.keep(zorgvraag.id, contact)
    await ask(store, claim.VERB, "1", ANNA, region=NOORD)
    return zorgvraag.id


async def journal(store: Store, what: str) -> list[str]:
    """Who did this, oldest first."""
    async with store.look() as work:
        rows = await work.journal._connection.execute(
            text("SELECT user_id FROM journal WHERE what = :what ORDER BY id"), {"what": what}
        )
        return [row.user_id for row in rows]


async def test_the_details_are_told_again_one_to_one_and_that_is_journalled(store: Store) -> None:
    zorgvraag_id = await claimed(store)
    told = await ask(store, client.VERB, "1", ANNA, region=NOORD)
    assert told == [(Person(ANNA), Details(zorgvraag_id), "noord")]
    assert await journal(store, "gegevens verstrekt") == [ANNA, ANNA]


async def test_where_there_are_no_details_the_claimant_hears_so(store: Store) -> None:
    await claimed(store, contact=None)
    with pytest.raises(NoDetails):
        await ask(store, client.VERB, "1", ANNA, region=NOORD)
    assert await journal(store, "gegevens verstrekt") == []


async def test_a_wrong_end_is_undone_and_told_in_the_room(store: Store) -> None:
    zorgvraag_id = await claimed(store)
    await ask(store, close.VERB, "1", ANNA, region=NOORD)
    told = await ask(store, reopen.VERB, "1", ELS, region=NOORD)
    assert told == [
        (RegionRoom("noord"), Resumed(zorgvraag_id, ANNA, ELS), "noord"),
        (RegionRoom("noord"), PostChanged(zorgvraag_id), "noord"),
    ]
    assert await journal(store, "heropenen") == [ELS]


async def test_what_somebody_finished_who_left_is_open_for_everybody(store: Store) -> None:
    zorgvraag_id = await claimed(store)
    await ask(store, close.VERB, "1", ANNA, region=NOORD)
    async with store.work() as work:
        await work.people.remove_member(ANNA, "noord")
    told = await ask(store, reopen.VERB, "1", ELS, region=NOORD)
    assert (RegionRoom("noord"), Restored(zorgvraag_id, ELS), "noord") in told
    async with store.look() as work:
        assert (await work.zorgvragen.get(zorgvraag_id)).state is State.OPEN


async def test_what_was_erased_stays_ended(store: Store) -> None:
    zorgvraag_id = await claimed(store)
    await ask(store, close.VERB, "1", ANNA, region=NOORD)
    async with store.work() as work:
        await work.zorgvragen.mark_erased(await work.zorgvragen.get(zorgvraag_id), NOW)
    with pytest.raises(Erased):
        await ask(store, reopen.VERB, "1", ANNA, region=NOORD)
    async with store.look() as work:
        assert (await work.zorgvragen.get(zorgvraag_id)).state is State.CLOSED


async def test_a_region_of_one_postcode_is_named_by_it_once(store: Store) -> None:
    await settle(store)
    async with store.work() as work:
        await work.people.put_region(Region("oost", "Oost", (PostcodeRange("7531", "7531"),)))
        with pytest.raises(UnknownPostcode) as refused:
            await submit.region_for("7532", work)
    assert refused.value.nearest == ("7531", "7520-7529")


@pytest.mark.parametrize(("words", "region"), [("Noord 7523 wond", NOORD), ("noord 7523 wond", None)])
async def test_a_zorgvraag_may_name_its_region_before_the_postcode(
    store: Store, words: str, region: Region | None
) -> None:
    await settle(store)
    told = await ask(store, submit.VERB, words, ELS, region=region)
    assert (RegionRoom("noord"), Opened(1), "noord") in told


@pytest.mark.parametrize("region", [NOORD, None])
@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Zuid 7523 wond", OtherRegion("7523", "Noord")),
        ("huishoudelijke hulp 7523 wond", UnknownWord("zorgvraag", "huishoudelijke hulp")),
        ("Oost 7523 wond", UnknownWord("zorgvraag", "Oost")),
        ("spoet 7523 wond", UnknownWord("zorgvraag", "spoet", "spoed")),
    ],
)
async def test_any_other_name_before_the_postcode_is_refused(
    store: Store, words: str, refusal: Exception, region: Region | None
) -> None:
    await settle(store)
    with pytest.raises(type(refusal)) as refused:
        await ask(store, submit.VERB, words, ELS, region=region)
    assert vars(refused.value) == vars(refusal)


@pytest.mark.parametrize(
    ("field", "longest"), [("preferred", NAMED), ("expertise", NAMED), ("wish", NAMED), ("note", LONGEST)]
)
def test_both_doors_take_texts_of_the_same_length(field: str, longest: int) -> None:
    text, _ = NewZorgvraag.model_json_schema()["properties"][field]["anyOf"]
    assert text["maxLength"] == longest


@pytest.mark.parametrize(("who", "typed", "number"), [
    (LINDA, "oost-twente-1", "Oost-Twente-1"),
    (MO, "NOORD 7", "Noord-7"),
    (MO, "Sint-Jansklooster 3", "Sint-Jansklooster-3"),
])  # fmt: skip
async def test_a_region_is_named_as_it_is_spelled(store: Store, who: str, typed: str, number: str) -> None:
    await settle(store)
    async with store.work() as work:
        await work.people.put_region(Region("oost-twente", "Oost-Twente", (PostcodeRange("7600", "7609"),)))
    with pytest.raises(UnknownZorgvraag) as refused:
        await ask(store, status.VERB, typed, who)
    assert refused.value.number == number
