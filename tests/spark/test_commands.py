"""The commands on the lake: the same output as on the snapshot, from a cluster here and from a Spark Connect server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portalkompass.settings import ROOT
from portalkompass.warehouse import lake
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.warehouse.reader import open_published
from tests.conftest import environment
from tests.spark.cluster import MASTER, PROPERTIES, spark_environment, spark_settings
from tests.warehouse_fixture import days as all_days
from tests.warehouse_fixture import publish, settings_for

pytestmark = pytest.mark.timeout(600)
FIGURES = ("portalkompass", "figures", "--json")
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
RANKING = ("portalkompass", "ranking", "--format", "json")


def command(folder, *arguments, **changes):
    """``python -m …`` in an interpreter of its own: Spark's packages decide at their import what they connect to."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment(folder) | changes,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def equal(text: str, other: str) -> bool:
    """Both as JSON, fractions to what the order of a sum leaves open."""
    return json.loads(text, parse_float=_near) == json.loads(other, parse_float=_near)


def _near(text: str):
    return pytest.approx(float(text), rel=1e-9)


@pytest.fixture(scope="module")
def on_the_snapshot(demo_data):
    """What the commands print on DuckDB."""
    return {asked: command(demo_data, *asked, "--demo").stdout for asked in (FIGURES, RANKING)}


def test_figures_are_those_of_the_snapshot(demo_lake, on_the_snapshot, tmp_path):
    done = command(tmp_path, *FIGURES, **spark_environment(demo_lake))
    assert done.returncode == 0, done.stderr
    assert equal(done.stdout, on_the_snapshot[FIGURES])
    assert json.loads(done.stdout)["origin"] == "demo"


@pytest.fixture(scope="module")
def connect_server(tmp_path_factory):
    """A Spark Connect server with executors of its own; its address."""
    import pyspark

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    properties = PROPERTIES | {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
    }
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    arguments = [part for name, value in properties.items() for part in ("--conf", f"{name}={value}")]
    folder = tmp_path_factory.mktemp("connect")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [str(submit), "--master", MASTER, *arguments, "--class", SERVER, "spark-internal"],
            cwd=folder,
            env=os.environ | {"SPARK_NO_DAEMONIZE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, server)
            yield f"sc://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port, server):
    until = time.monotonic() + 200
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    pytest.fail("Der Spark-Connect-Server startet nicht.", pytrace=False)


@pytest.mark.parametrize("asked", [FIGURES, RANKING], ids=["figures", "ranking"])
def test_spark_connect_answers_the_same(demo_lake, on_the_snapshot, connect_server, tmp_path, asked):
    done = command(tmp_path, *asked, **spark_environment(demo_lake, connect_server))
    assert done.returncode == 0, done.stderr
    assert equal(done.stdout, on_the_snapshot[asked])


def test_the_report_is_not_available(demo_lake, tmp_path):
    done = command(tmp_path, "portalkompass", "deck", "x.pptx", **spark_environment(demo_lake))
    assert (done.returncode, "auf dieser Datenbasis" in done.stderr) == (1, True)


def test_a_server_that_is_not_there_is_a_sentence(demo_lake, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"sc://127.0.0.1:{taken.getsockname()[1]}"
        done = command(tmp_path, *FIGURES, **spark_environment(demo_lake, nobody))
    assert (done.returncode, "Cluster" in done.stderr) == (1, True)


def test_a_renewed_lake_is_another_state_and_the_old_one_never_answers_with_half(session, tmp_path):
    city = settings_for(tmp_path / "data")
    publish(city)
    folder = tmp_path / "lake"
    spark = spark_settings(city, folder)
    assert command(city.data_dir, "etl", "lake", str(folder)).returncode == 0
    old = open_published(spark)
    assert open_published(spark) is old
    assert len(old.ask(lambda t: t["sites"])) == 1
    shutil.rmtree(folder / "search_page_day")
    with pytest.raises(WarehouseError, match="neuer Versuch"):
        old.ask(lambda t: t["search_page_day"])
    publish(city)
    assert command(city.data_dir, "etl", "lake", str(folder)).returncode == 0
    new = open_published(spark)
    assert new.name == lake.published(folder).name != old.name
    days = new.ask(lambda t: t["search_page_day"])
    assert int(days["clicks"].sum()) == 2 * 10 * len(all_days())
