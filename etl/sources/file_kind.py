"""What a kind of file must say of itself to be imported, and what imports of all kinds share.

Adding a kind: its own folder and one line in `etl.operations.file_kinds.FILE_KINDS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from duckdb import DuckDBPyConnection as Connection

from etl.files.archives import SourceFile
from etl.files.tabular import Sheet
from etl.reports import ImportReport, Rejection, counted, fault_sentence
from etl.store.ledger import Run, ledger_rows
from etl.store.load import replace_slice
from portalkompass.schema import INGEST_LEDGER, Table
from portalkompass.settings import Settings


@dataclass(frozen=True, slots=True)
class Profile:
    """Saved meaning of headings: ``columns`` maps them to the fields of ``kind``; an empty field leaves one out."""

    name: str
    kind: str
    columns: Mapping[str, str]

    def fits(self, sheet: Sheet) -> bool:
        """Whether the sheet has at least one of the headings that the profile uses."""
        used = {heading.strip().lower() for heading, field in self.columns.items() if field}
        return any(heading.lower() in used for heading in sheet.header)


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit in the app: who made it, and the run whose state was opened for it ("" = none was there)."""

    by: str
    base: str


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the person said about the files of one import."""

    settings: Settings
    site: str | None = None
    as_of: dt.date | None = None
    profile: Profile | None = None
    edit: Edit | None = None
    period: tuple[dt.date, dt.date] | None = None
    decisions: Mapping[str, str] | None = None
    """Of a directory: name in the list → id of the service that it is, "" for one of its own."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that can be loaded: what is told about it, and what puts its rows into an open draft."""

    report: ImportReport
    store: Callable[[Connection, Run], None]


Tables: TypeAlias = Sequence[tuple[SourceFile, Sheet]]


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file. ``name`` is the report's ``kind``.

    ``take_back`` removes what the run with this id loaded and returns the rows; ``gone`` is said if there were any.
    ``dated``: source, table and column of the date, for a list that has a date instead of days.
    ``replaces_all``: each load replaces whatever was loaded before. ``private``: the file holds what loading leaves
    out of sight, so that its original is not kept.
    """

    name: str
    take_back: Callable[[Connection, str, Settings], int]
    gone: str = ""
    dated: tuple[str, Table, str] | None = None
    replaces_all: bool = False
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class WholeFiles(FileKind):
    """Files that are too large to be read as text.

    ``split`` finds them among paths, the rest comes second. ``handle`` checks them, and loads them if the last
    argument is true.
    """

    split: Callable[[Sequence[Path]], tuple[list[Path], list[Path]]]
    handle: Callable[[Connection, Sequence[Path], ImportRequest, bool], list[ImportReport]]


@dataclass(frozen=True, kw_only=True)
class TableKind(FileKind):
    """Tables of text; which ones are of this kind says `etl.files.kinds`, where ``name`` is their ``reader``.

    ``check`` holds one table against the warehouse and writes nothing; with ``together`` it gets all tables of a
    folder, archive or workbook, and the names of what lay beside them unrecognised.
    ``fields``: what a profile can map headings to. ``is_complete``: whether a table of this kind needs no mapping;
    without it none does.
    """

    check: Callable[[Connection, Tables, Sequence[str], ImportRequest], Checked]
    together: bool = False
    is_complete: Callable[[Sheet, Settings], bool] | None = None
    may_be_empty: Callable[[SourceFile], bool] | None = None
    fields: tuple[str, ...] = ()


def ragged_faults(sheet: Sheet, reason: str = "{cells} statt {columns} Spalten") -> list[Rejection]:
    """Rows whose cells do not fit the header."""
    return [
        Rejection(
            sheet.file_name, row.line, "", row.text, reason.format(cells=row.cells, columns=len(sheet.header))
        )
        for row in sheet.ragged
    ]


def rejected_warning(rejected: Sequence[Rejection], file_name: str) -> tuple[str, ...]:
    """A sentence on the rows that were not loaded; none where all were."""
    if not rejected:
        return ()
    count = counted(len(rejected), "Zeile wurde", "Zeilen wurden")
    return (f"{count} abgewiesen: {fault_sentence(rejected, within=file_name)}",)


def note_list(
    connection: Connection,
    run: Run,
    table: Table,
    date: dt.date,
    rows: int,
    settings: Settings,
    *,
    only_one: bool = False,
) -> None:
    """Enter a dated list in the ledger, in place of the entry of that date, or of any date if there is ``only_one``."""
    key = {"source": run.source, "site": "", "grain": table.name} | ({} if only_one else {"date": date})
    entry = {"grain": table.name, "date": date, "state": "final", "rows": rows}
    replace_slice(connection, INGEST_LEDGER, key, ledger_rows(run, [entry], settings.today))


def delete_rows(connection: Connection, table: Table, where: str, values: Sequence[object]) -> int:
    """Delete and count; ``where`` may call the table ``d``."""
    deleted = connection.execute(f'DELETE FROM "{table.name}" AS d WHERE {where}', list(values)).fetchall()
    return int(deleted[0][0])


def delete_import(connection: Connection, table: Table, run_id: str) -> int:
    """Delete and count the rows that a run has loaded."""
    return delete_rows(connection, table, "import_id = ?", [run_id])
