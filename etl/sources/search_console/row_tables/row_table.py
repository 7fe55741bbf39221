"""Import of a table of several dimensions: whole days of its grain, only where no better source has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection

from etl.errors import LoadError
from etl.files import sites
from etl.files.kinds.search_kinds import ROWS
from etl.files.tabular import Sheet
from etl.reports import SAMPLE_ROWS, ImportReport, RowFaults, counted, german_count, german_day
from etl.sources.balance import balance_warnings, contained, percent, too_little
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_rows,
    rejected_warning,
)
from etl.sources.search_console.grains import SOURCE
from etl.sources.search_console.row_tables.row_cells import RowRules, RowTable, dimensions_of, parse_rows
from etl.store.ledger import Run, keep_aside, ledger_rows
from etl.store.load import append
from portalkompass.schema import DAY_GRAINS, INGEST_LEDGER, SEARCH_APPEARANCE_DAY, SEARCH_SITE_DAY
from portalkompass.settings import Settings
from portalkompass.urls import host_of, normalise

ORIGIN = "ui_export"
"""What a person has exported; the API's days and the bulk export's go before it."""
FIELDS = (
    "date",
    "query",
    "page",
    "country",
    "device",
    "appearance",
    "clicks",
    "impressions",
    "ctr",
    "position",
)
_GRAIN_WORDS = {
    "search_site_day": "Tage",
    "search_segment_day": "Tag × Land × Gerät",
    "search_query_day": "Tag × Suchanfrage",
    "search_page_day": "Tag × Seite",
    "search_page_query_day": "Tag × Seite × Suchanfrage",
    "search_appearance_day": "Tag × Darstellungsart",
}


def _check(
    connection: DuckDBPyConnection, tables: Tables, _beside: Sequence[str], request: ImportRequest
) -> Checked:
    ((file, sheet),) = tables
    settings = request.settings
    known = _known(request)
    dimensions = dimensions_of(sheet, known)
    if not sheet.rows:
        raise LoadError(f"{sheet.file_name}: Die Tabelle enthält keine Zeilen. Bitte neu exportieren.")
    site = _site(connection, sheet, dimensions, request, sites.site_in_name(file.stem))
    label = f"{file.group} {file.stem}".lower()
    named = "discover" if "discover" in label else "googleNews" if "google-news" in label else ""
    rules = RowRules(site, settings.page_kinds, settings.current_day(), named or "web")
    parsed = parse_rows(sheet, dimensions, rules, known)
    report = _report(connection, parsed, site, told=bool(named) or "search_type" in dimensions)
    return Checked(report, lambda connection, run: _store(connection, parsed, settings, run))


def _known(request: ImportRequest) -> Mapping[str, str]:
    profile = request.profile
    return profile.columns if profile is not None and profile.kind == ROWS else {}


def _site(
    connection: DuckDBPyConnection,
    sheet: Sheet,
    dimensions: Mapping[str, str],
    request: ImportRequest,
    hint: str,
) -> str:
    """The property: its own column, else the pages' hosts, else what is known.

    Raises:
        LoadError: several properties in one table, another one, or nothing tells it.
    """
    named = _distinct(sheet, dimensions.get("property"))
    if len(named) > 1:
        raise LoadError(
            f"{sheet.file_name}: Die Tabelle enthält mehrere Properties ({', '.join(named[:3])} …). Bitte "
            f"je Property eine Datei "
            "exportieren."
        )
    pages = [text for text in _distinct(sheet, dimensions.get("page")) if host_of(normalise(text))]
    known = sites.known_sites(connection, request.settings)
    column = sites.checked_site(named[0]) if named else ""
    return sites.choose_site(sheet.file_name, pages, explicit=request.site, known=known, hint=column or hint)


def _distinct(sheet: Sheet, heading: str | None) -> list[str]:
    if heading is None:
        return []
    values = sheet.columns[heading].unify_dictionaries().unique().to_pylist()
    return [text for value in values if (text := str(value or "").strip())]


def _report(connection: DuckDBPyConnection, parsed: RowTable, site: str, *, told: bool) -> ImportReport:
    """What loading the table would do.

    Raises:
        RowFaults: too much of it cannot be read.
    """
    count, rejected = parsed.balance.rows_loaded, len(parsed.rejected)
    because = too_little(parsed.balance)
    if not count or because:
        raise RowFaults(SOURCE, parsed.file_name, parsed.balance.rows, parsed.rejected, site, because)
    days = sorted({day for _, day in _slices(parsed)})
    taken = _taken(connection, parsed, site)
    words = _GRAIN_WORDS[parsed.table.name]
    message = (
        f"Suchdaten für {site} ({', '.join(parsed.search_types)}) vom {german_day(days[0])} bis "
        f"{german_day(days[-1])}: "
        f"{german_count(count)} von {counted(parsed.balance.rows, 'Zeile', 'Zeilen')}, geführt je {words}"
    )
    if taken:
        lay = counted(len(taken), "Tag lag", "Tage lagen")
        message += (
            f" ({lay} schon aus der Schnittstelle vor und {'bleibt' if len(taken) == 1 else 'bleiben'})"
        )
    warnings = [
        *rejected_warning(parsed.rejected, parsed.file_name),
        *balance_warnings(parsed.balance),
        *parsed.warnings,
        *_against_property(connection, parsed, site),
    ]
    if not told:
        kinds = ", ".join(parsed.search_types)
        warnings.append(
            f"Welcher Suchtyp es ist und ob gefiltert wurde, sagt die Tabelle nicht; sie wird unter "
            f"„{kinds}“ abgelegt."
        )
    return ImportReport(
        kind=ROWS,
        file_name=parsed.file_name,
        source=SOURCE,
        site=site,
        period_start=days[0],
        period_end=days[-1],
        rows_in=parsed.balance.rows,
        rows_loaded=count,
        rows_rejected=rejected,
        message=f"{message}.",
        warnings=tuple(warnings),
        sample=tuple(_plain(row) for row in parsed.rows.head(SAMPLE_ROWS).to_dict("records")),
        contained=contained(parsed.balance),
        recognised=f"Search Console, Tabelle je {words}",
    )


def _plain(row: Mapping[object, object]) -> dict[str, object]:
    return {str(name): value for name, value in row.items() if name not in ("sum_position", "search_type")}


def _against_property(connection: DuckDBPyConnection, parsed: RowTable, site: str) -> list[str]:
    """What share of the property's clicks the rows name, over the days that both have."""
    if parsed.table is SEARCH_SITE_DAY:
        return []
    sums = parsed.rows.groupby(["search_type", "date"])["clicks"].sum()
    days = sorted({day for _, day in sums.index})
    totals = connection.execute(
        "SELECT search_type, date, clicks FROM search_site_day WHERE site = ? AND date IN (SELECT "
        "unnest(?::DATE[]))",
        [site, days],
    ).fetchall()
    whole = {(search_type, day): clicks for search_type, day, clicks in totals}
    listed = sum(int(clicks) for key, clicks in sums.items() if key in whole)
    property_clicks = sum(whole[key] for key in sums.index if key in whole)
    if not property_clicks:
        return []
    return [
        f"Die Zeilen nennen {german_count(listed)} Klicks, die Property hat an denselben Tagen "
        f"{german_count(property_clicks)} ({percent(listed / property_clicks)})."
    ]


