"""Import of files: recognise each by its content, check it, load all of one call together or none.

Search Console exports (zip, folder, workbook or loose CSV), portal files, the OZG list and the
Open-PVOG list. The kind follows from the columns, never from the file's name alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from etl.errors import LoadError
from etl.files import sites
from etl.files.archives import SourceFile, expand
from etl.files.tabular import Sheet, read_sheets
from etl.operations.profiles import Profile, profile_of
from etl.reports import ImportReport, RowFaults
from etl.sources.ozg import load as ozg_load
from etl.sources.ozg import parse as ozg_parse
from etl.sources.ozg.mapped import in_shipped_form
from etl.sources.portal_files import load as portal_load
from etl.sources.portal_files import parse as portal_parse
from etl.sources.portal_files.columns import MEASURES, is_portal, map_columns
from etl.sources.pvog import online_services
from etl.sources.search_console.bulk_export.bulk_load import bulk_files, import_bulk
from etl.sources.search_console.ui_export import ui_export
from etl.store.ledger import Outcome, finish_run, keep_aside, start_run
from etl.store.load import transaction
from etl.store.publish import draft
from portalkompass import schema
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

__all__ = ["ImportReport", "import_paths"]

Handle = Callable[[duckdb.DuckDBPyConnection, bool], ImportReport]
"""Check one file (``False``) or load it (``True``) with the given connection."""


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the person said about the files."""

    settings: Settings
    site: str | None
    as_of: dt.date | None
    profile: Profile | None = None
    edit: ozg_load.Edit | None = None

    @property
    def columns(self) -> Mapping[str, str]:
        """Headings of portal files: those of the settings, and of the profile before them."""
        named = self.profile.columns if self.profile and self.profile.kind == "portal" else {}
        return {**self.settings.portal.columns, **named}


