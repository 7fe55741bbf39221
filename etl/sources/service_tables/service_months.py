"""Months of services in a table of facts: a file replaces them whole, once a person has said yes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.reports import SAMPLE_ROWS, counted
from etl.store.ledger import Run, ledger_rows
from etl.store.load import append
from etl.store.publish import present
from portalkompass.schema import INGEST_LEDGER, Table
from portalkompass.settings import Settings

_INCOMING = "incoming_months"


def months_question(
    connection: Connection, table: Table, rows: pd.DataFrame, settings: Settings, *, file_name: str, what: str
) -> tuple[str, ...]:
    """What a person must say yes to where months of services are loaded already; ``what`` they hold, in German."""
    if not present(connection, [table]):
        return ()
    connection.register(_INCOMING, _months(rows))
    try:
        ((months, loaded),) = connection.execute(
            f"""
            SELECT count(DISTINCT (d.service, d.month)), count(*) FROM "{table.name}" d
            JOIN {_INCOMING} n ON d.service = n.service AND d.month = n.month WHERE d.municipality = ?
            """,
            [settings.city.municipality],
        ).fetchall()
    finally:
        connection.unregister(_INCOMING)
    if not loaded:
        return ()
    return (
        f"{file_name}: Zu {counted(months, 'Monat einer Leistung', 'Monaten von Leistungen')} sind schon "
        f"{what} geladen ({counted(loaded, 'Zeile', 'Zeilen')}). Sollen sie durch diese Datei ersetzt werden?",
    )


def replace_months(
    connection: Connection, table: Table, rows: pd.DataFrame, settings: Settings, run: Run
) -> None:
    """Put the rows in place of all that is loaded of their services' months, and enter the months in the ledger.

    ``rows``: service, month and columns of the table; columns of whole numbers may be float.
    """
    municipality = settings.city.municipality
    connection.register(_INCOMING, _months(rows))
    connection.execute(
        f'DELETE FROM "{table.name}" AS d USING {_INCOMING} n WHERE d.service = n.service '
        "AND d.month = n.month AND d.municipality = ?",
        [municipality],
    )
    connection.unregister(_INCOMING)
    whole = {
        column.name: rows[column.name].astype("Int64")
        for column in table.columns
        if column.type == "BIGINT" and column.name in rows
    }
    filled = rows.assign(municipality=municipality, import_id=run.run_id, **whole)
    append(connection, table, pa.Table.from_pandas(filled, preserve_index=False))
    by_month = rows.groupby("month").size()
    connection.execute(
        "DELETE FROM ingest_ledger WHERE source = ? AND grain = ? AND list_contains(?, date)",
        [run.source, table.name, list(by_month.index)],
    )
    entries = [{"date": month, "rows": int(number)} for month, number in by_month.items()]
    noted = ledger_rows(run, entries, settings.today, grain=table.name, state="final")
    append(connection, INGEST_LEDGER, noted)


def sample_of(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The first rows for a preview, without what is unknown, days in ISO form."""
    return [
        {
            str(name): value.isoformat() if isinstance(value, dt.date) else value
            for name, value in row.items()
            if pd.notna(value)
        }
        for row in rows.head(SAMPLE_ROWS).astype("object").to_dict("records")
    ]


def _months(rows: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(rows[["service", "month"]].drop_duplicates(), preserve_index=False)
