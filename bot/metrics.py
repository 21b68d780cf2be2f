"""Figures for Prometheus, read from what is stored at the moment of asking: they survive a restart, and hold no ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from bot.health import Health
from storage.work import Store

REFUSED = "geweigerd: "
HOUR = 3600.0
BUCKETS = (0.25 * HOUR, HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 96 * HOUR)
WINDOW = timedelta(days=7)


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
        now = self._now()
        async with self._store.look() as work:
            journal = await work.tallies.journal()
            states = await work.tallies.states()
            letters = await work.tallies.letters()
            retries = await work.tallies.retries()
            waits = await work.tallies.waits(now - WINDOW)
            oldest = await work.outbox.oldest_waiting()
        done = {what: count for what, count in journal.items() if not what.startswith(REFUSED)}
        refused = {what.removeprefix(REFUSED): n for what, n in journal.items() if what.startswith(REFUSED)}
        waited = 0.0 if oldest is None else (now - oldest).total_seconds()
        reasons = await self._health.reasons()
        return [
            _counter("schakelbot_done", "What was done, by verb.", "verb", done),
            _counter("schakelbot_refused", "What was refused, by reason.", "reason", refused),
            _counter("schakelbot_letters", "Letters by how they ended, or waiting.", "outcome", letters),
            CounterMetricFamily("schakelbot_letter_retries", "Letters that had to be tried again.", value=retries),
            _gauge("schakelbot_zorgvragen", "Zorgvragen by state.", "state", states),
            _time_to_claim(waits),
            GaugeMetricFamily("schakelbot_outbox_age_seconds", "How long the oldest letter waits.", value=waited),
            GaugeMetricFamily(
                "schakelbot_sync_age_seconds", "Since the homeserver answered last.", value=self._health.silence
            ),
            GaugeMetricFamily("schakelbot_ready", "1 when nothing is wrong.", value=float(not reasons)),
        ]


def _counter(name: str, about: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, about, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _gauge(name: str, about: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _time_to_claim(waits: list[float]) -> Metric:
    buckets = [(str(bound), float(sum(wait <= bound for wait in waits))) for bound in BUCKETS]
    family = HistogramMetricFamily("schakelbot_time_to_claim_seconds", "From open to claimed, in the last seven days.")
    family.add_metric([], [*buckets, ("+Inf", float(len(waits)))], sum(waits))
    return family
