"""A property that knows only exports of the user interface: sums of periods that stand in for days.

The export that answers is laid under the oracle as one day of sums, so that the same questions can be asked of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from tests.truth.oracle import DAY, Asked, Expected, Oracle
from tests.truth.writing import figure, short

ONLY_EXPORTS = "https://nur-exporte.example/"
EXPORTS = (
    (dt.date(2024, 9, 1), dt.date(2024, 9, 30)),
    (dt.date(2024, 10, 1), dt.date(2024, 12, 31)),
    (dt.date(2025, 2, 1), dt.date(2025, 4, 30)),
    (dt.date(2025, 4, 12), dt.date(2025, 5, 11)),
    (dt.date(2025, 6, 1), dt.date(2025, 6, 30)),
)
"""Some follow each other, two share days, between some lie months of which nothing is known."""
TABLES = {
    "days": ("search_site_day", "date::VARCHAR"),
    "pages": ("search_page_day", "url"),
    "queries": ("search_query_day", "query"),
    "devices": ("search_segment_day", "device"),
    "countries": ("search_segment_day", "country"),
}
KEYS = {
    "search_site_day": ("days", ""),
    "search_page_day": ("pages", ", key AS url"),
    "search_query_day": ("queries", ", key AS query"),
}
MOST = 1000


def add_exports(db: duckdb.DuckDBPyConnection, site: str) -> None:
    """Exports of these periods as Google makes them of the days of ``site``: at most 1,000 rows a table."""
    db.execute("INSERT INTO sites VALUES (?, 'exportstadt')", [ONLY_EXPORTS])
    for number, (start, end) in enumerate(EXPORTS):
        for name, (table, key) in TABLES.items():
            db.execute(
                f"""INSERT INTO search_window BY NAME
                    SELECT ? AS import_id, ? AS site, 'web' AS search_type, ? AS table_name, {key} AS key,
                      ?::DATE AS period_start, ?::DATE AS period_end, sum(impressions)::BIGINT AS impressions,
                      sum(clicks)::BIGINT AS clicks, sum(sum_position) AS sum_position, '' AS filters, 'x' AS file_name
                    FROM {table} WHERE site = ? AND search_type = 'web' AND date BETWEEN ? AND ? AND {key} <> ''
                      AND NOT starts_with({key}, '(')
                    GROUP BY ALL ORDER BY clicks DESC, impressions DESC, key LIMIT {MOST}""",
                [f"export-{number}", ONLY_EXPORTS, name, start, end, site, start, end],
            )


def answering(start: dt.date, end: dt.date) -> tuple[dt.date, dt.date] | None:
    """The export that shares most days with the period; of equals the shorter one, then the one that ends last."""
    shared = {one: (min(one[1], end) - max(one[0], start)).days + 1 for one in EXPORTS}
    found = [one for one in EXPORTS if shared[one] > 0]
    return min(found, key=lambda one: (-shared[one], one[1] - one[0], -one[1].toordinal()), default=None)


@dataclass
class OfExport:
    """An oracle of one export's sums; its temporary tables are taken away with ``close``."""

    oracle: Oracle

    @classmethod
    def of(cls, db: duckdb.DuckDBPyConnection, days: tuple[dt.date, dt.date]) -> OfExport:
        """Lay the sums of this export under an oracle, as rows of its last day."""
        own = f"site = '{ONLY_EXPORTS}' AND period_start = DATE '{days[0]}' AND period_end = DATE '{days[1]}'"
        sums = (
            "sum(impressions)::BIGINT impressions, sum(clicks)::BIGINT clicks, sum(sum_position) sum_position"
        )
        for table, (name, key) in KEYS.items():
            db.execute(
                f"""CREATE OR REPLACE TEMP TABLE {table} AS SELECT site, search_type, period_end AS date{key}, {sums}
                    FROM search_window WHERE {own} AND table_name = '{name}' GROUP BY ALL"""
            )
        return cls(Oracle(db, ONLY_EXPORTS, Asked(*days, "none")))

    def close(self) -> None:
        """Take the temporary tables away."""
        for table in KEYS:
            self.oracle.db.execute(f"DROP TABLE IF EXISTS temp.{table}")

    def segments(self) -> Expected:
        """Devices of the export, and its cards."""
        wanted = Expected(figures=self.cards())
        start, end = self.oracle.now
        rows = self.oracle.all(
            """SELECT key, clicks, impressions, sum_position / impressions + 1, clicks / impressions,
                 clicks / sum(clicks) OVER () FROM search_window WHERE {mine} AND table_name = 'devices'
               AND period_start = $start AND period_end = $end AND impressions > 0""",
            start=start,
            end=end,
        )
        names = {"DESKTOP": "Computer", "MOBILE": "Mobil", "TABLET": "Tablet"}
        wanted.keys["devices"] = ("device",)
        wanted.rows["devices"] = {
            names[device]: {
                "clicks": clicks,
                "impressions": shown,
                "position": place,
                "ctr": rate,
                "share": share,
            }
            for device, clicks, shown, place, rate, share in rows
        }
        return wanted

    def cards(self) -> dict[str, dict[str, object]]:
        """The figures of the period; what is hidden is known where the list of queries is not cut."""
        found = self.oracle.cards()
        hidden = found.pop("hidden_click_share")
        queries = self.oracle.one("SELECT count(*) FROM search_query_day WHERE {mine}")[0]
        return found | ({"hidden_click_share": hidden} if 0 < queries < MOST else {})

    def site(self) -> Expected:
        """Überblick: message, cards, pages."""
        every = self.oracle.overview()
        wanted = Expected(message=every.message, figures=self.cards())
        for part in ("heads", "keys", "rows"):
            getattr(wanted, part)["top_pages"] = getattr(every, part)["top_pages"]
        return wanted

    def pages(self) -> Expected:
        """Seiten: message and table."""
        every = self.oracle.pages()
        every.caveats = None
        return every

    def queries(self) -> Expected:
        """Suchanfragen: table, groups, what is hidden."""
        every = self.oracle.queries()
        every.caveats = None
        every.figures = {"gelistete-suchanfragen": every.figures["gelistete-suchanfragen"]}
        every.figures |= {name: own for name, own in self.cards().items() if name == "hidden_click_share"}
        return every


