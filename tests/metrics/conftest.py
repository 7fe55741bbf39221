"""Every case runs on pandas and on DuckDB: the same expression must give the same rows."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

Rows = list[dict[str, Any]]


class Engine:
    """Turns small tables into lazy frames of one engine and collects rows again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection = duckdb.connect(":memory:")
        self.count = 0

    def frame(self, rows: Rows, schema: dict[str, pa.DataType] | None = None) -> nw.LazyFrame[Any]:
        table = pa.Table.from_pylist(rows, schema=pa.schema(schema) if schema else None)
        if self.name == "pandas":
            return nw.from_native(table.to_pandas(types_mapper=pd.ArrowDtype)).lazy()
        self.count += 1
        self.connection.register(f"frame_{self.count}", table)
        return nw.from_native(self.connection.table(f"frame_{self.count}")).lazy()

    def rows(self, frame: nw.LazyFrame[Any]) -> Rows:
        return [
            {name: plain(value) for name, value in row.items() if not name.startswith("__index")}
            for row in frame.collect("pyarrow").to_native().to_pylist()
        ]


def plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    # An unguarded division shows as NaN on one engine and as missing on the other.
    return None if isinstance(value, float) and math.isnan(value) else value


@pytest.fixture(params=["pandas", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return Engine(request.param)


@pytest.fixture
def day_rows() -> Callable[..., dict[str, Any]]:
    """One row of a search table; position is what a reader would see (1 is best)."""

    def row(day: str, clicks: int, impressions: int, position: float, **grain: str) -> dict[str, Any]:
        return {
            "date": dt.date.fromisoformat(day),
            "clicks": clicks,
            "impressions": impressions,
            "sum_position": impressions * (position - 1.0),
            **grain,
        }

    return row


def calendar_rows(first: str, last: str) -> Rows:
    """Calendar as the warehouse has it, by the standard library."""
    begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    days = [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
    return [
        {
            "date": day,
            "iso_week_start": day - dt.timedelta(days=day.weekday()),
            "month": day.replace(day=1),
            "weekday": day.isoweekday(),
        }
        for day in days
    ]
