"""The first message to many new devices: how long it takes, and how long the rest of the house stands still."""

from __future__ import annotations

from pathlib import Path

from benchmarks.audience import Audience, gather, seat
from benchmarks.figures import Figure, middle
from benchmarks.speakers import Watch, bare_nio, homeserver_alone, schakelbot
from demo.homeserver import Homeserver

FEW, MANY, EACH = 40, 100, 5  # people, and devices of each: 200 and 500 devices
THIRD = 1 / 3  # of bare nio's time
LONGEST_GAP_MS = 50.0


async def measure(homeserver: Homeserver, directory: Path, rounds: int) -> list[Figure]:
    """Accounts that nobody knows yet speak in turns, each of them to the same devices."""
    everybody = await gather(homeserver, MANY, EACH, one_time_keys=8 * rounds)
    few = await seat(homeserver, everybody[:FEW])
    many = await seat(homeserver, everybody)
    try:
        return [*await _time(few, directory, rounds), *await _gaps(many, directory, rounds)]
    finally:
        for devices in everybody:
            await devices[0].wire.close()


async def _time(audience: Audience, directory: Path, rounds: int) -> list[Figure]:
    nio, signed, everyone, alone = [], [], [], []
    for _ in range(rounds):
        alone.append(await homeserver_alone(audience))
        nio.append((await bare_nio(audience, directory)).seconds)
        signed.append((await schakelbot(audience, directory, "cross-signed")).seconds)
        everyone.append((await schakelbot(audience, directory, "all")).seconds)
    what, theirs, least = f"the first message to {audience.devices} devices", middle(nio), middle(alone)
    ours, trusting = middle(signed), middle(everyone)
    return [
        Figure(what, "s", ours, theirs, least, "≤ ⅓ of nio", ours <= THIRD * theirs),
        Figure(
            "the same, trusting every device", "s", trusting, theirs, least, "≤ ⅓ of nio", trusting <= THIRD * theirs
        ),
    ]


async def _gaps(audience: Audience, directory: Path, rounds: int) -> list[Figure]:
    nio: list[Watch] = []
    ours: list[Watch] = []
    again: list[Watch] = []
    for _ in range(rounds):
        nio.append(await bare_nio(audience, directory))
        ours.append(await schakelbot(audience, directory, "cross-signed"))
        again.append(await schakelbot(audience, directory, "cross-signed", acquainted=True))
    took, nios = (middle([watch.seconds for watch in watches]) for watches in (ours, nio))
    return [
        Figure(f"the first message to {audience.devices} devices, a session with each to begin", "s", took, nios),
        _standstill("longest standstill meanwhile", [watch.longest_gap for watch in ours], nio),
        _standstill("of that, our own work", [watch.longest_work for watch in ours]),
        Figure("a new key for the same devices, sessions known", "s", middle([watch.seconds for watch in again])),
        _standstill("longest standstill meanwhile", [watch.longest_gap for watch in again]),
    ]


def _standstill(what: str, ours: list[float], nio: list[Watch] | None = None) -> Figure:
    """The longest of all rounds, not the middle one: it is promised that there is none above the target."""
    longest = 1000 * max(ours)
    nios = 1000 * max(watch.longest_gap for watch in nio) if nio else None
    return Figure(what, "ms", longest, nios, None, f"≤ {LONGEST_GAP_MS:.0f} ms", longest <= LONGEST_GAP_MS)
