"""One cluster for the tests of this process, and the demo's lake."""

from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest

from portalkompass.settings import Settings
from portalkompass.warehouse.spark import driver
from tests.browser.conftest import browser_context_args, browser_type_launch_args
from tests.conftest import command
from tests.metrics.conftest import Rows, day_rows, plain
from tests.spark.cluster import spark_settings

__all__ = ["browser_context_args", "browser_type_launch_args", "day_rows"]


@pytest.fixture(scope="session")
def session():
    """The session that the app itself would begin."""
    start, _ = driver(spark_settings(Settings(), ""))
    started = start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def demo_lake(demo_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    written = command(demo_data, "etl", "lake", str(folder), "--demo")
    assert written.returncode == 0, written.stderr
    return folder


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
