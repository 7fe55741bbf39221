"""The large sample: whole, the same every time, and never where live figures lie."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from etl.demo.scale.build import build_size, settings_of
from etl.demo.scale.sizes import GOOGLE_LIMIT, SIZES, Scale, Size
from etl.errors import LoadError
from etl.operations.verify import verify
from etl.store.publish import draft
from portalkompass.schema import DAY_GRAINS, TABLES
from portalkompass.settings import DEMO_SITE, Settings
from portalkompass.warehouse.snapshots import published
from tests.conftest import command

SMALL = Size(days=45, pages=200, queries=900, queries_a_day=150, municipalities=3)
CLOCK = {"ingest_runs", "warehouse_info"}
CLOCK_COLUMNS = {"fetched_at", "run_id", "import_id"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(data_dir=tmp_path_factory.mktemp("scale")).as_demo()
    list(build_size(settings, SMALL))
    return settings


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_grain_is_whole_and_the_grains_fit_together(built: Settings) -> None:
    result = verify(built)
    assert result.faults == ()
    assert result.warnings == ()


def test_the_main_property_has_every_day_in_every_grain(built: Settings) -> None:
    for table in DAY_GRAINS:
        found = rows(built, f"SELECT count(DISTINCT date) FROM {table.name} WHERE site = '{DEMO_SITE}'")
        assert found == [(45,)], table.name
    assert rows(built, "SELECT count(*), count(DISTINCT municipality) FROM sites") == [(4, 4)]
    assert rows(built, "SELECT DISTINCT date::VARCHAR FROM ingest_ledger WHERE state = 'provisional'") == [
        ("2025-12-16",)
    ]


def test_two_builds_are_identical(built: Settings, tmp_path: Path) -> None:
    again = Settings(data_dir=tmp_path).as_demo()
    list(build_size(again, SMALL))
    for name in sorted(TABLES.keys() - CLOCK):
        columns = ", ".join(f'"{column}"' for column in TABLES[name].names if column not in CLOCK_COLUMNS)
        text = f'SELECT {columns} FROM "{name}" ORDER BY ALL'
        assert rows(built, text) == rows(again, text), name


def test_a_day_has_about_as_many_queries_as_asked_for(built: Settings) -> None:
    found = rows(
        built,
        f"SELECT count(*) / 45 FROM search_query_day WHERE site = '{DEMO_SITE}' AND date < '2025-12-17'",
    )
    assert found[0][0] == pytest.approx(SMALL.queries_a_day, rel=0.1)


def test_the_large_scale_promises_what_the_issue_asks_for() -> None:
    large = SIZES[Scale.LARGE]
    assert large.municipalities == 300
    assert large.days * GOOGLE_LIMIT == pytest.approx(24e6, rel=0.02)
    assert large.days * large.queries_a_day == pytest.approx(10e6, rel=0.03)


def test_the_command_builds_the_city_in_a_folder_of_its_own_and_calls_it_sample_data(tmp_path: Path) -> None:
    done = command(tmp_path, "etl", "demo", "--scale", "city")
    assert done.returncode == 0, done.stderr
    assert "Beispieldaten liegen bereit in" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["demo-city"]
    assert (
        rows(settings_of(Settings(data_dir=tmp_path), Scale.CITY), "SELECT value FROM warehouse_info").count(
            ("demo",)
        )
        == 1
    )
    shown = command(tmp_path / "demo-city", "portalkompass", "figures")
    assert shown.stdout.startswith("Beispieldaten")


def test_sample_data_are_refused_where_live_figures_lie(tmp_path: Path) -> None:
    there = settings_of(Settings(data_dir=tmp_path), Scale.CITY)
    live = Settings(data_dir=tmp_path, warehouse=str(there.warehouse_dir))
    with draft(live) as connection:
        connection.execute("INSERT INTO sites VALUES ('https://a.example/', 'a')")
    with pytest.raises(LoadError, match="liegen echte Daten"):
        list(build_size(there, SMALL))
