"""A portal export parsed column by column: good rows as Arrow columns, the others with their reason.

Each column is reduced to its distinct texts first, so a million rows cost a few thousand parses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl.errors import LoadError
from etl.files.distinct import Cells, Mask, distinct
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, Rejection, RejectionKind
from etl.sources.balance import Balance
from etl.sources.portal_files.cells import MISSING_ADDRESS, TOTAL, cell_parsers, is_total, label
from etl.sources.portal_files.columns import (
    MEASURES,
    UNITS,
    label_beside,
    map_columns,
    refuse_breakdown,
)
from etl.sources.portal_files.file_names import period_above, period_in_name
from etl.sources.portal_files.matomo_rules import is_folder
from etl.sources.portal_files.rows import newest_titles, summed
from portalkompass.settings import PageKind
from portalkompass.urls import host_of

Period = tuple[dt.date, dt.date]
RAGGED = "Die Zeile hat {cells} statt {columns} Spalten."
SITE_SAMPLE = 5_000
"""Distinct addresses that tell the property; every row is held against it later."""

_WORDS = {"period": "period (Zeitraum)", "url": "url (Adresse der Seite)"}
_ADVICE = {
    "period": "Der Zeitraum darf auch im Dateinamen stehen, etwa „Seiten 2025-11.csv“, oder mit --period angegeben "
    "werden. ",
    "url": "Gebraucht wird ein Bericht mit einer Zeile je Seite, keine Summe je Tag. ",
}
_NOT_FLAT = (
    "{name}: Die Bezeichnungen („{some}“ …) sind keine Adressen von Seiten. In Matomo ist das so, wenn der "
    "Bericht nicht flach "
    "exportiert wurde und Ordner statt Seiten enthält, oder wenn es ein anderer Bericht ist. Bitte "
    "„Seiten-URLs“ flach "
    "exportieren (in Matomo unter dem Bericht „Flach darstellen“, in der API flat=1), möglichst mit der "
    "Spalte „Metadaten: url“."
)
_MOST_FOLDERS = 0.2
"""Share of the figures that labels of folders may hold before the report is taken for one that is not flat."""


@dataclass(frozen=True, slots=True)
class PortalRows:
    """``rows`` has one line per page and period, summed; ``titles`` the newest title of each page.

    ``period_from``: where the period comes from when the rows carry none, in words; else "". ``unused``: headings that
    nothing was read from.
    """

    file_name: str
    rows_in: int
    rows_loaded: int
    rows: pa.Table
    titles: dict[str, str]
    periods: tuple[Period, ...]
    rejected: tuple[Rejection, ...]
    sample: tuple[dict[str, Any], ...]
    balance: Balance
    period_from: str = ""
    unused: tuple[str, ...] = ()


def is_complete(sheet: Sheet, configured: Mapping[str, str]) -> bool:
    """Whether the headings alone say everything a portal file needs, so that there is nothing to map."""
    try:
        _columns(sheet, configured, None)
    except LoadError:
        return False
    return True


def addresses(sheet: Sheet, configured: Mapping[str, str], period: Period | None = None) -> list[str]:
    """Distinct web addresses of the file as it spells them, enough to tell its property.

    Raises:
        LoadError: a needed column is missing or the file has no rows.
    """
    heading_of = _columns(sheet, configured, period)
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
    period: Period | None = None,
) -> PortalRows:
    """Parse every row for one property; bare paths are those of ``host``, else of the property's own.

    ``period``: what a person named for rows without one.

    A row is rejected (once, for its first fault) when a cell cannot be read, a count is negative, the
    period lies in the future, the page belongs to another property or the same line stands there
    twice. Different spellings of one page are summed; an empty cell stays NULL.

    Raises:
        LoadError: a needed column is missing, another column splits the pages, or the report is not flat. A
            missing period is taken from the lines above the table, else from the file's name.
    """
    heading_of = _columns(sheet, configured, period)
    refuse_breakdown(sheet, heading_of, configured)
    own = host_of(site) if site.startswith("http") else ""
    months = any(word in heading_of.get("period", "").lower() for word in ("monat", "month"))
    parsers = cell_parsers(site, page_kinds, today, host=host or own, months=months)
    columns = {name: sheet.columns[heading] for name, heading in heading_of.items()} | {
        "url": _pages(sheet, heading_of)
    }
    cells = {name: distinct(column, parsers[name]) for name, column in columns.items()}
    named, origin = _named_period(sheet, period) if "period" not in heading_of else (None, "")
    if origin:
        cells["period"] = _for_every_row(sheet, named, origin, today)
    _refuse_folders(sheet, cells, good_figures := _figures(cells))
    good, rejected, kinds = _judge(sheet, heading_of, cells)
    rejected, kinds = _sum_by_arithmetic(rejected, kinds, good, good_figures)
    _refuse_unknown_breakdown(sheet, heading_of, cells, good)
    rows, periods = summed(cells, good)
    used = {*heading_of.values(), label_beside(sheet, heading_of)}
    return PortalRows(
        file_name=sheet.file_name,
        rows_in=sheet.rows + len(sheet.ragged),
        rows_loaded=int(good.sum()),
        rows=rows,
        titles=newest_titles(cells, good),
        periods=periods,
        rejected=tuple(rejected),
        sample=tuple(rows.slice(0, SAMPLE_ROWS).to_pylist()),
        balance=_balance(sheet, cells, good, kinds, good_figures),
        period_from=origin,
        unused=tuple(heading for heading in sheet.header if heading not in used),
    )


def _columns(sheet: Sheet, configured: Mapping[str, str], period: Period | None) -> dict[str, str]:
    try:
        heading_of = map_columns(sheet, configured)
    except LoadError as error:
        raise LoadError(f"{sheet.file_name}: {error}") from None
    named = bool(_named_period(sheet, period)[1])
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
    beside = label_beside(sheet, heading_of)
    if beside is None:
        return addresses
    texts, labels = addresses.cast(pa.string()), sheet.columns[beside].cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), labels, texts).dictionary_encode()


def _named_period(sheet: Sheet, given: Period | None) -> tuple[Period | None, str]:
    """The period that the person or the file tells outside its rows, and where; (None, "") if nothing does."""
    if given:
        return given, "der Angabe zum Import"
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
) -> tuple[Mask, list[Rejection], dict[int, RejectionKind]]:
    """Which rows are good, the faults of the others, and of rows that are none of their own (by number) the kind."""
    good = np.ones(sheet.rows, dtype=np.bool_)
    lines = np.asarray(sheet.lines.to_numpy(), dtype=np.int64) if sheet.rows else np.empty(0, np.int64)
    rejected = _ragged(sheet)
    kinds: dict[int, RejectionKind] = {}
    for name, column in sorted(cells.items(), key=lambda item: not item[1].kinds):
        if not column.reasons:
            continue
        faulty = np.isin(column.codes, list(column.reasons)) & good
        for row in np.flatnonzero(faulty):
            code = int(column.codes[row])
            reason = f"„{column.texts[code].strip()[:80]}“: {column.reasons[code]}."
            kind = column.kinds.get(code, "fault")
            kinds[int(row)] = kind
            rejected.append(
                Rejection(
                    sheet.file_name, int(lines[row]), heading_of[name], column.texts[code], reason, kind
                )
            )
        good &= ~faulty
    for repeated in _repeated(cells, good):
        page = cells["url"].values[int(cells["url"].codes[repeated])]
        reason = "Dieselbe Zeile steht schon weiter oben in der Datei."
        rejected.append(Rejection(sheet.file_name, int(lines[repeated]), heading_of["url"], page, reason))
        good[repeated] = False
        kinds[repeated] = "total"  # its figures are those of the first one
    return good, sorted(rejected, key=lambda fault: fault.line or 0), kinds


def _ragged(sheet: Sheet) -> list[Rejection]:
    """Rows whose cells do not fit the header; a sum that is marked in a cell of its own is called a sum."""
    faults = []
    for row in sheet.ragged:
        total = any(is_total(cell) for cell in row.text.split(";"))
        reason = TOTAL if total else RAGGED.format(cells=row.cells, columns=len(sheet.header))
        kind: RejectionKind = "total" if total else "fault"
        faults.append(Rejection(sheet.file_name, row.line, "", row.text, reason, kind))
    return faults


def _figures(cells: Mapping[str, Cells]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The main measure of every row, 0 where it is empty or unreadable."""
    column = cells[_main_measure(cells)]
    values = np.array([value or 0 for value in column.values], dtype=np.int64)
    return values[column.codes] if len(values) else np.zeros(0, dtype=np.int64)


