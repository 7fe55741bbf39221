"""A portal export parsed column by column: good rows as Arrow columns, the others with their reason.

Each column is reduced to its distinct texts first, so a million rows cost a few thousand parses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from etl.errors import LoadError
from etl.german_numbers import parse_integer, parse_period
from etl.ledger import Rejection
from etl.portal.columns import MEASURES, map_columns
from etl.reports import SAMPLE_ROWS
from etl.tabular import Sheet
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import PageKind
from portalkompass.urls import belongs_to, host_of, normalise, page_kind, path_of

_KEY = re.compile(r"99\d{12}")
_EXCEL_KEY = re.compile(r"9[.,]?\d*[eE]\+?1\d")
_OVERFLOW = frozenset({"others", "andere"})
STAFF_KIND = "Mitarbeiter"

Codes = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Cells:
    """One column as distinct values: row i has ``values[codes[i]]``, or ``reasons[codes[i]]`` if faulty."""

    texts: list[str]
    values: list[Any]
    reasons: dict[int, str]
    codes: Codes


@dataclass(frozen=True, slots=True)
class PortalRows:
    """``rows`` has one line per page and period, summed; ``titles`` the newest title of each page."""

    file_name: str
    rows_in: int
    rows_loaded: int
    rows: pa.Table
    titles: dict[str, str]
    periods: tuple[tuple[dt.date, dt.date], ...]
    rejected: tuple[Rejection, ...]
    sample: tuple[dict[str, Any], ...]


def addresses(sheet: Sheet, configured: Mapping[str, str]) -> list[str]:
    """The distinct web addresses of the file, to tell its property."""
    found = _columns(sheet, configured)
    texts = sheet.columns[found["url"]].unique().to_pylist()
    return [url for url in (normalise(_label(text)) for text in texts) if host_of(url)]


def parse(
    sheet: Sheet,
    configured: Mapping[str, str],
    *,
    site: str,
    page_kinds: Sequence[PageKind],
    today: dt.date,
) -> PortalRows:
    """Parse every row for one property.

    A row is rejected (once, for its first fault) when a cell cannot be read, a count is negative, the
    period lies in the future, the page belongs to another property or the same line stands there
    twice. Different spellings of one page are summed; an empty cell stays NULL.

    Raises:
        LoadError: a needed column is missing or the file has no rows.
    """
    found = _columns(sheet, configured)
    if not sheet.rows and not sheet.ragged:
        raise LoadError(f"{sheet.file_name}: Die Datei enthält keine Zeilen.")
    parsers: dict[str, Callable[[str], Any]] = {
        "period": lambda text: _period(text, today),
        "url": lambda text: _page(text, site, page_kinds),
        "title": lambda text: _label(text) or None,
        "leistungsschluessel": _key,
    } | dict.fromkeys(MEASURES, _count)
    cells = {name: _cells(sheet.columns[heading], parsers[name]) for name, heading in found.items()}
    good, rejected = _judge(sheet, found, cells)
    table = _table(cells, good)
    return PortalRows(
        file_name=sheet.file_name,
        rows_in=sheet.rows + len(sheet.ragged),
        rows_loaded=int(good.sum()),
        rows=_summed(table),
        titles=_titles(cells, good),
        periods=tuple(
            sorted({cells["period"].values[code] for code in np.unique(cells["period"].codes[good])})
        ),
        rejected=tuple(rejected),
        sample=tuple(table.slice(0, SAMPLE_ROWS).to_pylist()),
    )


def _columns(sheet: Sheet, configured: Mapping[str, str]) -> dict[str, str]:
    try:
        found = map_columns(sheet.header, configured)
    except LoadError as error:
        raise LoadError(f"{sheet.file_name}: {error}") from None
    missing = [name for name in ("period", "url") if name not in found]
    if not any(name in found for name in MEASURES):
        missing.append(" oder ".join(MEASURES))
    if missing:
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte {', '.join(missing)}; vorhanden sind "
            f"{', '.join(sheet.header)}. Andere Namen ordnet die Einstellung portal.columns zu."
        )
    return found


def _cells(column: pa.ChunkedArray, parse_cell: Callable[[str], Any]) -> Cells:
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    texts = encoded.dictionary.to_pylist()
    values: list[Any] = []
    reasons: dict[int, str] = {}
    for code, text in enumerate(texts):
        try:
            values.append(parse_cell(text))
        except ValueError as error:
            values.append(None)
            reasons[code] = str(error)
    return Cells(texts, values, reasons, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64))


def _judge(
    sheet: Sheet, found: Mapping[str, str], cells: Mapping[str, Cells]
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], list[Rejection]]:
    good = np.ones(sheet.rows, dtype=np.bool_)
    lines = np.asarray(sheet.lines.to_numpy(), dtype=np.int64) if sheet.rows else np.empty(0, np.int64)
    rejected = [
        Rejection(
            sheet.file_name,
            ragged.line,
            "",
            ragged.text,
            f"Die Zeile hat {ragged.cells} statt {len(sheet.header)} Spalten.",
        )
        for ragged in sheet.ragged
    ]
    for name, column in cells.items():
        if not column.reasons:
            continue
        faulty = np.isin(column.codes, list(column.reasons)) & good
        for row in np.flatnonzero(faulty):
            code = int(column.codes[row])
            reason = f"„{column.texts[code].strip()[:80]}“: {column.reasons[code]}."
            rejected.append(
                Rejection(sheet.file_name, int(lines[row]), found[name], column.texts[code], reason)
            )
        good &= ~faulty
    for repeated in _repeated(cells, good):
        page = cells["url"].texts[int(cells["url"].codes[repeated])]
        reason = "Dieselbe Zeile steht schon weiter oben in der Datei."
        rejected.append(Rejection(sheet.file_name, int(lines[repeated]), found["url"], page, reason))
        good[repeated] = False
    return good, sorted(rejected, key=lambda fault: fault.line or 0)


def _repeated(cells: Mapping[str, Cells], good: np.ndarray[Any, np.dtype[np.bool_]]) -> list[int]:
    """Rows whose cells all stood in an earlier row: a file pasted together twice, not more views."""
    pair = cells["url"].codes * (len(cells["period"].texts) + 1) + cells["period"].codes
    _, first, counts = np.unique(pair, return_index=True, return_counts=True)
    if counts.size == 0 or counts.max() == 1:
        return []
    seen: set[tuple[int, ...]] = set()
    doubles = []
    suspects = np.flatnonzero(np.isin(pair, pair[first[counts > 1]]) & good)
    columns = [column.codes for column in cells.values()]
    for row in suspects:
        key = tuple(int(codes[row]) for codes in columns)
        if key in seen:
            doubles.append(int(row))
        seen.add(key)
    return doubles


def _table(cells: Mapping[str, Cells], good: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.Table:
    def column(name: str, values: list[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(pa.array(cells[name].codes[good]))

    periods = cells["period"].values
    columns = {
        "period_start": column("period", [p and p[0] for p in periods], pa.date32()),
        "period_end": column("period", [p and p[1] for p in periods], pa.date32()),
        "url": column("url", cells["url"].values, pa.string()),
    }
    for name in MEASURES:
        if name in cells:
            columns[name] = column(name, cells[name].values, pa.int64())
    if "leistungsschluessel" in cells:
        values = cells["leistungsschluessel"].values
        columns["leistungsschluessel"] = column("leistungsschluessel", values, pa.string())
    return pa.table(columns)


def _summed(table: pa.Table) -> pa.Table:
    keys = ["period_start", "period_end", "url"]
    measures = [name for name in MEASURES if name in table.column_names]
    aggregates = [(name, "sum") for name in measures]
    if "leistungsschluessel" in table.column_names:
        aggregates.append(("leistungsschluessel", "min"))  # any one, but the same one every time
    grouped = table.group_by(keys).aggregate(aggregates)
    names = [*keys, *(name for name, _ in aggregates)]
    wanted = [*keys, *(f"{name}_{how}" for name, how in aggregates)]
    return grouped.select(wanted).rename_columns(names).sort_by([(key, "ascending") for key in keys])


def _titles(cells: Mapping[str, Cells], good: np.ndarray[Any, np.dtype[np.bool_]]) -> dict[str, str]:
    """The newest title of each page; of two in one period, the alphabetically last."""
    if "title" not in cells:
        return {}
    codes = np.stack([cells[name].codes[good] for name in ("url", "title", "period")], axis=1)
    newest: dict[str, tuple[dt.date, str]] = {}
    for url_code, title_code, period_code in np.unique(codes, axis=0):
        page, title = cells["url"].values[url_code], cells["title"].values[title_code]
        if title is None or page == STAFF_PAGES:
            continue
        candidate = (cells["period"].values[period_code][1], title)
        newest[page] = max(newest.get(page, candidate), candidate)
    return {page: title for page, (_, title) in newest.items()}


def _label(text: str) -> str:
    """A label without the apostrophe that exports put before = + - @ to keep Excel from computing."""
    stripped = text.strip()
    return stripped[1:] if re.match(r"'[=+\-@]", stripped) else stripped


def _period(text: str, today: dt.date) -> tuple[dt.date, dt.date]:
    first, last = parse_period(text)
    if first > today:
        raise ValueError("liegt in der Zukunft")
    return first, last


def _page(text: str, site: str, page_kinds: Sequence[PageKind]) -> str:
    label = _label(text)
    if not label:
        raise ValueError("die Adresse der Seite fehlt")
    if label.lower() in _OVERFLOW:
        raise ValueError("Sammelzeile ohne Adresse; bitte alle Zeilen exportieren")
    if label == STAFF_PAGES:
        return STAFF_PAGES
    if label.startswith("/") and site.startswith("http"):
        label = f"https://{host_of(site)}{label}"
    url = normalise(label)
    if not host_of(url):
        raise ValueError("keine Web-Adresse")
    if not belongs_to(url, site):
        raise ValueError(f"die Seite gehört nicht zu {site}")
    return STAFF_PAGES if page_kind(path_of(url), page_kinds) == STAFF_KIND else url


def _count(text: str) -> int | None:
    number = parse_integer(text)
    if number is not None and number < 0:
        raise ValueError("eine Anzahl kann nicht negativ sein")
    return number


def _key(text: str) -> str | None:
    key = text.strip().lstrip("'")
    if key in ("", "-"):
        return None
    if _EXCEL_KEY.fullmatch(key):
        raise ValueError("von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren")
    if not _KEY.fullmatch(key):
        raise ValueError("kein Leistungsschlüssel (99 und 12 weitere Ziffern)")
    return key
