"""The figures: read from what is stored, so that a restart forgets none; numbers only."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from bot.health import Health
from bot.metrics import Metrics
from commands.submit import submit
from domain.announcements import Overview
from domain.audience import Person, RegionRoom
from domain.care import Care, Kind
from domain.people import Member, PostcodeRange, Region, Role
from storage.letters import Sent
from storage.seal import Seal
from storage.work import Store, open_store

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
NOORD = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
FATIMA = Member("@fatima:zorg.test", "noord", frozenset({Role.NURSE}), "Fatima")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A database with one region."""
    store = await open_store(tmp_path / "schakelbot.db", Seal(Seal.new_key()))
    async with store.work() as work:
        await work.people.put_region(NOORD)
        await work.people.put_member(FATIMA)
    yield store
    await store.close()


def fresh(store: Store, now: datetime = NOW) -> Metrics:
    """Metrics as a process has them that has just started."""
    return Metrics(store, Health(store, lambda: True), lambda: now)


async def figures(store: Store, now: datetime = NOW, metrics: Metrics | None = None) -> dict[tuple[str, ...], float]:
    """(name, label values...) -> value, as Prometheus would read them."""
    metrics = metrics or fresh(store, now)
    families = text_string_to_metric_families((await metrics.exposition()).decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


async def test_what_was_done_refused_claimed_and_said_is_counted(store: Store) -> None:
    """Each figure comes from a fact that the database keeps."""
    async with store.work() as work:
        zorgvraag = await submit(Care("7523", (Kind.WONDZORG,)), NOORD, "source:ziekenhuis", work, NOW)
        claimed_at = NOW + timedelta(hours=2)
        await work.journal.write("oppakken", FATIMA.user_id, claimed_at, region_id="noord", zorgvraag_id=zorgvraag.id)
        zorgvraag.claim(FATIMA, claimed_at)
        await work.zorgvragen.save(zorgvraag)
        await work.journal.write("geweigerd: AlreadyClaimed", FATIMA.user_id, NOW)
        await work.journal.write("onleesbaar bericht", FATIMA.user_id, NOW)
        await work.outbox.put(Person(FATIMA.user_id), Overview(), NOW)
        batch = await work.outbox.take(NOW)
        assert batch is not None
        await work.outbox.postpone(batch, NOW)
        await work.outbox.sent(batch, Sent("!room", "$event"), NOW)
    found = await figures(store, NOW + timedelta(hours=3))
    assert found["schakelbot_done_total", "zorgvraag"] == 1
    assert found["schakelbot_done_total", "oppakken"] == 1
    assert ("schakelbot_done_total", "onleesbaar bericht") not in found
    assert found["schakelbot_refused_total", "AlreadyClaimed"] == 1
    assert found["schakelbot_undecryptable_total",] == 1
    assert found["schakelbot_zorgvragen", "claimed"] == 1
    assert found["schakelbot_letters_total", "sent"] == 1
    assert found["schakelbot_letters_waiting",] == 1
    assert found["schakelbot_letter_retries_total",] == 1
    assert found["schakelbot_time_to_claim_seconds_bucket", "3600.0"] == 0
    assert found["schakelbot_time_to_claim_seconds_bucket", "14400.0"] == 1
    assert found["schakelbot_time_to_claim_seconds_sum",] == 7200
    assert found["schakelbot_outbox_age_seconds",] == 3 * 3600
    assert found["schakelbot_identity_trusted",] == 1
    assert found["schakelbot_sync_age_seconds",] == math.inf
    assert found["schakelbot_ready",] == 0  # nothing was heard from a homeserver yet


async def test_a_counter_never_goes_down(store: Store) -> None:
    """Prometheus takes that for a restart: neither giving back nor erasing nor a clock that was put back may do it."""
    async with store.work() as work:
        zorgvraag = await submit(Care("7523", (Kind.WONDZORG,)), NOORD, "source:ziekenhuis", work, NOW)
        said = (("oppakken", 1), ("vrijgeven", 2), ("oppakken", 5), ("intrekken", 5), ("heropenen", 6), ("oppakken", 4))
        for what, later in said:
            at = NOW + timedelta(hours=later)
            await work.journal.write(what, FATIMA.user_id, at, region_id="noord", zorgvraag_id=zorgvraag.id)
        await work.outbox.put(RegionRoom("noord"), Overview(), NOW, region_id="noord")
        while (batch := await work.outbox.take(NOW)) is not None:
            await work.outbox.sent(batch, Sent("!room", f"${batch.txn_id}"), NOW)
    before = await figures(store)
    assert before["schakelbot_time_to_claim_seconds_count",] == 3
    assert before["schakelbot_time_to_claim_seconds_sum",] == (1 + 3 + 0) * 3600
    assert before["schakelbot_time_to_claim_seconds_bucket", "3600.0"] == 2  # an hour to the second is within an hour
    async with store.work() as work:
        assert await work.outbox.take_old_lists("noord", NOW + timedelta(days=1), 10)
    after = await figures(store, NOW - timedelta(days=1))
    assert {name: after[name] for name in before if name[0].endswith(("_total", "_bucket", "_count", "_sum"))} == {
        name: value for name, value in before.items() if name[0].endswith(("_total", "_bucket", "_count", "_sum"))
    }
    assert min(after.values()) >= 0


async def test_figures_that_are_added_to_are_those_that_are_counted_anew(store: Store) -> None:
    """Also while one letter waits long after later ones were said, is tried again, and what was said is erased."""
    old = fresh(store)
    async with store.work() as work:
        zorgvraag = await submit(Care("7523", (Kind.WONDZORG,)), NOORD, "source:ziekenhuis", work, NOW)
        stuck = await work.outbox.take(NOW)
        assert stuck is not None
        await work.outbox.postpone(stuck, NOW + timedelta(hours=50))
    said = ("oppakken", "vrijgeven", "oppakken", "onleesbaar bericht", "geweigerd: AlreadyClaimed", "intrekken") * 2
    for hours, what in enumerate(said, 1):
        at = NOW + timedelta(hours=hours)
        async with store.work() as work:
            await work.journal.write(what, FATIMA.user_id, at, region_id="noord", zorgvraag_id=zorgvraag.id)
            await work.outbox.put(Person(FATIMA.user_id), Overview(), at, region_id="noord")
            batch = await work.outbox.take(at)
            assert batch is not None
            match hours % 4:
                case 0:
                    await work.outbox.postpone(batch, at)
                case 1:
                    await work.outbox.gave_up(batch, "M_FORBIDDEN", at)
                case _:
                    await work.outbox.sent(batch, Sent("!room", f"${hours}"), at)
            if hours == 10:
                await work.outbox.sent(stuck, Sent("!room", "$stuck"), at)
            await work.outbox.take_old_lists("noord", at - timedelta(hours=2), 1)
        assert await figures(store, metrics=old) == await figures(store)
    assert (await figures(store, metrics=old))["schakelbot_time_to_claim_seconds_count",] == 4


async def test_years_of_rows_make_no_asking_cost_more_but_the_first(store: Store) -> None:
    """Counted in steps of the database itself, not in time, while some letter always waits."""
    steps, old = Steps(store), fresh(store)
    async with store.work() as work:
        zorgvraag = await submit(Care("7523", (Kind.WONDZORG,)), NOORD, "source:ziekenhuis", work, NOW)
    await pass_time(store, zorgvraag.id, 5, NOW)
    await figures(store, metrics=old)
    few = await steps.of(figures(store, metrics=old))
    for year in (1, 2):
        await pass_time(store, zorgvraag.id, 1_000, NOW + timedelta(days=365 * year))
        first = await steps.of(figures(store))
        await figures(store, metrics=old)
        assert await steps.of(figures(store, metrics=old)) < 1.2 * few < first / 10


async def pass_time(store: Store, zorgvraag_id: int, times: int, now: datetime) -> None:
    """So many claims, each given back, and so many letters: all of them are said, and then one more waits."""
    async with store.work() as work:
        for number in range(times):
            for what in ("oppakken", "vrijgeven"):
                await work.journal.write(what, FATIMA.user_id, now, region_id="noord", zorgvraag_id=zorgvraag_id)
            await work.outbox.put(Person(f"@{number}:zorg.test"), Overview(), now)
        while (batch := await work.outbox.take(now)) is not None:
            await work.outbox.sent(batch, Sent("!room", f"${batch.txn_id}"), now)
        await work.outbox.put(Person(FATIMA.user_id), Overview(), now, not_before=now + timedelta(hours=1))


class Steps:
    """Counts what SQLite does, in the instructions of its own machine."""

    def __init__(self, store: Store) -> None:
        self._count = 0
        event.listen(store._engine.sync_engine, "checkout", self._watch)

    async def of(self, asking: Awaitable[Any]) -> int:
        """How many instructions it took, in tens."""
        before = self._count
        await asking
        return self._count - before

    def _watch(self, connection: Any, *_: Any) -> None:
        connection.driver_connection._conn.set_progress_handler(self._step, 10)

    def _step(self) -> int:
        self._count += 1
        return 0


async def test_every_figure_says_what_it_is_and_in_what_unit(store: Store) -> None:
    """A time is in seconds, in its name and in its help."""
    metrics = Metrics(store, Health(store, lambda: True, keys_left=lambda: 7), lambda: NOW)
    families = list(text_string_to_metric_families((await metrics.exposition()).decode()))
    assert {family.name for family in families} == {
        "schakelbot_done",
        "schakelbot_refused",
        "schakelbot_undecryptable",
        "schakelbot_letters",
        "schakelbot_letters_waiting",
        "schakelbot_letter_retries",
        "schakelbot_zorgvragen",
        "schakelbot_time_to_claim_seconds",
        "schakelbot_outbox_age_seconds",
        "schakelbot_sync_age_seconds",
        "schakelbot_identity_trusted",
        "schakelbot_one_time_keys",
        "schakelbot_ready",
    }
    for family in families:
        assert family.documentation.endswith("."), family.name
        assert ("seconds" in family.documentation.lower()) is family.name.endswith("_seconds"), family.name


async def test_no_figure_names_anybody(store: Store) -> None:
    """Neither ids nor numbers of zorgvragen stand in a label."""
    async with store.work() as work:
        await submit(Care("7523", (Kind.WONDZORG,)), NOORD, "source:ziekenhuis", work, NOW)
        await work.outbox.put(RegionRoom("noord"), Overview(), NOW)
        await work.journal.write("oppakken", FATIMA.user_id, NOW)
    labels = " ".join(word for name in await figures(store) for word in name)
    for secret in ("fatima", "noord", "7523", "ziekenhuis"):
        assert secret not in labels.lower()
