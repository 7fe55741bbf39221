"""Where expressions run: the tables of one state as lazy frames, and DuckDB as the engine of this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

import narwhals as nw
import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from portalkompass import schema

LazyFrame = nw.LazyFrame[Any]


class WarehouseError(Exception):
    """A snapshot cannot be read; the message is a German sentence with the next step."""


@dataclass(frozen=True, eq=False)
class Tables(Mapping[str, LazyFrame]):
    """The tables of one state and the frames of one question, as lazy frames of the question's engine."""

    _native: Callable[[str], Any]
    _names: tuple[str, ...]
    _give: Callable[[str, pd.DataFrame], Any]
    _sites: frozenset[str] | None = None
    _list_day: dt.date | None = None

    def limited_to(self, sites: frozenset[str] | None) -> Tables:
        """The same without the rows of other properties; None takes nothing away."""
        return replace(self, _sites=sites)

    def listed_until(self, day: dt.date | None) -> Tables:
        """The same with the OZG lists dated up to that day only: ``services`` is the newest of them."""
        return replace(self, _list_day=day)

    def __getitem__(self, name: str) -> LazyFrame:
        if name not in self._names:
            raise KeyError(name)
        if self._list_day is not None and name == schema.SERVICES.name:
            return self._services(self._list_day)
        table = cast(LazyFrame, nw.from_native(self._native(name)).lazy())
        if self._list_day is not None and name == schema.SERVICE_STATUS_HISTORY.name:
            table = table.filter(nw.col("as_of") <= self._list_day)
        # A frame of the question may bear a table's name and lack its site: the columns themselves are asked.
        if self._sites is None or "site" not in table.collect_schema().names():
            return table
        return table.filter(nw.col("site").is_in(sorted(self._sites)))

    def given(self, name: str, frame: pd.DataFrame) -> LazyFrame:
        """A frame that the question turns out to need, joined on the same engine; under a name of its own."""
        return cast(LazyFrame, nw.from_native(self._give(name, frame)).lazy())

    def _services(self, day: dt.date) -> LazyFrame:
        states = self[schema.SERVICE_STATUS_HISTORY.name]
        newest = states.group_by("municipality").agg(as_of=nw.col("as_of").max())
        # A join on both columns would name them twice; that of the day alone is a filter.
        joined = states.join(newest.rename({"as_of": "newest"}), on="municipality", how="inner")
        return joined.filter(nw.col("as_of") == nw.col("newest")).select(*schema.SERVICES.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def of_frames(build: Callable[[Mapping[str, LazyFrame]], LazyFrame], **frames: pd.DataFrame) -> pd.DataFrame:
    """What ``build`` makes of frames that are at hand, worked out by pandas: a database would only copy them first."""
    made = build({name: nw.from_native(frame).lazy() for name, frame in frames.items()})
    return made.collect("pandas").to_pandas().reset_index(drop=True)


class Engine(Protocol):
    """Where expressions run."""

    def tables(self, frames: Mapping[str, pd.DataFrame]) -> AbstractContextManager[Tables]:
        """The tables and the given frames for one question, valid inside the block."""


@dataclass(frozen=True, slots=True)
class DuckDB:
    """The engine on this machine: a snapshot open for reading, a cursor a question."""

    connection: Connection
    names: tuple[str, ...] = tuple(schema.TABLES)
    """Tables that are there: what an older version published may lack a newer one."""

    @contextmanager
    def tables(self, frames: Mapping[str, pd.DataFrame]) -> Iterator[Tables]:
        """The tables on a cursor of their own."""
        cursor = self.connection.cursor()

        def register(name: str, frame: pd.DataFrame) -> None:
            cursor.register(name, pa.Table.from_pandas(frame, preserve_index=False))

        def give(name: str, frame: pd.DataFrame) -> Any:  # noqa: ANN401 a relation of the engine
            register(name, frame)
            return cursor.table(name)

        try:
            # Before any table is read: the engine checks all relations anew after a registration.
            for name, frame in frames.items():
                register(name, frame)
            yield Tables(cursor.table, (*self.names, *frames), give)
        finally:
            cursor.close()
