"""When the homeserver dropped our device: the next start logs in as a new one. Nothing here speaks to it."""

from __future__ import annotations

from collections.abc import Callable

from bot.lock import only_one
from bot.matrix.moving import CRYPTO, account, leave_device, prepare_device
from bot.remains import refuse_what_was_lost
from config.settings import Settings
from storage.seal import Seal


def take_new_device(settings: Settings, say: Callable[[str], None]) -> None:
    """Leave the device, keep the account, its identity, the room keys and all that waits to be said.

    It is asked for, never done by itself: who revoked the token may have had a reason, such as a stolen machine.
    Raises AlreadyRunning, NothingToMove, StorageError or WrongKey. Cut short, it can be done again.
    """
    seal = Seal(settings.seal.key.get_secret_value())
    with only_one(settings.data):
        directory = settings.data / "matrix"
        carried = account(directory, seal)
        refuse_what_was_lost(settings.data)
        leave_device(directory / CRYPTO)
        prepare_device(directory, seal, carried)
    say("The next start logs in as a new device of the same identity, with matrix.password.")
