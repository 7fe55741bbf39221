"""The only place that reads a published state: runs expressions, returns frames and a few facts.

A snapshot never changes, so a Warehouse is a constant: its name is the cache key of everything read
from it. Every question gets its own cursor, because one connection shared by sessions returns another
question's rows. ``open_published`` alone chooses the engine: DuckDB on the snapshot, or Spark on the lake.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import itertools
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar, cast

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa

from portalkompass import schema
from portalkompass.settings import Settings
from portalkompass.warehouse import lake, result_cache, snapshots
from portalkompass.warehouse.engine import DuckDB, Engine, LazyFrame, Tables, WarehouseError
from portalkompass.warehouse.faults import sentence_of
from portalkompass.warehouse.site_facts import SiteFacts, read_facts

NOTHING_PUBLISHED = "leer"
"""Name of the warehouse that stands in before the first load: all tables, no rows."""
VIEW = "·"
"""Between the name of a snapshot and the mark of a limited view of it."""

T = TypeVar("T")

_opened_so_far = itertools.count()


@dataclass(frozen=True, slots=True, eq=False)
class Warehouse:
    """A published state, open for questions from any number of threads.

    ``links`` tells which links its resolved ones were made from; empty where it holds none.
    """

    name: str
    origin: Literal["demo", "live"]
    _engine: Engine = field(repr=False)
    _facts: dict[str, SiteFacts] = field(repr=False)
    links: str = ""
    list_day: dt.date | None = None
    """The day on which the OZG list is looked at; None is its newest state."""
    _hides_later_lists: bool = False
    _allowed: frozenset[str] | None = None
    _standing: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _standing_key: str = ""
    _number: int = field(default_factory=_opened_so_far.__next__, repr=False)
    """Tells its results in the cache from those of others of the same name; limited views keep it."""

    @property
    def snapshot(self) -> str:
        """Name of the snapshot; ``name`` also tells whose properties may be read, as cache keys need it."""
        return self.name.partition(VIEW)[0]

    def limited_to(self, sites: frozenset[str] | None) -> Warehouse:
        """The same snapshot without the rows of other properties; None takes nothing away."""
        if sites is None:
            return self
        view = hashlib.sha256("\n".join(sorted(sites)).encode("utf-8")).hexdigest()[:12]
        facts = {site: one for site, one in self._facts.items() if site in sites}
        return dataclasses.replace(self, name=f"{self.name}{VIEW}{view}", _facts=facts, _allowed=sites)

    def listed_on(self, day: dt.date | None) -> Warehouse:
        """The same snapshot with the OZG list as it stood on that day; None is its newest state.

        Lists of later days are out of sight, in its history, too.
        """
        if day in (None, self.list_day):
            return self
        newest = self.ask(lambda t: t["services"].filter(nw.col("as_of") > day).head(1))
        # Without a later list nothing is hidden: snapshots of older versions hold no history to look into.
        return dataclasses.replace(
            self,
            name=f"{self.name}{VIEW}{day.isoformat()}",
            list_day=day,
            _hides_later_lists=self._hides_later_lists or len(newest) > 0,
        )

    def beside(self, key: str, **frames: pd.DataFrame) -> Warehouse:
        """The same with small workspace frames beside the tables of every question.

        ``key`` tells their state: results that are kept (``once``) are told apart by it.
        """
        return dataclasses.replace(self, _standing=frames, _standing_key=key)

    def further_beside(self, **frames: pd.DataFrame) -> Warehouse:
        """The same with further frames, of which results are told apart by the keys that they are kept under."""
        return dataclasses.replace(self, _standing={**self._standing, **frames})

    @property
    def limited(self) -> bool:
        """Whether rows of some properties were taken away."""
        return self._allowed is not None

    @property
    def sample(self) -> bool:
        """Whether everything read from here must be called Beispieldaten."""
        return self.origin == "demo"

    def ask(self, build: Callable[[Tables], LazyFrame], **frames: pd.DataFrame) -> pd.DataFrame:
        """Run the expression that ``build`` makes of the tables and return its rows.

        ``frames`` are small workspace frames, joined on the same engine under their keyword's name.
        Whole numbers come back as int64 (float64 with NaN only where values are missing), dates as
        datetime64; row order is only defined if the expression sorts.
        """
        with self._engine.tables({**self._standing, **frames}) as tables:
            own = tables.limited_to(self._allowed)
            query = build(own.listed_until(self.list_day) if self._hides_later_lists else own)
            return _restore(cast(pa.Table, query.collect("pyarrow").to_native()))

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """What ``make`` returns, kept in the result cache: for results that several questions or runs share.

        ``key`` says everything it depends on but the snapshot; whoever gets it only reads it. A view that is limited
        to some properties has results of its own.
        """
        return result_cache.once((self._number, self.name, self._standing_key, *key), make)

    def frame_once(self, key: tuple[Hashable, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The same for long frames, of which memory holds a few (`result_cache.frame_once`)."""
        return result_cache.frame_once((self._number, self.name, self._standing_key, *key), make)

    def has_result(self, key: tuple[Hashable, ...]) -> bool:
        """Whether ``once`` would find the result."""
        return result_cache.holds((self._number, self.name, self._standing_key, *key))

    def holds(self, table: str) -> bool:
        """Whether this state has the table: what an older version published may lack a newer one."""
        with self._engine.tables({}) as tables:
            return table in tuple(tables)

    def sites(self) -> tuple[str, ...]:
        """Properties with any data: those with search days first, most clicks first, then by name."""
        return tuple(self._facts)

    def first_day(self, site: str) -> dt.date | None:
        """First day of the property with search data; None without any."""
        return self._facts[site].first_day if site in self._facts else None

    def data_date(self, site: str) -> dt.date | None:
        """Last final day of the property: the date printed beside every figure. None without any."""
        return self._facts[site].data_date if site in self._facts else None

    def window(self, site: str) -> tuple[dt.date, dt.date] | None:
        """First and last day of the newest export of the user interface, where only exports know pages and queries."""
        return self._facts[site].window if site in self._facts else None

    def provisional_days(self, site: str) -> tuple[dt.date, ...]:
        """Days that Google still calls incomplete."""
        return self._facts[site].provisional_days if site in self._facts else ()


