"""The HTTP door as the settings want it: the intake with what it asks of the house. What it answers is bot/intake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.health import Health
from bot.intake import Intake, build_app, fingerprint_key
from bot.metrics import Metrics
from config.settings import Settings
from storage.work import Store


def front_door(
    settings: Settings, store: Store, health: Health, now: Callable[[], datetime], ring: Callable[[], None]
) -> Intake | None:
    """The door, still closed; None when the settings want none. `ring` is called after each zorgvraag that was kept."""
    chosen = settings.intake
    if not chosen.enabled:
        return None
    key = fingerprint_key(settings.seal.key.get_secret_value())
    metrics = Metrics(store, health, now)
    app = build_app(store, now, ring, chosen, key, health.reasons, metrics.exposition)
    return Intake(app, chosen.host, chosen.port)
