"""How the grains of a month fit together: sums and positions of the parts against those of the property, and how much
of its clicks Google ties to no listed query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain

from duckdb import DuckDBPyConnection as Connection

from etl.reports import counted, german_count

API_TOLERANCE = 0.01
UI_EXPORT_TOLERANCE = 0.05
_MOST_SENTENCES = 5


_UNCAPPED_MONTHS = """
    WITH cut AS (SELECT DISTINCT site, search_type, date FROM ingest_ledger WHERE capped),
    total AS (SELECT site, search_type, date, sum(impressions) AS impressions, sum(clicks) AS clicks,
                     sum(sum_position) AS sum_position FROM {total}
              ANTI JOIN cut USING (site, search_type, date) GROUP BY ALL),
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


_SITE = "search_site_day"
_CHECKS = (
    (
        "search_query_day",
        _SITE,
        "part_clicks > total_clicks",
        "Suchanfragen ergeben {clicks}, die Property nur {total_clicks}.",
    ),
    (
        "search_page_day",
        _SITE,
        "part_clicks < total_clicks",
        "Seiten ergeben nur {clicks}, die Property {total_clicks}.",
    ),
    (
        "search_segment_day",
        _SITE,
        f"abs(total_position - part_position) > {API_TOLERANCE}",
        "Position aus Ländern und Geräten {part_position:.2f}, aus der Property {total_position:.2f}.",
    ),
    (
        "search_page_device_day",
        "search_page_day",
        f"abs(part_clicks - total_clicks) > {API_TOLERANCE} * total_clicks",
        "Seiten je Gerät ergeben {clicks}, die Seiten {total_clicks}.",
    ),
    (
        "search_query_device_day",
        "search_query_day",
        f"part_clicks - total_clicks > {API_TOLERANCE} * total_clicks",
        "Suchanfragen je Gerät ergeben {clicks}, die Suchanfragen nur {total_clicks}.",
    ),
)
"""The table of a part and of the whole, what must not be true of a month, and the sentence if it is."""


def reconcile(connection: Connection) -> tuple[str, ...]:
    """Warnings where the grains of a month do not fit together; works on any open warehouse."""
    there = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    parts = [_limited(_months(connection, *check)) for check in _CHECKS if check[0] in there]
    return tuple(chain(*parts, _limited(_window_positions(connection))))


def _months(connection: Connection, part: str, total: str, condition: str, sentence: str) -> Iterator[str]:
    result = connection.execute(_UNCAPPED_MONTHS.format(part=part, total=total, condition=condition))
    names = [column[0] for column in result.description]
    for row in result.fetchall():
        month = dict(zip(names, row, strict=True))
        clicks = counted(month["part_clicks"], "Klick", "Klicks")
        yield f"{month['site']} {month['month']:%m/%Y}: {sentence.format(clicks=clicks, **month)}"


def _window_positions(connection: Connection) -> Iterator[str]:
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
    for site, name, high, low in rows:
        yield f"{site}, Export {name}: Position je nach Tabelle {low:.2f} bis {high:.2f}."


def _limited(sentences: Iterable[str]) -> list[str]:
    """The first few sentences and how many more there are."""
    listed = list(sentences)
    more = len(listed) - _MOST_SENTENCES
    return [*listed[:_MOST_SENTENCES], f"… und {more} weitere dieser Art."] if more > 0 else listed


def hidden_shares(connection: Connection, since: dt.date | None = None) -> tuple[str, ...]:
    """A sentence per property, search type and month with clicks, oldest first; from the month of ``since`` on.

    Only days whose queries were asked for and not cut by Google count: on others the share is unknown, not 100 %.
    """
    rows = connection.execute(
        """
        WITH asked AS (SELECT DISTINCT site, search_type, date FROM ingest_ledger
                       WHERE source = 'search_console' AND grain = 'search_query_day' AND state <> 'failed'
                         AND NOT coalesce(capped, false)),
        listed AS (SELECT site, search_type, date, sum(clicks) AS clicks FROM search_query_day GROUP BY ALL)
        SELECT site, search_type, date_trunc('month', date)::DATE AS month, sum(t.clicks)::BIGINT AS total,
               sum(t.clicks - coalesce(l.clicks, 0))::BIGINT AS hidden
        FROM search_site_day t SEMI JOIN asked USING (site, search_type, date)
        LEFT JOIN listed l USING (site, search_type, date)
        WHERE $1 IS NULL OR date >= date_trunc('month', $1::DATE)
        GROUP BY ALL HAVING total > 0 ORDER BY ALL
        """,
        [since],
    ).fetchall()
    return tuple(_hidden_share(*row) for row in rows)


def _hidden_share(site: str, search_type: str, month: dt.date, total: int, hidden: int) -> str:
    share = f"{100 * hidden / total:.1f}".replace(".", ",")
    kind = "" if search_type == "web" else f" ({search_type})"
    return (
        f"{site}{kind} {month:%m/%Y}: {share} % der Klicks ohne gelistete Suchanfrage "
        f"({german_count(hidden)} von {german_count(total)})."
    )
