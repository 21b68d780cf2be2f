"""What an administrator asks about identities: ours shown or replaced, its recovery key, a new one accepted.

None of it needs the bot to stop but a reset; none of it starts one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.lock import only_one
from bot.matrix.identity import Identity
from bot.matrix.pins import accept_new_identity
from bot.matrix.recovery import Recovery, UnseenKey
from bot.matrix.session import stored
from bot.matrix.wire import Wire
from config.settings import Settings
from storage.seal import Seal

Say = Callable[[str], None]

MEANINGS = {
    "trusted": "in order: every client can follow the chain from this key to the bot's device",
    "foreign": "the homeserver shows an identity that this data directory does not hold: put identity.sealed back "
    "from a backup, or replace it with `python -m bot identity --reset`",
    "broken": "the keys are ours, and yet the homeserver's chain does not hold; `python -m bot check` mends it",
    "absent": "there is none yet; `python -m bot check` makes it",
}
BEFORE_A_RESET = """\
A new identity replaces the one that everybody knows. Every nurse's client will say that the bot's identity changed;
whoever had verified the bot by hand must do so again. The device stays the same and no message is lost."""


async def show(settings: Settings, say: Say) -> bool:
    """Who we are and how that stands, on one screen; True when it is in order. Raises ChatError or WrongKey."""
    async with _account(settings) as (identity, _, device_id):
        state = await identity.look()
    say(f"account      {settings.matrix.user_id}")
    say(f"device       {device_id}")
    say(f"fingerprint  {_in_fours(state.fingerprint) or 'none'}")
    say(f"state        {state.status}: {MEANINGS[state.status]}")
    tell_recovery_key(settings, say)
    return state.trusted


async def reset(settings: Settings, password: str, say: Say) -> None:
    """Replace our identity and the recovery key. Raises AlreadyRunning, ChatError or WrongKey."""
    with only_one(settings.data):
        async with _account(settings) as (identity, recovery, _):
            recovery.renew()  # before the reset: whatever a crash falls on, the next start stores what there is then
            state = await identity.reset(password)
            await recovery.ensure()
    say(f"The new identity is {state.status}; its fingerprint is {_in_fours(state.fingerprint)}")
    tell_recovery_key(settings, say)


async def new_recovery_key(settings: Settings, say: Say) -> None:
    """Put our identity under a new recovery key, also while the bot runs. Raises ChatError or WrongKey."""
    async with _account(settings) as (_, recovery, _):
        recovery.renew()
        await recovery.ensure()
    tell_recovery_key(settings, say)


def tell_recovery_key(settings: Settings, say: Say) -> None:
    """Show the recovery key if nobody has seen it yet; after that nobody can show it again. Raises WrongKey."""
    unseen = UnseenKey(_seal(settings), settings.data / "matrix")
    key = unseen.read()
    if key is None:
        return
    say("")
    say(f"recovery key {key}")
    say("             With it Element can verify the bot's account. It is shown this once: keep it where you keep")
    say("             the sealing key. `python -m bot identity --recovery-key` makes another one.")
    unseen.forget()


def accept(settings: Settings, user_id: str, say: Say) -> bool:
    """Believe the new identity that somebody was reported with; False when there was no such report.

    A running bot notices within half a minute.
    """
    fingerprint = accept_new_identity(settings.data / "matrix", user_id)
    if fingerprint is None:
        say(f"Nothing to accept: no new identity of {user_id} was reported.")
        return False
    say(f"Accepted: {user_id} is now who has {_in_fours(fingerprint)}")
    return True


@asynccontextmanager
async def _account(settings: Settings) -> AsyncIterator[tuple[Identity, Recovery, str]]:
    """Our identity, its recovery and our device id, with the token of the login that there is."""
    wire, seal, directory = Wire(settings.matrix.homeserver), _seal(settings), settings.data / "matrix"
    try:
        session = stored(wire, seal, directory)
        identity = Identity(wire, seal, directory, session.user_id, session.device_id)
        yield identity, Recovery(wire, seal, directory, session.user_id, identity), session.device_id
    finally:
        await wire.close()


def _seal(settings: Settings) -> Seal:
    return Seal(settings.seal.key.get_secret_value())


def _in_fours(fingerprint: str) -> str:
    """As clients show it."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))
