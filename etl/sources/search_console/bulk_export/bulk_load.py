"""Import of bulk export files: recognise, check against the property, load, report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files import sites
from etl.files.archives import split_off
from etl.reports import SAMPLE_ROWS, ImportReport, counted, german_count, german_day
from etl.sources.balance import Balance, contained
from etl.sources.file_kind import ImportRequest, WholeFiles, delete_rows
from etl.sources.folding import page_folder
from etl.sources.search_console.bulk_export.bulk_cells import load_opened, replaced_days
from etl.sources.search_console.bulk_export.bulk_files import (
    BulkFile,
    TableKind,
    csv_header,
    kind_of,
    kind_of_file,
    open_files,
)
from etl.sources.search_console.grains import SOURCE
from etl.store.ledger import Outcome, finish_run, start_run
from portalkompass.schema import DAY_GRAINS
from portalkompass.settings import Settings


def bulk_files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Split paths into bulk export files (folders searched) and everything else."""
    return split_off(paths, is_bulk)


def is_bulk(path: Path) -> bool:
    """Parquet, or a CSV (also gzip) whose first line names the columns of a bulk export."""
    if not path.is_file():
        return False
    if path.suffix.lower() == ".parquet":
        return True
    if path.suffix.lower() not in {".csv", ".gz"}:
        return False
    return kind_of(set(csv_header(path))) is not None


def _handle(
    connection: Connection, paths: Sequence[Path], request: ImportRequest, write: bool
) -> list[ImportReport]:
    """A report a table.

    All files of a table are one whole: ``bq extract`` shares the rows of a day out over its files, and whole
    days are replaced.

    Raises:
        LoadError: unreadable, of another property, or with rows that cannot be.
    """
    tables: dict[TableKind, list[Path]] = {}
    for path in paths:
        tables.setdefault(kind_of_file(connection, path), []).append(path)
    return [_import_table(connection, kind, tables[kind], request, write) for kind in sorted(tables)]


def _import_table(
    connection: Connection, kind: TableKind, paths: Sequence[Path], request: ImportRequest, write: bool
) -> ImportReport:
    file = open_files(connection, kind, paths, request.settings.current_day())
    _refuse_strangers(connection, file, request)
    replaced = replaced_days(connection, file)
    run_id = _load(connection, file, request.settings) if write else ""
    table = "searchdata_site_impression" if file.kind == "site" else "searchdata_url_impression"
    span = f"{german_day(file.first)} bis {german_day(file.last)}"
    return ImportReport(
        kind="bulk_export",
        file_name=file.name,
        source=SOURCE,
        site=", ".join(file.sites),
        period_start=file.first,
        period_end=file.last,
        rows_in=file.rows,
        rows_loaded=file.rows,
        rows_rejected=0,
        message=f"{file.name}: Bulk-Export ({table}), {counted(file.rows, 'Zeile', 'Zeilen')}, {span}.",
        warnings=(*((_replacing(replaced),) if replaced else ()), *_pageless(file)),
        recognised=f"Bulk-Export der Search Console ({table})",
        reasons=("Spalten des Bulk-Exports",),
        contained=contained(Balance("Klicks", file.rows, file.rows, file.clicks, file.clicks)),
        sample=_sample(connection),
        run_id=run_id,
    )


def _load(connection: Connection, file: BulkFile, settings: Settings) -> str:
    """Store the opened files; the id of the run, whose message tells what became of the rows."""
    run = start_run(SOURCE, site=file.sites[0], file_name=file.name)
    stored = load_opened(connection, run, file, page_folder(settings.page_kinds))
    outcome = Outcome(
        "done",
        f"{counted(file.rows, 'Zeile', 'Zeilen')} gelesen, {german_count(stored)} nach Zusammenfassung "
        f"gespeichert.",
        rows_in=file.rows,
        rows_loaded=file.rows,
        first_date=file.first,
        last_date=file.last,
    )
    finish_run(connection, run, outcome)
    return run.run_id


def _pageless(file: BulkFile) -> tuple[str, ...]:
    if not file.pageless:
        return ()
    rows = counted(
        file.pageless, "anonymisierte Discover-Zeile nennt", "anonymisierte Discover-Zeilen nennen"
    )
    return (
        f"{rows} keine Seite ({counted(file.pageless_clicks, 'Klick', 'Klicks')}); sie zählen in den Summen "
        f"der Property "
        "und gehören zu keiner Seite.",
    )


def _replacing(days: int) -> str:
    """Loading the parts of one export one by one would keep the last part only: worth a word before and after."""
    lay = counted(days, "Tag lag", "Tage lagen")
    return (
        f"{lay} schon aus einem Bulk-Export vor und {'wird' if days == 1 else 'werden'} ersetzt. Die Teile eines "
        "Exports bitte zusammen laden (als Ordner)."
    )


def _refuse_strangers(connection: Connection, file: BulkFile, request: ImportRequest) -> None:
    expected = {request.site} if request.site else set(sites.known_sites(connection, request.settings))
    strange = [site for site in file.sites if expected and site not in expected]
    if strange:
        raise LoadError(
            f"{file.name} gehört zu einer anderen Property ({', '.join(strange)}); erwartet wird "
            f"{', '.join(sorted(expected))}. Bitte die Dateien jener Property laden oder --site angeben."
        )


def _sample(connection: Connection) -> tuple[dict[str, object], ...]:
    rows = connection.execute(f"SELECT * FROM bulk LIMIT {SAMPLE_ROWS}")
    names = [column[0] for column in rows.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in rows.fetchall())


def _take_back(connection: Connection, run_id: str, _settings: Settings) -> int:
    """The days that the ledger still ascribes to this file, grain by grain: a later load has taken over the others."""
    ascribed = """
        origin = 'bulk_export' AND (site, search_type, date) IN (
            SELECT (site, search_type, date) FROM ingest_ledger
            WHERE run_id = $1 AND grain = $2 AND origin = 'bulk_export')
    """
    return sum(delete_rows(connection, table, ascribed, [run_id, table.name]) for table in DAY_GRAINS)


BULK_EXPORT = WholeFiles(
    name="bulk_export",
    split=bulk_files,
    handle=_handle,
    take_back=_take_back,
    # What it replaced is not known: the ledger kept the newest load of each day only.
    gone=(
        " Für diese Tage ist jetzt nichts mehr geladen; der nächste Lauf über die Schnittstelle holt sie, "
        "soweit Google sie noch hat."
    ),
)
