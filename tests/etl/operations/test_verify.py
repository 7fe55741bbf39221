"""Verification finds what a damaged archive would hide."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.etl.sources.search_console.small_world import search_console, small_world


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """What was pulled, and no fault in it."""
    with search_console(small_world(), tmp_path_factory.mktemp("whole")) as (_, settings):
        pull(settings)
    assert verify(settings).faults == ()
    return settings


@pytest.fixture
def city(whole: Settings, tmp_path: Path) -> Settings:
    """A copy of it, to be damaged."""
    shutil.copytree(whole.data_dir, tmp_path / "data")
    return whole.model_copy(update={"data_dir": tmp_path / "data"})


def damage(settings: Settings, sql: str) -> None:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path) as connection:
        connection.execute(sql)


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "INSERT INTO search_query_day SELECT * FROM search_query_day LIMIT 1",
            "search_query_day: 1 Schlüssel kommt mehrfach vor",
        ),
        (
            "UPDATE search_page_day SET clicks = -1 WHERE date = '2025-03-10'",
            "unmöglichen Werten, zuerst am 10.03.2025",
        ),
        (
            "DELETE FROM ingest_ledger WHERE date = '2025-03-11'",
            "die das Ladebuch nicht kennt, zuerst am 11.03.2025",
        ),
        (
            "DELETE FROM search_segment_day WHERE date = '2025-03-12'",
            "weichen Zeilen oder Summen vom Ladebuch ab",
        ),
        (
            "INSERT INTO portal_page (source, site, period_start, period_end, url) "
            "VALUES ('matomo', 'sc-domain:stadt.example', '2025-03-01', '2025-03-01', 'https://a.example/')",
            "portal_page: 1 Matomo-Zeile an Tagen, die das Ladebuch nicht kennt, zuerst am 01.03.2025",
        ),
    ],
)
def test_damage_is_a_fault_with_table_and_day(city: Settings, sql: str, sentence: str) -> None:
    damage(city, sql)
    assert any(sentence in fault for fault in verify(city).faults), verify(city).faults


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "UPDATE search_query_day SET clicks = clicks + 1000 WHERE query = 'wohngeld'",
            "Suchanfragen ergeben",
        ),
        ("UPDATE search_page_day SET clicks = 0", "Seiten ergeben nur 0 Klicks"),
        (
            "UPDATE search_segment_day SET sum_position = sum_position + impressions",
            "Position aus Ländern und Geräten",
        ),
    ],
)
def test_grains_that_do_not_fit_together_are_warnings_with_figures(
    city: Settings, sql: str, sentence: str
) -> None:
    assert verify(city).warnings == ()
    damage(city, sql)
    assert any(sentence in warning for warning in verify(city).warnings)


def test_capped_days_are_exempt_from_reconciliation(city: Settings) -> None:
    damage(city, "UPDATE search_page_day SET clicks = 0")
    damage(city, "UPDATE ingest_ledger SET capped = true")
    assert verify(city).warnings == ()


def test_the_hidden_share_is_said_for_every_month_and_only_of_days_whose_queries_were_asked_for(
    city: Settings,
) -> None:
    damage(
        city,
        """
        DELETE FROM search_site_day; DELETE FROM search_query_day; DELETE FROM ingest_ledger;
        INSERT INTO search_site_day (site, search_type, date, clicks, impressions)
        VALUES ('s', 'web', '2025-03-30', 1000, 9), ('s', 'web', '2025-03-31', 500, 9),
               ('s', 'web', '2025-04-01', 10, 9), ('s', 'web', '2025-04-02', 10, 9), ('s', 'image', '2025-04-01', 4, 9);
        INSERT INTO search_query_day (site, search_type, date, query, clicks, impressions)
        VALUES ('s', 'web', '2025-03-30', 'a', 200, 5), ('s', 'web', '2025-03-30', 'b', 100, 5),
               ('s', 'web', '2025-04-02', 'a', 10, 5), ('s', 'image', '2025-04-01', 'a', 1, 1);
        INSERT INTO ingest_ledger (source, site, search_type, grain, date, state, rows, capped)
        SELECT 'search_console', site, search_type, 'search_query_day', date,
               CASE WHEN date = '2025-03-31' THEN 'empty' ELSE 'final' END, 0, date = '2025-04-02'
        FROM search_site_day;
        """,
    )
    assert verify(city).hidden == (
        "s (image) 04/2025: 75,0 % der Klicks ohne gelistete Suchanfrage (3 von 4).",
        "s 03/2025: 80,0 % der Klicks ohne gelistete Suchanfrage (1.200 von 1.500).",
        "s 04/2025: 100,0 % der Klicks ohne gelistete Suchanfrage (10 von 10).",
    )


def test_an_empty_warehouse_has_nothing_to_fault(settings: Settings) -> None:
    assert verify(settings).summary == "Noch nichts geladen."