def _main_measure(cells: Mapping[str, Cells]) -> str:
    return next(name for name in UNITS if name in cells)


def _balance(
    sheet: Sheet,
    cells: Mapping[str, Cells],
    good: Mask,
    kinds: Mapping[int, RejectionKind],
    figures: np.ndarray[Any, np.dtype[np.int64]],
) -> Balance:
    own = (
        np.array([kinds.get(row) != "total" for row in range(sheet.rows)], dtype=np.bool_) if kinds else True
    )
    remainder = [row for row, kind in kinds.items() if kind == "remainder"]
    totals = [row for row, kind in kinds.items() if kind == "total"]
    stated = [int(figures[row]) for row in totals if figures[row]] if len(totals) == 1 else []
    ragged = [row for row in sheet.ragged if not any(is_total(cell) for cell in row.text.split(";"))]
    return Balance(
        unit=UNITS[_main_measure(cells)],
        rows=int(np.sum(own & np.ones(sheet.rows, dtype=np.bool_))) + len(ragged),
        rows_loaded=int(good.sum()),
        total=int(figures[own].sum() if kinds else figures.sum()),
        loaded=int(figures[good].sum()),
        remainder=int(figures[remainder].sum()) if remainder else 0,
        stated=stated[0] if stated else None,
    )


