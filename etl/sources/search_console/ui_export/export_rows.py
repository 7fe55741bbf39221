"""One table of a UI export, row by row: checked figures, or the fault with line and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from etl.errors import LoadError
from etl.files.distinct import is_total
from etl.files.german_numbers import parse_decimal, parse_integer, parse_percent, parse_period
from etl.files.hours import is_double_hour, parse_hour
from etl.files.tabular import Sheet
from etl.reports import Rejection
from etl.sources.file_kind import ragged_faults
from etl.sources.folding import own_page
from etl.sources.search_console.positions import checked_position, sum_position
from etl.sources.search_console.ui_export.export_names import (
    Metric,
    TableName,
    device_of,
    heading_of_key,
    metrics_of,
)
from portalkompass.settings import PageKind

Number = TypeVar("Number", int, float)


TOTAL_ROW = "Summenzeile; Summen werden aus den Zeilen gebildet"
ONCE = frozenset({"days", "hours", "devices"})
"""Tables in which a key can stand only once."""


@dataclass(frozen=True, slots=True)
class WindowRow:
    """Totals of one key over the export's period; ``sum_position`` is zero-based, None without a position."""

    key: str
    clicks: int
    impressions: int
    sum_position: float | None
    period: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True, slots=True)
class KeyRules:
    """What the first column of the tables is judged by."""

    site: str
    page_kinds: Sequence[PageKind]
    today: dt.date


def parse_table(
    sheet: Sheet, table: TableName, rules: KeyRules, *, positions: bool
) -> tuple[list[WindowRow], list[Rejection], int]:
    """The table's rows, its faults, and how many lines repeat the key of an earlier one.

    Spellings of one page and staff pages are summed, and so are lines of one key where Google itself writes it twice
    (it drops an empty ``?`` of an address); a day or device twice is a fault.

    Raises:
        LoadError: a column is missing, or the whole table stands there twice.
    """
    columns = _columns(sheet, positions)
    key_heading = heading_of_key(sheet, table)
    faults = ragged_faults(sheet)
    rows: dict[str, WindowRow] = {}
    first: dict[str, int] = {}
    repeated, alike, seen = 0, 0, set[tuple[str, ...]]()
    total = _line_of_total(sheet, key_heading, columns)
    hour_places = _double_hours(sheet, key_heading) if table == "hours" else {}
    for line, cells in sheet.records():
        raw = cells[key_heading]
        if line == total:
            faults.append(Rejection(sheet.file_name, line, key_heading, raw, TOTAL_ROW, "total"))
            continue
        place = hour_places.get(line) if table == "hours" else None
        cell_faults = _repeated(key_heading, raw, first, line) if table in ONCE and place is None else []
        if raw in first and table not in ONCE:
            repeated += 1
            alike += tuple(cells.values()) in seen
        first.setdefault(raw, line)
        seen.add(tuple(cells.values()))
        row = None
        try:
            key, period = key_of(table, raw, rules, place)
        except ValueError as error:
            cell_faults.append((key_heading, str(error)))
        else:
            if table in ONCE and key in rows and not cell_faults:
                cell_faults.append((key_heading, f"„{raw[:80]}“ steht schon da, anders geschrieben"))
            figures, unreadable = _figures(cells, columns)
            cell_faults += unreadable
            if figures is not None:
                row = WindowRow(key, *figures, period)
        faults += [Rejection(sheet.file_name, line, name, cells[name], why) for name, why in cell_faults]
        if row is not None and not cell_faults:
            rows[row.key] = _sum(rows.get(row.key), row)
    if alike > 1 and 2 * alike >= sheet.rows - alike:
        raise LoadError(
            f"{sheet.file_name}: Die meisten Zeilen stehen zweimal gleich da; die Tabelle wurde vermutlich doppelt "
            "eingefügt. Bitte die Datei laden, wie Google sie ausgegeben hat."
        )
    return list(rows.values()), faults, repeated


def _double_hours(sheet: Sheet, key_heading: str) -> dict[int, int]:
    """Line → 0 or 1 for each hour without a zone that stands twice because the clocks showed it twice."""
    lines: dict[str, list[int]] = {}
    for line, cells in sheet.records():
        lines.setdefault(cells[key_heading].strip(), []).append(line)
    return {
        line: place
        for text, pair in lines.items()
        if len(pair) == 2 and is_double_hour(text)  # noqa: PLR2004 a pair
        for place, line in enumerate(pair)
    }


