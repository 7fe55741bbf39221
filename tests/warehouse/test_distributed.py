"""Choosing Spark: what has to be there, and what it leaves as it is. Spark itself: tests/spark."""

import sys

import pytest

from etl.operations.lake import write_lake
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.warehouse.reader import name_of_published, open_published
from portalkompass.warehouse.snapshots import in_use
from tests.conftest import command
from tests.warehouse_fixture import publish, settings_for

ENGINES = ("spark", "sc://cluster.example:15002")


@pytest.mark.parametrize("engine", ENGINES)
def test_without_the_place_of_a_lake_the_setting_is_named(tmp_path, engine):
    for ask in (open_published, name_of_published):
        with pytest.raises(WarehouseError, match="PORTALKOMPASS_LAKE"):
            ask(settings_for(tmp_path, warehouse=engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_before_the_first_lake_the_command_is_named(tmp_path, engine):
    settings = settings_for(tmp_path, warehouse=engine, lake=str(tmp_path / "lake"))
    assert name_of_published(settings) == ""
    with pytest.raises(WarehouseError, match="python -m etl lake"):
        open_published(settings)


@pytest.mark.parametrize("engine", ENGINES)
def test_without_spark_the_packages_are_named(tmp_path, monkeypatch, engine):
    for package in ("pyspark", "py4j", "grpc"):
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, package, None)
    city = settings_for(tmp_path / "data")
    publish(city)
    written = write_lake(city, tmp_path / "lake")
    settings = settings_for(tmp_path / "data", warehouse=engine, lake=str(tmp_path / "lake"))
    assert name_of_published(settings) == written.name
    with pytest.raises(WarehouseError, match=r"requirements-spark\.txt"):
        open_published(settings)


def test_a_lake_of_a_newer_version_is_refused(tmp_path):
    city = settings_for(tmp_path / "data")
    publish(city)
    write_lake(city, tmp_path / "lake")
    manifest = tmp_path / "lake" / "lake.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"layout": 1', '"layout": 2'), encoding="utf-8"
    )
    with pytest.raises(WarehouseError, match="neueren Version"):
        open_published(settings_for(tmp_path, warehouse="spark", lake=str(tmp_path / "lake")))


def test_snapshots_stay_where_they_were_and_sample_data_stay_on_this_machine(tmp_path):
    settings = Settings(data_dir=tmp_path, warehouse="spark", lake="/lake")
    assert settings.warehouse_dir == tmp_path / "warehouse"
    assert settings.beside_the_lake().distributed is False
    assert settings.as_demo().distributed is False
    publish(Settings(data_dir=tmp_path).as_demo())
    assert in_use(settings) is settings
    assert in_use(settings.beside_the_lake()).demo is True


def test_the_command_names_what_is_missing(tmp_path):
    done = command(tmp_path, "portalkompass", "figures", "--json", PORTALKOMPASS_WAREHOUSE="spark")
    assert (done.returncode, done.stdout) == (1, "")
    assert "PORTALKOMPASS_LAKE" in done.stderr
