"""A table of several dimensions, parsed into the rows of its own grain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.errors import LoadError
from etl.files.distinct import Cells, Mask, distinct, is_total
from etl.files.german_numbers import parse_decimal, parse_integer, parse_period
from etl.files.kinds.look import Look
from etl.files.kinds.search_kinds import DIMENSIONS
from etl.files.tabular import Sheet
from etl.reports import Rejection
from etl.sources.balance import Balance
from etl.sources.file_kind import ragged_faults
from etl.sources.folding import page_folder
from etl.sources.search_console.positions import checked_position
from etl.sources.search_console.ui_export.export_checks import refuse_swapped
from etl.sources.search_console.ui_export.export_names import device_of, search_type_of
from etl.sources.search_console.ui_export.export_rows import TOTAL_ROW
from portalkompass import schema
from portalkompass.schema import STAFF_PAGES, Table
from portalkompass.settings import PageKind
from portalkompass.urls import belongs_to, host_of, normalise

GOOGLE_LIMIT = 50_000
"""Rows of a day and search type at most; those without clicks go first."""
_ROUND_LIMITS = frozenset({1_000, 5_000, 10_000, 25_000, 50_000, 100_000})
_GRAINS: tuple[tuple[frozenset[str], Table, Mapping[str, str]], ...] = (
    (frozenset({"page", "query"}), schema.SEARCH_PAGE_QUERY_DAY, {"page": "url", "query": "query"}),
    (frozenset({"page"}), schema.SEARCH_PAGE_DAY, {"page": "url"}),
    (frozenset({"query"}), schema.SEARCH_QUERY_DAY, {"query": "query"}),
    (frozenset({"country", "device"}), schema.SEARCH_SEGMENT_DAY, {"country": "country", "device": "device"}),
    (frozenset(), schema.SEARCH_SITE_DAY, {}),
)
"""Dimensions beside the day, the finest first: the table they belong to, and its columns."""
_WITHOUT_POSITION = frozenset({"discover", "googleNews"})


@dataclass(frozen=True, slots=True)
class RowTable:
    """Rows of one grain, summed; ``cut`` are the days of which rows without clicks are missing."""

    file_name: str
    table: Table
    search_types: tuple[str, ...]
    rows: pd.DataFrame
    cut: frozenset[dt.date]
    balance: Balance
    rejected: tuple[Rejection, ...]
    warnings: tuple[str, ...]
    dimensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowRules:
    """What cells are judged by; ``search_type`` of rows that name none."""

    site: str
    page_kinds: Sequence[PageKind]
    today: dt.date
    search_type: str


def dimensions_of(sheet: Sheet, known: Mapping[str, str]) -> dict[str, str]:
    """Dimension → heading, also ``search_type`` and ``property``."""
    look = Look(sheet, known)
    found = {name: look.heading(name) for name in (*DIMENSIONS, "hour", "search_type", "property")}
    return {name: heading for name, heading in found.items() if heading is not None}


def grain_of(sheet: Sheet, dimensions: Mapping[str, str]) -> tuple[Table, Mapping[str, str]]:
    """The table that rows of these dimensions belong to: finer ones that it lacks are summed.

    Raises:
        LoadError: there is no such table; says how to export instead.
    """
    own = set(dimensions) - {"search_type", "property"}
    named = ", ".join(dimensions[name] for name in dimensions)
    if "hour" in own:
        raise LoadError(
            f"{sheet.file_name}: Die Tabelle teilt Stunden weiter auf ({named}); Stunden gibt es nur für die ganze "
            "Property. Bitte nur mit der Stunde exportieren, oder mit dem Tag (date) statt der Stunde."
        )
    if "date" not in own:
        raise LoadError(
            f"{sheet.file_name}: Die Tabelle nennt {named}, aber keinen Tag je Zeile; solche Summen lassen sich nicht "
            "einordnen. Bitte mit der Dimension Datum (date) exportieren, oder je Dimension eine eigene Tabelle."
        )
    if "appearance" in own:
        if own == {"date", "appearance"}:
            return schema.SEARCH_APPEARANCE_DAY, {"appearance": "appearance"}
        raise LoadError(
            f"{sheet.file_name}: Die Darstellung in der Suche gibt es nur für sich, nicht zusammen mit "
            f"{named}. Bitte nur mit "
            "Datum und Darstellung exportieren."
        )
    if own in ({"date", "country"}, {"date", "device"}):
        # Without the other dimension the rows would be segments that nothing else fits to.
        lacking = "Gerät (device)" if "country" in own else "Land (country)"
        raise LoadError(
            f"{sheet.file_name}: Die Tabelle nennt {named}; Land und Gerät werden je Tag nur zusammen geführt, und es "
            f"fehlt {lacking}. Bitte mit beiden Dimensionen exportieren (date, country, device), oder für die Summen "
            "der Property nur mit dem Datum."
        )
    return next((table, columns) for needed, table, columns in _GRAINS if needed <= own)


def parse_rows(
    sheet: Sheet, dimensions: Mapping[str, str], rules: RowRules, known: Mapping[str, str]
) -> RowTable:
    """Parse every row; rows of one key (spellings of a page, finer dimensions) are summed.

    Raises:
        LoadError: a figure's column is missing, or no dimension fits a table.
    """
    table, columns = grain_of(sheet, dimensions)
    headings = _figures(sheet, known, rules)
    needed = {"date", "search_type", *columns, *headings}
    parsers = {name: parse for name, parse in _parsers(rules).items() if name in needed}
    _refuse_double(sheet)
    cells = {
        name: distinct(sheet.columns[heading], parsers[name])
        for name, heading in {**dimensions, **headings}.items()
        if name in parsers
    }
    totals = _totals(sheet, dimensions)
    good, rejected = _judged(sheet, cells, {**dimensions, **headings}, totals)
    frame = pd.DataFrame({name: _column(column, good) for name, column in cells.items()})
    if "search_type" not in frame:
        frame["search_type"] = rules.search_type
    refuse_swapped(sheet.file_name, len(frame), int((frame["clicks"] > frame["impressions"]).sum()))
    frame = frame.rename(columns=dict(columns))
    frame["sum_position"] = _sum_positions(frame)
    keys = ["search_type", "date", *columns.values()]
    if table is schema.SEARCH_PAGE_QUERY_DAY:
        frame.loc[frame["url"] == STAFF_PAGES, "query"] = ""
    sums = frame.groupby(keys, sort=True)[["clicks", "impressions", "sum_position"]].sum(min_count=1)
    rows = sums.reset_index()
    return RowTable(
        file_name=sheet.file_name,
        table=table,
        search_types=tuple(sorted(set(frame["search_type"]))),
        rows=rows,
        cut=_cut_days(frame, table),
        balance=_balance(sheet, cells, good, totals),
        rejected=tuple(rejected),
        warnings=tuple(_warnings(sheet, frame)),
        dimensions=tuple(dimensions),
    )


def _refuse_double(sheet: Sheet) -> None:
    """A table pasted together twice would count everything twice.

    Raises:
        LoadError: at least half of its lines stand there a second time.
    """
    codes = pd.DataFrame({name: distinct(sheet.columns[name], str).codes for name in sheet.header})
    doubles = int(codes.duplicated().sum())
    if doubles > 1 and 2 * doubles >= sheet.rows:
        raise LoadError(
            f"{sheet.file_name}: Die meisten Zeilen stehen zweimal gleich da; die Tabelle wurde vermutlich doppelt "
            "eingefügt. Bitte die Datei laden, wie sie ausgegeben wurde."
        )


def _figures(sheet: Sheet, known: Mapping[str, str], rules: RowRules) -> dict[str, str]:
    look = Look(sheet, known)
    found = {name: look.heading(name) for name in ("clicks", "impressions", "ctr", "position")}
    if found["position"] is None and rules.search_type not in _WITHOUT_POSITION:
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte Position; vorhanden sind {', '.join(sheet.header)}. "
            f"Bitte mit allen vier "
            "Kennzahlen exportieren (Klicks, Impressionen, CTR, Position)."
        )
    return {name: heading for name, heading in found.items() if heading is not None}


def _parsers(rules: RowRules) -> Mapping[str, Callable[[str], Any]]:
    fold = page_folder(rules.page_kinds)

    def page(text: str) -> str:
        if not host_of(normalise(text)):
            raise ValueError("keine Web-Adresse")
        if not belongs_to(text, rules.site):
            raise ValueError(f"die Seite gehört nicht zu {rules.site}")
        return fold(text)

    def day(text: str) -> dt.date:
        first, last = parse_period(text)
        if first != last:
            raise ValueError("kein einzelner Tag; bitte je Tag exportieren")
        if first > rules.today:
            raise ValueError("liegt in der Zukunft")
        return first

    return {
        "date": day,
        "page": page,
        "query": _text,
        "country": _country,
        "device": device_of,
        "appearance": _text,
        "search_type": _search_type,
        "clicks": _count,
        "impressions": _count,
        "position": _position,
    }


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("der Wert fehlt")
    return text


def _country(text: str) -> str:
    code = text.strip().lower()
    if len(code) != len("deu") or not code.isalpha():
        raise ValueError("kein Land in der Form der Schnittstelle (drei Buchstaben, etwa deu)")
    return code


def _search_type(text: str) -> str:
    found = search_type_of(text)
    if found is None:
        raise ValueError("kein bekannter Suchtyp")
    return found


def _count(text: str) -> int:
    number = parse_integer(text)
    if number is None or number < 0:
        raise ValueError("die Zahl fehlt" if number is None else "eine Anzahl kann nicht negativ sein")
    return number


def _position(text: str) -> float:
    """NaN where Google has none."""
    position = parse_decimal(text)
    if not position:
        return float("nan")
    return checked_position(position)


def _totals(sheet: Sheet, dimensions: Mapping[str, str]) -> Mask:
    """Rows that name themselves a sum in the column of days; a query may be called so."""
    days = distinct(sheet.columns[dimensions["date"]], is_total)
    return np.asarray(days.values, dtype=np.bool_)[days.codes]


def _judged(
    sheet: Sheet, cells: Mapping[str, Cells], headings: Mapping[str, str], totals: Mask
) -> tuple[Mask, list[Rejection]]:
    good = ~totals
    lines = np.asarray(sheet.lines.to_numpy(), dtype=np.int64) if sheet.rows else np.empty(0, np.int64)
    rejected = ragged_faults(sheet)
    rejected += [
        Rejection(sheet.file_name, int(lines[row]), "", "", f"{TOTAL_ROW}.", "total")
        for row in np.flatnonzero(totals)
    ]
    for name, column in cells.items():
        faulty = np.isin(column.codes, list(column.reasons)) & good
        for row in np.flatnonzero(faulty):
            code = int(column.codes[row])
            text = column.texts[code]
            reason = f"„{text.strip()[:80]}“: {column.reasons[code]}."
            rejected.append(Rejection(sheet.file_name, int(lines[row]), headings[name], text, reason))
        good &= ~faulty
    return good, sorted(rejected, key=lambda fault: fault.line or 0)


def _column(column: Cells, good: Mask) -> np.ndarray[Any, np.dtype[Any]]:
    return pd.Series(column.values).to_numpy()[column.codes[good]]


def _sum_positions(frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Zero-based sums; 0 where there are no impressions, missing where Google gives no position."""
    if "position" not in frame:
        return np.where(frame["impressions"] == 0, 0.0, np.nan)
    sums = (frame["position"].astype(float) - 1) * frame["impressions"].astype(float)
    return np.where(frame["impressions"] == 0, 0.0, sums)


