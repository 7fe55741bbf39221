"""Every fault kind at random over real HTTP, and kills at random moments: the archive ends up exact.

The long version (50 seeds, 100 kills) is `make faults`; the suite runs a part of it every time.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from etl.demo.server.credentials import CLIENT_EMAIL
from etl.errors import LoadError
from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from portalkompass.settings import Settings
from tests.etl.sources.search_console.small_world import (
    SmallWorld,
    full_truth,
    loaded,
    search_console,
    small_world,
)
from tests.search_console_server.faulty_server import Options
from tests.search_console_server.injected_faults import (
    Fault,
    FaultPlan,
    RequestFacts,
    bad_request,
    cut_json,
    dropped,
    forbidden,
    html,
    load_quota,
    not_found,
    qps_quota,
    rate_limit,
    refused_key,
    server_error,
    slow,
    too_many,
    truncated,
    unauthorised,
)

SEEDS = int(os.environ.get("FAULT_SEEDS", "3"))
KILLS = int(os.environ.get("FAULT_KILLS", "4"))
KINDS = (
    qps_quota(),
    load_quota(),
    rate_limit(403),
    rate_limit(429, retry_after=0),
    too_many(),
    server_error(500),
    server_error(502),
    server_error(503),
    dropped(),
    truncated(),
    cut_json(),
    html(),
    slow(0.4),
)
REFUSALS = (forbidden(), not_found(), bad_request(), unauthorised(), refused_key())
"""Faults that end a run at once: rarer, or no run would get far."""
REFUSED_SHARE = 0.1
MOST_RUNS = 200
STOPPED = ("Kontingent", "Versuchen", "angehalten")
REFUSED = (
    "Kein Zugriff",
    "Google kennt die Property",
    "Google lehnt die Anfrage",
    "Google lehnt die Anmeldung",
)


def random_faults(seed: int, share: float, played: Counter[str]) -> FaultPlan:
    """Each request fails with the given probability, with any fault kind that it can meet; token requests too."""
    chance = random.Random(seed)

    def plan(facts: RequestFacts) -> Fault | None:
        if chance.random() >= share:
            return None
        refused = chance.random() < REFUSED_SHARE
        fault = chance.choice(REFUSALS if refused else KINDS)
        if (fault.name == "refused_key") != (facts.kind == "token") and refused:
            return None
        played[fault.name] += 1
        return fault

    return plan


@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_fails_the_archive_is_exact_or_a_later_run_completes_it(
    tmp_path: Path, seed: int, share: float
) -> None:
    world = small_world(count=6)
    played: Counter[str] = Counter()
    with search_console(
        world,
        tmp_path,
        faults=random_faults(seed, share, played),
        options=Options(short_pages=2, lag=lambda _: 2),
        timeout_seconds=0.2,
        load_quota_pause_seconds=0.01,
        load_quota_pauses=2,
    ) as (_, settings):
        days_before = 0
        for _run in range(MOST_RUNS):
            try:
                pull(settings)
                break
            except LoadError as stop:
                refused = any(word in str(stop) for word in REFUSED)
                assert refused or any(word in str(stop) for word in STOPPED), stop
                assert not refused or CLIENT_EMAIL in str(stop), stop
            days = len(loaded(settings)["search_site_day"])
            assert days >= days_before, "a stopped run must not lose days"
            days_before = days
        else:
            pytest.fail(f"no run came to its end, played: {played}")
        assert loaded(settings) == full_truth(world)
        assert verify(settings).faults == ()
    assert sum(played.values()) > 0


def _pull_in_child(settings: Settings) -> None:
    os.setsid()
    pull(settings)


def _killed_after(settings: Settings, seconds: float) -> bool:
    """Run a pull in a process of its own and kill it; True if it was still running."""
    child = multiprocessing.get_context("forkserver").Process(target=_pull_in_child, args=(settings,))
    child.start()
    child.join(seconds)
    alive = child.is_alive()
    if alive and child.pid:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return alive


def test_a_run_killed_at_random_moments_changes_nothing_published_and_is_completed_later(
    tmp_path: Path,
) -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["etl.sources.search_console.pull"])
    world = small_world(count=25)
    chance = random.Random(7)
    killed = 0
    with search_console(world, tmp_path, options=Options(latency=0.002, lag=lambda _: 2)) as (_, settings):
        begin = time.monotonic()
        _killed_after(settings.model_copy(update={"data_dir": tmp_path / "measure"}), 60)
        whole = time.monotonic() - begin
        for number in range(KILLS):
            city = settings.model_copy(update={"data_dir": tmp_path / f"city-{number % 10}-{number // 10}"})
            killed += _killed_after(city, chance.uniform(0.05, 0.95) * whole)
            published = loaded(city)
            assert published == empty(published) or published == full_truth(world)
            pull(city)
            assert loaded(city) == full_truth(world)
            assert verify(city).faults == ()
    assert killed >= KILLS // 2


def empty(tables: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """The same tables without rows: nothing was published yet."""
    return {table: [] for table in tables}


def test_an_archive_with_days_survives_kills_of_the_next_days_run(tmp_path: Path) -> None:
    world = small_world(count=20)
    chance = random.Random(11)
    with search_console(world, tmp_path, options=Options(latency=0.002, lag=lambda _: 2)) as (_, settings):
        older = SmallWorld({day: rows for day, rows in world.days.items() if day <= dt.date(2025, 3, 12)})
        pull(settings, until=max(older.days))
        for _ in range(max(3, KILLS // 4)):
            _killed_after(settings, chance.uniform(0.1, 0.6))
            assert loaded(settings) in (full_truth(older), full_truth(world))
        pull(settings)
        assert loaded(settings) == full_truth(world)
