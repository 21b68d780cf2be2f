"""The client itself: what it shows is what Element would show. The bot does not appear here."""

from contextlib import AsyncExitStack

import pytest

from tests.interop.conftest import Newcomer
from tests.interop.js_client import JsClient, JsClientError


async def together(host: JsClient, *guests: JsClient) -> str:
    """An encrypted room in which everybody knows that everybody is there."""
    room = await host.create_room("Proefkamer", [guest.user_id for guest in guests])
    for guest in guests:
        await guest.join(room)
    everybody = [host, *guests]
    for client in everybody:
        await client.wait_for_members(room, *(each.user_id for each in everybody))
    return room


async def test_two_signed_people_read_one_another_in_an_encrypted_room(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await together(anna, bea)

    question = await anna.say(room, "Wie kan er morgen?", mentions=[bea.user_id])
    heard = await bea.wait_for(room, lambda message: message.event_id == question)
    assert (heard.body, heard.sender, heard.mentions) == ("Wie kan er morgen?", anna.user_id, [bea.user_id])
    assert (heard.encrypted, heard.decrypted, heard.failure_code, heard.shield) == (True, True, None, "none")

    answer = await bea.say(room, "Ik!")
    assert (await anna.wait_for(room, lambda message: message.event_id == answer)).body == "Ik!"


async def test_who_is_signed_is_told_apart_from_who_is_not(newcomer: Newcomer) -> None:
    anna, cor = await newcomer("anna"), await newcomer("cor", strict=False, cross_sign=False)
    await together(anna, cor)

    signed = await cor.verify_status(anna.user_id)
    assert (signed.cross_signed, signed.signed_by_owner) == (True, {anna.device_id: True})
    unsigned = await anna.verify_status(cor.user_id)
    assert (unsigned.cross_signed, unsigned.signed_by_owner) == (False, {cor.device_id: False})


async def test_an_unsigned_device_is_neither_read_by_a_signed_one_nor_given_its_keys(
    newcomer: Newcomer,
) -> None:
    anna, cor = await newcomer("anna"), await newcomer("cor", strict=False, cross_sign=False)
    room = await together(anna, cor)

    hidden = await cor.say(room, "Hallo?")
    seen = await anna.wait_for(room, lambda message: message.event_id == hidden)
    assert (seen.body, seen.decrypted, seen.failure_code) == (None, False, "UNSIGNED_SENDER_DEVICE")

    kept = await anna.say(room, "Alleen voor ondertekende toestellen")
    unread = await cor.wait_for(
        room, lambda message: message.event_id == kept and "WITHHELD" in str(message.failure_code)
    )
    assert unread.failure_code == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
    assert unread.body is None


async def test_a_lenient_client_reads_an_unsigned_device_with_a_mark_beside_it(newcomer: Newcomer) -> None:
    bea = await newcomer("bea", strict=False)
    cor = await newcomer("cor", strict=False, cross_sign=False)
    room = await together(bea, cor)

    spoken = await cor.say(room, "Hallo!")
    seen = await bea.wait_for(room, lambda message: message.event_id == spoken)
    assert (seen.body, seen.shield) == ("Hallo!", "red: UNSIGNED_DEVICE")


async def test_a_device_that_is_signed_later_reads_what_is_said_from_then_on(newcomer: Newcomer) -> None:
    anna, cor = await newcomer("anna"), await newcomer("cor", cross_sign=False)
    room = await together(anna, cor)
    await cor.sign()

    async def seen_as_signed() -> bool:
        return (await anna.verify_status(cor.user_id)).signed_by_owner[cor.device_id]

    await anna.wait_until(seen_as_signed)
    said = await anna.say(room, "Welkom")
    assert (await cor.wait_for(room, lambda message: message.event_id == said)).body == "Welkom"


async def test_a_second_device_is_signed_with_the_recovery_key_or_stays_outside(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await together(anna, bea)
    async with AsyncExitStack() as stack:
        phone = await stack.enter_async_context(bea.another_device())
        borrowed = await stack.enter_async_context(bea.another_device(cross_sign=False))
        expected = {bea.device_id: True, phone.device_id: True, borrowed.device_id: False}

        async def devices_known() -> bool:
            return (await anna.verify_status(bea.user_id)).signed_by_owner == expected

        await anna.wait_until(devices_known)
        said = await anna.say(room, "Voor allebei")
        assert (await phone.wait_for(room, lambda message: message.event_id == said)).body == "Voor allebei"
        await borrowed.wait_for(room, lambda m: m.failure_code == "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE")


async def test_replies_threads_and_edits_show_as_they_should(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await together(anna, bea)
    post = await anna.say(room, "Noord-42: 2x per dag")
    await bea.wait_for(room, lambda message: message.event_id == post)

    reply = await bea.say(room, "Ik kan", reply_to=post)
    in_thread = await bea.say(room, "Welke straat?", thread=post)
    deeper = await anna.say(room, "Dat volgt", thread=post, reply_to=in_thread)
    await anna.edit(room, post, "Noord-42: opgepakt")

    changed = await bea.wait_for(room, lambda message: message.edited)
    assert (changed.event_id, changed.body) == (post, "Noord-42: opgepakt")
    by_id = {message.event_id: message for message in await bea.read(room)}
    assert list(by_id) == [post, reply, in_thread, deeper], "an edit is no message of its own"
    assert (by_id[reply].reply_to, by_id[reply].thread) == (post, None)
    assert by_id[in_thread].thread == post
    assert (by_id[deeper].reply_to, by_id[deeper].thread) == (in_thread, post)


async def test_somebody_elses_edit_changes_nothing(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await together(anna, bea)
    post = await anna.say(room, "Noord-42")
    await bea.wait_for(room, lambda message: message.event_id == post)

    await bea.edit(room, post, "Zuid-1")
    after = await bea.say(room, "Klaar")
    await anna.wait_for(room, lambda message: message.event_id == after)
    shown = (await anna.read(room))[0]
    assert (shown.body, shown.edited) == ("Noord-42", False)


async def test_a_reaction_shows_under_its_message_until_it_is_taken_back(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await together(anna, bea)
    post = await anna.say(room, "Noord-42")

    hand = await bea.react(room, post, "✋")
    assert (await anna.wait_for(room, lambda message: "✋" in message.reactions)).reactions == {"✋": [bea.user_id]}
    await bea.redact(room, hand)
    await anna.wait_for(room, lambda message: message.event_id == post and not message.reactions)


async def test_a_redacted_message_stays_without_its_words(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await together(anna, bea)
    slip = await anna.say(room, "Iets te veel gezegd")
    await bea.wait_for(room, lambda message: message.body is not None)

    await anna.redact(room, slip)
    gone = await bea.wait_for(room, lambda message: message.redacted)
    assert (gone.event_id, gone.body, gone.decrypted) == (slip, None, False)


async def test_what_was_sent_in_the_clear_is_seen_as_such(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await anna.create_room("Open", [bea.user_id], encrypted=False)
    await bea.join(room)

    said = await anna.say(room, "Leesbaar voor de server")
    seen = await bea.wait_for(room, lambda message: message.event_id == said)
    assert (seen.body, seen.encrypted, seen.decrypted) == ("Leesbaar voor de server", False, False)


async def test_invitations_are_seen_and_accepted_and_leaving_is_seen(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await anna.create_room("Proefkamer")
    await anna.invite(room, bea.user_id)

    assert await bea.wait_until(bea.invites) == [room]
    assert await bea.accept_invites() == [room]
    await anna.wait_for_members(room, bea.user_id)
    await bea.leave(room)

    async def alone() -> bool:
        return (await anna.members(room))[bea.user_id] == "leave"

    await anna.wait_until(alone)


async def test_a_refusal_carries_the_homeservers_code(newcomer: Newcomer) -> None:
    anna, bea = await newcomer("anna"), await newcomer("bea")
    room = await anna.create_room("Besloten")

    with pytest.raises(JsClientError) as refused:
        await bea.join(room)
    assert refused.value.code == "M_FORBIDDEN"
    with pytest.raises(JsClientError, match="not in the room"):
        await bea.say(room, "Hallo?")


async def test_a_wait_in_vain_says_what_is_shown_instead(newcomer: Newcomer) -> None:
    anna = await newcomer("anna")
    room = await anna.create_room("Alleen")
    await anna.say(room, "Niemand hier")

    with pytest.raises(TimeoutError, match="Niemand hier"):
        await anna.wait_for(room, lambda message: message.body == "Toch wel", 0.2)
