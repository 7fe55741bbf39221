"""Import of files: recognise each by its content, check it, load all of one call together or none.

Which kinds there are says `file_kinds`. The kind follows from the columns, never from the file's name alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.archives import SourceFile, existing, expand
from etl.files.distinct import is_total
from etl.files.kinds.kind import Recognition
from etl.files.kinds.registry import recognise
from etl.files.kinds.search_kinds import FILTERS
from etl.files.tabular import Sheet, read_sheets
from etl.files.workbooks import HIDDEN
from etl.operations.file_kinds import FILE_KINDS, TABLE_KINDS
from etl.operations.kept_files import Loaded, keep_originals
from etl.operations.profiles import profile_of
from etl.reports import ImportReport, RowFaults
from etl.sources.file_kind import Edit, ImportRequest, TableKind, WholeFiles
from etl.store.ledger import Outcome, finish_run, keep_aside, start_run
from etl.store.load import transaction
from etl.store.publish import draft, published_state
from portalkompass.operations.originals import bound
from portalkompass.settings import Settings


@dataclass
class _Batch:
    """Tables that are imported as one: a single one, or all of one export; ``beside``: sheets that nobody knows."""

    kind: TableKind
    group: str
    tables: list[tuple[SourceFile, Sheet]]
    found: Recognition
    beside: list[str] = field(default_factory=list)
    paths_beside: list[Path] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """The files that it is made of, each once."""
        return list(dict.fromkeys([*(file.path for file, _ in self.tables), *self.paths_beside]))


@dataclass(frozen=True, slots=True)
class Recognised:
    """The files of one import, each known for what it is; nothing of them is checked or loaded yet."""

    request: ImportRequest
    whole: list[tuple[WholeFiles, list[Path]]]
    batches: list[_Batch]


def import_paths(
    paths: Sequence[Path],
    settings: Settings,
    *,
    site: str | None = None,
    as_of: dt.date | None = None,
    profile: str | None = None,
    edit: Edit | None = None,
    period: tuple[dt.date, dt.date] | None = None,
    decisions: Mapping[str, str] | None = None,
    confirmed: bool = False,
    preview: bool = False,
) -> list[ImportReport]:
    """Import every file behind ``paths`` in one draft and one transaction; one report per file or export.

    ``preview`` reads, validates and compares with the published state and writes nothing at all. A file
    that is refused because of single rows leaves the facts unchanged, but its run and the faulty rows
    are recorded; a file that is refused as a whole leaves no trace. ``edit`` marks an OZG list as edited
    in the app; it is refused if the list was changed since it was opened. ``period``: that of rows which name none.
    ``decisions``: which service a person gave to names of a directory (`etl.sources.directory.decisions`).
    ``confirmed``: a person has answered the questions of the preview with yes.

    Raises:
        LoadError: a file cannot be used; one German sentence with file, line and column.
    """
    if not paths:
        raise LoadError("Es wurde keine Datei angegeben. Bitte eine nennen.")
    saved = profile_of(settings, profile) if profile is not None else None
    recognised = recognise_files(paths, ImportRequest(settings, site, as_of, saved, edit, period, decisions))
    if preview:
        with published_state(settings) as connection:
            return [loaded.report for loaded in load_files(connection, recognised, write=False)]
    try:
        with draft(settings) as connection, transaction(connection):
            done = load_files(connection, recognised, write=True, confirmed=confirmed)
            reports = keep_originals(connection, done, recognised.request)
    except RowFaults as faults:
        _record(faults, settings)
        raise
    bound(settings, settings.current_day())
    return reports


def recognise_files(paths: Sequence[Path], request: ImportRequest) -> Recognised:
    """What the files behind ``paths`` are.

    Raises:
        LoadError: one is of no known kind, or cannot be read.
    """
    whole, rest = _whole_files([existing(path) for path in paths])
    return Recognised(request, whole, _recognise(expand(rest), request) if rest else [])


def load_files(
    connection: Connection, recognised: Recognised, *, write: bool, confirmed: bool = False
) -> list[Loaded]:
    """Check all files and, if ``write``, load them into the open draft; one report per file or export.

    Raises:
        LoadError: one cannot be used, or a question about it has not been answered.
    """
    request = recognised.request
    done = [
        Loaded(report, own)
        for kind, own in recognised.whole
        for report in (kind.handle(connection, own, request, write) if own else ())
    ]
    done += [Loaded(_import(connection, batch, request, write), batch.paths) for batch in recognised.batches]
    questions = [question for loaded in done for question in loaded.report.questions]
    if questions and write and not confirmed:
        raise LoadError(f"{' '.join(questions)} Wenn ja, bitte noch einmal mit --confirm laden.")
    return done


def _whole_files(paths: Sequence[Path]) -> tuple[list[tuple[WholeFiles, list[Path]]], list[Path]]:
    """Files that are imported as they are, by kind, and the other paths."""
    rest = list(paths)
    whole = []
    for kind in FILE_KINDS:
        if isinstance(kind, WholeFiles):
            own, rest = kind.split(rest)
            whole.append((kind, own))
    return whole, rest


def _recognise(files: Sequence[SourceFile], request: ImportRequest) -> list[_Batch]:
    """Single tables first, then exports of several tables.

    Raises:
        LoadError: a table is of no known kind.
    """
    batches: list[_Batch] = []
    strangers: list[tuple[SourceFile, Sheet, Recognition]] = []
    empty: list[LoadError] = []
    for file in files:
        for sheet in _sheets(file, empty):
            kind, found = _kind_of(sheet, request)
            group = _group(file, sheet)
            export = next(
                (b for b in batches if b.kind is kind and b.kind.together and b.group == group), None
            )
            if kind is None:
                strangers.append((file, sheet, found))
            elif export is not None:
                export.tables.append((file, sheet))
            else:
                batches.append(_Batch(kind, group, [(file, sheet)], found))
    batches = _with_their_filters(_without_minor_sheets(batches))
    # Of an export that is not loaded, the table that says most about it names it.
    for file, sheet, found in sorted(strangers, key=lambda stranger: not _tells(stranger[2])):
        neighbours = [batch for batch in batches if batch.group == _group(file, sheet)]
        batch = next((b for b in neighbours if b.kind.together), neighbours[0] if neighbours else None)
        # Beside a known table a sheet of notes is passed over; a file of its own that nobody knows is not.
        loose = batch is not None and not batch.kind.together and sheet.name == file.stem
        if batch is None or loose or _tells(found):
            raise _refusal(sheet, found, request)
        batch.beside.append(sheet.file_name)
        batch.paths_beside.append(file.path)
    if empty:
        raise empty[0]
    return sorted(batches, key=lambda batch: batch.kind.together)


def _with_their_filters(batches: list[_Batch]) -> list[_Batch]:
    """A table of filters that lies beside one other export alone belongs to that."""
    kept = []
    for batch in batches:
        others = [
            one for one in batches if one is not batch and one.kind.together and one.group == batch.group
        ]
        only_filters = all(recognise(sheet).name == FILTERS for _, sheet in batch.tables)
        if batch.kind.together and only_filters and len(others) == 1:
            others[0].tables += batch.tables
        else:
            kept.append(batch)
    return kept


def _without_minor_sheets(batches: list[_Batch]) -> list[_Batch]:
    """Sums and the like on a further sheet of a workbook lie beside the sheet that holds the pages."""
    kept = []
    for batch in batches:
        file, sheet = batch.tables[0]
        minor = batch.found.kind is not None and batch.found.kind.minor and sheet.name != file.stem
        minor = minor or is_total(sheet.name)
        main = next((other for other in batches if minor and _same_book(other, batch)), None)
        if main is None:
            kept.append(batch)
        else:
            main.beside.append(sheet.file_name)
    return kept


def _same_book(other: _Batch, batch: _Batch) -> bool:
    return (
        other is not batch
        and other.tables[0][0] == batch.tables[0][0]
        and other.found.kind is not None
        and not other.found.kind.minor
        and not is_total(other.tables[0][1].name)
    )


def _tells(found: Recognition) -> bool:
    """Whether the table is of a kind that is known and not loaded."""
    return found.kind is not None and not found.kind.minor


def _kind_of(sheet: Sheet, request: ImportRequest) -> tuple[TableKind | None, Recognition]:
    """The profile's kind where one was named and fits, else that of the registry."""
    if sheet.fault:
        return None, Recognition(None)
    found = recognise(sheet, request.settings.portal.columns)
    profile = request.profile
    if profile is not None:
        named = (kind for kind in TABLE_KINDS if kind.name == profile.kind and profile.fits(sheet))
        mapped = Recognition(None, reasons=(f"Zuordnung „{profile.name}“",))
        return next(named, None), mapped
    reader = found.kind.reader if found.kind else ""
    return next((kind for kind in TABLE_KINDS if kind.name == reader), None), found


