"""A portal export parsed column by column: good rows as Arrow columns, the others with their reason.

Each column is reduced to its distinct texts first, so a million rows cost a few thousand parses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl.errors import LoadError
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, Rejection
from etl.sources.file_kind import ragged_faults
from etl.sources.portal_files.cells import Cells, Mask, cell_parsers, distinct, label
from etl.sources.portal_files.columns import LABELS, MEASURES, map_columns
from etl.sources.portal_files.file_names import period_above, period_in_name
from etl.sources.portal_files.rows import newest_titles, summed
from portalkompass.settings import PageKind
from portalkompass.urls import host_of

RAGGED = "Die Zeile hat {cells} statt {columns} Spalten."
SITE_SAMPLE = 5_000
"""Distinct addresses that tell the property; every row is held against it later."""

_WORDS = {"period": "period (Zeitraum)", "url": "url (Adresse der Seite)"}
_ADVICE = {
    "period": "Der Zeitraum darf auch im Dateinamen stehen, etwa „Seiten 2025-11.csv“. ",
    "url": "Gebraucht wird ein Bericht mit einer Zeile je Seite, keine Summe je Tag. ",
}


@dataclass(frozen=True, slots=True)
class PortalRows:
    """``rows`` has one line per page and period, summed; ``titles`` the newest title of each page.

    ``period_from``: where the period comes from when the rows carry none, in words; else "".
    """

    file_name: str
    rows_in: int
    rows_loaded: int
    rows: pa.Table
    titles: dict[str, str]
    periods: tuple[tuple[dt.date, dt.date], ...]
    rejected: tuple[Rejection, ...]
    sample: tuple[dict[str, Any], ...]
    period_from: str = ""


def is_complete(sheet: Sheet) -> bool:
    """Whether the headings alone say everything a portal file needs, so that there is nothing to map."""
    try:
        _columns(sheet, {})
    except LoadError:
        return False
    return True


def addresses(sheet: Sheet, configured: Mapping[str, str]) -> list[str]:
    """Distinct web addresses of the file as it spells them, enough to tell its property.

    Raises:
        LoadError: a needed column is missing or the file has no rows.
    """
    heading_of = _columns(sheet, configured)
    if not sheet.rows and not sheet.ragged:
        raise LoadError(f"{sheet.file_name}: Die Datei enthält keine Zeilen.")
    texts = _pages(sheet, heading_of).unify_dictionaries().unique().slice(0, SITE_SAMPLE).to_pylist()
    return [address for address in map(label, texts) if host_of(address)]


def parse(
    sheet: Sheet,
    configured: Mapping[str, str],
    *,
    site: str,
    page_kinds: Sequence[PageKind],
    today: dt.date,
    host: str,
) -> PortalRows:
    """Parse every row for one property; bare paths are those of ``host``, else of the property's own.

    A row is rejected (once, for its first fault) when a cell cannot be read, a count is negative, the
    period lies in the future, the page belongs to another property or the same line stands there
    twice. Different spellings of one page are summed; an empty cell stays NULL.

    Raises:
        LoadError: a needed column is missing. A missing period is taken from the lines above the table, else
            from the file's name.
    """
    heading_of = _columns(sheet, configured)
    own = host_of(site) if site.startswith("http") else ""
    months = any(word in heading_of.get("period", "").lower() for word in ("monat", "month"))
    parsers = cell_parsers(site, page_kinds, today, host=host or own, months=months)
    columns = {name: sheet.columns[heading] for name, heading in heading_of.items()} | {
        "url": _pages(sheet, heading_of)
    }
    cells = {name: distinct(column, parsers[name]) for name, column in columns.items()}
    period, origin = _named_period(sheet) if "period" not in heading_of else (None, "")
    if origin:
        cells["period"] = _for_every_row(sheet, period, origin, today)
    good, rejected = _judge(sheet, heading_of, cells)
    rows, periods = summed(cells, good)
    return PortalRows(
        file_name=sheet.file_name,
        rows_in=sheet.rows + len(sheet.ragged),
        rows_loaded=int(good.sum()),
        rows=rows,
        titles=newest_titles(cells, good),
        periods=periods,
        rejected=tuple(rejected),
        sample=tuple(rows.slice(0, SAMPLE_ROWS).to_pylist()),
        period_from=origin,
    )


def _columns(sheet: Sheet, configured: Mapping[str, str]) -> dict[str, str]:
    try:
        heading_of = map_columns(sheet.header, configured)
    except LoadError as error:
        raise LoadError(f"{sheet.file_name}: {error}") from None
    named = bool(_named_period(sheet)[1])
    absent = [
        name for name in ("period", "url") if name not in heading_of and not (name == "period" and named)
    ]
    missing = [_WORDS[name] for name in absent]
    if not any(name in heading_of for name in MEASURES):
        missing.append("unique_page_views oder eine andere Zahl")
    if missing:
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte {', '.join(missing)}; vorhanden sind "
            f"{', '.join(sheet.header)}. {_ADVICE.get(absent[0] if absent else '', '')}"
            "Andere Überschriften lassen sich in der App unter „Daten“ zuordnen."
        )
    return heading_of


def _pages(sheet: Sheet, heading_of: Mapping[str, str]) -> pa.ChunkedArray:
    """The column of addresses; where one is empty, Matomo's label beside it says what the row is."""
    addresses = sheet.columns[heading_of["url"]]
    beside = next((heading for heading in sheet.header if heading.lower() in LABELS), None)
    if beside is None or beside in heading_of.values():
        return addresses
    texts, labels = addresses.cast(pa.string()), sheet.columns[beside].cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), labels, texts).dictionary_encode()


