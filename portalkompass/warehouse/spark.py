"""The distributed engine: Apache Spark on the lake. The only module that imports pyspark.

Questions are the same Narwhals expressions that DuckDB runs; the cluster computes, only their rows come here. With
``warehouse = "spark"`` this process is the driver; with ``sc://host:port`` it is a thin client of a Spark Connect
server. Nothing here needs Python on the executors.
"""

from __future__ import annotations

import atexit
import logging
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from portalkompass.schema import ColumnType, Table
from portalkompass.settings import SPARK_CONNECT, Settings
from portalkompass.warehouse.engine import Tables, WarehouseError
from portalkompass.warehouse.lake import MONTH, Lake, partition_day
from portalkompass.warehouse.lake import tables as lake_tables

LOG = logging.getLogger(__name__)
TYPES: dict[ColumnType, str] = {
    "VARCHAR": "STRING",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "BOOLEAN": "BOOLEAN",
    "VARCHAR[]": "ARRAY<STRING>",
}
PROPERTIES = {
    # Spark's own web page listens on every address of the machine; whoever wants it sets it in the settings.
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Its warnings would stand in the app's log with every question (windows over sums of one property).
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
}
NOT_INSTALLED = "Für Spark fehlen Pakete: „pip install -r requirements-spark.txt“ in der Umgebung der App."


@dataclass(eq=False)
class Spark:
    """One published state of a lake; the session is made with the first question and anew after a failure."""

    _start: Callable[[], Any]
    _faults: tuple[type[Exception], ...]
    _folder: Path
    _state: Lake
    _session: Any = None
    _frames: dict[str, Any] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def connect(cls, settings: Settings, state: Lake) -> Spark:
        """The engine of these settings.

        Raises:
            WarehouseError: pyspark is not installed.
        """
        # Rows travel as Arrow; what Spark offers for pandas, and warns of, is never used.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        try:
            if settings.warehouse.startswith(SPARK_CONNECT):
                start, faults = client(settings)
            else:
                start, faults = driver(settings)
        except ImportError:
            raise WarehouseError(NOT_INSTALLED) from None
        return cls(start, faults, Path(settings.lake).absolute(), state)

    @contextmanager
    def tables(self, frames: Mapping[str, pd.DataFrame]) -> Iterator[Tables]:
        """The lake's tables and the given frames, sent along with the question.

        Raises:
            WarehouseError: the cluster cannot be reached or did not answer.
        """
        try:
            session = self._ready()

            def give(_name: str, frame: pd.DataFrame) -> Any:  # noqa: ANN401 a native frame
                return session.createDataFrame(pa.Table.from_pandas(frame, preserve_index=False))

            given = {name: give(name, frame) for name, frame in frames.items()}
            stored = {name: table for name, table in lake_tables().items() if name in self._state.files}
            yield Tables(
                lambda name: given[name] if name in given else self._table(session, stored[name]),
                tuple(stored.keys() | given.keys()),
                give,
            )
        except self._faults:
            LOG.exception("Spark did not answer")
            self._forget()
            raise WarehouseError(
                "Spark hat nicht geantwortet. Wurde der Lake eben erneuert, hilft ein neuer Versuch; sonst bitte "
                "Cluster und Protokoll des Servers prüfen."
            ) from None

    def _ready(self) -> Any:  # noqa: ANN401 a session of one of two kinds
        with self._turn:
            if self._session is None:
                self._session = self._start()
            return self._session

    def _forget(self) -> None:
        with self._turn:
            self._session = None
            self._frames.clear()

    def _table(self, session: Any, table: Table) -> Any:  # noqa: ANN401 a native frame
        """Kept, because making it lists the files once; what is kept is a plan, no rows."""
        with self._turn:
            if table.name not in self._frames:
                self._frames[table.name] = self._read(session, table)
            return self._frames[table.name]

    def _read(self, session: Any, table: Table) -> Any:  # noqa: ANN401
        columns = ", ".join(f"`{column.name}` {TYPES[column.type]}" for column in table.columns)
        files = self._state.files[table.name]
        if not files:
            return session.createDataFrame([], columns)
        paths = [str(self._folder / name) for name in files]
        if partition_day(table) is None:
            return session.read.schema(columns).parquet(*paths)
        if MONTH not in table.names:
            columns += f", `{MONTH}` DATE"
        base = str(self._folder / table.name)
        return session.read.schema(columns).option("basePath", base).parquet(*paths).select(*table.names)


def driver(settings: Settings) -> tuple[Callable[[], Any], tuple[type[Exception], ...]]:
    """How a session begins whose driver is this process, and what can go wrong with it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    def start() -> Any:  # noqa: ANN401
        builder = SparkSession.builder.appName("Portalkompass")
        if settings.spark.master:
            builder = builder.master(settings.spark.master)
        return builder.config(map=PROPERTIES | settings.spark.properties).getOrCreate()

    return start, (PySparkException, Py4JError, OSError)


def client(settings: Settings) -> tuple[Callable[[], Any], tuple[type[Exception], ...]]:
    """The same for a session on a Spark Connect server."""
    import grpc
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    def start() -> Any:  # noqa: ANN401
        session = SparkSession(connection=settings.warehouse)
        # Left to the end of the interpreter, the channel waits for its threads, which are gone by then.
        atexit.register(session.client.close)
        # By default the client tries for ten minutes; a reader is told after a quarter of one.
        session.client.set_retry_policies([DefaultPolicy(max_retries=5)])
        session.conf.set("spark.sql.session.timeZone", "UTC")
        return session

    return start, (PySparkException, grpc.RpcError, OSError)