def import_paths(
    paths: Sequence[Path],
    settings: Settings,
    *,
    site: str | None = None,
    as_of: dt.date | None = None,
    profile: str | None = None,
    edit: ozg_load.Edit | None = None,
    preview: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[ImportReport]:
    """Import every file behind ``paths`` in one draft and one transaction; one report per file or export.

    ``preview`` reads, validates and compares with the published state and writes nothing at all. A file
    that is refused because of single rows leaves the facts unchanged, but its run and the faulty rows
    are recorded; a file that is refused as a whole leaves no trace. ``edit`` marks an OZG list as edited
    in the app; it is refused if the list was changed since it was opened.

    Raises:
        LoadError: a file cannot be used; one German sentence with file, line and column.
    """
    if not paths:
        raise LoadError("Es wurde keine Datei angegeben.")
    tell = progress or (lambda _: None)
    wishes = _Wishes(
        settings, site, as_of, profile_of(settings, profile) if profile is not None else None, edit
    )
    bulk, files = bulk_files(paths)
    handles = list(_recognise(expand(files), wishes, tell)) if files else []

    def work(connection: duckdb.DuckDBPyConnection, write: bool) -> list[ImportReport]:
        reports = import_bulk(connection, bulk, settings, site=site, write=write)
        return [*reports, *(handle(connection, write) for handle in handles)]

    if preview:
        with _published(settings) as connection:
            return work(connection, False)
    tell("Daten werden geladen")
    try:
        with draft(settings) as connection, transaction(connection):
            return work(connection, True)
    except RowFaults as faults:
        _record(faults, settings)
        raise


def _recognise(files: Sequence[SourceFile], wishes: _Wishes, tell: Callable[[str], None]) -> Iterator[Handle]:
    exports: dict[str, list[tuple[SourceFile, Sheet]]] = {}
    known: list[tuple[str, Handle]] = []
    strangers: list[tuple[SourceFile, Sheet]] = []
    for file in files:
        tell(f"{file.name} wird gelesen")
        for sheet in _sheets(file):
            if sheet.fault:
                strangers.append((file, sheet))
            elif wishes.profile is None and ui_export.is_export_table(sheet):
                exports.setdefault(_group(file, sheet), []).append((file, sheet))
            elif (handle := _single(sheet, wishes)) is not None:
                known.append((_group(file, sheet), handle))
            else:
                strangers.append((file, sheet))
    workbooks = {group for group, _ in known}
    notes: dict[str, list[str]] = {}
    for file, sheet in strangers:
        group = _group(file, sheet)
        # Beside a known table a sheet of notes is passed over; a file of its own that nobody knows is not.
        if group not in exports and (group not in workbooks or sheet.name == file.stem):
            raise _unknown(sheet, wishes)
        notes.setdefault(group, []).append(sheet.file_name)
    for group, handle in known:
        beside = notes.pop(group, []) if group not in exports else []
        yield _passed_over(handle, beside) if beside else handle
    for group, tables in exports.items():
        yield _export(tables, notes.get(group, []), wishes)


def _unknown(sheet: Sheet, wishes: _Wishes) -> LoadError:
    if sheet.fault:
        return LoadError(sheet.fault)
    found = ", ".join(sheet.header)[:200]
    if wishes.profile is not None:
        used = ", ".join(heading for heading, name in wishes.profile.columns.items() if name)
        return LoadError(
            f"{sheet.file_name}: Das Profil „{wishes.profile.name}“ passt nicht zu dieser Datei. Es kennt die "
            f"Spalten {used[:200]}; gefunden wurden {found}."
        )
    return LoadError(
        f"{sheet.file_name}: Die Datei wird nicht erkannt. Erwartet wird ein Export der Search Console, "
        "eine Portaldatei (Spalten für Zeitraum, Seite und Zahlen), die OZG-Liste oder die Open-PVOG-Liste; "
        f"gefunden wurden die Spalten {found}. Andere Überschriften lassen sich in der App unter „Daten“ zuordnen."
    )


def _passed_over(handle: Handle, sheets: Sequence[str]) -> Handle:
    """The same, with a word on the worksheets beside it that hold no known table."""
    words = ", ".join(name.rpartition("Blatt ")[2] for name in sheets)
    warning = f"Nicht geladen, weil nicht erkannt: Blatt {words}."

    def noted(connection: duckdb.DuckDBPyConnection, write: bool) -> ImportReport:
        report = handle(connection, write)
        return replace(report, warnings=(*report.warnings, warning))

    return noted


def _group(file: SourceFile, sheet: Sheet) -> str:
    """Tables of one export lie in one folder or archive, or are the worksheets of one workbook."""
    return file.folder if sheet.name == file.stem else f"{file.folder}/{file.name}"


def _sheets(file: SourceFile) -> list[Sheet]:
    try:
        return read_sheets(file)
    except LoadError as error:
        if "ist leer" in str(error) and ui_export.may_be_empty(file):
            return []
        raise


def _single(sheet: Sheet, wishes: _Wishes) -> Handle | None:
    if wishes.profile is not None:
        if not wishes.profile.fits(sheet):
            return None
        if wishes.profile.kind == "ozg":
            return _service_list(in_shipped_form(sheet, wishes.profile.columns), wishes)
        return _portal(sheet, wishes)
    if sheet.header[0].lower() in {"no data available", "keine daten verfügbar", "keine daten vorhanden"}:
        raise LoadError(f"{sheet.file_name}: Der Bericht enthält keine Daten.")
    if online_services.is_online_services(sheet):
        return _online_services(sheet, wishes)
    if ozg_parse.is_service_list(sheet):
        return _service_list(sheet, wishes)
    if is_portal(map_columns(sheet.header, wishes.columns)) or _almost_portal(sheet, wishes):
        return _portal(sheet, wishes)
    return None


def _almost_portal(sheet: Sheet, wishes: _Wishes) -> bool:
    """A portal file that lacks a needed column is told so, instead of being called unknown."""
    found = map_columns(sheet.header, wishes.columns)
    told = "url" in found or any(name in found for name in MEASURES)
    return told and len(found) >= 2  # noqa: PLR2004 two canonical columns are no coincidence


def _service_list(sheet: Sheet, wishes: _Wishes) -> Handle:
    def handle(connection: duckdb.DuckDBPyConnection, write: bool) -> ImportReport:
        today = wishes.settings.current_day()
        services = ozg_parse.parse(sheet, as_of=wishes.as_of, today=today)
        step = ozg_load.load if write else ozg_load.check
        return step(connection, services, wishes.settings, wishes.edit)

    return handle


def _online_services(sheet: Sheet, wishes: _Wishes) -> Handle:
    def handle(connection: duckdb.DuckDBPyConnection, write: bool) -> ImportReport:
        listed = online_services.parse(sheet, wishes.settings)
        if write:
            return online_services.load(connection, listed, wishes.settings)
        return online_services.check(connection, listed)

    return handle


def _portal(sheet: Sheet, wishes: _Wishes) -> Handle:
    settings = wishes.settings

    def handle(connection: duckdb.DuckDBPyConnection, write: bool) -> ImportReport:
        columns = wishes.columns
        addresses = portal_parse.addresses(sheet, columns)
        if not sheet.rows:
            faults = portal_parse.ragged_faults(sheet)
            raise RowFaults(settings.portal.source, sheet.file_name, len(faults), faults)
        site = sites.choose_site(
            sheet.file_name,
            addresses,
            explicit=wishes.site,
            known=sites.known_sites(connection, settings),
        )
        host = sites.host_of_paths(connection, settings, site)
        if not addresses and not host:
            raise LoadError(
                f"{sheet.file_name}: Die Datei nennt nur Pfade wie „/leistung/…“, und {site} umfasst mehrere "
                "Hosts. Welcher gemeint ist, sagt die Einstellung portal.host."
            )
        rows = portal_parse.parse(
            sheet, columns, site=site, page_kinds=settings.page_kinds, today=settings.current_day(), host=host
        )
        step = portal_load.load if write else portal_load.check
        return step(connection, rows, site=site, settings=settings)

    return handle


def _export(tables: Sequence[tuple[SourceFile, Sheet]], skipped: Sequence[str], wishes: _Wishes) -> Handle:
    def handle(connection: duckdb.DuckDBPyConnection, write: bool) -> ImportReport:
        known = sites.known_sites(connection, wishes.settings)
        export = ui_export.parse(tables, wishes.settings, site=wishes.site, known=known, skipped=skipped)
        step = ui_export.load if write else ui_export.check
        return step(connection, export, wishes.settings)

    return handle


@contextmanager
def _published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published state to compare with, read-only; an empty warehouse before the first load."""
    snapshot = snapshots.published(settings.warehouse_dir)
    if snapshot is not None:
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            yield connection
        return
    with duckdb.connect(":memory:") as connection:
        for statement in schema.ddl():
            connection.execute(statement)
        yield connection


def _record(faults: RowFaults, settings: Settings) -> None:
    """Keep the refused rows and the failed run; the facts stay as they are."""
    with draft(settings) as connection, transaction(connection):
        run = start_run(faults.source, site=faults.site, file_name=faults.file_name)
        keep_aside(connection, run, faults.faults)
        rejected = len(faults.faults)
        finish_run(
            connection, run, Outcome("failed", str(faults), rows_in=faults.rows_in, rows_rejected=rejected)
        )
