"""The same load on a bad network between the bot and its homeserver, one fault after another. Nobody is killed here."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

from demo.homeserver import Homeserver
from tests.network import faults
from tests.network.proxy import Fault, Proxy, Trouble
from tests.torture.episode import Episode
from tests.torture.jumps import Jump
from tests.torture.load import Round
from tests.torture.stage import Stage
from tests.torture.tally import NETWORK, Tally
from tests.torture.victim import Kill

PATIENCE = 180.0  # seconds; the bot itself gives a request that hangs 30
TIMES = 3  # that a fault happens in one round, to whatever is asked next of that kind
# What is asked, whatever it is; what is said; what is heard.
REQUESTS = (("", ""), ("PUT", "/send/"), ("GET", "/sync"))
# Days and evenings in turn, and not so much time in all that old posts are taken away.
ROUNDS: tuple[tuple[Round, Jump], ...] = (
    ("evening", "two days"),
    ("day", "minutes"),
    ("evening", "minutes"),
    ("day", "back"),
)
FAULTS: dict[str, Fault] = {
    "429, the time in the body": faults.limited_in_body,
    "429, the time in a header": faults.limited_in_header,
    "500": faults.broken,
    "502 with a page": faults.bad_gateway,
    "504 with a page": faults.gateway_timeout,
    "cut before the homeserver hears it": faults.cut_before,
    "cut in the middle of the answer": faults.cut_within,
    "done, and the answer lost": faults.lost,
    "slow": faults.slow,
}
HANGING: dict[str, Fault] = {"no answer": faults.silence, "an answer without end": faults.endless}


async def suffer_network(homeserver: Homeserver, directory: Path, tally: Tally) -> None:
    """Every fault, a few times on each kind of request, while people go on as always. Raises Broken."""
    async with (
        Proxy(homeserver.url) as proxy,
        Stage(homeserver, directory, "network", through=proxy.url) as stage,
    ):
        episode = Episode(stage, tally, PATIENCE)
        await episode.found()
        await episode.settle_down()
        await episode.begin()
        rounds = cycle(ROUNDS)
        for name, fault in FAULTS.items():
            for method, where in REQUESTS:
                trouble = proxy.spoil(fault, method, where, times=TIMES)
                await _suffer(episode, proxy, trouble, name, next(rounds))
        for name, fault in HANGING.items():
            trouble = proxy.spoil(fault, "PUT", "/send/", times=1)
            await _suffer(episode, proxy, trouble, name, next(rounds))


async def _suffer(episode: Episode, proxy: Proxy, trouble: Trouble, name: str, kind: tuple[Round, Jump]) -> None:
    fault = episode.endurance.beside = Kill(NETWORK, f"{name} ({trouble.where.strip('/') or 'whatever'})", TIMES)
    await episode.round(*kind)
    proxy.heal()
    episode.tally.suffered(fault, trouble.happened, episode.endurance.silence)
