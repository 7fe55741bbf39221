"""Files of Google's Bulk Data Export: recognised, every value checked, read into one temporary table.

Source of the columns: https://support.google.com/webmasters/answer/12917991
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.reports import Rejection, RowFaults, counted
from etl.sources.search_console.grains import SOURCE

TableKind = Literal["site", "url"]

_POSITIONS: dict[TableKind, str] = {"site": "sum_top_position", "url": "sum_position"}
_SHARED_COLUMNS = frozenset(
    {"data_date", "site_url", "query", "is_anonymized_query", "country", "search_type", "device",
     "impressions", "clicks"}
)  # fmt: skip
_REQUIRED: dict[TableKind, frozenset[str]] = {
    "site": _SHARED_COLUMNS | {_POSITIONS["site"]},
    "url": _SHARED_COLUMNS | {_POSITIONS["url"], "url"},
}
_COUNTS = ("impressions", "clicks")
_DISCOVER = "(upper(coalesce(search_type, '')) = 'DISCOVER')"
"""Google names neither page nor country of a Discover row that too few people have seen (its own column table)."""
_QUERYLESS = "(upper(coalesce(search_type, '')) IN ('DISCOVER', 'GOOGLE_NEWS'))"
_MOST_FAULTS = 10_000
"""Faulty rows of a file that are kept with their reason; a file with more is of another make altogether."""
_SNIFFED_BYTES = 4096
_LINE = re.compile(r"on Line: (\d+)")


@dataclass(frozen=True, slots=True)
class BulkFile:
    """What the files of one table hold together: ``bq extract`` cuts a day's rows anywhere between files.

    ``pageless``: anonymised Discover rows, which name no page, and their clicks.
    """

    name: str
    kind: TableKind
    sites: tuple[str, ...]
    first: dt.date
    last: dt.date
    rows: int
    clicks: int = 0
    pageless: int = 0
    pageless_clicks: int = 0


def kind_of(columns: set[str]) -> TableKind | None:
    """Which of the two tables these columns are; None if neither."""
    for kind in ("url", "site"):
        if _REQUIRED[kind] <= columns:
            return kind
    return None


def csv_header(path: Path) -> list[str]:
    """The column names in the first line of a CSV file, also gzipped; empty if it cannot be read."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rb") as file:
            head = file.read(_SNIFFED_BYTES).split(b"\n", 1)[0].decode("utf-8", "replace")
    except OSError:
        return []
    return [name.strip().strip('"') for name in head.lstrip("\ufeff").split(",")]


def kind_of_file(connection: Connection, path: Path) -> TableKind:
    """Which of the two tables the file is a part of.

    Raises:
        LoadError: not readable, or no bulk export.
    """
    columns = {row[0] for row in _read(connection, path, "DESCRIBE SELECT * FROM {rows}")}
    kind = kind_of(columns)
    if kind is None:
        raise LoadError(
            f"{path.name} ist kein Bulk-Export der Search Console: erwartet werden die Spalten von "
            "searchdata_site_impression oder searchdata_url_impression. Bitte die ganze Tabelle ausgeben."
        )
    return kind


def open_files(connection: Connection, kind: TableKind, paths: Sequence[Path], today: dt.date) -> BulkFile:
    """Read all files of one table into the temporary table ``bulk`` and describe it; nothing is loaded yet.

    Raises:
        LoadError: not readable, or without rows.
        RowFaults: rows that cannot be (negative counts, days in the future, text for a number).
    """
    name = paths[0].name
    if len(paths) > 1:
        name += f" und {counted(len(paths) - 1, 'weitere Datei', 'weitere Dateien')}"
    faults = [fault for path in paths for fault in _faults(connection, kind, path, today)]
    if faults:
        rows = sum(_read(connection, path, "SELECT count(*) FROM {rows}")[0][0] for path in paths)
        raise RowFaults(SOURCE, name, rows, faults)
    for number, path in enumerate(paths):
        into = "INSERT INTO bulk" if number else "CREATE OR REPLACE TEMP TABLE bulk AS"
        _read(connection, path, f"{into} {_typed(kind)}")
    whole = "SELECT count(*), min(date), max(date), coalesce(sum(clicks), 0) FROM bulk"
    count, first, last, clicks = connection.execute(whole).fetchall()[0]
    if not count:
        raise LoadError(f"{name} enthält keine Zeilen. Bitte den Tag neu aus BigQuery holen.")
    sites = connection.execute("SELECT DISTINCT site FROM bulk ORDER BY 1").fetchall()
    without = "SELECT count(*), coalesce(sum(clicks), 0) FROM bulk WHERE url = ''"
    pageless = connection.execute(without).fetchall()[0] if kind == "url" else (0, 0)
    return BulkFile(
        name, kind, tuple(site for (site,) in sites), first, last, count, int(clicks), *map(int, pageless)
    )


