"""A portal export parsed column by column: good rows as Arrow columns, the others with their reason.

Each column is reduced to its distinct texts first, so a million rows cost a few thousand parses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.errors import LoadError
from etl.files.distinct import Cells, distinct
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, Rejection
from etl.sources.balance import Balance
from etl.sources.portal_files.cells import cell_parsers, label
from etl.sources.portal_files.columns import (
    MEASURES,
    label_beside,
    map_columns,
    refuse_breakdown,
)
from etl.sources.portal_files.file_names import period_above, period_in_name
from etl.sources.portal_files.judge import judge
from etl.sources.portal_files.rows import newest_titles, summed
from portalkompass.settings import PageKind
from portalkompass.urls import host_of

Period = tuple[dt.date, dt.date]
RAGGED = "Die Zeile hat {cells} statt {columns} Spalten."
SITE_SAMPLE = 5_000
"""Distinct addresses that tell the property; every row is held against it later."""

_WORDS = {
    "period": "period (Zeitraum)",
    "url": "url (Adresse der Seite)",
    "figure": "unique_page_views oder eine andere Zahl",
}
_ADVICE = {
    "period": "Der Zeitraum darf auch im Dateinamen stehen, etwa „Seiten 2025-11.csv“, oder mit --period angegeben "
    "werden. ",
    "url": "Gebraucht wird ein Bericht mit einer Zeile je Seite, keine Summe je Tag. ",
    "figure": "Gebraucht wird eine Spalte mit Seitenansichten, Besuchen, Starts, Anträgen oder Fällen. ",
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
    periods: tuple[Period, ...]
    rejected: tuple[Rejection, ...]
    sample: tuple[dict[str, Any], ...]
    balance: Balance
    period_from: str = ""


def can_be_mapped(sheet: Sheet, configured: Mapping[str, str]) -> bool:
    """Whether a person can help: something is missing that another column, or a period by hand, may be."""
    try:
        heading_of = map_columns(sheet, configured)
    except LoadError:
        return True
    missing = _missing(sheet, heading_of, None)
    free = [heading for heading in sheet.header if heading not in heading_of.values()]
    return bool(missing) and (bool(free) or missing == ["period"])


def addresses(sheet: Sheet, configured: Mapping[str, str], period: Period | None = None) -> list[str]:
    """Distinct web addresses of the file as it spells them, enough to tell its property.

    Raises:
        LoadError: a needed column is missing or the file has no rows.
    """
    heading_of = _columns(sheet, configured, period)
    if not sheet.rows and not sheet.ragged:
        raise LoadError(
            f"{sheet.file_name}: Die Datei enthält keine Zeilen. Bitte Zeitraum und Filter "
            f"prüfen und neu exportieren."
        )
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
    judged = judge(sheet, heading_of, cells)
    rows, periods = summed(cells, judged.good)
    return PortalRows(
        file_name=sheet.file_name,
        rows_in=sheet.rows + len(sheet.ragged),
        rows_loaded=int(judged.good.sum()),
        rows=rows,
        titles=newest_titles(cells, judged.good),
        periods=periods,
        rejected=judged.rejected,
        sample=tuple(rows.slice(0, SAMPLE_ROWS).to_pylist()),
        balance=judged.balance,
        period_from=origin,
    )


def _columns(sheet: Sheet, configured: Mapping[str, str], period: Period | None) -> dict[str, str]:
    try:
        heading_of = map_columns(sheet, configured)
    except LoadError as error:
        raise LoadError(f"{sheet.file_name}: {error}") from None
    missing = _missing(sheet, heading_of, period)
    if missing:
        advice = _ADVICE["url" if "url" in missing else missing[0]]
        mapping = (
            "Steht sie unter einer anderen Überschrift da, lässt sie sich in der App unter „Daten“ zuordnen."
        )
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte {', '.join(_WORDS[name] for name in missing)}; vorhanden sind "
            f"{', '.join(sheet.header)}. {advice}{mapping if can_be_mapped(sheet, configured) else ''}".rstrip()
        )
    return heading_of


def _missing(sheet: Sheet, heading_of: Mapping[str, str], period: Period | None) -> list[str]:
    """Which of period, page and figure nothing tells."""
    told = {*heading_of, *({"period"} if _named_period(sheet, period)[1] else ())}
    missing = [name for name in ("period", "url") if name not in told]
    return missing if told & set(MEASURES) else [*missing, "figure"]


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
        raise LoadError(
            f"{sheet.file_name}: Der Zeitraum aus {origin} liegt in der Zukunft. Bitte berichtigen."
        )
    return Cells([sheet.file_name], [period], {}, np.zeros(sheet.rows, dtype=np.int32))
