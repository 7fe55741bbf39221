"""What the archive holds per source and grain (first and last day, gaps, provisional days), and whether it is fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from etl.operations.file_kinds import FILE_KINDS
from etl.reports import counted
from etl.sources.registry import SOURCES, configured_sources
from etl.store.publish import present, published_state
from portalkompass.schema import PORTAL_SEARCH, SEARCH_AI, Table
from portalkompass.settings import Settings


@dataclass(frozen=True, slots=True)
class Holding:
    """One grain of one source; days between first and last without data and without a note are missing."""

    source: str
    site: str
    search_type: str
    grain: str
    first: dt.date | None
    last: dt.date | None
    rows: int
    missing_days: int
    provisional_days: int
    capped_days: int

    def as_json(self) -> dict[str, object]:
        """An entry of ``holdings`` in `status --json`."""
        return cast(dict[str, object], msgspec.to_builtins(self))


def holdings(settings: Settings) -> list[Holding]:
    """Every grain that holds anything, in a fixed order; empty before the first load."""
    # Tables that several sources fill are held in _PORTAL.
    own = [(source.name, part.table) for source in SOURCES for part in source.day_tables]
    with published_state(settings) as connection:
        lists = [kind.dated for kind in FILE_KINDS if kind.dated]
        there = present(
            connection,
            [*(table for _, table in own), *(table for _, table, _ in lists), SEARCH_AI, PORTAL_SEARCH],
        )
        queries = (
            *(
                _own_days(source, table.name)
                for source, table in own
                if "source" not in table.names and table in there
            ),
            _WINDOWS,
            *((_AI,) if SEARCH_AI in there else ()),
            _PORTAL.format(table="portal_page", first="period_start", last="period_end"),
            _PORTAL.format(table="portal_site_day", first="date", last="date"),
            *(
                (_PORTAL.format(table=PORTAL_SEARCH.name, first="period_start", last="period_end"),)
                if PORTAL_SEARCH in there
                else ()
            ),
            *(_list(*one) for one in lists if one[1] in there),
        )
        return [Holding(*row) for query in queries for row in connection.execute(query).fetchall()]


def _own_days(source: str, table: str) -> str:
    """A table of days that the source has for itself."""
    return f"""
        WITH facts AS (
            SELECT site, search_type, min(date) AS first, max(date) AS last, count(*) AS rows
            FROM "{table}" GROUP BY ALL
        ), noted AS (
            SELECT site, search_type, count(DISTINCT date) AS days,
                   count(*) FILTER (state = 'provisional') AS provisional,
                   count(*) FILTER (capped) AS capped
            FROM ingest_ledger JOIN facts USING (site, search_type)
            WHERE source = '{source}' AND grain = '{table}' AND state <> 'failed' AND date BETWEEN first AND last
            GROUP BY ALL
        )
        SELECT '{source}', site, search_type, '{table}', first, last, rows,
               date_diff('day', first, last) + 1 - coalesce(days, 0),
               coalesce(provisional, 0), coalesce(capped, 0)
        FROM facts LEFT JOIN noted USING (site, search_type) ORDER BY site, search_type
    """


_WINDOWS = """
    SELECT 'search_console', site, search_type, 'search_window', min(period_start), max(period_end), count(*), 0, 0, 0
    FROM search_window GROUP BY site, search_type ORDER BY site, search_type
"""

_AI = """
    SELECT 'search_console', site, '', 'search_ai', min(period_start), max(period_end), count(*), 0, 0, 0
    FROM search_ai GROUP BY site ORDER BY site
"""

_PORTAL = """
    WITH periods AS (SELECT DISTINCT source, site, {first} AS begins, {last} AS ends FROM {table}),
    span AS (SELECT source, site, min(begins) AS first, max(ends) AS last,
                    sum(date_diff('day', begins, ends) + 1)::BIGINT AS covered
             FROM periods GROUP BY ALL),
    counts AS (SELECT source, site, count(*) AS rows FROM {table} GROUP BY ALL),
    unfinished AS (SELECT source, site, count(*) AS days FROM ingest_ledger
                   WHERE grain = '{table}' AND state = 'provisional' GROUP BY ALL)
    SELECT source, site, '', '{table}', first, last, rows, date_diff('day', first, last) + 1 - covered,
           coalesce(days, 0), 0
    FROM span JOIN counts USING (source, site) LEFT JOIN unfinished USING (source, site) ORDER BY source, site
"""
"""Portal sources, files among them; a day is missing when no period of the source covers it."""


def _list(source: str, table: Table, date: str) -> str:
    return f"""
        SELECT '{source}', '', '', '{table.name}', min({date}), max({date}), count(*), 0, 0, 0 FROM {table.name}
        HAVING count(*) > 0
    """


def stale(held: Sequence[Holding], settings: Settings) -> list[str]:
    """German sentences for every source whose last day is older than ``operations.stale_after_days``.

    Configured sources must have data; files loaded by hand count only where nothing is configured
    (nobody promised that they arrive daily, but the newest of them says how old the figures are).
    """
    sources = configured_sources(settings)
    if not sources:
        lists = {kind.dated[0] for kind in FILE_KINDS if kind.dated}
        return _judged("Daten", [h.last for h in held if h.source not in lists and h.last], settings)
    faults = []
    for source in sources:
        for feed in source.feeds(settings):
            of_feed = [h for h in held if (h.source, h.grain) == (source.name, feed.grain)]
            days = [h.last for h in of_feed if feed.site in ("", h.site) and h.last]
            faults += _judged(feed.label, days, settings)
    return faults


def _judged(source: str, days: list[dt.date], settings: Settings) -> list[str]:
    if not days:
        return [f"{source}: noch nichts geladen."]
    age = (settings.current_day() - max(days)).days
    if age < 0:
        return [f"{source}: letzter Tag {max(days):%d.%m.%Y} liegt in der Zukunft; bitte die Uhr prüfen."]
    limit = settings.operations.stale_after_days
    if age <= limit:
        return []
    return [
        f"{source}: letzter Tag {max(days):%d.%m.%Y}, {counted(age, 'Tag', 'Tage')} alt; erlaubt sind {limit}."
    ]
