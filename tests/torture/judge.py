"""Compares what the people's own clients show, what the database holds and what should be. It only looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.torture import books
from tests.torture.books import Books
from tests.torture.ledger import Ledger
from tests.torture.requests_judged import judge_request
from tests.torture.stage import REGION, Stage
from tests.torture.witness import Heard
from texts import words

Kind = Literal["lost", "doubled", "wrong"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: it is not there, it is there too often, or it is there and wrong."""

    kind: Kind
    what: str


def counted(what: str, found: int, wanted: int) -> Iterator[Finding]:
    """Too few is lost, too many is doubled."""
    if found != wanted:
        yield Finding("lost" if found < wanted else "doubled", f"{what}: {found}, not {wanted}")


class Judge:
    """Looks at one stage. While the bot still works much is missing: what stays missing is lost."""

    def __init__(self, stage: Stage, ledger: Ledger) -> None:
        self._stage = stage
        self._ledger = ledger

    def read(self) -> Books:
        """What the bot has written down. Raises sqlite3.Error before there is a database."""
        with self._stage.database() as connection:
            return books.read(connection)

    def look(self) -> list[Finding]:
        """Everything that is not as it should be now."""
        kept = self.read()
        return [
            *self._letters(kept),
            *self._rooms(kept),
            *self._commands(kept),
            *self._requests(kept),
            *self._small_things(),
            *self._digests(kept),
        ]

    def _letters(self, kept: Books) -> Iterator[Finding]:
        """Every letter is sent, and a batch of letters is one event."""
        events: defaultdict[str, set[str]] = defaultdict(set)
        for row in kept.outbox:
            if row["outcome"] == "needless":
                continue
            if row["outcome"] not in ("sent", "erased"):
                yield Finding("lost", f"letter {row['id']} {row['kind']} is {row['outcome'] or 'waiting'}")
            elif row["event_id"] is None:
                yield Finding("lost", f"letter {row['id']} {row['kind']} is called sent, and is no event")
            else:
                events[row["batch"]].add(row["event_id"])
        for batch, said in events.items():
            yield from counted(f"events of batch {batch}", len(said), 1)

    def _rooms(self, kept: Books) -> Iterator[Finding]:
        """Everybody in a room has read exactly what the bot has written down as said there, and all of it encrypted."""
        written: defaultdict[str, set[str]] = defaultdict(set)
        for row in kept.outbox:
            if row["event_id"]:
                written[row["room_id"]].add(row["event_id"])
        for name, person in self._stage.people.items():
            for room_id in person.client.rooms:
                said = person.said_in(room_id)
                heard = {one.event_id for one in said}
                for event_id in written[room_id] - heard:
                    yield Finding("lost", f"{name} has not read {event_id}")
                for event_id in heard - written[room_id]:
                    yield Finding("doubled", f"{name} has read {event_id}, which nobody wrote down as sent")
                for one in said:
                    if not one.encrypted:
                        yield Finding("wrong", f"{one.event_id} was said in the clear")
                for event_id in person.unread(room_id):
                    yield Finding("lost", f"{name} cannot decrypt {event_id}")
            yield from counted(f"rooms of {name} alone with the bot", max(1, len(self._stage.alone(name))), 1)

    def _commands(self, kept: Books) -> Iterator[Finding]:
        """Every command was dealt with, and nothing was refused but the losers of races."""
        for event_id in self._ledger.commands:
            if event_id not in kept.seen:
                yield Finding("lost", f"command {event_id} was never dealt with")
        refused = Counter(row["what"] for row in kept.journal.get(None, []) if row["what"].startswith("geweigerd"))
        lost_races = sum(one.lost_races for one in self._ledger.requests)
        yield from counted("lost races in the journal", refused.pop("geweigerd: AlreadyClaimed", 0), lost_races)
        for what, count in refused.items():
            yield Finding("wrong", f"{what} ({count})")
        yield from (Finding("wrong", f"HTTP {answer}") for answer in self._ledger.wrong_answers)

    def _requests(self, kept: Books) -> Iterator[Finding]:
        for request in self._ledger.requests:
            found = kept.zorgvragen.get(request.token, [])
            if request.is_erased:
                found = kept.erased.get(request.number or 0, [])
            yield from counted(f"zorgvragen {request.token}", len(found), 1)
            if len(found) == 1:
                for kind, what in judge_request(request, found[0], kept, self._stage):
                    yield Finding(kind, f"Noord-{found[0]['number']}: {what}")
                number = self._ledger.accepted.get(request.token, found[0]["number"])
                if number != found[0]["number"]:
                    yield Finding("wrong", f"the HTTP door said {number}, it is {found[0]['number']}")

    def _small_things(self) -> Iterator[Finding]:
        """Lights, questions and personal data: each answered once, and where it should be."""
        room = self._stage.room
        said = self._new(room)
        for token in self._ledger.lights:
            shown = sum(token in one.body and "!" not in one.body for one in said)
            yield from counted(f"light {token}", shown, 1)
        for event_id in self._ledger.asked:
            answers = sum(one.reply_to == event_id for one in said)
            yield from counted(f"answers to {event_id}", answers, 1)
        taken = Counter(one.target for one in self._stage.people["Carla"].said_in(room) if one.kind == "redaction")
        for event_id, who, token in self._ledger.leaks:
            yield from counted(f"redactions of {event_id}", taken[event_id], 1)
            told = [one for alone in self._stage.alone(who) for one in self._new(alone, who) if token in one.body]
            yield from counted(f"{token} given back", len(told), 1)
            yield from (Finding("wrong", f"{token} is told in the room") for one in said if token in one.body)

    def _digests(self, kept: Books) -> Iterator[Finding]:
        """One for each local day that the bot saw eight o'clock of."""
        local = REGION.local(self._stage.now())
        if local.time() >= REGION.policy.digest_at and local.date().isoformat() not in kept.digests:
            yield Finding("lost", f"the digest of {local.date()}")
        letters = [row for row in kept.outbox if row["kind"] == "Digest"]
        yield from counted("digests in the outbox", len(letters), len(kept.digests))
        titles = Counter(one.body.partition("\n")[0] for one in self._new(self._stage.coordination))
        for day in kept.digests:
            title = f"📋 Noord, {words.day(books.day(day))}"
            yield from counted(title, titles[title], 1)

    def _new(self, room_id: str, who: str = "Carla") -> list[Heard]:
        return [one for one in self._stage.people[who].said_in(room_id) if one.kind == "new"]