_opened: dict[Path, Warehouse] = {}
_opening = threading.Lock()


def name_of_published(settings: Settings) -> str:
    """Name of what ``open_published`` would open now; empty before the first load.

    Raises:
        WarehouseError: the lake cannot be read.
    """
    state = _lake(settings) if settings.distributed else snapshots.published(settings.warehouse_dir)
    return state.name if state else ""


def open_published(settings: Settings) -> Warehouse:
    """The published state of these settings; before the first load an empty warehouse.

    Opened once per process and state. When a load has published another one, the next call opens
    that and empties the result cache; the old connection closes by itself when the last question that holds it
    is done.

    Raises:
        WarehouseError: the state cannot be opened or was written by a newer version.
    """
    if settings.distributed:
        folder, state = Path(settings.lake), _lake(settings)
        if state is None:  # there is no empty lake to look at
            raise WarehouseError(
                f"Im Ordner {folder} liegt kein Lake. Bitte zuerst „python -m etl lake {folder}“ ausführen."
            )
        return _opened_once(folder, state.name, state.origin, lambda: _on_spark(settings, state))
    snapshot = snapshots.published(settings.warehouse_dir)
    if snapshot is None:
        # A snapshot carries its own origin; only the empty stand-in takes that of the settings.
        origin = settings.origin
        return _opened_once(settings.warehouse_dir, NOTHING_PUBLISHED, origin, lambda: _empty(settings))
    path = snapshot.path
    return _opened_once(settings.warehouse_dir, snapshot.name, "", lambda: open_snapshot(path, settings))


def _opened_once(folder: Path, name: str, origin: str, make: Callable[[], Warehouse]) -> Warehouse:
    """What is open of a folder, if it is still of that name and origin ("": any); else what ``make`` opens."""
    with _opening:
        warehouse = _opened.get(folder)
        if warehouse is None or warehouse.name != name or origin not in ("", warehouse.origin):
            warehouse = _opened[folder] = make()
            result_cache.clear()
        return warehouse


def open_snapshot(path: Path, settings: Settings) -> Warehouse:
    """Open one snapshot read-only, with limits that no later statement can lift.

    Raises:
        WarehouseError: the file cannot be opened or was written by a newer version.
    """
    try:
        connection = duckdb.connect(
            path,
            read_only=True,
            config={
                "memory_limit": settings.memory_limit,
                "enable_external_access": "false",
                # Locked from the start: a file that somebody still reads (put back by a roll-back or a restore)
                # is opened as the same database, whose settings can no longer be set.
                "lock_configuration": "true",
            },
        )
        info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(sentence_of(error, path.name)) from None
    if int(info.get("schema_version", 1)) > schema.SCHEMA_VERSION:
        connection.close()
        raise WarehouseError(
            "Der Datenstand wurde von einer neueren Version geschrieben. Bitte Portalkompass aktualisieren."
        )
    origin: Literal["demo", "live"] = "demo" if info.get("origin") == "demo" else "live"
    present = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    engine = DuckDB(connection, tuple(name for name in schema.TABLES if name in present))
    return Warehouse(path.stem, origin, engine, read_facts(connection))


def _empty(settings: Settings) -> Warehouse:
    connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    for statement in schema.ddl():
        connection.execute(statement)
    return Warehouse(NOTHING_PUBLISHED, settings.origin, DuckDB(connection), {})


def _on_spark(settings: Settings, state: lake.Lake) -> Warehouse:
    from portalkompass.warehouse.spark import Spark

    facts = {site.site: site for site in state.facts}
    return Warehouse(state.name, state.origin, Spark.connect(settings, state), facts, state.links)


def _lake(settings: Settings) -> lake.Lake | None:
    if not settings.lake:
        raise WarehouseError(
            "Für Spark fehlt der Ort des Lakes: PORTALKOMPASS_LAKE oder lake in settings.local.toml setzen."
        )
    try:
        return lake.published(Path(settings.lake))
    except lake.LakeError as error:
        raise WarehouseError(str(error)) from None


def _restore(table: pa.Table) -> pd.DataFrame:
    """Sums are HUGEINT on DuckDB, which pandas would show as objects or floats."""
    fields = [
        pa.field(column.name, pa.int64()) if pa.types.is_decimal(column.type) else column
        for column in table.schema
    ]
    return cast(pd.DataFrame, table.cast(pa.schema(fields)).to_pandas(date_as_object=False))