def _line_of_total(sheet: Sheet, key_heading: str, columns: Mapping[Metric, str]) -> int:
    """The line that holds the sum of all others and says so; 0 where none does (``gesamt`` can be a query, too)."""
    clicks: list[tuple[int, str, int]] = []
    for line, cells in sheet.records():
        try:
            clicks.append((line, cells[key_heading], count_of(cells[columns["clicks"]])))
        except ValueError:
            continue
    whole = sum(count for _, _, count in clicks)
    named = [line for line, key, count in clicks if (is_total(key) or not key.strip()) and 2 * count == whole]
    return named[0] if len(named) == 1 and len(clicks) > 2 else 0  # noqa: PLR2004 a sum of two rows at least


def _columns(sheet: Sheet, positions: bool) -> dict[Metric, str]:
    heading_of = metrics_of(sheet)
    needed: tuple[tuple[Metric, str], ...] = (
        ("clicks", "Klicks"),
        ("impressions", "Impressionen"),
        *((("position", "Position"),) if positions else ()),
    )
    missing = [label for metric, label in needed if metric not in heading_of]
    if missing:
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte {', '.join(missing)}; vorhanden sind "
            f"{', '.join(sheet.header)}. Bitte den Bericht „Leistung“ mit allen vier Kennzahlen (Klicks, Impressionen, "
            "CTR, Position) exportieren."
        )
    return heading_of


def _repeated(heading: str, raw: str, first: dict[str, int], line: int) -> list[tuple[str, str]]:
    return [(heading, f"„{raw[:80]}“ steht schon in Zeile {first[raw]}")] if raw in first else []


def key_of(
    table: TableName, raw: str, rules: KeyRules, place: int | None
) -> tuple[str, tuple[dt.date, dt.date] | None]:
    """The key as it is stored, and the days that it stands for in a chart.

    Raises:
        ValueError: it cannot be one of this table; in German.
    """
    text = raw.strip()
    if not text:
        raise ValueError("der Wert fehlt")
    if table == "hours":
        hour = parse_hour(text, place=place)
        day = hour.local.date()
        if day > rules.today:
            raise ValueError(f"„{text}“ liegt in der Zukunft")
        return hour.utc.isoformat(), (day, day)
    if table == "days":
        start, end = parse_period(text)
        if end > rules.today:
            raise ValueError(f"„{text}“ liegt in der Zukunft")
        key = start.isoformat() if start == end else f"{start} - {end}"
        return key, (start, end)
    if table == "pages":
        return own_page(text, rules.site, rules.page_kinds), None
    if table == "devices":
        return device_of(text), None
    return raw, None


def _figures(
    cells: dict[str, str], columns: dict[Metric, str]
) -> tuple[tuple[int, int, float | None] | None, list[tuple[str, str]]]:
    faults: list[tuple[str, str]] = []

    def read(metric: Metric, parse: Callable[[str], Number | None]) -> Number | None:
        heading = columns.get(metric)
        if heading is None:
            return None
        try:
            return parse(cells[heading])
        except ValueError as error:
            faults.append((heading, f"„{cells[heading].strip()[:40]}“: {error}"))
            return None

    clicks, impressions = read("clicks", count_of), read("impressions", count_of)
    read("ctr", _rate)
    position = read("position", _position)
    if faults or clicks is None or impressions is None:
        return None, faults
    if impressions == 0:
        return (clicks, 0, 0.0 if "position" in columns else None), faults
    return (clicks, impressions, sum_position(position, impressions)), faults


def count_of(text: str) -> int:
    """A count of a cell.

    Raises:
        ValueError: it is none; in German.
    """
    number = parse_integer(text)
    if number is None:
        raise ValueError("die Zahl fehlt")
    if number < 0:
        raise ValueError("eine Anzahl kann nicht negativ sein")
    return number


def _rate(text: str) -> float | None:
    """CTR is recomputed from sums; it is read only to notice a damaged file."""
    return parse_percent(text) if "%" in text else parse_decimal(text)


def _position(text: str) -> float | None:
    position = parse_decimal(text)
    if position is None or position == 0:
        return None  # Google writes 0 where there is no value
    return checked_position(position)


def _sum(earlier: WindowRow | None, row: WindowRow) -> WindowRow:
    if earlier is None:
        return row
    sums = [earlier.sum_position, row.sum_position]
    position = None if None in sums else sum(value for value in sums if value is not None)
    return WindowRow(
        row.key, earlier.clicks + row.clicks, earlier.impressions + row.impressions, position, row.period
    )


@dataclass(frozen=True, slots=True)
class UiExport:
    """A valid export. ``daily`` tells whether the chart's rows are days of the whole property.

    ``rejected``: single odd rows of long lists, kept aside.
    """

    file_name: str
    site: str
    search_type: str
    period: tuple[dt.date, dt.date] | None
    filters: str
    daily: bool
    tables: dict[TableName, list[WindowRow]]
    rows_in: int
    warnings: tuple[str, ...]
    rejected: tuple[Rejection, ...] = ()
