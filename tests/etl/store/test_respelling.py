"""Addresses of an older rule are brought in step with the next load, and what meets is summed."""

from __future__ import annotations

import duckdb

from etl.operations.verify import verify
from etl.store.publish import draft
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.warehouse_fixture import SITE, publish

OLD = f"{SITE}/leistung/hundesteuer/index.html"


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(query).fetchall()


SUMS = """
    SELECT url, count(*), sum(clicks), sum(impressions), sum(sum_position) FROM search_page_day
    GROUP BY url ORDER BY url
"""


def test_stored_addresses_follow_the_rule_and_what_meets_is_summed(settings: Settings) -> None:
    publish(settings)
    before, faults = rows(settings, SUMS), verify(settings).faults
    with draft(settings) as connection:
        connection.execute("DELETE FROM warehouse_info WHERE name = 'url_rules'")
        # A third of the page's clicks and impressions came under another spelling until the end of 2024.
        connection.execute(
            f"""
            INSERT INTO search_page_day BY NAME
            SELECT * REPLACE ('{OLD}' AS url, 1 AS clicks, 10 AS impressions, sum_position / 4 AS sum_position)
            FROM search_page_day WHERE url LIKE '%hundesteuer' AND date < DATE '2025-01-01'
            """
        )
        connection.execute(
            """
            UPDATE search_page_day SET clicks = clicks - 1, impressions = impressions - 10,
                   sum_position = sum_position * 3 / 4
            WHERE url LIKE '%hundesteuer' AND date < DATE '2025-01-01'
            """
        )
        connection.execute(
            """
            UPDATE ingest_ledger SET rows = rows + 1
            WHERE grain = 'search_page_day' AND date < DATE '2025-01-01'
            """
        )
        connection.execute(
            f"UPDATE search_page_query_day SET url = '{OLD}' WHERE url LIKE '%hundesteuer' AND month(date) = 3"
        )
    assert [row[0] for row in rows(settings, SUMS)] != [row[0] for row in before]
    with draft(settings):
        pass
    after = rows(settings, SUMS)
    assert [row[:4] for row in after] == [row[:4] for row in before]
    assert [round(float(str(row[4])), 6) for row in after] == [round(float(str(row[4])), 6) for row in before]
    asked = "SELECT DISTINCT url FROM search_page_query_day UNION SELECT url FROM search_page_query_month ORDER BY url"
    assert [row[0] for row in rows(settings, asked)] == [row[0] for row in before]
    pages = "SELECT url, title, page_kind FROM pages WHERE url LIKE '%hunde%'"
    assert rows(settings, pages) == [(f"{SITE}leistung/hundesteuer", "Hundesteuer", "Leistung")]
    assert verify(settings).faults == faults


def test_a_rule_that_holds_is_not_applied_again(settings: Settings) -> None:
    publish(settings)
    with draft(settings) as connection:
        connection.execute(f"UPDATE search_page_day SET url = '{OLD}' WHERE url LIKE '%hundesteuer'")
    with draft(settings):
        pass
    assert (OLD,) in rows(settings, "SELECT DISTINCT url FROM search_page_day")
