"""Which homeservers may take part: our own, and those that the settings name. Pure; nobody is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

IP_LITERAL = re.compile(r"\[.*\]|[0-9.]+")


@dataclass(frozen=True)
class Servers:
    """Our own server and the `others` that are allowed; without others, any server is."""

    own: str
    others: tuple[str, ...] = ()

    @classmethod
    def around(cls, user_id: str, others: tuple[str, ...]) -> Servers:
        """Those of a house whose own account is `user_id`."""
        return cls(server_of(user_id), others)

    def allow(self, user_id: str) -> bool:
        """Whether somebody with this account may be in our rooms."""
        return not self.others or server_of(user_id) in (self.own, *self.others)

    def acl(self) -> dict[str, Any] | None:
        """The content of m.room.server_acl, or None when any server is allowed.

        Ports do not count in it. Source: Matrix specification, client-server API, "Server Access Control Lists".
        """
        if not self.others:
            return None
        names = sorted({re.sub(r":\d+$", "", name) for name in (self.own, *self.others)})
        literals = any(IP_LITERAL.fullmatch(name) for name in names)
        return {"allow": names, "deny": [], "allow_ip_literals": literals}


EVERYBODY: dict[str, Any] = {"allow": ["*"], "deny": [], "allow_ip_literals": True}


def server_of(user_id: str) -> str:
    """The server of `@nurse:zorg.example:8448`, port included."""
    return user_id.partition(":")[2]
