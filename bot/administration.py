"""What an administrator asks for on the command line: `apply` an area file, `check` whether the bot can run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import clock
from bot.half_restored import refuse
from bot.house import House
from bot.identity_command import MEANINGS, tell_recovery_key
from bot.lock import AlreadyRunning, make_directory, only_one
from bot.remains import refuse_what_was_lost
from bot.servers import Servers
from commands.apply import carry_out, plan
from config.area import AreaError, read_area
from config.settings import Settings
from domain.area import Area
from domain.people import Role
from storage.seal import Seal
from storage.work import open_store

Say = Callable[[str], None]


async def apply(settings: Settings, area_file: Path, say: Say, *, dry_run: bool) -> bool:
    """Show the plan and, unless it is a dry run, carry it out: in the database now, in the rooms at once.

    False when the homeserver refused a part. Raises AreaError, ChatError, StorageError or WrongKey. When the bot runs,
    it is that bot which keeps the rooms.
    """
    area = read_area(area_file)
    _refuse_ourselves(area, area_file, settings)
    make_directory(settings.data)
    seal = Seal(settings.seal.key.get_secret_value())
    refuse(settings.data)
    refuse_what_was_lost(settings.data)
    store = await open_store(settings.data / "schakelbot.db", seal, guard=lambda: _nobody_runs(settings.data))
    try:
        async with store.work() as work:
            changes = await plan(area, work)
            if not dry_run:
                await carry_out(changes, work, clock.now())
    finally:
        await store.close()
    for line in (*changes.lines(), *_outsiders(area, settings), *_uncoordinated(area)):
        say(line)
    if changes.is_empty:
        say("Nothing changes.")
    if dry_run:
        return True
    in_order = await _keep_rooms(settings, say)
    tell_recovery_key(settings, say)
    return in_order


@contextmanager
def _nobody_runs(data: Path) -> Iterator[None]:
    """Hold the data directory: a bot of an older version that runs there would stumble over another schema."""
    try:
        with only_one(data):
            yield
    except AlreadyRunning:
        raise AlreadyRunning(
            f"another Schakelbot is running on {data}, whose database this version has to change first: "
            "stop that one and try again; nothing was changed"
        ) from None


def _outsiders(area: Area, settings: Settings) -> list[str]:
    """A warning for each person whose homeserver may not take part."""
    servers = Servers.around(settings.matrix.user_id, settings.matrix.allowed_servers)
    outside = sorted({one.user_id for one in area.members if not servers.allow(one.user_id)})
    return [f"! {user_id} is not invited: matrix.allowed_servers does not name that server" for user_id in outside]


def _uncoordinated(area: Area) -> list[str]:
    """A warning for each region in which nobody can place a zorgvraag in the chat, and nobody hears what goes wrong."""
    with_one = {one.region_id for one in area.members if Role.COORDINATOR in one.roles}
    return [f"! region {one.name} has no coordinators" for one in area.regions if one.id not in with_one]


def _refuse_ourselves(area: Area, area_file: Path, settings: Settings) -> None:
    us = settings.matrix.user_id
    if any(one.user_id == us for one in area.members):
        raise AreaError(
            f"{area_file.name}: {us} is the bot itself (matrix.user_id), which is no colleague: take it out"
        )


async def _keep_rooms(settings: Settings, say: Say) -> bool:
    house = House(settings)
    try:
        await house.open()
        refused = await house.set_up_rooms(lambda seconds: say(f"The homeserver asks to wait {seconds:.0f} s …"))
    except AlreadyRunning:
        say("The running bot puts the rooms in order within a minute.")
        return True
    finally:
        await house.close()
    for line in refused:
        say(f"! {line}")
    say("The homeserver refused that; the rest of the rooms is in order." if refused else "The rooms are in order.")
    return not refused


async def check(settings: Settings, say: Say) -> bool:
    """Say how each part is; True when the bot can run. Raises ChatError or WrongKey for what cannot be used."""
    say(f"settings    fine; data in {settings.data}")
    try:
        with only_one(settings.data):
            pass
    except AlreadyRunning:
        say("process     the bot is running; ask its /ready for more")
        return True
    house = House(settings)
    try:
        await house.open()
        house.open_intake()
        await house.connect()
        say(f"homeserver  {settings.matrix.homeserver} knows this device of {house.user_id}")
        identity = house.identity
        say(f"identity    {identity.status}; fingerprint {identity.fingerprint}")
        if not identity.trusted:
            say(f"            {MEANINGS[identity.status]}")
        async with house.store.look() as work:
            regions = await work.people.regions()
        names = ", ".join(region.name for region in regions)
        say(f"regions     {names}" if regions else "regions     none yet: run `python -m bot apply AREAFILE`")
        tell_recovery_key(settings, say)
        return bool(identity.trusted)
    finally:
        await house.close()
