"""Who we are to the homeserver: the account, its one device and its token. Never logs out.

`/logout` destroys a device together with the keys that others encrypted for it, so nothing here can ask for it.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.chat import ChatError
from bot.matrix.sealed_file import SealedFile
from bot.matrix.wire import LoggedOut, NotMatrix, Refused, Wire, path
from storage.seal import Seal

SESSION = "session.sealed"


class SessionError(ChatError):
    """Logging in is not possible as things are; the text says what an administrator can do."""


@dataclass(frozen=True)
class Session:
    """The account and device that we are. `pickle_key` seals the crypto store."""

    user_id: str
    device_id: str
    pickle_key: str


async def restore(wire: Wire, seal: Seal, data_dir: Path, user: str, password: str | None) -> Session:
    """The stored session, or a first login as `user` (a localpart or a whole user id).

    Sets `wire.token`. The password is needed for the first login only, and after a soft logout. Raises ChatError.
    """
    file = SealedFile(data_dir / SESSION, seal)
    known = file.read()
    if known is None:
        # Written down before the login: a crash in between must not leave a device behind on the server.
        known = new_device(secrets.token_urlsafe(32))
        file.write(known)
    if known["token"] is None or not await _token_works(wire, known):
        known |= await _login(wire, known["device_id"], user, password)
        file.write(known)
    wire.token = known["token"]
    if user not in (known["user_id"], known["user_id"][1:].split(":")[0]):
        raise SessionError(f"the data directory belongs to {known['user_id']}, the settings say {user}")
    return Session(known["user_id"], known["device_id"], known["pickle_key"])


def stored(wire: Wire, seal: Seal, data_dir: Path) -> Session:
    """The session of an earlier login, also while a bot uses it; sets `wire.token`. Raises SessionError or WrongKey."""
    known = SealedFile(data_dir / SESSION, seal).read()
    if known is None or known["token"] is None:
        raise SessionError("the bot has never logged in; `python -m bot check` makes it do so")
    wire.token = known["token"]
    return Session(known["user_id"], known["device_id"], known["pickle_key"])


def new_device(pickle_key: str) -> dict[str, Any]:
    """What is written down of a device that has not logged in yet. Its id was never used before."""
    device_id = "".join(secrets.choice(string.ascii_uppercase) for _ in range(10))
    return {"device_id": device_id, "pickle_key": pickle_key, "token": None}


async def _token_works(wire: Wire, known: dict[str, Any]) -> bool:
    """True when the stored token is good; False after a soft logout. Raises LoggedOut after a hard one."""
    wire.token = known["token"]
    try:
        await wire.call("GET", path("v3", "account", "whoami"))
    except LoggedOut as error:
        if not error.soft:
            raise
        wire.token = None
        return False
    return True


async def _login(wire: Wire, device_id: str, user: str, password: str | None) -> dict[str, Any]:
    if password is None:
        raise SessionError("a password is needed to log in with a new device: set matrix.password")
    asked = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "device_id": device_id,
        "initial_device_display_name": "Schakelbot",
    }
    try:
        answer = await wire.call("POST", path("v3", "login"), asked)
    except NotMatrix as stranger:
        raise SessionError(f"what answers at matrix.homeserver is no Matrix homeserver ({stranger})") from None
    except Refused as refused:
        raise SessionError(
            f"the homeserver does not let us log in ({refused}): are matrix.user_id and matrix.password right?"
        ) from None
    return {"user_id": answer["user_id"], "token": answer["access_token"]}
