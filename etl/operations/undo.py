"""Take one import back: exactly what it loaded goes, the run stays with state ``undone``.

What the import had replaced is gone since then and does not come back; the sentence says so.
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
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class _Import:
    run_id: str
    source: str
    site: str
    file_name: str
    started_at: dt.datetime
    state: str
    first: dt.date | None
    last: dt.date | None
    message: str


def undo(settings: Settings, run_id: str) -> str:
    """Remove the rows of the import with this id and publish; returns what happened, in German.

    Raises:
        LoadError: there is no such run, it is no import of a file, it loaded nothing, was taken back
            already, or a later import has replaced all of it. Nothing is changed then.
    """
    if snapshots.published(settings.warehouse_dir) is None:
        raise LoadError("Es ist noch nichts geladen, was zurückgenommen werden könnte.")
    with draft(settings) as connection, transaction(connection):
        run = _find(connection, run_id)
        replaced = _had_predecessor(connection, run)
        removed, gone = _remove(connection, run, settings)
        if not removed:
            raise LoadError(
                f"Der Import {run_id} ({run.file_name}) wurde inzwischen durch einen späteren ersetzt; "
                "von ihm ist nichts mehr da, was zurückgenommen werden könnte."
            )
        today = settings.current_day()
        connection.execute(
            "UPDATE ingest_runs SET state = ?, message = ? WHERE run_id = ?",
            [UNDONE, f"Zurückgenommen am {german_day(today)}: {run.message}", run_id],
        )
    rows = counted(removed, "Zeile", "Zeilen")
    if replaced and not gone:
        gone = " Was er ersetzt hatte, kommt nicht zurück; bitte die frühere Datei erneut laden."
    return f"Der Import {run.file_name} wurde zurückgenommen: {rows} entfernt.{gone}"


def _find(connection: Connection, run_id: str) -> _Import:
    row = connection.execute(
        """
        SELECT run_id, source, site, coalesce(file_name, ''), started_at, state, first_date, last_date,
               coalesce(message, '')
        FROM ingest_runs WHERE run_id = ?
        """,
        [run_id],
    ).fetchone()
    if row is None:
        raise LoadError(f"Einen Ladevorgang „{run_id}“ gibt es nicht.")
    run = _Import(*row)
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


def _had_predecessor(connection: Connection, run: _Import) -> bool:
    """Whether an earlier import of the same source and property covered some of the same days.

    A list that is replaced whole is, whatever its date.
    """
    whole = [kind.dated[0] for kind in FILE_KINDS if kind.replaces_all and kind.dated]
    earlier = connection.execute(
        """
        SELECT count(*) FROM ingest_runs
        WHERE source = $1 AND site = $2 AND started_at < $3 AND state IN ('done', 'partial')
          AND coalesce(file_name, '') <> ''
          AND ($6 OR (first_date <= $5 AND last_date >= $4))
        """,
        [run.source, run.site, run.started_at, run.first, run.last, run.source in whole],
    ).fetchall()
    return bool(earlier[0][0])


def _remove(connection: Connection, run: _Import, settings: Settings) -> tuple[int, str]:
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
          AND site NOT IN (SELECT site FROM search_site_day)
          AND site NOT IN (SELECT site FROM portal_page)
          AND site NOT IN (SELECT site FROM portal_site_day)
        """,
        [[run.site, *(site for (site,) in named)]],
    )
    return removed, gone
