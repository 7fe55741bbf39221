"""The commands as a person or a timer calls them: exit codes, one clear sentence, the promised shapes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from portalkompass.schema import TABLES
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse.snapshots import history, published
from tests.conftest import command

REPORT_PAGES = [
    ("Wunschkennzeichen", 18_925),
    ("Anmeldung oder Ummeldung Ihres Wohnsitzes", 17_316),
    ("Bewohnerparkausweis", 15_902),
    ("Wohngeld", 14_050),
    ("Ausländerwesen – Abteilung 333", 13_812),
]
NOT_COMPARED = {"ingest_runs", "warehouse_info"}
CLOCK_COLUMNS = {"fetched_at", "run_id", "import_id", "checked_at"}


def demo_settings(folder: Path) -> Settings:
    return Settings(data_dir=folder).as_demo()


def test_the_demo_gives_the_figures_of_the_report(demo_data: Path) -> None:
    result = command(demo_data, "portalkompass", "figures", "--demo", "--json")
    figures = json.loads(result.stdout)
    assert figures["data_date"] == "2025-12-15"
    assert figures["origin"] == "demo"
    assert figures["position_by_month"]["2024-10"] == pytest.approx(23.9, abs=0.005)
    assert figures["position_by_month"]["2025-10"] == pytest.approx(8.8, abs=0.005)
    assert [(page["title"], page["clicks"]) for page in figures["top_pages"][:5]] == REPORT_PAGES
    assert figures["services"]["responsible"] == 189
    assert figures["services"]["with_status"] == 17
    assert figures["services"]["by_status"] == {
        "Go-Live": 5,
        "In Umsetzung": 4,
        "In Vorbereitung": 6,
        "offen": 2,
    }


def test_the_demo_is_whole_and_its_grains_fit_together(demo_data: Path) -> None:
    result = command(demo_data, "etl", "verify", "--demo")
    assert result.returncode == 0
    assert result.stdout.endswith("Zeilen geprüft, keine Fehler, 0 Hinweise.\n")


def test_building_the_demo_again_gives_identical_tables(tmp_path: Path) -> None:
    """The second time where the first one lies; each pull fetches a few days, ``make faults`` all of them."""
    days = {"PORTALKOMPASS_SEARCH_CONSOLE__RETENTION_DAYS": os.environ.get("DEMO_DAYS", "5")}
    for _ in range(2):
        assert command(tmp_path, "etl", "demo", **days).returncode == 0
    first, second = history(demo_settings(tmp_path).warehouse_dir)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{first.path}' AS a (READ_ONLY)")
        connection.execute(f"ATTACH '{second.path}' AS b (READ_ONLY)")
        assert connection.execute("SELECT count(*) > 1000 FROM a.search_page_query_day").fetchall() == [
            (True,)
        ]
        for table in TABLES.values():
            if table.name in NOT_COMPARED:
                continue
            columns = ", ".join(f'"{name}"' for name in table.names if name not in CLOCK_COLUMNS)
            differing = connection.execute(
                f"SELECT count(*) FROM ((SELECT {columns} FROM a.{table.name} EXCEPT ALL SELECT {columns} FROM "
                f"b.{table.name}) UNION ALL (SELECT {columns} FROM b.{table.name} EXCEPT ALL "
                f"SELECT {columns} FROM a.{table.name}))"
            ).fetchall()
            assert differing == [(0,)], table.name


def test_the_demo_is_refused_where_live_data_lie(demo_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    snapshot = published(demo_settings(folder).warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path) as connection:
        connection.execute("UPDATE warehouse_info SET value = 'live' WHERE name = 'origin'")
    result = command(folder, "etl", "demo")
    assert result.returncode == 1
    assert "liegen echte Daten; Beispieldaten werden dort nicht geladen" in result.stderr
    assert published(demo_settings(folder).warehouse_dir) == snapshot


def test_sample_data_step_back_once_anything_else_was_loaded(demo_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    before = json.loads(command(folder, "portalkompass", "figures", "--json").stdout)
    assert before["origin"] == "demo"
    assert command(folder, "etl", "import", str(SHIPPED_DATA / "ozg_services.csv")).returncode == 0
    after = json.loads(command(folder, "portalkompass", "figures", "--json").stdout)
    assert after["origin"] == "live"
    assert after["services"]["with_status"] == 17
    assert after["position_by_month"] == {}


def test_status_names_every_grain_with_its_days(demo_data: Path) -> None:
    held = json.loads(command(demo_data, "etl", "status", "--demo", "--json").stdout)["holdings"]
    shape = ["source", "site", "search_type", "grain", "first", "last", "rows", "missing_days"]
    assert list(held[0])[:8] == shape
    days = {entry["grain"]: entry for entry in held}
    # 525 final days from 9 July 2024 to 15 December 2025 and a provisional one.
    assert (days["search_site_day"]["first"], days["search_site_day"]["rows"]) == ("2024-07-09", 525 + 1)
    assert days["search_site_day"]["missing_days"] == 0
    assert days["search_site_day"]["provisional_days"] == 1
    assert days["portal_page"]["first"] == "2025-07-01"
    assert days["service_status_history"]["rows"] == 30


def test_nothing_configured_is_a_sentence_with_the_next_step(tmp_path: Path) -> None:
    result = command(tmp_path, "etl", "run")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "Es ist keine Quelle eingerichtet" in result.stderr
    assert command(tmp_path, "etl", "status").stdout.startswith("Noch nichts geladen")


def test_wrong_usage_exits_with_two(tmp_path: Path) -> None:
    assert command(tmp_path, "etl", "nonsense").returncode == 2
    assert command(tmp_path, "etl", "search-console", "--since", "gestern").returncode == 2
    assert command(tmp_path, "portalkompass", "figures", "--from", "gestern").returncode == 2


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    result = command(tmp_path, "etl", "status", PORTALKOMPASS_SEARCH_CONSOLE__WORKERS="geheim123")
    assert result.returncode == 1
    assert "search_console.workers" in result.stderr
    assert "geheim123" not in result.stderr


def test_no_network_is_one_sentence_and_leaves_the_published_state(demo_data: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    from etl.demo.server.credentials import write_credentials

    key = write_credentials(tmp_path, "http://127.0.0.1:9/token")
    result = command(
        tmp_path / "data",
        "etl",
        "search-console",
        PORTALKOMPASS_SEARCH_CONSOLE__SITE="sc-domain:stadt.example",
        PORTALKOMPASS_SEARCH_CONSOLE__CREDENTIALS_FILE=str(key),
        PORTALKOMPASS_SEARCH_CONSOLE__API_ENDPOINT="http://127.0.0.1:9",
        PORTALKOMPASS_SEARCH_CONSOLE__MAX_ATTEMPTS="2",
        PORTALKOMPASS_SEARCH_CONSOLE__BACKOFF_SECONDS="0.01",
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Google ist auch nach 2 Versuchen nicht erreichbar")
    assert published(Settings(data_dir=tmp_path / "data").warehouse_dir) is None


def test_rollback_points_to_the_state_before(tmp_path: Path) -> None:
    services = str(SHIPPED_DATA / "ozg_services.csv")
    for _ in range(2):
        assert command(tmp_path, "etl", "import", services).returncode == 0
    folder = Settings(data_dir=tmp_path).warehouse_dir
    earlier = history(folder)[0]
    assert command(tmp_path, "etl", "rollback").returncode == 0
    assert published(folder) == earlier
    result = command(tmp_path, "etl", "rollback")
    assert (result.returncode, "keinen früheren Stand" in result.stderr) == (1, True)