def _typed(kind: TableKind) -> str:
    return f"""
        SELECT data_date::DATE AS date, site_url AS site, {"coalesce(url, '') AS url," if kind == "url" else ""}
               coalesce(query, '') AS query,
               coalesce(TRY_CAST(is_anonymized_query AS BOOLEAN), false) AS anonymous,
               lower(coalesce(country, '')) AS country, upper(coalesce(device, '')) AS device,
               CASE upper(search_type) WHEN 'GOOGLE_NEWS' THEN 'googleNews'
                    ELSE lower(search_type) END AS search_type,
               impressions::BIGINT AS impressions, clicks::BIGINT AS clicks,
               {_POSITIONS[kind]}::DOUBLE AS sum_position
        FROM {{rows}}
    """


def _faults(connection: Connection, kind: TableKind, path: Path, today: dt.date) -> list[Rejection]:
    """Every value that cannot be, with its line; rows of a Parquet file are counted from 1, without a header."""
    checks = " UNION ALL ".join(
        f"SELECT row, '{column}' AS name, {column}::VARCHAR AS value, '{reason}' AS reason FROM numbered "
        f"WHERE {condition}"
        for column, condition, reason in _rules(kind, today)
    )
    header = 0 if _is_parquet(path) else 1
    faults = _read(
        connection,
        path,
        f"""
        WITH numbered AS (SELECT row_number() OVER () + {header} AS row, * FROM {{rows}})
        SELECT row, name, coalesce(value, ''), reason FROM ({checks}) ORDER BY row, name LIMIT {_MOST_FAULTS}
        """,
    )
    return [
        Rejection(path.name, line, name, value, f"„{value[:40]}“: {reason}" if value else reason)
        for line, name, value, reason in faults
    ]


def _rules(kind: TableKind, today: dt.date) -> list[tuple[str, str, str]]:
    """(column, condition of a fault, reason): whatever the typed reading relies on."""
    day = "TRY_CAST(data_date AS DATE)"
    rules = [
        ("data_date", f"{day} IS NULL", "kein Datum der Form JJJJ-MM-TT"),
        ("data_date", f"{day} > DATE '{today}'", "liegt in der Zukunft"),
        (
            "is_anonymized_query",
            f"TRY_CAST(is_anonymized_query AS BOOLEAN) IS NULL AND NOT ({_QUERYLESS} "
            "AND coalesce(is_anonymized_query::VARCHAR, '') = '')",
            "weder true noch false",
        ),
    ]
    for column in ("site_url", "search_type"):
        rules.append((column, f"coalesce({column}, '') = ''", "der Wert fehlt"))
    if kind == "url":
        rules.append(("url", f"coalesce(url, '') = '' AND NOT {_DISCOVER}", "der Wert fehlt"))
    for column in _COUNTS:
        number = f"TRY_CAST({column} AS DOUBLE)"
        whole = f"coalesce({number} = floor({number}) AND TRY_CAST({column} AS BIGINT) IS NOT NULL, false)"
        rules.append((column, f"NOT {whole}", "keine ganze Zahl"))
        rules.append((column, f"{number} < 0", "eine Anzahl kann nicht negativ sein"))
    position = _POSITIONS[kind]
    number = f"TRY_CAST({position} AS DOUBLE)"
    # Discover has no position: there the cell is empty.
    rules.append((position, f"coalesce({position}::VARCHAR, '') <> '' AND {number} IS NULL", "keine Zahl"))
    rules.append((position, f"{number} < 0", "eine Summe von Positionen kann nicht negativ sein"))
    return rules


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() == ".parquet"


def _csv_reader(header: Sequence[str]) -> str:
    """DuckDB's call with every column named: left to guess, it passes over lines that do not fit its guess."""
    columns = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in header)
    return (
        f"read_csv($1, auto_detect = false, columns = {{{columns}}}, header = true, "
        "delim = ',', quote = '\"', escape = '\"')"
    )


def _read(connection: Connection, path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Run ``sql`` with ``{rows}`` for the file's rows; text stays text until it was checked."""
    reader = "read_parquet($1)" if _is_parquet(path) else _csv_reader(csv_header(path))
    try:
        return connection.execute(sql.replace("{rows}", reader), [str(path)]).fetchall()
    except duckdb.Error as error:
        if line := _LINE.search(str(error)):
            raise LoadError(
                f"{path.name}: Zeile {line[1]} hat nicht so viele Spalten wie der Kopf der Datei. Bitte die Datei "
                "neu aus BigQuery holen."
            ) from None
        raise LoadError(
            f"{path.name} lässt sich nicht lesen, die Datei ist beschädigt oder unvollständig. Bitte neu aus "
            "BigQuery holen."
        ) from None