def _taken(connection: DuckDBPyConnection, parsed: RowTable, site: str) -> set[tuple[str, dt.date]]:
    """Days of the grain that the API or the bulk export has, an empty answer included."""
    rows = connection.execute(
        f"""
        SELECT DISTINCT search_type, date FROM "{parsed.table.name}" WHERE site = $1 AND origin <> $2
        UNION
        SELECT search_type, date FROM ingest_ledger
        WHERE source = $3 AND site = $1 AND grain = $4 AND origin <> $2 AND state <> 'failed'
        """,
        [site, ORIGIN, SOURCE, parsed.table.name],
    ).fetchall()
    return {(search_type, day) for search_type, day in rows} & set(_slices(parsed))


def _slices(parsed: RowTable) -> list[tuple[str, dt.date]]:
    """Search type and day of all rows, each once."""
    distinct = parsed.rows[["search_type", "date"]].drop_duplicates()
    return [(str(search_type), day) for search_type, day in distinct.itertuples(index=False)]


def _store(connection: DuckDBPyConnection, parsed: RowTable, settings: Settings, run: Run) -> None:
    """Whole days of the grain are replaced; the API's days stay."""
    taken = _taken(connection, parsed, run.site)
    slices = pd.MultiIndex.from_frame(parsed.rows[["search_type", "date"]])
    rows = parsed.rows[~slices.isin(taken)] if taken else parsed.rows
    for search_type, day in set(_slices(parsed)) - taken:
        connection.execute(
            f'DELETE FROM "{parsed.table.name}" WHERE site = ? AND search_type = ? AND date = ?',
            [run.site, search_type, day],
        )
        connection.execute(
            "DELETE FROM ingest_ledger WHERE source = ? AND site = ? AND search_type = ? AND grain = ? AND "
            "date = ?",
            [SOURCE, run.site, search_type, parsed.table.name, day],
        )
    if len(rows):
        facts = pa.Table.from_pandas(rows, preserve_index=False)
        constants = {
            name: pa.repeat(pa.scalar(text), len(rows))
            for name, text in (("site", run.site), ("origin", ORIGIN))
        }
        for name, column in constants.items():
            facts = facts.append_column(name, column)
        append(connection, parsed.table, facts)
        entries = _entries(rows, parsed.cut)
        ledger = ledger_rows(run, entries, settings.today, grain=parsed.table.name, origin=ORIGIN)
        append(connection, INGEST_LEDGER, ledger)
    keep_aside(connection, run, parsed.rejected)


def _entries(rows: pd.DataFrame, cut: frozenset[dt.date]) -> list[dict[str, object]]:
    """An entry of the ledger for each search type and day."""
    grouped = rows.groupby(["search_type", "date"])
    sums = grouped.agg(rows=("clicks", "size"), clicks=("clicks", "sum"), impressions=("impressions", "sum"))
    return [
        {
            "search_type": slice_["search_type"],
            "date": slice_["date"],
            "rows": int(slice_["rows"]),
            "clicks": int(slice_["clicks"]),
            "impressions": int(slice_["impressions"]),
            "capped": slice_["date"] in cut,
            "state": "capped" if slice_["date"] in cut else "final",
        }
        for slice_ in sums.reset_index().to_dict("records")
    ]


def _take_back(connection: DuckDBPyConnection, run_id: str, _settings: Settings) -> int:
    """The days that the ledger still ascribes to this import; days of the property go with the export's own rule."""
    ascribed = """
        d.origin = 'ui_export' AND EXISTS (
            SELECT 1 FROM ingest_ledger l WHERE l.run_id = $1 AND l.grain = $2 AND l.origin = 'ui_export'
            AND l.site = d.site AND l.search_type = d.search_type AND l.date = d.date)
    """
    tables = [table for table in (*DAY_GRAINS, SEARCH_APPEARANCE_DAY) if table is not SEARCH_SITE_DAY]
    return sum(delete_rows(connection, table, ascribed, [run_id, table.name]) for table in tables)


ROW_TABLE = TableKind(name=ROWS, check=_check, fields=FIELDS, take_back=_take_back)
