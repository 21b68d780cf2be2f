"""Figures for Prometheus, read from what is stored at the moment of asking: they survive a restart, and hold no ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from bot.health import Health
from storage.tallies import Waits
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

    async def exposition(self) -> bytes:
        """Everything in Prometheus' text format. Raises CannotKeep when the database cannot be read."""
        registry = CollectorRegistry()
        registry.register(_Ready(await self._families()))
        return generate_latest(registry)

    async def _families(self) -> list[Metric]:
        async with self._store.look() as work:
            journal = await work.tallies.journal()
            stored = [
                _counter("schakelbot_letters", "Letters, by how they ended.", "outcome", await work.tallies.letters()),
                _gauge(
                    "schakelbot_letters_waiting", "Letters that are still to be said.", await work.tallies.waiting()
                ),
                CounterMetricFamily(
                    "schakelbot_letter_retries",
                    "How often a letter had to be tried again.",
                    value=await work.tallies.retries(),
                ),
                _states(await work.tallies.states()),
                _time_to_claim(await work.tallies.waits(BUCKETS)),
            ]
            oldest = await work.outbox.oldest_waiting()
        unreadable = journal.pop(UNREADABLE, 0)
        done = {what: count for what, count in journal.items() if not what.startswith(REFUSED)}
        refused = {what.removeprefix(REFUSED): n for what, n in journal.items() if what.startswith(REFUSED)}
        waited = 0.0 if oldest is None else max((self._now() - oldest).total_seconds(), 0.0)
        return [
            _counter("schakelbot_done", "Commands and other things that were done, by verb.", "verb", done),
            _counter("schakelbot_refused", "Commands that were refused, by reason.", "reason", refused),
            CounterMetricFamily("schakelbot_undecryptable", "Messages that could not be read.", value=unreadable),
            *stored,
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
