"""A backup brings a region back on a clean host, as a new device; nothing is forgotten and nothing is said twice."""

from __future__ import annotations

import asyncio
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from bot.backup import BackupError, back_up, restore
from bot.house import House
from bot.matrix.sealed_file import SealedFile
from bot.matrix.wire import Refused, Wire, path
from commands.submit import Delivery, deliver
from config.settings import Settings
from demo.homeserver import Homeserver
from demo.people import Person
from domain.announcements import Unread
from domain.audience import Person as OneToOne
from domain.care import Care, Contact, Kind
from storage.seal import Seal, WrongKey
from storage.sealed_stream import SealedReader
from storage.work import open_store
from tests.stories.region import MONDAY, Story

CONTACT = Contact("Mevr. Verzonnen", "Voorbeeldstraat 1", "06-00000000")


def quiet(_line: str) -> None:
    """Nobody is at the terminal."""


def seal_of(settings: Settings) -> Seal:
    """The house's own seal."""
    return Seal(settings.seal.key.get_secret_value())


def session(settings: Settings) -> dict[str, Any]:
    """What the bot has written down of its device."""
    known = SealedFile(settings.data / "matrix" / "session.sealed", seal_of(settings)).read()
    assert known is not None
    return known


async def delete_device(settings: Settings) -> None:
    """Take the bot's device away on the homeserver, as somebody tidy would."""
    known = session(settings)
    wire = Wire(settings.matrix.homeserver)
    wire.token = known["token"]
    body = {"devices": [known["device_id"]]}
    try:
        with pytest.raises(Refused) as refused:
            await wire.call("POST", path("v3", "delete_devices"), body)
        identifier = {"type": "m.id.user", "user": settings.matrix.user_id}
        auth = {"type": "m.login.password", "identifier": identifier, "password": "bot-password"}
        auth["session"] = refused.value.answer["session"]
        await wire.call("POST", path("v3", "delete_devices"), body | {"auth": auth})
    finally:
        await wire.close()


async def bring(settings: Settings, pc4: str, reference: str, contact: Contact | None = None) -> tuple[int, bool]:
    """A hospital sends a zorgvraag while no bot runs: its number, and whether it was new."""
    store = await open_store(settings.data / "schakelbot.db", seal_of(settings))
    async with store.work() as work:
        delivery = Delivery("ziekenhuis", reference, reference)
        zorgvraag, is_new = await deliver(Care(pc4, (Kind.WONDZORG,)), delivery, work, MONDAY, contact)
    await store.close()
    return zorgvraag.number, is_new


async def have_to_say(settings: Settings, to: Person) -> None:
    """Write a letter to one person, and say nothing yet."""
    store = await open_store(settings.data / "schakelbot.db", seal_of(settings))
    async with store.work() as work:
        await work.outbox.put(OneToOne(to.user_id), Unread(to.user_id), MONDAY, region_id="noord")
    await store.close()


async def begin_to_say(settings: Settings) -> None:
    """Take the next letter, and be killed before it is known to be said."""
    store = await open_store(settings.data / "schakelbot.db", seal_of(settings))
    async with store.work() as work:
        assert await work.outbox.take(MONDAY) is not None
    await store.close()


def listing(directory: Path) -> list[str]:
    """The names in a directory; none where there is no directory."""
    return sorted(one.name for one in directory.glob("*"))


def waiting(data: Path) -> set[str | None]:
    """The transaction ids of what is still to be said."""
    with closing(sqlite3.connect(data / "schakelbot.db")) as database:
        return {batch for (batch,) in database.execute("SELECT batch FROM outbox WHERE done_at IS NULL")}


def posts(person: Person, room_id: str, words: str) -> int:
    """How many messages of the room, as this client shows it, hold these words."""
    return sum(words in message.body for message in person.read(room_id))


@pytest_asyncio.fixture
async def story(homeserver: Homeserver, tmp_path: Path, unique_localpart: Callable[[str], str]) -> AsyncIterator[Story]:
    """A region on a host that will be lost."""
    async with Story(homeserver, tmp_path / "lost", unique_localpart) as one:
        yield one


def moved(story: Story, directory: Path) -> Settings:
    """The same settings on another host."""
    return story.settings.model_copy(update={"data": directory})


