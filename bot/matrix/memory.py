"""Whether the homeserver remembers what we heard of it: restored from an older backup it does not, and tells nobody.

Synapse takes a place that lies ahead of its memory for its present one (synapse/streams/events.py, bound_future_token):
what was said since its return would pass us by, and the keys that were sent to us would be dropped unread.
"""

from __future__ import annotations

import json
import re
import secrets

from bot.matrix.wire import Wire, path

REMEMBERED_MS = 7 * 24 * 3_600_000  # how far back we hear again; the house knows an event again for 30 days


async def ends_before(wire: Wire, cursor: str) -> bool:
    """Whether the homeserver's present lies before `cursor`. Raises ChatError.

    It is asked without a place, so that it takes nothing for received. Cursors are opaque, so only what is plain is
    believed: that of a well-known server begins with a number that grows. Where there is none, nothing is noticed.
    """
    answer = await wire.call("GET", path("v3", "sync", filter=_nothing(), timeout="0"))
    ours, present = _number(cursor), _number(answer.get("next_batch"))
    return ours is not None and present is not None and present < ours


def _nothing() -> str:
    # Another one each time: Synapse answers the same question out of a cache, with the place of two minutes ago.
    presence = {"types": [], "not_types": [secrets.token_hex(8)]}
    return json.dumps({"presence": presence, "account_data": {"types": []}, "room": {"rooms": []}})


def _number(cursor: object) -> int | None:
    """The events that the homeserver had counted at this place: `s123_4_5`, or of one with workers `m123~1.125_4_5`."""
    found = re.match(r"[sm]?(\d+)(?=[_~]|$)", cursor) if isinstance(cursor, str) else None
    return None if found is None else int(found[1])
