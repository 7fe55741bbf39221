"""Pages and queries by device: pulled where a setting says so, also for days that were loaded before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.etl.sources.search_console.small_world import (
    LAST_FINAL,
    TODAY,
    full_truth,
    grouped,
    loaded,
    on,
    search_console,
    small_world,
)
from tests.search_console_server.faulty_server import FaultyStandIn

BOTH = {"page_devices": True, "query_devices": True}


def held(settings: Settings, table: str, key: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(
            f"SELECT date, {key}, device, clicks, impressions, round(sum_position, 6) FROM {table} "
            "WHERE date <= ? ORDER BY ALL",
            [LAST_FINAL],
        ).fetchall()


def truth(dimension: str) -> list[tuple[object, ...]]:
    return sorted(
        (day, *key, clicks, impressions, round(total, 6))
        for day, shown in small_world().days.items()
        if day <= LAST_FINAL
        for key, (clicks, impressions, total) in grouped(shown, (dimension, "device")).items()
    )


def dimensions(server: FaultyStandIn, since: int = 0, upto: dt.date = dt.date.max) -> set[tuple[str, ...]]:
    """Of the requests for single days."""
    asked = [r.facts.body for r in server.requests[since:] if r.facts.kind == "query"]
    return {
        tuple(body["dimensions"])
        for body in asked
        if body["dimensions"] != ["date"] and str(body["startDate"]) <= upto.isoformat()
    }


def test_both_grains_are_loaded_with_the_days_and_fit_the_others(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, **BOTH) as (_, settings):
        pull(settings)
    assert held(settings, "search_page_device_day", "url") == truth("page")
    assert held(settings, "search_query_device_day", "query") == truth("query")
    assert verify(settings).faults == ()
    assert not [text for text in verify(settings).warnings if "je Gerät" in text]


def test_without_the_settings_nothing_is_asked_by_device(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (server, settings):
        pull(settings)
    assert not {("page", "device"), ("query", "device")} & dimensions(server)


def test_days_loaded_before_get_only_what_they_lack(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, rolling_days=0) as (server, settings):
        pull(settings)
        before = len(server.requests)
        pull(on(settings, TODAY, **BOTH))
        assert dimensions(server, before, upto=LAST_FINAL) == {("page", "device"), ("query", "device")}
        assert loaded(settings) == full_truth(small_world())
        assert held(settings, "search_page_device_day", "url") == truth("page")
        assert held(settings, "search_query_device_day", "query") == truth("query")
        assert verify(settings).faults == ()
        before = len(server.requests)
        pull(on(settings, TODAY, **BOTH))
        assert dimensions(server, before, upto=LAST_FINAL) == set()


def test_a_month_that_does_not_fit_is_a_warning(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, **BOTH) as (_, settings):
        pull(settings)
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    snapshot.path.chmod(0o644)
    with duckdb.connect(snapshot.path) as connection:
        connection.execute("UPDATE search_page_device_day SET clicks = clicks + 5")
    assert any("Seiten je Gerät ergeben" in text for text in verify(settings).warnings)
