"""A real cluster on this machine: a driver here and two executors in processes of their own."""

import os
from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest

from tests.metrics.conftest import Rows, day_rows, plain

__all__ = ["day_rows"]

PROPERTIES = {
    "spark.driver.host": "localhost",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.ui.enabled": "false",
}
MASTER = "local-cluster[2,1,1024]"


@pytest.fixture(scope="session")
def session():
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(MASTER).appName("tests")
    for name, value in PROPERTIES.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    yield started
    started.stop()


class Engine:
    """The metrics' cases on Spark, with the face of the engine in tests/metrics."""

    name = "spark"

    def __init__(self, session) -> None:
        self.session = session

    def frame(self, rows: Rows, schema: dict[str, pa.DataType] | None = None) -> nw.LazyFrame[Any]:
        table = pa.Table.from_pylist(rows, schema=pa.schema(schema) if schema else None)
        return nw.from_native(self.session.createDataFrame(table)).lazy()

    def rows(self, frame: nw.LazyFrame[Any]) -> Rows:
        found = frame.collect("pyarrow").to_native().to_pylist()
        return [{name: plain(value) for name, value in row.items()} for row in found]


@pytest.fixture
def engine(session) -> Engine:
    return Engine(session)
