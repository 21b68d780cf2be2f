"""What nurses see of the bot in Element: readable, vouched for, and silent to devices that nobody vouches for."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.chat import Departed
from demo.homeserver import Homeserver
from tests.interop.bot_ear import BotEar
from tests.interop.conftest import PASSWORD, Newcomer
from tests.interop.js_client import JsClient, Shown


@pytest.fixture
async def new_bot(homeserver: Homeserver, unique_localpart: Callable[[str], str], tmp_path: Path) -> BotEar:
    """A bot that never ran before; the test says when it runs."""
    localpart = unique_localpart("bot")
    await homeserver.register(localpart, PASSWORD)
    return BotEar(homeserver.url, localpart, PASSWORD, tmp_path / "data")


@pytest.fixture
async def bot(new_bot: BotEar) -> AsyncIterator[BotEar]:
    """A bot that runs as long as the test."""
    async with new_bot.running():
        yield new_bot


async def together(bot: BotEar, *people: JsClient) -> str:
    """A room of the house in which all sides know that all are there."""
    room = await bot.create_room(*(person.user_id for person in people))
    for person in people:
        await person.join(room)
    for person in people:
        await person.wait_for_members(room, bot.user_id, *(each.user_id for each in people))
    return room


def is_event(event_id: str) -> Callable[[Shown], bool]:
    return lambda message: message.event_id == event_id


def is_withheld(event_id: str) -> Callable[[Shown], bool]:
    """The message cannot be read, and its sender said why: the device is not signed (`m.unverified`)."""
    code = "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
    return lambda message: message.event_id == event_id and message.failure_code == code


async def test_a_nurse_and_the_bot_read_one_another(bot: BotEar, newcomer: Newcomer) -> None:
    nurse = await newcomer("nurse")
    room = await together(bot, nurse)

    await nurse.say(room, "!open")
    assert (await bot.hears("!open")).sender == nurse.user_id
    said = await bot.say(room, "Er is niets open.")
    shown = await nurse.wait_for(room, is_event(said))
    assert (shown.body, shown.decrypted, shown.shield) == ("Er is niets open.", True, "none")


async def test_the_bots_only_device_is_signed_by_the_bots_own_identity(bot: BotEar, newcomer: Newcomer) -> None:
    nurse = await newcomer("nurse")
    await together(bot, nurse)

    seen = await nurse.verify_status(bot.user_id)
    assert (seen.cross_signed, seen.identity_changed) == (True, False)
    assert list(seen.signed_by_owner.values()) == [True]


async def test_a_member_whom_nobody_vouches_for_is_told_so_and_gets_no_key(bot: BotEar, newcomer: Newcomer) -> None:
    nurse, stranger = await newcomer("nurse"), await newcomer("stranger", strict=False, cross_sign=False)
    room = await together(bot, nurse, stranger)
    await nurse.say(room, "Wie zijn er?")
    await bot.hears("Wie zijn er?")

    said = await bot.say(room, "Noord-42: 2x per dag")
    assert (await nurse.wait_for(room, is_event(said))).body == "Noord-42: 2x per dag"
    assert (await stranger.wait_for(room, is_withheld(said))).body is None


async def test_an_unsigned_device_of_a_nurse_gets_no_key_while_her_signed_one_does(
    bot: BotEar, newcomer: Newcomer
) -> None:
    nurse = await newcomer("nurse")
    room = await together(bot, nurse)
    async with nurse.another_device(strict=False, cross_sign=False) as borrowed:
        await nurse.say(room, "Op een geleend toestel")
        await bot.hears("Op een geleend toestel")

        said = await bot.say(room, "Noord-42")
        assert (await nurse.wait_for(room, is_event(said))).body == "Noord-42"
        await borrowed.wait_for(room, is_withheld(said))


async def test_what_an_unsigned_device_says_is_no_command(bot: BotEar, newcomer: Newcomer) -> None:
    nurse, stranger = await newcomer("nurse"), await newcomer("stranger", strict=False, cross_sign=False)
    room = await together(bot, nurse, stranger)

    hidden = await stranger.say(room, "!oppakken 42")
    await nurse.wait_for(room, is_event(hidden))
    await nurse.say(room, "Daarna")
    await bot.hears("Daarna")
    assert not bot.has_heard("!oppakken 42")


async def test_a_device_that_is_signed_later_reads_what_the_bot_says_from_then_on(
    bot: BotEar, newcomer: Newcomer
) -> None:
    nurse = await newcomer("nurse")
    room = await together(bot, nurse)
    async with nurse.another_device(cross_sign=False) as phone:
        await nurse.say(room, "Nieuwe telefoon")
        await bot.hears("Nieuwe telefoon")
        before = await bot.say(room, "Noord-41")
        await phone.wait_for(room, lambda shown: shown.event_id == before and shown.failure_code is not None)

        await phone.sign(nurse.recovery_key)
        await phone.say(room, "Ondertekend")
        await bot.hears("Ondertekend")
        after = await bot.say(room, "Noord-42")
        shown = await phone.wait_for(room, is_event(after))
        assert (shown.body, shown.shield) == ("Noord-42", "none")
        earlier = (await phone.wait_for(room, is_event(before))).body
        assert earlier is None, "what was said before it was signed stays closed"


async def test_the_room_gets_a_new_key_when_somebody_leaves_and_keeps_it_until_then(
    bot: BotEar, newcomer: Newcomer
) -> None:
    nurse, leaver = await newcomer("nurse"), await newcomer("leaver")
    room = await together(bot, nurse, leaver)
    await nurse.say(room, "Goedemorgen")
    await bot.hears("Goedemorgen")
    first, second = await bot.say(room, "Noord-41"), await bot.say(room, "Noord-42")
    await leaver.wait_for(room, lambda shown: shown.body == "Noord-42")

    await leaver.leave(room)
    await bot.hears_of(Departed, lambda departed: departed.who == leaver.user_id)
    third = await bot.say(room, "Noord-43")
    assert (await nurse.wait_for(room, is_event(third))).body == "Noord-43"
    session = {shown.event_id: shown.session for shown in await nurse.read(room)}
    assert session[first] == session[second]
    assert session[third] != session[first]


async def test_after_a_restart_the_bot_is_the_same_device_and_is_read_as_before(
    new_bot: BotEar, newcomer: Newcomer
) -> None:
    bot, nurse = new_bot, await newcomer("nurse")
    async with bot.running():
        room = await together(bot, nurse)
        await nurse.say(room, "Goedemorgen")
        await bot.hears("Goedemorgen")
        before = await bot.say(room, "Noord-41")
        await nurse.wait_for(room, lambda shown: shown.body == "Noord-41")
        devices = (await nurse.verify_status(bot.user_id)).signed_by_owner
    await nurse.say(room, "Terwijl de bot weg was")

    async with bot.running():
        await bot.hears("Terwijl de bot weg was")
        after = await bot.say(room, "Noord-42")
        shown = await nurse.wait_for(room, is_event(after))
        assert (shown.body, shown.shield) == ("Noord-42", "none")
        trust = await nurse.verify_status(bot.user_id)
        assert (trust.identity_changed, trust.signed_by_owner) == (False, devices)
        session = {message.event_id: message.session for message in await nurse.read(room)}
        assert session[after] == session[before], "no new key for everybody at each restart"


async def test_a_private_word_waits_until_the_invitation_is_accepted(bot: BotEar, newcomer: Newcomer) -> None:
    nurse = await newcomer("nurse")
    room = await together(bot, nurse)
    await nurse.say(room, "!oppakken 42")
    await bot.hears("!oppakken 42")
    # She has to know the bot by now: a strict client that gets a message before it has asked for its sender's
    # devices hides it, and does not try again when the answer comes a moment later.
    answer = await bot.say(room, "Noord-42 is voor jou")
    await nurse.wait_for(room, lambda shown: shown.event_id == answer and shown.decrypted)

    direct = await bot.chat.direct_room(nurse.user_id)
    await bot.say(direct, "Het adres van Noord-42 volgt hier")
    assert await nurse.wait_until(nurse.invites) == [direct]
    await nurse.accept_invites()
    shown = await nurse.wait_for(direct, lambda message: message.decrypted)
    assert shown.body == "Het adres van Noord-42 volgt hier"


async def test_the_bots_edits_replies_and_threads_show_as_they_should(bot: BotEar, newcomer: Newcomer) -> None:
    nurse = await newcomer("nurse")
    room = await together(bot, nurse)
    question = await nurse.say(room, "!oppakken 42")
    await bot.hears("!oppakken 42")

    post = await bot.say(room, "Noord-42: open")
    reply = await bot.say(room, "Die is voor jou", **{"m.relates_to": {"m.in_reply_to": {"event_id": question}}})
    thread = {"rel_type": "m.thread", "event_id": post, "m.in_reply_to": {"event_id": post}}
    note = await bot.say(room, "Let op de hond", **{"m.relates_to": thread})
    new = {"msgtype": "m.text", "body": "Noord-42: opgepakt"}
    replaces = {"rel_type": "m.replace", "event_id": post}
    await bot.say(room, "* Noord-42: opgepakt", **{"m.new_content": new, "m.relates_to": replaces})

    edited = await nurse.wait_for(room, lambda shown: shown.edited)
    assert (edited.event_id, edited.body) == (post, "Noord-42: opgepakt")
    shown = {message.event_id: message for message in await nurse.read(room)}
    assert shown[reply].reply_to == question
    assert shown[note].thread == post


async def test_what_the_bot_redacts_is_gone_from_the_nurses_client(bot: BotEar, newcomer: Newcomer) -> None:
    nurse = await newcomer("nurse")
    room = await together(bot, nurse)
    slip = await nurse.say(room, "BSN 111222333")
    await bot.hears("BSN 111222333")

    await bot.chat.redact(room, slip, "txn-redaction")
    gone = await nurse.wait_for(room, lambda shown: shown.redacted)
    assert (gone.event_id, gone.body) == (slip, None)
