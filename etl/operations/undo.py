"""Take one import back: exactly what it loaded goes, the run stays with state ``undone``.

What the import had replaced is gone since then and does not come back; the sentence says so. Its original is
deleted as well, unless another import has read the same file.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.operations.file_kinds import FILE_KINDS
from etl.reports import counted, german_day
from etl.store.load import transaction
from etl.store.publish import draft
from portalkompass.operations.originals import forget
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

UNDONE = "undone"
_WHOLE = frozenset(kind.dated[0] for kind in FILE_KINDS if kind.replaces_all and kind.dated)
"""Sources whose lists are replaced whole, whatever their date."""
_COLUMNS = (
    *("run_id", "source", "site", "file_name", "started_at", "state", "first_date", "last_date", "message"),
    *("call", "request", "read_by"),
)
_TEXTS = frozenset({"file_name", "message", "call", "request", "read_by"})


@dataclass(frozen=True, slots=True)
class FileImport:
    """A run that has loaded a file, as ``ingest_runs`` has it; texts that are not known are empty."""

    run_id: str
    source: str
    site: str
    file_name: str
    started_at: dt.datetime
    state: str
    first: dt.date | None
    last: dt.date | None
    message: str
    call: str
    request: str
    read_by: str

    def meets(self, other: FileImport) -> bool:
        """Whether the other import, of the same source and property, covers some of its days or replaces its list."""
        if (self.source, self.site) != (other.source, other.site):
            return False
        if self.source in _WHOLE or None in (self.first, self.last, other.first, other.last):
            return True
        assert self.first and self.last and other.first and other.last
        return self.first <= other.last and self.last >= other.first


def undo(settings: Settings, run_id: str) -> str:
    """Remove the rows of the import with this id and publish; returns what happened, in German.

    Raises:
        LoadError: there is no such run, it is no import of a file, it loaded nothing, was taken back
            already, or a later import has replaced all of it. Nothing is changed then.
    """
    if snapshots.published(settings.warehouse_dir) is None:
        raise LoadError("Es ist noch nichts geladen, was zurückgenommen werden könnte.")
    with draft(settings) as connection, transaction(connection):
        run = find_import(connection, run_id)
        replaced = _had_predecessor(connection, run)
        removed, gone = take_out(connection, run, settings)
        if not removed:
            raise LoadError(
                f"Der Import {run_id} ({run.file_name}) wurde inzwischen durch einen späteren ersetzt; "
                "von ihm ist nichts mehr da, was zurückgenommen werden könnte."
            )
        mark_undone(connection, run, settings, "Zurückgenommen")
        orphans = _forget_files(connection, run_id)
    forget(settings, orphans)
    rows = counted(removed, "Zeile", "Zeilen")
    if replaced and not gone:
        gone = " Was er ersetzt hatte, kommt nicht zurück; bitte die frühere Datei erneut laden."
    return f"Der Import {run.file_name} wurde zurückgenommen: {rows} entfernt.{gone}"


def mark_undone(connection: Connection, run: FileImport, settings: Settings, word: str) -> None:
    """The run stays in the list, with what was done to it and when."""
    connection.execute(
        "UPDATE ingest_runs SET state = ?, message = ? WHERE run_id = ?",
        [UNDONE, f"{word} am {german_day(settings.current_day())}: {run.message}", run.run_id],
    )


def _forget_files(connection: Connection, run_id: str) -> list[str]:
    """Forget the run's originals; the digests that no other run names."""
    found = connection.execute(
        """
        SELECT DISTINCT sha256 FROM ingest_files WHERE run_id = $1
        AND sha256 NOT IN (SELECT sha256 FROM ingest_files WHERE run_id <> $1)
        """,
        [run_id],
    ).fetchall()
    connection.execute("DELETE FROM ingest_files WHERE run_id = ?", [run_id])
    return [digest for (digest,) in found]


def _selected(connection: Connection) -> str:
    """The columns of a `FileImport`; a snapshot of an older version lacks some."""
    present = {row[0] for row in connection.execute("DESCRIBE ingest_runs").fetchall()}
    return ", ".join(
        f"coalesce({name if name in present else 'NULL'}, '')" if name in _TEXTS else name
        for name in _COLUMNS
    )


def imports(connection: Connection) -> list[FileImport]:
    """All imports of files that hold, the oldest first."""
    found = connection.execute(
        f"""
        SELECT {_selected(connection)} FROM ingest_runs
        WHERE state IN ('done', 'partial') AND coalesce(file_name, '') <> '' ORDER BY started_at, run_id
        """
    ).fetchall()
    return [FileImport(*row) for row in found]


def find_import(connection: Connection, run_id: str) -> FileImport:
    """The import with this id.

    Raises:
        LoadError: there is none, it is no import of a file, or nothing of it is loaded.
    """
    row = connection.execute(
        f"SELECT {_selected(connection)} FROM ingest_runs WHERE run_id = ?", [run_id]
    ).fetchone()
    if row is None:
        raise LoadError(f"Einen Ladevorgang „{run_id}“ gibt es nicht.")
    run = FileImport(*row)
    if not run.file_name:
        raise LoadError(
            f"Der Ladevorgang {run_id} kam über eine Schnittstelle und wird nicht zurückgenommen. "
            "Den Stand vor dem letzten Laden stellt „python -m etl rollback“ her."
        )
    if run.state == UNDONE:
        raise LoadError(f"Der Import {run_id} ({run.file_name}) ist schon zurückgenommen.")
    if run.state == "failed":
        raise LoadError(f"Der Import {run_id} ({run.file_name}) hat nichts geladen.")
    return run


def _had_predecessor(connection: Connection, run: FileImport) -> bool:
    """Whether an earlier import of the same source and property covered some of the same days.

    A list that is replaced whole is, whatever its date.
    """
    earlier = connection.execute(
        """
        SELECT count(*) FROM ingest_runs
        WHERE source = $1 AND site = $2 AND started_at < $3 AND state IN ('done', 'partial')
          AND coalesce(file_name, '') <> ''
          AND ($6 OR (first_date <= $5 AND last_date >= $4))
        """,
        [run.source, run.site, run.started_at, run.first, run.last, run.source in _WHOLE],
    ).fetchall()
    return bool(earlier[0][0])


def take_out(connection: Connection, run: FileImport, settings: Settings) -> tuple[int, str]:
    """Delete everything that stems from the run; the rows that people see go, and what its kind says of that."""
    # A bulk export may name several properties; read before the ledger forgets them.
    named = connection.execute(
        "SELECT DISTINCT site FROM ingest_ledger WHERE run_id = ?", [run.run_id]
    ).fetchall()
    removed, gone = 0, ""
    for kind in FILE_KINDS:
        rows = kind.take_back(connection, run.run_id, settings)
        removed += rows
        gone += kind.gone if rows else ""
    connection.execute("DELETE FROM ingest_ledger WHERE run_id = ?", [run.run_id])
    # A property that only this import knew; everything else of it would have left a slice in the ledger.
    connection.execute(
        """
        DELETE FROM sites WHERE site IN (SELECT unnest($1::VARCHAR[]))
          AND site NOT IN (SELECT site FROM ingest_ledger)
          AND site NOT IN (SELECT site FROM search_window)
          AND site NOT IN (SELECT site FROM search_ai)
          AND site NOT IN (SELECT site FROM portal_search)
          AND site NOT IN (SELECT site FROM search_site_day)
          AND site NOT IN (SELECT site FROM portal_page)
          AND site NOT IN (SELECT site FROM portal_site_day)
        """,
        [[run.site, *(site for (site,) in named)]],
    )
    return removed, gone