def _cut_days(frame: pd.DataFrame, table: Table) -> frozenset[dt.date]:
    """Days whose rows without clicks are missing: all, where the file holds none at all, or those at Google's limit."""
    if table in (schema.SEARCH_SITE_DAY, schema.SEARCH_APPEARANCE_DAY):
        return frozenset()
    if len(frame) and (frame["clicks"] > 0).all():
        return frozenset(frame["date"])
    counts = frame.groupby("date").size()
    return frozenset(counts[counts >= GOOGLE_LIMIT].index)


def _balance(sheet: Sheet, cells: Mapping[str, Cells], good: Mask, totals: Mask) -> Balance:
    column = cells["impressions"]
    figures = np.array([value or 0 for value in column.values], dtype=np.int64)[column.codes]
    return Balance(
        unit="Impressionen",
        rows=sheet.rows + len(sheet.ragged),
        rows_loaded=int(good.sum()),
        total=int(figures[~totals].sum()),
        loaded=int(figures[good].sum()),
        unread=int(np.isin(column.codes, list(column.reasons)).sum()),
    )


def _warnings(sheet: Sheet, frame: pd.DataFrame) -> list[str]:
    warnings = []
    if len(frame) and (frame["clicks"] > 0).all():
        warnings.append(
            "In der Tabelle fehlen alle Zeilen ohne Klicks; sie ist abgeschnitten. Die Tage sind so "
            "gekennzeichnet, Summen der "
            "Impressionen sind Untergrenzen."
        )
    if sheet.rows + len(sheet.ragged) in _ROUND_LIMITS:
        warnings.append(
            f"Die Tabelle hat genau {sheet.rows + len(sheet.ragged):,} Zeilen".replace(",", ".")
            + "; vermutlich war das die Grenze der Abfrage, und es gibt weitere."
        )
    return warnings