async def test_a_region_comes_back_on_a_clean_host_while_the_old_device_is_gone(story: Story, tmp_path: Path) -> None:
    carla, fatima, jan = await story.coordinator(), await story.nurse("Fatima"), await story.nurse("Jan", "centrum")
    await story.start()
    identity = story.house.identity.fingerprint
    await carla.say(story.room, "!zorgvraag 7523 wondzorg")
    await story.shows(jan, "🆕 Noord-1")
    await fatima.say(story.room, "!pak 1")
    await story.shows(jan, "Noord-1 is opgepakt door Fatima")
    await carla.say(story.room, "!zorgvraag 7524 wondzorg")
    await story.shows(jan, "🆕 Noord-2")
    await jan.say(story.room, "!help")
    await story.shows(jan, "!oppakken")  # what was said before it is by now known to be said
    await story.stop()
    assert await bring(story.settings, "7525", "reference-3", CONTACT) == (3, True)
    await begin_to_say(story.settings)
    assert await bring(story.settings, "7526", "reference-4") == (4, True)

    file = tmp_path / "region.backup"
    await back_up(story.settings, file, MONDAY, quiet)
    old = session(story.settings)
    await delete_device(story.settings)
    await fatima.say(story.room, "!pak 2")  # nobody hears it yet
    story.settings = moved(story, tmp_path / "new")
    await restore(story.settings, file, quiet)
    assert waiting(tmp_path / "new") == waiting(tmp_path / "lost") != {None}
    assert await bring(story.settings, "7525", "reference-3") == (3, False)
    await story.start()

    assert session(story.settings)["device_id"] != old["device_id"]
    assert story.house.identity.trusted
    assert story.house.identity.fingerprint == identity
    await story.shows(jan, "🆕 Noord-3")
    await story.shows(jan, "🆕 Noord-4")
    await story.shows(jan, "Noord-2 is opgepakt door Fatima")  # her key was in the backup
    await jan.say(story.room, "!pak 3")
    await story.shows_alone(jan, "alleen voor jou", "Mevr. Verzonnen")
    await carla.say(story.room, "!zorgvraag 7527 wondzorg")
    await story.shows(fatima, "🆕 Noord-5")
    await carla.say(story.room, "!intrekken 1")
    await story.shows(jan, "Noord-1 is ingetrokken")
    for number in range(1, 6):
        assert posts(jan, story.room, f"Noord-{number} · 752") == 1
    for number in range(1, 4):
        assert posts(jan, story.room, f"Noord-{number} is opgepakt door") == 1


