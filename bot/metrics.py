"""Figures for Prometheus, read from what is stored at the moment of asking: they survive a restart, and hold no ids.

Of what is over only the sums are kept, so that years of it cost the first asking after a start and not every one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from bot.health import Health
from storage.tallies import Done, Said, Waits
from storage.work import Store

REFUSED, UNREADABLE = "geweigerd: ", "onleesbaar bericht"  # as the journal calls them
HOUR = 3600.0
BUCKETS = (0.25 * HOUR, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 96 * HOUR)


class _Ready(Collector):
    """Hands out families that were made already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


class Metrics:
    """Answers /metrics."""

    def __init__(self, store: Store, health: Health, now: Callable[[], datetime]) -> None:
        self._store = store
        self._health = health
        self._now = now
        self._done = Done(Waits(within=(0,) * len(BUCKETS)))
        self._settled = Said()

    async def exposition(self) -> bytes:
        """Everything in Prometheus' text format. Raises CannotKeep when the database cannot be read."""
        registry = CollectorRegistry()
        registry.register(_Ready(await self._families()))
        return generate_latest(registry)

    async def _families(self) -> list[Metric]:
        async with self._store.look() as work:
            # Whole sums take the place of whole sums: two who ask at once cannot count anything twice.
            done = self._done = await work.tallies.done(self._done, BUCKETS)
            settled = self._settled = await work.tallies.settled(self._settled)
            said, waiting = await work.tallies.letters(settled)
            states = await work.tallies.states()
            oldest = await work.outbox.oldest_waiting()
        waited = 0.0 if oldest is None else max((self._now() - oldest).total_seconds(), 0.0)
        return [
            *_journal(done.times),
            _counter("schakelbot_letters", "Letters, by how they ended.", "outcome", said.outcomes),
            _gauge("schakelbot_letters_waiting", "Letters that are still to be said.", waiting),
            CounterMetricFamily(
                "schakelbot_letter_retries", "How often a letter had to be tried again.", value=said.retries
            ),
            _states(states),
            _time_to_claim(done.waits),
            _gauge("schakelbot_outbox_age_seconds", "How long the oldest letter waits, in seconds.", waited),
            *await self._now_and_here(),
        ]

    async def _now_and_here(self) -> list[Metric]:
        """What is no stored fact, but how this process stands with its homeserver."""
        health = self._health
        ready, left = not await health.reasons(), health.keys_left
        about_keys = "One-time keys of ours that the homeserver has left."
        return [
            _gauge("schakelbot_sync_age_seconds", "Seconds since the homeserver answered last.", health.silence),
            _gauge("schakelbot_identity_trusted", "1 when others can believe our device.", health.is_trusted),
            *([] if left is None else [_gauge("schakelbot_one_time_keys", about_keys, left)]),
            _gauge("schakelbot_ready", "1 when nothing is wrong.", ready),
        ]


def _journal(times: Mapping[str, int]) -> list[Metric]:
    done = {what: n for what, n in times.items() if what != UNREADABLE and not what.startswith(REFUSED)}
    refused = {what.removeprefix(REFUSED): n for what, n in times.items() if what.startswith(REFUSED)}
    unreadable = times.get(UNREADABLE, 0)
    return [
        _counter("schakelbot_done", "Commands and other things that were done, by verb.", "verb", done),
        _counter("schakelbot_refused", "Commands that were refused, by reason.", "reason", refused),
        CounterMetricFamily("schakelbot_undecryptable", "Messages that could not be read.", value=unreadable),
    ]


def _counter(name: str, about: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, about, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=float(value))


def _states(counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily("schakelbot_zorgvragen", "Zorgvragen, by state.", labels=["state"])
    for state, count in sorted(counts.items()):
        family.add_metric([state], count)
    return family


def _time_to_claim(waits: Waits) -> Metric:
    buckets = [(str(bound), float(count)) for bound, count in zip(BUCKETS, waits.within, strict=True)]
    family = HistogramMetricFamily("schakelbot_time_to_claim_seconds", "Seconds from open, or open again, to claimed.")
    family.add_metric([], [*buckets, ("+Inf", float(waits.count))], waits.seconds)
    return family
