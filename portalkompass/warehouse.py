"""The only place that reads a published snapshot: runs expressions, returns frames and a few facts.

A snapshot never changes, so a Warehouse is a constant: its name is the cache key of everything read
from it. Every question gets its own cursor, because one connection shared by sessions returns another
question's rows.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa

from portalkompass import schema, snapshots
from portalkompass.settings import Settings

NOTHING_PUBLISHED = "leer"
"""Name of the warehouse that stands in before the first load: all tables, no rows."""

LazyFrame = nw.LazyFrame[Any]


class WarehouseError(Exception):
    """A snapshot cannot be read; the message is a German sentence with the next step."""


class Tables(Mapping[str, LazyFrame]):
    """The warehouse's tables and the frames of one question, as lazy frames of that question's cursor."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, frames: tuple[str, ...]) -> None:
        self._cursor = cursor
        self._frames = frames

    def __getitem__(self, name: str) -> LazyFrame:
        if name not in self._frames and name not in schema.TABLES:
            raise KeyError(name)
        return nw.from_native(self._cursor.table(name)).lazy()

    def __iter__(self) -> Iterator[str]:
        return iter((*schema.TABLES, *self._frames))

    def __len__(self) -> int:
        return len(schema.TABLES) + len(self._frames)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What days a property has (search type web); ``data_date`` is its last final day."""

    site: str
    first_day: dt.date | None
    data_date: dt.date | None
    provisional_days: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Warehouse:
    """A published snapshot, open for questions from any number of threads."""

    name: str
    origin: Literal["demo", "live"]
    _connection: duckdb.DuckDBPyConnection = field(repr=False)
    _facts: dict[str, SiteFacts] = field(repr=False)

    @property
    def sample(self) -> bool:
        """Whether everything read from here must be called Beispieldaten."""
        return self.origin == "demo"

    def ask(self, build: Callable[[Tables], LazyFrame], **frames: pd.DataFrame) -> pd.DataFrame:
        """Run the expression that ``build`` makes of the tables and return its rows.

        ``frames`` are small workspace frames, joined on the same cursor under their keyword's name.
        Whole numbers come back as int64 (float64 with NaN only where values are missing), dates as
        datetime64; row order is only defined if the expression sorts.
        """
        cursor = self._connection.cursor()
        try:
            for name, frame in frames.items():
                cursor.register(name, pa.Table.from_pandas(frame, preserve_index=False))
            query = build(Tables(cursor, tuple(frames)))
            return _restore(cast(pa.Table, query.collect("pyarrow").to_native()))
        finally:
            cursor.close()

    def sites(self) -> tuple[str, ...]:
        """Properties with any data: those with search days first, most clicks first, then by name."""
        return tuple(self._facts)

    def first_day(self, site: str) -> dt.date | None:
        """First day of the property with search data; None without any."""
        return self._facts[site].first_day if site in self._facts else None

    def data_date(self, site: str) -> dt.date | None:
        """Last final day of the property: the date printed beside every figure. None without any."""
        return self._facts[site].data_date if site in self._facts else None

    def provisional_days(self, site: str) -> tuple[dt.date, ...]:
        """Days that Google still calls incomplete."""
        return self._facts[site].provisional_days if site in self._facts else ()

    def close(self) -> None:
        """Let go of the file (Windows cannot delete an open one)."""
        self._connection.close()


_opened: dict[Path, Warehouse] = {}
_opening = threading.Lock()


def open_published(settings: Settings) -> Warehouse:
    """The published snapshot of these settings; before the first load an empty warehouse.

    Opened once per process and snapshot. When a load has published another one, the next call opens
    that; the old connection closes by itself when the last question that holds it is done.

    Raises:
        WarehouseError: the snapshot cannot be opened or was written by a newer version.
    """
    folder = settings.warehouse_dir
    snapshot = snapshots.published(folder)
    name = snapshot.name if snapshot else NOTHING_PUBLISHED
    with _opening:
        known = _opened.get(folder)
        # A snapshot carries its own origin; only the empty stand-in takes that of the settings.
        stale = known is None or known.name != name or (snapshot is None and known.origin != settings.origin)
        if known is None or stale:
            known = open_snapshot(snapshot.path, settings) if snapshot else _empty(settings)
            _opened[folder] = known
        return known


def open_snapshot(path: Path, settings: Settings) -> Warehouse:
    """Open one snapshot read-only, with limits that no later statement can lift.

    Raises:
        WarehouseError: the file cannot be opened or was written by a newer version.
    """
    try:
        connection = duckdb.connect(
            path,
            read_only=True,
            config={"memory_limit": settings.memory_limit, "enable_external_access": "false"},
        )
        connection.execute("SET lock_configuration = true")
        info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(
            f"Der Datenstand {path.name} lässt sich nicht öffnen ({type(error).__name__}). "
            "Bitte mit „python -m etl verify“ prüfen oder mit „python -m etl rollback“ zurückstellen."
        ) from None
    if int(info.get("schema_version", 1)) > schema.SCHEMA_VERSION:
        connection.close()
        raise WarehouseError(
            "Der Datenstand wurde von einer neueren Version geschrieben. Bitte Portalkompass aktualisieren."
        )
    origin: Literal["demo", "live"] = "demo" if info.get("origin") == "demo" else "live"
    return Warehouse(path.stem, origin, connection, _read_facts(connection))


def _empty(settings: Settings) -> Warehouse:
    connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    for statement in schema.ddl():
        connection.execute(statement)
    return Warehouse(NOTHING_PUBLISHED, settings.origin, connection, {})


def _read_facts(connection: duckdb.DuckDBPyConnection) -> dict[str, SiteFacts]:
    rows = connection.execute(
        """
        WITH provisional AS (
          SELECT site, date FROM ingest_ledger
          WHERE grain = 'search_site_day' AND state = 'provisional' AND search_type = 'web'),
        days AS (
          SELECT s.site, min(s.date) AS first_day, sum(s.clicks) AS clicks,
                 max(s.date) FILTER (p.date IS NULL) AS data_date,
                 list(s.date ORDER BY s.date) FILTER (p.date IS NOT NULL) AS provisional_days
          FROM search_site_day s LEFT JOIN provisional p ON p.site = s.site AND p.date = s.date
          WHERE s.search_type = 'web' GROUP BY s.site)
        SELECT sites.site, first_day, data_date, provisional_days
        FROM sites LEFT JOIN days USING (site) ORDER BY clicks DESC NULLS LAST, sites.site
        """
    ).fetchall()
    return {row[0]: SiteFacts(row[0], row[1], row[2], tuple(row[3] or ())) for row in rows}


def _restore(table: pa.Table) -> pd.DataFrame:
    """Sums are HUGEINT on DuckDB, which pandas would show as objects or floats."""
    fields = [
        pa.field(column.name, pa.int64()) if pa.types.is_decimal(column.type) else column
        for column in table.schema
    ]
    return cast(pd.DataFrame, table.cast(pa.schema(fields)).to_pandas(date_as_object=False))