async def test_what_waited_at_the_backup_and_was_said_after_it_is_not_said_again(story: Story, tmp_path: Path) -> None:
    """A post that was begun, and a word to one person that was not: the new device knows what the old one said."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    alone = await story.alone(fatima)
    await story.stop()
    await bring(story.settings, "7523", "reference-1")
    await begin_to_say(story.settings)
    await have_to_say(story.settings, fatima)
    file = tmp_path / "region.backup"
    await back_up(story.settings, file, MONDAY, quiet)
    await story.start()
    await story.shows(fatima, "🆕 Noord-1")
    await story.shows(fatima, "kon ik niet lezen", room=alone)
    await story.stop()

    story.settings = moved(story, tmp_path / "new")
    await restore(story.settings, file, quiet)
    await story.start()
    await carla.say(story.room, "!zorgvraag 7524 wondzorg")
    await story.shows(fatima, "🆕 Noord-2")
    await fatima.say(alone, "!help")
    await story.shows(fatima, "!oppakken", room=alone)
    assert posts(fatima, story.room, "🆕 Noord-1") == 1
    assert posts(fatima, alone, "kon ik niet lezen") == 1


async def test_a_command_that_only_the_lost_device_could_read_is_asked_for_again(story: Story, tmp_path: Path) -> None:
    """Its key went to a device that is no more: the sender hears it, and silence does not stand for a yes."""
    carla, fatima = await story.coordinator(), await story.nurse("Fatima")
    await story.start()
    await carla.say(story.room, "!zorgvraag 7523 wondzorg")
    await story.shows(fatima, "🆕 Noord-1")
    await carla.say(story.room, "!help")
    await story.shows(fatima, "!oppakken")  # what was said before it is by now known to be said
    file = tmp_path / "region.backup"
    await back_up(story.settings, file, MONDAY, quiet)
    await story.stop()
    await fatima.say(story.room, "!pak 1")  # the first thing that she says
    story.settings = moved(story, tmp_path / "new")
    await restore(story.settings, file, quiet)
    await story.start()
    story.clock.move(6 * (MONDAY - MONDAY.replace(minute=9)))
    await fatima.say(story.room, "!help")
    await story.shows_alone(fatima, "kon")
    assert posts(fatima, story.room, "🆕 Noord-1") == 1


async def test_a_backup_holds_no_device_and_opens_with_the_key_alone(story: Story, tmp_path: Path) -> None:
    """No token and no ratchet, so nobody can go on as the old device, not even by mistake."""
    fatima = await story.nurse("Fatima")
    await story.coordinator()
    await story.start()
    await fatima.say(story.room, "!help")
    await story.shows(fatima, "!oppakken")
    file = tmp_path / "region.backup"
    await back_up(story.settings, file, MONDAY, quiet)  # while it runs
    await back_up(story.settings, file, MONDAY, quiet)  # and again, over the first
    assert file.stat().st_mode & 0o777 == 0o600
    assert listing(tmp_path) == ["lost", "region.backup"]
    assert listing(story.settings.data / "backup") == ["lock"]
    assert b"Noord" not in file.read_bytes()
    token = session(story.settings)["token"].encode()
    with file.open("rb") as source:
        reader = cast(Any, SealedReader(source, seal_of(story.settings)))
        with tarfile.open(mode="r|gz", fileobj=reader) as archive:
            archive.extractall(tmp_path / "open", filter="data")
    held = {one.name: one.read_bytes() for one in (tmp_path / "open").rglob("*") if one.is_file()}
    assert set(held) >= {"manifest.json", "schakelbot.db", "crypto.db", "identity.sealed"}
    assert "session.sealed" not in held
    assert not any(token in content for content in held.values())
    with closing(sqlite3.connect(tmp_path / "open" / "matrix" / "crypto.db")) as crypto:
        tables = {name for (name,) in crypto.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert crypto.execute("SELECT count(*) FROM room_keys").fetchone() >= (1,)
    assert tables == {"room_keys", "pins", "read_positions", "waiting", "invitations", "moves"}

    stranger = Settings.model_validate(
        story.settings.model_dump() | {"data": tmp_path / "new", "seal": {"key": Seal.new_key()}}
    )
    with pytest.raises(WrongKey, match=r"region\.backup: .*another key"):
        await restore(stranger, file, quiet)
    assert listing(stranger.data) == ["lock"]


async def test_what_cannot_be_restored_is_one_line_and_leaves_the_directory_free(story: Story, tmp_path: Path) -> None:
    await story.coordinator()
    await story.start()
    file, bad = tmp_path / "region.backup", tmp_path / "bad.backup"
    await back_up(story.settings, file, MONDAY, quiet)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    new = moved(story, tmp_path / "new")
    matrix = new.matrix.model_copy(update={"password": None})
    wrong: list[tuple[bytes, Settings, str]] = [
        (whole, story.settings.model_copy(update={"matrix": matrix, "data": tmp_path / "new"}), "set matrix.password"),
        (whole, new.model_copy(update={"matrix": new.matrix.model_copy(update={"user_id": "@other:x"})}), "is of @bot"),
        (whole[:-100], new, "cut short"),
        (b"".join(lines[:-1]), new, "cut short"),
        (b"nonsense", new, "no sealed file"),
    ]
    for content, settings, said in wrong:
        bad.write_bytes(content)
        with pytest.raises(BackupError, match=said) as told:
            await restore(settings, bad, quiet)
        assert "\n" not in str(told.value)
        assert listing(new.data) in ([], ["lock"])
    with pytest.raises(BackupError, match="No such file"):
        await restore(new, tmp_path / "nowhere", quiet)
    await story.stop()
    with pytest.raises(BackupError, match=r"has a bot in it already \(matrix, schakelbot\.db"):
        await restore(story.settings, file, quiet)
    house = House(story.settings)
    await house.open()  # it was not touched
    await house.close()


async def test_where_no_bot_ever_was_there_is_nothing_to_back_up(story: Story, tmp_path: Path) -> None:
    story.settings.data.mkdir()
    with pytest.raises(BackupError, match="the bot has never logged in"):
        await back_up(story.settings, tmp_path / "file", MONDAY, quiet)
    assert not (tmp_path / "file").exists()


async def test_two_backups_at_once_do_not_spoil_each_other(story: Story, tmp_path: Path) -> None:
    await story.coordinator()
    await story.start()
    files = [tmp_path / "one", tmp_path / "two"]
    ends = await asyncio.gather(
        *(back_up(story.settings, file, MONDAY, quiet) for file in files), return_exceptions=True
    )
    made = [file for file, end in zip(files, ends, strict=True) if end is None]
    assert made
    assert all(end is None or "under way" in str(end) for end in ends)
    await restore(moved(story, tmp_path / "new"), made[0], quiet)
