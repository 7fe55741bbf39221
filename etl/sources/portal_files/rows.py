"""Judged cells put together: one row per page and period, and the newest title of each page.

Everything is computed on codes of the distinct values; texts are attached last, as dictionaries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.files.distinct import Cells, Codes, Mask
from etl.sources.portal_files.columns import MEASURES
from portalkompass.schema import STAFF_PAGES

Period = tuple[dt.date, dt.date]


def summed(cells: Mapping[str, Cells], good: Mask) -> tuple[pa.Table, tuple[Period, ...]]:
    """Good rows as columns of ``portal_page``, spellings of one page summed, by period and page.

    A measure that is empty in all spellings stays NULL; of several keys the smallest is kept.
    Also the periods that occur, in order.
    """
    periods, period = _ranked(cells["period"], good)
    pages, page = _ranked(cells["url"], good)
    keys, key = _ranked(cells["leistungsschluessel"], good) if "leistungsschluessel" in cells else ([], None)
    columns = {"period": pa.array(period), "page": pa.array(page)}
    for name in MEASURES:
        if name in cells:
            columns[name] = pa.array(cells[name].values, pa.int64()).take(pa.array(cells[name].codes[good]))
    if key is not None:
        columns["leistungsschluessel"] = pa.array(key, mask=key < 0)
    table = _one_row_each(pa.table(columns))
    starts = pa.array([first for first, _ in periods], pa.date32())
    ends = pa.array([last for _, last in periods], pa.date32())
    shaped = {
        "period_start": starts.take(table["period"]),
        "period_end": ends.take(table["period"]),
        "url": _texts(table["page"], pages),
    } | {name: table[name] for name in table.column_names if name in MEASURES}
    if key is not None:
        shaped["leistungsschluessel"] = _texts(table["leistungsschluessel"], keys)
    return pa.table(shaped), tuple(periods)


def _ranked(cells: Cells, good: Mask) -> tuple[list[Any], Codes]:
    """The distinct values of the good rows in order, and each row's rank among them; -1 for None."""
    used = pd.unique(cells.codes[good])
    values = sorted({cells.values[code] for code in used} - {None})
    rank = {value: number for number, value in enumerate(values)}
    ranks = np.full(len(cells.values), -1, dtype=np.int32)
    for code in used:
        ranks[code] = rank.get(cells.values[code], -1)
    return values, ranks[cells.codes[good]]


def _one_row_each(table: pa.Table) -> pa.Table:
    spot = table["period"].to_numpy().astype(np.int64) * (table.num_rows + 1) + table["page"].to_numpy()
    if pd.Series(spot).duplicated().any():
        aggregates = [
            (name, "min" if name == "leistungsschluessel" else "sum")
            for name in table.column_names
            if name not in ("period", "page")
        ]
        names = ["period", "page", *(name for name, _ in aggregates)]
        grouped = table.group_by(["period", "page"]).aggregate(aggregates)
        table = grouped.select(["period", "page", *(f"{n}_{how}" for n, how in aggregates)]).rename_columns(
            names
        )
        spot = table["period"].to_numpy().astype(np.int64) * (table.num_rows + 1) + table["page"].to_numpy()
    in_order = bool((spot[1:] >= spot[:-1]).all())
    return table if in_order else table.take(pa.array(np.argsort(spot, kind="stable")))


def _texts(codes: pa.ChunkedArray, values: list[str]) -> pa.DictionaryArray:
    indices = codes.combine_chunks().cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(values, pa.string()))


def newest_titles(cells: Mapping[str, Cells], good: Mask) -> dict[str, str]:
    """The newest title of each page; of two in one period, the alphabetically last."""
    if "title" not in cells:
        return {}
    urls, titles, periods = (cells[name] for name in ("url", "title", "period"))
    ends = np.array([period[1].toordinal() if period else 0 for period in periods.values])
    pairs = urls.codes[good].astype(np.int64) * len(titles.texts) + titles.codes[good]
    latest = pd.Series(ends[periods.codes[good]]).groupby(pairs).max()
    newest: dict[str, tuple[int, str]] = {}
    for pair, end in latest.items():
        url_code, title_code = divmod(int(str(pair)), len(titles.texts))
        page, title = urls.values[url_code], titles.values[title_code]
        if title is not None and page != STAFF_PAGES:
            newest[page] = max(newest.get(page, (0, "")), (int(end), title))
    return {page: title for page, (_, title) in newest.items()}
