"""The monthly tables follow the days, whichever load changed them, and only changed months are made anew."""

from __future__ import annotations

import duckdb
import pytest

from etl.operations.verify import verify
from etl.store.publish import draft
from portalkompass.schema import MONTH_GRAINS
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published

SITE = "sc-domain:a.example"


def load(settings: Settings, *rows: tuple[str, str, int]) -> None:
    with draft(settings) as connection:
        for day, query, clicks in rows:
            connection.execute(
                "INSERT INTO search_query_day VALUES (?, 'web', ?, ?, 100, ?, 50.0, 'api')",
                [SITE, day, query, clicks],
            )


def read(settings: Settings, query: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(query).fetchall()


MONTHS = (
    "SELECT month::VARCHAR, query, clicks, impressions, sum_position FROM search_query_month ORDER BY ALL"
)


def test_a_month_sums_its_days_by_query(settings: Settings) -> None:
    load(
        settings,
        ("2025-01-30", "a", 1),
        ("2025-01-31", "a", 2),
        ("2025-01-31", "b", 4),
        ("2025-02-01", "a", 8),
    )
    assert read(settings, MONTHS) == [
        ("2025-01-01", "a", 3, 200, 100.0),
        ("2025-01-01", "b", 4, 100, 50.0),
        ("2025-02-01", "a", 8, 100, 50.0),
    ]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ("UPDATE search_query_day SET query = 'c' WHERE query = 'a'", [("2025-01-01", "c", 1)]),
        ("UPDATE search_query_day SET clicks = 7", [("2025-01-01", "a", 7)]),
        ("UPDATE search_query_day SET date = '2025-03-05'", [("2025-03-01", "a", 1)]),
        ("DELETE FROM search_query_day", []),
    ],
)
def test_any_change_of_the_days_reaches_the_month(
    settings: Settings, change: str, left: list[tuple[object, ...]]
) -> None:
    load(settings, ("2025-01-30", "a", 1))
    with draft(settings) as connection:
        connection.execute(change)
    assert [row[:3] for row in read(settings, MONTHS)] == left
    assert verify(settings).faults == tuple(
        fault for fault in verify(settings).faults if "Monat" not in fault
    )


def test_a_month_whose_days_stay_is_left_alone(settings: Settings) -> None:
    load(settings, ("2025-01-30", "a", 1))
    with draft(settings) as connection:
        # Would be put right if the month were made anew: it is not, because no day changed.
        connection.execute("UPDATE search_query_month SET sum_position = 99")
    load(settings, ("2025-02-01", "a", 1))
    assert [row[4] for row in read(settings, MONTHS)] == [99.0, 50.0]


def test_verify_finds_a_month_that_does_not_belong_to_its_days(settings: Settings) -> None:
    load(settings, ("2025-01-30", "a", 1))
    with draft(settings) as connection:
        connection.execute("UPDATE search_query_month SET clicks = 99")
    assert "search_query_month: 1 Monat passt nicht zu seinen Tagen." in verify(settings).faults


def test_a_snapshot_of_an_older_version_gets_its_months_with_the_next_load(settings: Settings) -> None:
    load(settings, ("2025-01-30", "a", 1))
    with draft(settings) as connection:
        for table in MONTH_GRAINS.values():
            connection.execute(f'DELETE FROM "{table.name}"')
        connection.execute("DELETE FROM search_month_state")
    assert [row[:3] for row in read(settings, MONTHS)] == [("2025-01-01", "a", 1)]


def test_rows_of_a_month_lie_by_query_then_page_so_that_equal_queries_stand_together(
    settings: Settings,
) -> None:
    with draft(settings) as connection:
        for url, query in (
            ("https://a.example/1", "b"),
            ("https://a.example/2", "a"),
            ("https://a.example/1", "a"),
        ):
            connection.execute(
                "INSERT INTO search_page_query_day BY NAME SELECT ? AS site, 'web' AS search_type, "
                "DATE '2025-01-30' AS date, ? AS url, ? AS query, 1 AS impressions, 0 AS clicks, "
                "0.0 AS sum_position, 'api' AS origin",
                [SITE, url, query],
            )
    assert read(settings, "SELECT query, url FROM search_page_query_month ORDER BY rowid") == [
        ("a", "https://a.example/1"),
        ("a", "https://a.example/2"),
        ("b", "https://a.example/1"),
    ]


def test_days_and_queries_of_a_grain_are_listed_as_its_rows_have_them(settings: Settings) -> None:
    load(settings, ("2025-01-30", "a", 1), ("2025-02-01", "a", 1), ("2025-02-01", "b", 1))
    with draft(settings) as connection:
        connection.execute("DELETE FROM search_query_day WHERE date = '2025-01-30' OR query = 'b'")
        connection.execute("UPDATE search_query_day SET query = 'c'")
    load(settings, ("2025-02-03", "d", 1))
    lists = "SELECT grain, date::VARCHAR FROM search_grain_days UNION ALL SELECT grain, query FROM search_grain_queries"
    expected = {("search_query_day", told) for told in ("2025-02-01", "2025-02-03", "c", "d")}
    assert sorted(read(settings, lists)) == sorted(expected)
    assert not [fault for fault in verify(settings).faults if "search_grain" in fault]


def test_a_snapshot_of_an_older_version_gets_its_lists_and_verify_finds_wrong_ones(
    settings: Settings,
) -> None:
    load(settings, ("2025-01-30", "a", 1))
    with draft(settings) as connection:
        connection.execute("DELETE FROM search_grain_days")
        connection.execute("DELETE FROM search_grain_queries")
    listed = "SELECT count(*) FROM search_grain_days", "SELECT count(*) FROM search_grain_queries"
    assert [read(settings, one) for one in listed] == [[(1,)], [(1,)]]
    found = "search_grain_days: 1 Tag passt nicht zu search_query_day."
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path) as connection:
        connection.execute(
            "INSERT INTO search_grain_days SELECT * REPLACE (date + 1 AS date) FROM search_grain_days"
        )
    assert found in verify(settings).faults
    # An older version that has loaded in between has left days that are not listed, and lists what is no more.
    load(settings)
    assert found not in verify(settings).faults