def _sum_by_arithmetic(
    rejected: list[Rejection],
    kinds: dict[int, RejectionKind],
    good: Mask,
    figures: np.ndarray[Any, np.dtype[np.int64]],
) -> tuple[list[Rejection], dict[int, RejectionKind]]:
    """A row without an address that holds just what all others hold together is their sum."""
    nameless = [row for row, kind in kinds.items() if kind == "fault"]
    others = int(figures[good].sum()) + sum(
        int(figures[row]) for row, kind in kinds.items() if kind == "remainder"
    )
    if len(nameless) != 1 or not others or int(figures[nameless[0]]) != others or int(good.sum()) < 2:  # noqa: PLR2004 a sum of one row is that row
        return rejected, kinds
    row = nameless[0]
    known = [
        replace(fault, reason=TOTAL, kind="total")
        if fault.kind == "fault" and MISSING_ADDRESS in fault.reason
        else fault
        for fault in rejected
    ]
    return (known, kinds | {row: "total"}) if known != rejected else (rejected, kinds)


def _refuse_folders(
    sheet: Sheet, cells: Mapping[str, Cells], figures: np.ndarray[Any, np.dtype[np.int64]]
) -> None:
    """A report that is not flat holds folders: their pages are missing.

    Raises:
        LoadError: labels of folders hold more of the figures than single odd rows do.
    """
    pages = cells["url"]
    folders = [
        code for code in pages.reasons if code not in pages.kinds and is_folder(label(pages.texts[code]))
    ]
    if not folders or not figures.sum():
        return
    held = int(figures[np.isin(pages.codes, folders)].sum())
    if held > _MOST_FOLDERS * int(figures.sum()):
        raise LoadError(_NOT_FLAT.format(name=sheet.file_name, some=label(pages.texts[folders[0]])[:40]))


def _refuse_unknown_breakdown(
    sheet: Sheet, heading_of: Mapping[str, str], cells: Mapping[str, Cells], good: Mask
) -> None:
    """Where the same page stands there several times and one unknown column of words tells its rows apart.

    Raises:
        LoadError: names that column.
    """
    pair = cells["url"].codes.astype(np.int64) * len(cells["period"].texts) + cells["period"].codes
    double = pd.Series(pair[good]).duplicated(keep=False).to_numpy()
    if double.sum() < _MOST_FOLDERS * max(int(good.sum()), 1):
        return
    for heading in sheet.header:
        if heading in heading_of.values() or heading == label_beside(sheet, heading_of):
            continue
        column = distinct(sheet.columns[heading], str)
        words = [text for text in column.texts if text.strip() and not any(map(str.isdigit, text))]
        own = pair[good] * (len(column.texts) + 1) + column.codes[good]
        apart = not pd.Series(own[double]).duplicated().any()
        if apart and len(words) > 1 and len(words) == len([text for text in column.texts if text.strip()]):
            raise LoadError(
                f"{sheet.file_name}: Die Zeilen einer Seite sind nach „{heading}“ aufgeteilt („{words[0][:40]}“, "
                f"„{words[1][:40]}“ …). Bitte den Bericht ohne diese Aufteilung exportieren, oder die "
                f"Spalte in der App unter "
                "„Daten“ beim Zuordnen ausdrücklich weglassen."
            )


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