def _import(connection: Connection, batch: _Batch, request: ImportRequest, write: bool) -> ImportReport:
    """Check, and if ``write`` load with an entry in the list of runs."""
    checked = batch.kind.check(connection, batch.tables, batch.beside, request)
    report = _described(checked.report, batch)
    if write:
        run = start_run(report.source, site=report.site, file_name=report.file_name)
        checked.store(connection, run)
        finish_run(connection, run, _outcome(report))
        report = replace(report, run_id=run.run_id)
    if batch.beside and not batch.kind.together:
        report = replace(report, warnings=(*report.warnings, *_left_out(batch.beside)))
    return report


def _left_out(beside: list[str]) -> list[str]:
    """Sentences on the worksheets beside the loaded ones, by why they were not loaded."""
    names = [name.rpartition("Blatt ")[2] for name in beside]
    hidden = [name.removesuffix(HIDDEN) for name in names if name.endswith(HIDDEN)]
    others = [name for name in names if not name.endswith(HIDDEN)]
    told = (("ausgeblendet", hidden), ("nicht erkannt oder nur Summe", others))
    return [f"Nicht geladen, weil {why}: Blatt {', '.join(which)}." for why, which in told if which]


def _described(report: ImportReport, batch: _Batch) -> ImportReport:
    """With the words for what was recognised, unless the reader knows better."""
    label = batch.found.kind.label if batch.found.kind else ""
    reasons = report.reasons or batch.found.reasons
    if len(batch.tables) > 1:
        label = f"Export der Search Console mit {len(batch.tables)} Tabellen"
        reasons = (f"Tabellen {', '.join(sheet.name for _, sheet in batch.tables)}", *reasons)
    if batch.found.leftover and batch.kind.fields and reasons:
        reasons = (*reasons, f"nicht benutzt: {', '.join(batch.found.leftover)}"[:300])
    return replace(report, recognised=report.recognised or label, reasons=reasons)


