"""Fetch one slice completely: page after page until Google answers with none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from etl.sources.search_console.client import Client
from etl.sources.search_console.grains import Grain
from etl.sources.search_console.replies import read_columns, read_reply
from portalkompass.schema import STAFF_PAGES

ROW_LIMIT = 25_000
DAY_CAP = 50_000
"""Rows per day and search type after which Google cuts, rows without clicks first."""
_STABLE_PAGING_TRIES = 3
Page = TypeVar("Page", bound=Sized)

Normalise = Callable[[str], str]
"""Raw page URL -> normalised URL, or STAFF_PAGES for a page of one employee."""


@dataclass(frozen=True, slots=True)
class Slice:
    """All rows of one table for one day; ``capped`` if Google cut them."""

    grain: Grain
    rows: pa.Table
    capped: bool


@dataclass(frozen=True, slots=True)
class DayTotals:
    """Property totals of a day (byProperty); ``position`` is None where there is none."""

    clicks: int
    impressions: int
    position: float | None


@dataclass(frozen=True, slots=True)
class KnownDays:
    """Which days Google has, with their totals, and from which day on they are unfinished."""

    totals: dict[dt.date, DayTotals]
    first_incomplete: dt.date | None


def query_body(
    search_type: str, start: dt.date, end: dt.date, dimensions: tuple[str, ...], state: str
) -> dict[str, object]:
    """The body of a Search Analytics query, without its paging; both days are part of the span."""
    return {
        "startDate": start.isoformat(),
        "endDate": end.isoformat(),
        "dimensions": list(dimensions),
        "type": search_type,
        "dataState": state,
    }


def fetch_days(
    client: Client, site: str, search_type: str, start: dt.date, end: dt.date, state: str
) -> KnownDays:
    """Totals of every day there is between start and end (inclusive); ``state`` is final or all."""
    body = query_body(search_type, start, end, ("date",), state)
    totals: dict[dt.date, DayTotals] = {}
    first_incomplete: dt.date | None = None
    for reply in _pages(client, site, body, read_reply):
        first_incomplete = reply.first_incomplete_date or first_incomplete
        for row in reply.rows:
            day = dt.date.fromisoformat(row.keys[0])
            totals[day] = DayTotals(int(row.clicks), int(row.impressions), row.position)
    return KnownDays(totals, first_incomplete)


def fetch_slice(
    client: Client, site: str, search_type: str, day: dt.date, grain: Grain, state: str, normalise: Normalise
) -> Slice:
    """Every row of one grain and day, with normalised URLs and staff pages folded."""
    body = query_body(search_type, day, day, grain.dimensions, state)
    table = fetch_table(client, site, body, grain.columns)
    capped = table.num_rows >= DAY_CAP
    if grain.by_page:
        table = _fold_pages(table, grain, normalise)
    return Slice(grain, table, capped)


def fetch_table(client: Client, site: str, body: Mapping[str, object], key_names: Sequence[str]) -> pa.Table:
    """All pages of a request as one table; asked again if rows moved between pages while we were reading.

    A key seen twice means another one was pushed over a page border and missed.
    """
    read = partial(read_columns, key_names=key_names)
    for _ in range(_STABLE_PAGING_TRIES):
        table = pa.concat_tables(_pages(client, site, body, read))
        once = table.group_by(list(key_names), use_threads=False).aggregate([]) if key_names else table
        if once.num_rows == table.num_rows:
            return table
    return _last_of_each_key(table, key_names)


def _last_of_each_key(table: pa.Table, key_names: Sequence[str]) -> pa.Table:
    """What a page says later is newer."""
    values = [name for name in table.column_names if name not in key_names]
    newest = table.group_by(list(key_names), use_threads=False).aggregate([(name, "last") for name in values])
    return newest.rename_columns([name.removesuffix("_last") for name in newest.column_names])


def _pages(
    client: Client, site: str, body: Mapping[str, object], read: Callable[[bytes], Page]
) -> Iterable[Page]:
    """Replies until the empty one: a short page can have more rows behind it."""
    start_row = 0
    while True:
        page = client.query(site, {**body, "rowLimit": ROW_LIMIT, "startRow": start_row}, read)
        yield page
        if not len(page):
            return
        start_row += len(page)


def _fold_pages(table: pa.Table, grain: Grain, normalise: Normalise) -> pa.Table:
    """Normalise URLs, fold staff pages into one row without queries, and sum what meets."""
    encoded = table["url"].combine_chunks().dictionary_encode()
    folded = [normalise(url) for url in encoded.dictionary.to_pylist()]
    if len(set(folded)) == len(folded) and STAFF_PAGES not in folded:
        return table.set_column(0, "url", pa.array(folded, pa.string()).take(encoded.indices))
    urls = pa.array(folded, pa.string()).take(encoded.indices)
    table = table.set_column(0, "url", urls)
    if "query" in grain.columns:
        queries = pc.if_else(pc.equal(urls, STAFF_PAGES), "", table["query"])
        table = table.set_column(1, "query", queries)
    sums = table.group_by(list(grain.columns)).aggregate(
        [("impressions", "sum"), ("clicks", "sum"), ("sum_position", "sum")]
    )
    return sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names])
