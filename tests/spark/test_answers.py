"""The three screens and the figures on the demo's lake: every row as on DuckDB, and as on pandas."""

from contextlib import contextmanager
from dataclasses import replace

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.overview import figures
from portalkompass.answers.pages import pages
from portalkompass.answers.rankings import rankings
from portalkompass.answers.workshop import prioritisation
from portalkompass.settings import Settings
from portalkompass.warehouse import lake
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse, open_published
from portalkompass.warehouse.snapshots import published
from portalkompass.workspace import workspace_of
from tests.spark.cluster import spark_settings

pytestmark = pytest.mark.timeout(600)  # the first question starts the cluster
ENGINES = ("spark", "pandas")


class Pandas:
    """All of a lake's tables as pandas frames."""

    def __init__(self, folder):
        self.folder, self.state = folder, lake.published(folder)

    @contextmanager
    def tables(self, frames):
        yield Tables(
            lambda name: frames[name] if name in frames else self.read(name),
            tuple(lake.tables().keys() | frames.keys()),
            lambda _name, frame: frame,
        )

    def read(self, name):
        table = lake.tables()[name]
        files = [str(self.folder / file) for file in self.state.files[name]]
        parted = ", hive_types = {'site': VARCHAR, 'month': DATE}" if lake.partition_day(table) else ""
        columns = ", ".join(table.names)
        found = duckdb.sql(f"SELECT {columns} FROM read_parquet({files}{parted})").to_arrow_table()
        return found.to_pandas(types_mapper=pd.ArrowDtype)

    def close(self):
        """Nothing is held open."""


@pytest.fixture(scope="module")
def plain(demo_data):
    return Settings(data_dir=demo_data).as_demo()


@pytest.fixture(scope="module")
def houses(plain, demo_lake, session):
    """One warehouse an engine, over the same rows."""
    on_spark = open_published(spark_settings(plain, demo_lake))
    state = lake.published(demo_lake)
    facts = {one.site: one for one in state.facts}
    on_pandas = Warehouse(state.name, state.origin, Pandas(demo_lake), facts, state.links)
    return {"duckdb": open_published(plain), "spark": on_spark, "pandas": on_pandas}


def both(houses, plain, engine, answer, **changes):
    """The answers of DuckDB and of the other engine to the same question."""
    workspace = workspace_of(plain)
    for name in ("duckdb", engine):
        house = houses[name]
        filters = replace(default_filters(house, plain), **changes)
        yield answer(ask(house, workspace, filters, plain))


def assert_same(one, other):
    """Words exactly; numbers to what the order of a sum of fractions leaves open."""
    assert replace(one, exhibits=()) == replace(other, exhibits=())
    assert [exhibit.id for exhibit in one.exhibits] == [exhibit.id for exhibit in other.exhibits]
    assert one.exhibits
    for mine, its in zip(one.exhibits, other.exhibits, strict=True):
        assert (mine.headline, mine.notes, mine.alt) == (its.headline, its.notes, its.alt)
        pd.testing.assert_frame_equal(mine.frame, its.frame, check_dtype=False, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "changes",
    [{}, {"grain": "week", "compare": "previous_period"}],
    ids=["months against last year", "weeks against the weeks before"],
)
def test_rankings(houses, plain, engine, changes):
    part = rankings.COURSE if changes else ""
    assert_same(
        *both(houses, plain, engine, lambda question: rankings.answer(question, part=part), **changes)
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_pages(houses, plain, engine):
    assert_same(*both(houses, plain, engine, pages.answer))


@pytest.mark.parametrize("engine", ENGINES)
def test_prioritisation(houses, plain, engine):
    assert_same(*both(houses, plain, engine, prioritisation.answer))


@pytest.mark.parametrize("engine", ENGINES)
def test_figures(houses, plain, engine):
    one, other = both(
        houses, plain, engine, lambda asked: figures.figures(asked.warehouse, asked.filters, asked.settings)
    )
    months = one.pop("position_by_month"), other.pop("position_by_month")
    totals = one.pop("totals"), other.pop("totals")
    assert one == other
    assert months[0] == pytest.approx(months[1], rel=1e-12)
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)


def test_links_come_from_the_lake_only_where_they_are_the_workspaces_own(houses, plain):
    assert houses["spark"].links == lake.published(houses["pandas"]._engine.folder).links
    assert houses["duckdb"].links == ""
    assert houses["spark"].name.startswith(published(plain.warehouse_dir).name)


def test_executors_are_processes_of_their_own(session):
    found = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert found == 3  # the driver and two executors


def test_a_frame_of_the_workspace_joins_the_lakes_rows(houses):
    wanted = pd.DataFrame({"url": ["https://portal.leverkusen.example/"], "mark": ["Start"]})
    rows = houses["spark"].ask(
        lambda t: t["pages"].join(t["wanted"], on="url", how="inner").select("mark", nw.col("page_kind")),
        wanted=wanted,
    )
    assert rows.to_dict("records") == [{"mark": "Start", "page_kind": "Suche/Start"}]
