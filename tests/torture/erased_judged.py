"""One zorgvraag that ended long ago: nothing that was said of it still stands, and of the client nothing is kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from tests.torture.books import Books, Row
from tests.torture.stage import Stage

WORDLESS = ("Redact", "Erase", "DetailsTaken")


def judge_erased(row: Row, kept: Books, stage: Stage) -> Iterator[tuple[Literal["lost", "doubled", "wrong"], str]]:
    """What should be gone and is not, and what was taken away twice. The journal and the figures stay."""
    if row["erased_at"] is None:
        yield "lost", "it is not erased"
    if row["id"] in kept.contacts:
        yield "wrong", "the client's details are still kept"
    letters = [one for one in kept.outbox if one["zorgvraag_id"] == row["id"] and one["event_id"]]
    said = {(one["room_id"], one["event_id"]) for one in letters if one["kind"] not in WORDLESS}
    ordered = Counter(json.loads(one["facts"])["event_id"] for one in kept.outbox if one["kind"] == "Erase")
    for room_id, event_id in said:
        if ordered[event_id] > 1:
            yield "doubled", f"{event_id} is taken away {ordered[event_id]} times"
        for name, person in stage.people.items():
            if room_id in person.client.rooms and not person.is_taken_back(event_id):
                yield "lost", f"{name} still sees {event_id}"