def course(db: duckdb.DuckDBPyConnection) -> Expected:
    """Rankings, Verlauf: a point for each export; of two that share days the one that ends first, and gaps unjoined."""
    rows = db.execute(
        """SELECT period_start, period_end, sum(clicks), sum(impressions), sum(sum_position) / sum(impressions) + 1
           FROM search_window WHERE site = ? AND table_name = 'days' GROUP BY 1, 2 ORDER BY 2""",
        [ONLY_EXPORTS],
    ).fetchall()
    shown: list[tuple] = []
    for row in rows:
        if not shown or row[0] > shown[-1][1]:
            shown.append(row)
    wanted = Expected()
    for id_, name, label, decimals in (
        ("window_clicks", "clicks_per_day", "Klicks je Tag", 1),
        ("window_position", "position", "Ø Position", 1),
    ):
        wanted.keys[id_] = ("bucket",)
        points = {}
        for start, end, clicks, impressions, place in shown:
            days = (end - start).days + 1
            points[start.isoformat()] = {
                "clicks": clicks,
                "impressions": impressions,
                "days": days,
                "end": end.isoformat(),
                name: clicks / days if name == "clicks_per_day" else place,
            }
        for (_, end, *_), (start, *_) in pairwise(shown):
            if start > end + DAY:
                points[(end + DAY).isoformat()] = {
                    "clicks": None,
                    name: None,
                    "end": (start - DAY).isoformat(),
                }
        wanted.rows[id_] = points
        told = []
        for start, end, clicks, _, place in (shown[0], shown[-1]):
            value = clicks / ((end - start).days + 1) if name == "clicks_per_day" else place
            told.append(f"{figure(value, decimals)} ({short(start, end)})")
        wanted.heads[id_] = f"{label}: von {told[0]} auf {told[1]}"
    return wanted
