"""Take one import back: exactly what it loaded goes, the run stays with state ``undone``.

What the import had replaced is gone since then and does not come back; the sentence says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import duckdb

from etl.errors import LoadError
from etl.reports import counted, german_day
from etl.sources.ozg.load import follow_newest
from etl.store.load import transaction
from etl.store.publish import draft
from portalkompass.schema import DAY_GRAINS
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

UNDONE = "undone"
_MARKED = ("portal_page", "portal_site_day", "search_window", "service_status_history", "online_services")
"""Tables whose rows carry the run that loaded them."""


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
        bulk = _count(connection, "ingest_ledger WHERE run_id = ? AND origin = 'bulk_export'", run_id)
        removed = _remove(connection, run)
        if not removed:
            raise LoadError(
                f"Der Import {run_id} ({run.file_name}) wurde inzwischen durch einen späteren ersetzt; "
                "von ihm ist nichts mehr da, was zurückgenommen werden könnte."
            )
        follow_newest(connection, settings.city.municipality)
        today = settings.current_day()
        connection.execute(
            "UPDATE ingest_runs SET state = ?, message = ? WHERE run_id = ?",
            [UNDONE, f"Zurückgenommen am {german_day(today)}: {run.message}", run_id],
        )
    rows = counted(removed, "Zeile", "Zeilen")
    sentence = f"Der Import {run.file_name} wurde zurückgenommen: {rows} entfernt."
    if bulk:
        # What it replaced is not known: the ledger kept the newest load of each day only.
        sentence += (
            " Für diese Tage ist jetzt nichts mehr geladen; der nächste Lauf über die Schnittstelle holt sie, "
            "soweit Google sie noch hat."
        )
    elif replaced:
        sentence += " Was er ersetzt hatte, kommt nicht zurück; bitte die frühere Datei erneut laden."
    return sentence


def _find(connection: duckdb.DuckDBPyConnection, run_id: str) -> _Import:
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


def _had_predecessor(connection: duckdb.DuckDBPyConnection, run: _Import) -> bool:
    """Whether an earlier import of the same source and property covered some of the same days.

    The Open-PVOG list is replaced whole, whatever its date.
    """
    found = connection.execute(
        """
        SELECT count(*) FROM ingest_runs
        WHERE source = $1 AND site = $2 AND started_at < $3 AND state IN ('done', 'partial')
          AND coalesce(file_name, '') <> ''
          AND ($1 = 'pvog' OR (first_date <= $5 AND last_date >= $4))
        """,
        [run.source, run.site, run.started_at, run.first, run.last],
    ).fetchone()
    return bool(found and found[0])


def _remove(connection: duckdb.DuckDBPyConnection, run: _Import) -> int:
    """Delete everything that stems from the run; returns the rows that people see go."""
    # A bulk export may name several properties; read before the ledger forgets them.
    named = connection.execute(
        "SELECT DISTINCT site FROM ingest_ledger WHERE run_id = ?", [run.run_id]
    ).fetchall()
    removed = _days_of_an_export(connection, run) + _days_of_a_bulk_export(connection, run)
    _forget_titles(connection, run)
    for table in _MARKED:
        removed += _count(connection, f"{table} WHERE import_id = ?", run.run_id)
        connection.execute(f"DELETE FROM {table} WHERE import_id = ?", [run.run_id])
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
    return removed


def _days_of_an_export(connection: duckdb.DuckDBPyConnection, run: _Import) -> int:
    """Days of a Search Console export: those of its ledger entries, and those it listed without one.

    A day that the API failed to fetch keeps the API's entry, so the export's own list names it.
    """
    days = """
        FROM search_site_day AS d WHERE d.origin = 'ui_export' AND (
          EXISTS (SELECT 1 FROM ingest_ledger l WHERE l.run_id = $1 AND l.grain = 'search_site_day'
                  AND l.site = d.site AND l.search_type = d.search_type AND l.date = d.date)
          OR (EXISTS (SELECT 1 FROM search_window w WHERE w.import_id = $1 AND w.table_name = 'days'
                      AND w.site = d.site AND w.search_type = d.search_type
                      AND try_cast(w.key AS DATE) = d.date)
              AND NOT EXISTS (SELECT 1 FROM ingest_ledger l WHERE l.origin = 'ui_export'
                              AND l.grain = 'search_site_day' AND l.site = d.site
                              AND l.search_type = d.search_type AND l.date = d.date)))
    """
    row = connection.execute(f"SELECT count(*) {days}", [run.run_id]).fetchone()
    connection.execute(f"DELETE {days}", [run.run_id])
    return int(row[0]) if row else 0


def _days_of_a_bulk_export(connection: duckdb.DuckDBPyConnection, run: _Import) -> int:
    """The days that the ledger still ascribes to this file, grain by grain: a later load has taken over the others."""
    removed = 0
    for table in DAY_GRAINS:
        days = f"""
            FROM "{table.name}" WHERE origin = 'bulk_export' AND (site, search_type, date) IN (
                SELECT (site, search_type, date) FROM ingest_ledger
                WHERE run_id = $1 AND grain = $2 AND origin = 'bulk_export')
        """
        row = connection.execute(f"SELECT count(*) {days}", [run.run_id, table.name]).fetchone()
        connection.execute(f"DELETE {days}", [run.run_id, table.name])
        removed += int(row[0]) if row else 0
    return removed


def _forget_titles(connection: duckdb.DuckDBPyConnection, run: _Import) -> None:
    """Titles of pages that no other portal import names are derived from the address again."""
    connection.execute(
        """
        UPDATE pages SET title = NULL, title_source = NULL
        WHERE title_source = 'portal'
          AND (site, url) IN (SELECT (site, url) FROM portal_page WHERE import_id = $1)
          AND (site, url) NOT IN (SELECT (site, url) FROM portal_page
                                  WHERE source = $2 AND import_id IS DISTINCT FROM $1)
        """,
        [run.run_id, run.source],
    )


def _count(connection: duckdb.DuckDBPyConnection, rest: str, value: Any) -> int:  # noqa: ANN401
    row = connection.execute(f"SELECT count(*) FROM {rest}", [value]).fetchone()
    return int(row[0]) if row else 0
