"""Whether the grains of a month fit together: sums and positions of the parts against those of the property."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from etl.reports import counted

API_TOLERANCE = 0.01
UI_EXPORT_TOLERANCE = 0.05
_SHOWN = 5


def reconcile(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Warnings where the grains of a month do not fit together; works on any open warehouse."""
    return (
        *_queries_within_total(connection),
        *_pages_cover_total(connection),
        *_segment_positions(connection),
        *_window_positions(connection),
    )


_UNCAPPED_MONTHS = """
    WITH cut AS (SELECT DISTINCT site, search_type, date FROM ingest_ledger WHERE capped),
    total AS (SELECT site, search_type, date, impressions, clicks, sum_position FROM search_site_day
              ANTI JOIN cut USING (site, search_type, date)),
    part AS (SELECT site, search_type, date, sum(impressions) AS impressions, sum(clicks) AS clicks,
                    sum(sum_position) AS sum_position FROM {part} GROUP BY ALL),
    months AS (SELECT t.site, t.search_type, date_trunc('month', date)::DATE AS month,
                      sum(t.clicks)::BIGINT AS total_clicks, sum(p.clicks)::BIGINT AS part_clicks,
                      sum(t.sum_position) / nullif(sum(t.impressions), 0) + 1 AS total_position,
                      sum(p.sum_position) / nullif(sum(p.impressions), 0) + 1 AS part_position
               FROM total t JOIN part p USING (site, search_type, date) GROUP BY ALL)
    SELECT site, search_type, month, total_clicks, part_clicks, total_position, part_position
    FROM months WHERE {condition} ORDER BY ALL
"""


def _queries_within_total(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        _UNCAPPED_MONTHS.format(part="search_query_day", condition="part_clicks > total_clicks")
    ).fetchall()
    return _limited(
        f"{site} {month:%m/%Y}: Suchanfragen ergeben {counted(part, 'Klick', 'Klicks')}, die Property nur {total}."
        for site, _, month, total, part, _, _ in rows
    )


def _pages_cover_total(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        _UNCAPPED_MONTHS.format(part="search_page_day", condition="part_clicks < total_clicks")
    ).fetchall()
    return _limited(
        f"{site} {month:%m/%Y}: Seiten ergeben nur {counted(part, 'Klick', 'Klicks')}, die Property {total}."
        for site, _, month, total, part, _, _ in rows
    )


def _segment_positions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        _UNCAPPED_MONTHS.format(
            part="search_segment_day",
            condition=f"abs(total_position - part_position) > {API_TOLERANCE}",
        )
    ).fetchall()
    return _limited(
        f"{site} {month:%m/%Y}: Position aus Ländern und Geräten {part:.2f}, aus der Property {total:.2f}."
        for site, _, month, _, _, total, part in rows
    )


def _window_positions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """UI exports: days, countries and devices of one file should give one position."""
    rows = connection.execute(
        """
        WITH sums AS (SELECT import_id, site, file_name, table_name,
                             sum(sum_position) / nullif(sum(impressions), 0) + 1 AS position
                      FROM search_window WHERE table_name IN ('days', 'countries', 'devices') GROUP BY ALL)
        SELECT site, file_name, max(position), min(position) FROM sums GROUP BY import_id, site, file_name
        HAVING max(position) - min(position) > ? ORDER BY ALL
        """,
        [UI_EXPORT_TOLERANCE],
    ).fetchall()
    return _limited(
        f"{site}, Export {name}: Position je nach Tabelle {low:.2f} bis {high:.2f}."
        for site, name, high, low in rows
    )


def _limited(sentences: Iterable[str]) -> list[str]:
    """The first few sentences and how many more there are."""
    listed = list(sentences)
    more = len(listed) - _SHOWN
    return [*listed[:_SHOWN], f"… und {more} weitere dieser Art."] if more > 0 else listed
