"""One zorgvraag, from all sides: its history, its letters, what the room shows of it, and who was told the details."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tests.torture.books import Books, Row
from tests.torture.erased_judged import judge_erased
from tests.torture.ledger import Request
from tests.torture.stage import Stage
from tests.torture.witness import Heard

Kind = Literal["lost", "doubled", "wrong"]
Verdict = tuple[Kind, str]

VERBS = ("zorgvraag", "oppakken", "vrijgeven", "afronden", "intrekken")
SIGNS = {"open": ("🆕", "↩️", "⏰", "@room ⏰"), "claimed": ("✅",), "closed": ("🏁",), "withdrawn": ("✖️",)}


def judge_request(request: Request, row: Row, kept: Books, stage: Stage) -> Iterator[Verdict]:
    """What is not as it should be with this zorgvraag."""
    said = [one for one in stage.people["Carla"].said_in(stage.room) if one.kind == "new"]
    yield from _history(request, row, kept, stage)
    yield from _letters(request, row, kept)
    yield from _notices(request, row, said, stage, kept)
    yield from _post(request, row, said, stage, kept)
    yield from _details(request, row, stage, kept)
    if request.is_erased:
        yield from judge_erased(row, kept, stage)


def _counted(what: str, found: int, wanted: int) -> Iterator[Verdict]:
    if found != wanted:
        yield "lost" if found < wanted else "doubled", f"{what}: {found}, not {wanted}"


def _doers(row: Row, kept: Books, stage: Stage) -> list[tuple[str, str]]:
    """(verb, by whom) of all that people did, oldest first."""
    names = {person.user_id: name for name, person in stage.people.items()}
    lines = kept.journal.get(row["id"], [])
    return [(one["what"], names.get(one["user_id"], one["user_id"])) for one in lines if one["what"] in VERBS]


def _history(request: Request, row: Row, kept: Books, stage: Stage) -> Iterator[Verdict]:
    """Each command had exactly one effect, by who gave it, in order."""
    done = _doers(row, kept, stage)
    yield from _counted("things done", len(done), len(request.verbs))
    for (verb, who), (wanted, may) in zip(done, request.verbs, strict=False):
        if verb != wanted or who not in may:
            yield "wrong", f"{verb} by {who}, not {wanted} by {' or '.join(sorted(may))}"
    if row["state"] != request.state:
        yield "wrong", f"it is {row['state']}, not {request.state}"


def _letters(request: Request, row: Row, kept: Books) -> Iterator[Verdict]:
    """Each effect put its letter into the outbox once; the clock one for each round."""
    for verb, kind in (
        ("zorgvraag", "Opened"),
        ("oppakken", "Claimed"),
        ("vrijgeven", "Reopened"),
        ("afronden", "Closed"),
        ("intrekken", "Withdrawn"),
    ):
        yield from _counted(f"letters {kind}", len(kept.letters_about(row["id"], kind)), request.count(verb))
    again = len(kept.letters_about(row["id"], "Reposted"))
    if not request.least_reposts <= again <= request.most_reposts:
        off: Kind = "lost" if again < request.least_reposts else "doubled"
        yield off, f"posted again {again} times, not {request.least_reposts} to {request.most_reposts}"
    yield from _counted("rounds", row["round"], again + request.count("vrijgeven"))


def _notices(request: Request, row: Row, said: list[Heard], stage: Stage, kept: Books) -> Iterator[Verdict]:
    """Who took it, who finished it, that it is no longer needed: one sentence in the room for each."""
    number = f"Noord-{row['number']}"
    for name in stage.people:
        took = _doers(row, kept, stage).count(("oppakken", name))
        shown = sum(f"{number} is opgepakt door {name} " in one.body for one in said)
        yield from _counted(f"notices that {name} took it", shown, took)
    for verb, text in (("afronden", "is afgerond door"), ("intrekken", "is ingetrokken")):
        shown = sum(f"{number} {text}" in one.body for one in said)
        yield from _counted(f"notices of {verb}", shown, request.count(verb))
    losers = sum(len(one.mentions) for one in said if f"{number} is net al opgepakt" in one.body)
    yield from _counted("losers who were told", losers, request.lost_races)


def _post(request: Request, row: Row, said: list[Heard], stage: Stage, kept: Books) -> Iterator[Verdict]:
    """As many posts as were sent, of which one stands for the zorgvraag and shows its state; the others point to it."""
    sent = {one["batch"] for one in kept.letters_about(row["id"], "Opened", "Reopened", "Reposted")}
    yield from _counted("posts", sum(request.token in one.body for one in said), len(sent))
    for name, person in stage.people.items():
        shown = [one for one in person.read(stage.room) if one.sender == stage.bot_id]
        standing = [one for one in shown if request.token in one.body]
        yield from _counted(f"posts that {name} sees standing", len(standing), 0 if request.is_erased else 1)
        if standing and not standing[-1].body.startswith(SIGNS[row["state"]]):
            yield "wrong", f"{name} sees {standing[-1].body[:2]}, but it is {row['state']}"
        holder = next((one for one, it in stage.people.items() if it.user_id == row["claimed_by"]), "")
        if standing and row["state"] == "claimed" and holder not in standing[-1].body:
            yield "wrong", f"{name} does not see that {holder} has it"


def _details(request: Request, row: Row, stage: Stage, kept: Books) -> Iterator[Verdict]:
    """Who the client is: told once for each claim, to the claimant alone, and taken back from who gave it back.

    Whoever gave it back at once may have been told, or not.
    """
    if request.secret is None:
        return
    for name, person in stage.people.items():
        told = [one for one in person.heard.values() if request.secret in one.body]
        took = _doers(row, kept, stage).count(("oppakken", name))
        wanted = max(took - request.hesitant.count(name), min(took, len(told)))
        yield from _counted(f"times that {name} was told the details", len(told), wanted)
        alone = stage.alone(name)
        yield from (("wrong", "the details are in a shared room") for one in told if one.room_id not in alone)
        if row["state"] in ("open", "claimed") and row["claimed_by"] != person.user_id:
            left = [one for one in told if not person.is_taken_back(one.event_id)]
            yield from _counted(f"details of it that {name} still sees", len(left), 0)
