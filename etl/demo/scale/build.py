"""`python -m etl demo --scale …`: a drawn archive of 16 months, published as any other load.

The rows do not come through the extractor, which would need hours for what is drawn in a minute; they are
checked by the same `verify`. Each scale has a data folder of its own beside the usual one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.console import Step
from etl.demo.scale.draws import SEGMENTS, Drawn, DrawnDays, draw_days
from etl.demo.scale.portals import Portal, build_portal
from etl.demo.scale.sizes import (
    GOOGLE_LIMIT,
    LAST_DAY,
    PROVISIONAL,
    SIZES,
    Property,
    Scale,
    Size,
    days,
    properties,
)
from etl.demo.world.catalogue import TITLE_SUFFIX
from etl.operations.imports import import_paths
from etl.reports import counted
from etl.sources.search_console.grains import day_grains
from etl.store.ledger import Outcome, Run, finish_run
from etl.store.load import append
from etl.store.publish import built_aside, draft
from portalkompass import schema
from portalkompass.settings import Settings

_LOADED_AT = dt.datetime.fromisoformat("2025-12-17T03:15:00")
_TOGETHER = 1_000_000
"""Rows that are written in one go."""
_RUN = Run("demo-scale", "search_console", "", "", _LOADED_AT)
_PORTAL_MONTHS = [dt.date(2025, month, 1) for month in range(7, 12)]


def settings_of(settings: Settings, scale: Scale) -> Settings:
    """The settings of the scale's own data folder, ``<data dir>/demo-<scale>``, as sample data."""
    return settings.model_copy(update={"data_dir": settings.data_dir / f"demo-{scale.value}"}).as_demo()


def build(settings: Settings, scale: Scale, progress: Step | None = None) -> Iterator[str]:
    """Draw and publish the archive of a scale; yields German sentences; errors as `built_aside`.

    ``settings`` as of `settings_of`.
    """
    yield from build_size(settings, SIZES[scale], progress)
    yield (
        f"Beispieldaten liegen bereit in {settings.warehouse_dir}. Ansehen: PORTALKOMPASS_DATA_DIR="
        f"{settings.data_dir.parent} setzen und die App starten."
    )


def build_size(settings: Settings, size: Size, progress: Step | None = None) -> Iterator[str]:
    """The same for any size."""
    with built_aside(settings) as building:
        import_paths([settings.data_file("ozg_services.csv")], building)
        with draft(building) as connection:
            rows = _fill(connection, size, progress)
    yield (
        f"{counted(size.municipalities + 1, 'Property', 'Properties')}, {counted(size.days, 'Tag', 'Tage')}, "
        f"{counted(rows, 'Zeile', 'Zeilen')}."
    )


def _fill(connection: Connection, size: Size, progress: Step | None) -> int:
    all_days, owned = days(size), properties(size)
    waiting: dict[str, list[pa.Table]] = {table.name: [] for table in (schema.PAGES, *schema.DAY_GRAINS)}
    for number, own in enumerate(owned, start=1):
        portal = build_portal(own)
        waiting[schema.PAGES.name].append(_pages(own, portal))
        for drawn in draw_days(portal, all_days, own.seed):
            for table, rows in _tables(own, portal, all_days, drawn):
                waiting[table.name].append(rows)
            _append(connection, waiting, at_least=_TOGETHER)
            if progress and len(owned) == 1:
                progress("Tage", int(drawn[0].day[-1]) + 1, len(all_days))
        if progress and len(owned) > 1:
            progress("Properties", number, len(owned))
    _append(connection, waiting, at_least=0)
    sites = [{"site": own.site, "municipality": own.municipality} for own in owned]
    append(connection, schema.SITES, pa.Table.from_pylist(sites))
    _portal_figures(connection, owned[0])
    _ledger(connection)
    rows = sum(
        int(connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()[0][0])
        for table in schema.DAY_GRAINS
    )
    outcome = Outcome(
        "done",
        "Beispieldaten gezeichnet.",
        rows_in=rows,
        rows_loaded=rows,
        first_date=all_days[0],
        last_date=PROVISIONAL,
    )
    finish_run(connection, _RUN, outcome)
    connection.execute("UPDATE ingest_runs SET finished_at = started_at WHERE run_id = ?", [_RUN.run_id])
    return rows