def _outcome(report: ImportReport) -> Outcome:
    return Outcome(
        "partial" if report.rows_rejected else "done",
        report.message,
        rows_in=report.rows_in,
        rows_loaded=report.rows_loaded,
        rows_rejected=report.rows_rejected,
        first_date=report.period_start,
        last_date=report.period_end,
    )


def _refusal(sheet: Sheet, found: Recognition, request: ImportRequest) -> LoadError:
    if sheet.fault:
        return LoadError(sheet.fault)
    if found.kind is not None and request.profile is None:
        return LoadError(f"{sheet.file_name}: {found.kind.advice}")
    headings = ", ".join(sheet.header)[:200]
    advice = "Stehen diese Angaben unter anderen Überschriften da, lassen sie sich in der App unter „Daten“ zuordnen."
    if len(sheet.header) < 2 or not sheet.rows:  # noqa: PLR2004 nothing to map
        advice = "Bitte die Datei so laden, wie das Programm sie ausgibt."
    if request.profile is not None:
        used = ", ".join(heading for heading, name in request.profile.columns.items() if name)
        return LoadError(
            f"{sheet.file_name}: Das Profil „{request.profile.name}“ passt nicht zu dieser Datei. Es kennt die "
            f"Spalten {used[:200]}; gefunden wurden {headings}."
        )
    return LoadError(
        f"{sheet.file_name}: Die Datei wird nicht erkannt. Erwartet wird ein Export der Search Console, "
        "eine Portaldatei (Spalten für Zeitraum, Seite und Zahlen), die OZG-Liste, die Open-PVOG-Liste, Fallzahlen, "
        "Rückmeldungen, Angebote von Onlinediensten oder Zahlen des Dashboards (Spalten für Leistung und Monat); "
        f"gefunden wurden die Spalten {headings}. {advice}"
    )


def _group(file: SourceFile, sheet: Sheet) -> str:
    """Tables of one export lie in one folder or archive, or are the worksheets of one workbook."""
    return file.folder if sheet.name == file.stem else f"{file.folder}/{file.name}"


def _sheets(file: SourceFile, empty: list[LoadError]) -> list[Sheet]:
    """Its tables; an empty file has none and goes to ``empty``, unless it may be so: what it is part of says more."""
    try:
        return read_sheets(file)
    except LoadError as error:
        if "ist leer" not in str(error):
            raise
        if not any(kind.may_be_empty and kind.may_be_empty(file) for kind in TABLE_KINDS):
            empty.append(error)
        return []


def _record(faults: RowFaults, settings: Settings) -> None:
    """Keep the refused rows and the failed run; the facts stay as they are."""
    with draft(settings) as connection, transaction(connection):
        run = start_run(faults.source, site=faults.site, file_name=faults.file_name)
        keep_aside(connection, run, faults.faults)
        rejected = len(faults.faults)
        finish_run(
            connection, run, Outcome("failed", str(faults), rows_in=faults.rows_in, rows_rejected=rejected)
        )