def _named_period(sheet: Sheet) -> tuple[tuple[dt.date, dt.date] | None, str]:
    """The period that the file tells outside its rows, and where; (None, "") if it tells none."""
    if period := period_above(sheet.above):
        return period, "den Zeilen über der Tabelle"
    if period := period_in_name(sheet.file_name):
        return period, "dem Dateinamen"
    return None, ""


def _for_every_row(
    sheet: Sheet, period: tuple[dt.date, dt.date] | None, origin: str, today: dt.date
) -> Cells:
    if period and period[0] > today:
        raise LoadError(f"{sheet.file_name}: Der Zeitraum aus {origin} liegt in der Zukunft.")
    return Cells([sheet.file_name], [period], {}, np.zeros(sheet.rows, dtype=np.int32))


def _judge(
    sheet: Sheet, heading_of: Mapping[str, str], cells: Mapping[str, Cells]
) -> tuple[Mask, list[Rejection]]:
    good = np.ones(sheet.rows, dtype=np.bool_)
    lines = np.asarray(sheet.lines.to_numpy(), dtype=np.int64) if sheet.rows else np.empty(0, np.int64)
    rejected = ragged_faults(sheet, RAGGED)
    for name, column in cells.items():
        if not column.reasons:
            continue
        faulty = np.isin(column.codes, list(column.reasons)) & good
        for row in np.flatnonzero(faulty):
            code = int(column.codes[row])
            reason = f"„{column.texts[code].strip()[:80]}“: {column.reasons[code]}."
            rejected.append(
                Rejection(sheet.file_name, int(lines[row]), heading_of[name], column.texts[code], reason)
            )
        good &= ~faulty
    for repeated in _repeated(cells, good):
        page = cells["url"].values[int(cells["url"].codes[repeated])]
        reason = "Dieselbe Zeile steht schon weiter oben in der Datei."
        rejected.append(Rejection(sheet.file_name, int(lines[repeated]), heading_of["url"], page, reason))
        good[repeated] = False
    return good, sorted(rejected, key=lambda fault: fault.line or 0)


def _repeated(cells: Mapping[str, Cells], good: Mask) -> list[int]:
    """Rows whose cells all stood in an earlier row: a file pasted together twice, not more views."""
    pair = cells["url"].codes.astype(np.int64) * len(cells["period"].texts) + cells["period"].codes
    suspects = np.flatnonzero(pd.Series(pair).duplicated(keep=False).to_numpy() & good)
    seen: set[tuple[int, ...]] = set()
    doubles = []
    columns = [column.codes for column in cells.values()]
    for row in suspects:
        key = tuple(int(codes[row]) for codes in columns)
        if key in seen:
            doubles.append(int(row))
        seen.add(key)
    return doubles