def _append(connection: Connection, waiting: dict[str, list[pa.Table]], at_least: int) -> None:
    """Write what waits once there are enough rows: three hundred small properties are as fast as one."""
    if sum(rows.num_rows for tables in waiting.values() for rows in tables) < at_least:
        return
    for name, tables in waiting.items():
        if tables:
            append(connection, schema.TABLES[name], pa.concat_tables(tables))
            tables.clear()


def _pages(own: Property, portal: Portal) -> pa.Table:
    titled = [(url, title) for url, title in zip(portal.urls, portal.titles, strict=True) if title]
    return pa.table(
        {
            "url": pa.array([url for url, _ in titled]),
            "title": pa.array([title.removesuffix(TITLE_SUFFIX) for _, title in titled]),
            "site": pa.repeat(own.site, len(titled)),
            "title_source": pa.repeat("portal", len(titled)),
        }
    )


def _tables(
    own: Property, portal: Portal, all_days: Sequence[dt.date], drawn: DrawnDays
) -> Iterator[tuple[schema.Table, pa.Table]]:
    countries, devices, *_ = zip(*SEGMENTS, strict=True)
    names = {"country": countries, "device": devices, "query": portal.queries, "url": portal.urls}
    columns = ((), *(grain.columns for grain in day_grains("web")))
    for table, keys, rows in zip(schema.DAY_GRAINS, columns, drawn, strict=True):
        texts = {name: _texts(places, names[name]) for name, places in zip(keys, rows.keys, strict=True)}
        yield table, _arrow(own.site, rows, texts, all_days)


def _texts(places: object, names: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(names, pa.string()))


def _arrow(site: str, rows: Drawn, keys: dict[str, pa.Array], all_days: Sequence[dt.date]) -> pa.Table:
    constants = {"site": site, "search_type": "web", "origin": "api"}
    return pa.table(
        {
            "date": pa.array(all_days, pa.date32()).take(pa.array(rows.day)),
            **keys,
            "impressions": pa.array(rows.impressions, pa.int64()),
            "clicks": pa.array(rows.clicks, pa.int64()),
            "sum_position": pa.array(rows.depth, pa.float64()),
            **{name: pa.repeat(value, len(rows.day)) for name, value in constants.items()},
        }
    )


def _portal_figures(connection: Connection, own: Property) -> None:
    """The portal's own statistics of the newest months: fixed parts of Google's clicks, a page at a time."""
    connection.execute(
        """
        INSERT INTO portal_page BY NAME
        SELECT 'portal' AS source, site, month AS period_start, (month + INTERVAL 1 MONTH - INTERVAL 1 DAY)::DATE
               AS period_end, url, visits, visits + visits // 20 AS unique_page_views,
               visits + visits // 3 AS page_views, visits // 4 AS service_starts, visits // 7 AS applications,
               'demo-scale' AS import_id
        FROM (SELECT site, url, date_trunc('month', date)::DATE AS month, (sum(clicks) * 1.6)::BIGINT + 2 AS visits
              FROM search_page_day
              WHERE site = ? AND date_trunc('month', date)::DATE IN (SELECT unnest(?::DATE[]))
                AND url IN (SELECT url FROM pages WHERE site = ?)
              GROUP BY ALL)
        ORDER BY ALL
        """,
        [own.site, _PORTAL_MONTHS, own.site],
    )


def _ledger(connection: Connection) -> None:
    """What an extractor would have noted of these days; a day without rows was asked for and was empty."""
    for table in schema.DAY_GRAINS:
        connection.execute(
            f"""
            INSERT INTO ingest_ledger BY NAME
            SELECT 'search_console' AS source, site, search_type, '{table.name}' AS grain, date,
                   CASE WHEN date > ? THEN 'provisional' WHEN rows >= ? THEN 'capped' WHEN rows = 0 THEN 'empty'
                   ELSE 'final' END AS state,
                   rows, clicks, impressions, rows >= ? AS capped, ?::DATE AS first_incomplete_date,
                   'api' AS origin, ?::TIMESTAMP AS fetched_at, ? AS run_id
            FROM (SELECT site, search_type, date, count(f.clicks) AS rows, sum(f.clicks)::BIGINT AS clicks,
                         sum(f.impressions)::BIGINT AS impressions
                  FROM (SELECT site, search_type, date FROM search_site_day) LEFT JOIN "{table.name}" f
                       USING (site, search_type, date) GROUP BY ALL)
            ORDER BY ALL
            """,
            [LAST_DAY, GOOGLE_LIMIT, GOOGLE_LIMIT, PROVISIONAL, _RUN.started_at, _RUN.run_id],
        )
