"""The lake holds exactly the snapshot, changes only what changed, and is whole whenever a run is killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from etl.errors import LoadError
from etl.operations.lake import Written, write_lake
from etl.store.publish import draft
from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.base.link_rows import query_map, service_map
from portalkompass.schema import LINK_TABLES, TABLES
from portalkompass.settings import Settings
from portalkompass.warehouse import lake
from portalkompass.warehouse.reader import open_published
from portalkompass.warehouse.snapshots import published
from portalkompass.workspace import ServiceLink, add_link, workspace_of
from tests.conftest import command
from tests.warehouse_fixture import FIRST, PROVISIONAL, SITE, publish, settings_for

KILLS = int(os.environ.get("LAKE_KILLS", "3"))
OCTOBER = f"search_page_day/site={SITE.replace(':', '%3A').replace('/', '%2F')}/month=2025-10-01"


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path / "data", writer_wait_seconds=0)
    publish(settings)
    return settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def change(settings: Settings, statement: str) -> None:
    with draft(settings) as connection:
        connection.execute(statement)


def stamps(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*.parquet")
    }


def state_of(folder: Path) -> lake.Lake:
    state = lake.published(folder)
    assert state
    return state


def rows(folder: Path, table: str, *files: str) -> str:
    """A query over these files, else over the table's folder as any other tool would read it."""
    names = [str(folder / name) for name in files] or [str(folder / table / "**" / "*.parquet")]
    parted = table in TABLES and lake.partition_day(TABLES[table])
    columns = "hive_partitioning = true, hive_types = {'site': VARCHAR, 'month': DATE}"
    return f"read_parquet({names}, {columns})" if parted else f"read_parquet({names})"


@pytest.mark.parametrize("by_manifest", [True, False])
def test_every_table_has_the_rows_of_the_snapshot(city: Settings, folder: Path, by_manifest: bool) -> None:
    write_lake(city, folder)
    state, snapshot = state_of(folder), published(city.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        for name in set(lake.tables()) & set(TABLES):
            files = state.files[name]
            count = connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            if not files:
                assert count == 0, name
                continue
            copied = rows(folder, name, *(files if by_manifest else ()))
            columns = ", ".join(f'"{column}"' for column in TABLES[name].names)
            assert connection.sql(f"SELECT count(*) FROM {copied}").fetchall() == [(count,)], name
            kept = f"SELECT {columns} FROM {name}"
            assert connection.sql(f"{kept} EXCEPT SELECT {columns} FROM {copied}").fetchall() == [], name


def test_what_loading_leaves_behind_is_not_copied(city: Settings, folder: Path) -> None:
    write_lake(city, folder)
    assert {one.name for one in folder.iterdir() if one.is_dir()} <= set(lake.tables())
    assert {"rejected_rows", "ingest_runs", "ingest_ledger"}.isdisjoint(state_of(folder).files)


def test_a_second_run_writes_nothing(city: Settings, folder: Path) -> None:
    first = write_lake(city, folder)
    before, manifest = stamps(folder), (folder / lake.MANIFEST).read_bytes()
    assert write_lake(city, folder) == Written(first.name, 0, first.new, 0)
    assert (stamps(folder), (folder / lake.MANIFEST).read_bytes()) == (before, manifest)


def test_a_changed_day_writes_its_month_only(city: Settings, folder: Path) -> None:
    first = write_lake(city, folder)
    before = stamps(folder)
    change(city, "UPDATE search_page_day SET clicks = clicks + 1 WHERE date = DATE '2025-10-05'")
    second = write_lake(city, folder)
    after = stamps(folder)
    assert (second.new, second.removed) == (1, 1)
    assert second.name != first.name
    assert {Path(name).parent.as_posix() for name in set(before) ^ set(after)} == {OCTOBER}
    assert {name: after[name] for name in set(before) & set(after)} == {
        name: before[name] for name in set(before) & set(after)
    }


def test_months_and_properties_that_are_gone_leave_no_folder(city: Settings, folder: Path) -> None:
    write_lake(city, folder)
    assert (folder / OCTOBER).is_dir()
    change(city, "DELETE FROM search_page_day WHERE date BETWEEN DATE '2025-10-01' AND DATE '2025-10-31'")
    write_lake(city, folder)
    assert not (folder / OCTOBER).exists()
    change(city, "DELETE FROM search_page_day")
    write_lake(city, folder)
    assert not (folder / "search_page_day").exists()


def test_facts_and_names_of_the_snapshot_go_along(city: Settings, folder: Path) -> None:
    write_lake(city, folder)
    (facts,) = state_of(folder).facts
    house = open_published(city)
    assert (facts.site, facts.first_day, facts.provisional_days) == (SITE, FIRST, (PROVISIONAL,))
    assert facts.data_date == house.data_date(SITE)
    assert state_of(folder).name.startswith(house.name)


def test_links_are_resolved_as_the_app_resolves_them(city: Settings, folder: Path) -> None:
    write_lake(city, folder)
    workspace, house = workspace_of(city), open_published(city)
    question = ask(house, workspace, default_filters(house, city), city)
    found = {**asdict(service_map(question)), **asdict(query_map(question))}
    for name, table in LINK_TABLES.items():
        columns = ", ".join(table.names[1:])
        files = state_of(folder).files[name]
        copied = duckdb.sql(f"SELECT {columns} FROM {rows(folder, name, *files)} ORDER BY ALL").fetchall()
        asked = [tuple(row) for row in found[name][list(table.names[1:])].to_numpy().tolist()]
        assert copied == sorted(asked), name
    assert SITE + "leistung/hundesteuer" in set(found["service_page"]["url"])


def test_an_edited_link_is_another_state_of_the_same_snapshot(city: Settings, folder: Path) -> None:
    first = write_lake(city, folder)
    link = ServiceLink("leistung", "url", "exact", "/organisationseinheit/ordnungsamt", "fischereischein")
    add_link(workspace_of(city), link, "Ina")
    second = write_lake(city, folder)
    assert second.name != first.name
    assert second.name.partition("-")[0] == first.name.partition("-")[0]
    assert second.removed == second.new > 0


def test_properties_keep_their_letters_in_the_names_of_folders(city: Settings, folder: Path) -> None:
    sites = ["sc-domain:bäder.example", "https://a.example/x?y=1%20z#'\"\\*/"]
    for site in sites:
        change(
            city,
            "INSERT INTO search_site_day VALUES ($s$"
            + site
            + "$s$, 'web', DATE '2025-01-01', 9, 1, 0, 'api')",
        )
    write_lake(city, folder)
    files = state_of(folder).files["search_site_day"]
    found = duckdb.sql(f"SELECT DISTINCT site FROM {rows(folder, 'search_site_day', *files)}").fetchall()
    assert {row[0] for row in found} == {SITE, *sites}


def test_files_of_others_are_never_touched(city: Settings, folder: Path) -> None:
    folder.mkdir()
    (folder / "Urlaub.jpg").write_bytes(b"x")
    with pytest.raises(LoadError, match=r"Urlaub\.jpg.*leeren Ordner"):
        write_lake(city, folder)
    assert sorted(one.name for one in folder.iterdir()) in (["Urlaub.jpg"], [".lock", "Urlaub.jpg"])


def test_sample_data_never_take_the_place_of_real_ones(city: Settings, folder: Path, tmp_path: Path) -> None:
    write_lake(city, folder)
    sample = settings_for(tmp_path / "other").as_demo()
    publish(sample)
    with pytest.raises(LoadError, match="echte Daten"):
        write_lake(sample, folder)
    assert state_of(folder).origin == "live"


def test_a_ruined_manifest_is_a_sentence_and_the_next_run_mends_it(city: Settings, folder: Path) -> None:
    written = write_lake(city, folder)
    (folder / lake.MANIFEST).write_text('{"name": 3}', encoding="utf-8")
    with pytest.raises(lake.LakeError, match="python -m etl lake"):
        lake.published(folder)
    assert write_lake(city, folder) == Written(written.name, 0, written.new, 0)
    assert state_of(folder).name == written.name


def _killed_after(seconds: float, settings: Settings, folder: Path) -> bool:
    child = multiprocessing.get_context("forkserver").Process(target=write_lake, args=(settings, folder))
    child.start()
    child.join(seconds)
    alive = child.is_alive()
    if alive and child.pid:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return alive


def test_a_killed_run_leaves_the_state_before_or_the_new_one_whole(city: Settings, folder: Path) -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["etl.operations.lake"])
    write_lake(city, folder)
    assert not _killed_after(60, city, folder)
    chance, clicks, killed = random.Random(5), 10, 0
    change(city, "UPDATE search_site_day SET clicks = clicks + 1")
    begin = time.monotonic()
    assert not _killed_after(60, city, folder)
    whole = time.monotonic() - begin
    clicks += 1
    for _ in range(KILLS):
        change(city, "UPDATE search_site_day SET clicks = clicks + 1")
        killed += _killed_after(chance.uniform(0.05, 0.9) * whole, city, folder)
        files = state_of(folder).files["search_site_day"]
        seen = duckdb.sql(
            f"SELECT min(clicks), max(clicks), count(*) FROM {rows(folder, 'search_site_day', *files)}"
        )
        low, high, days = seen.fetchall()[0]
        assert low == high
        assert low in range(clicks, 12 + KILLS)
        assert days == (PROVISIONAL - FIRST).days + 1
        clicks = low
    assert killed > 0
    write_lake(city, folder)
    named = {name for files in state_of(folder).files.values() for name in files}
    assert set(stamps(folder)) == named


def test_a_table_that_the_snapshot_lacks_is_not_named_and_a_column_is_missed(
    city: Settings, folder: Path
) -> None:
    change(city, "DROP TABLE sitemaps")
    write_lake(city, folder)
    assert "sitemaps" not in state_of(folder).files
    assert state_of(folder).files["search_appearance_day"] == ()
    change(city, "ALTER TABLE sitemaps DROP COLUMN errors")
    with pytest.raises(LoadError, match="älteren Version"):
        write_lake(city, folder)


def test_without_data_the_command_says_so(tmp_path: Path) -> None:
    done = command(tmp_path / "data", "etl", "lake", str(tmp_path / "lake"))
    assert (done.returncode, "noch nichts geladen" in done.stderr) == (1, True)
    assert not (tmp_path / "lake").exists()


def test_the_command_writes_beside_a_snapshot_whatever_engine_the_app_asks(
    city: Settings, folder: Path
) -> None:
    done = command(city.data_dir, "etl", "lake", str(folder), PORTALKOMPASS_WAREHOUSE="spark")
    assert done.returncode == 0, done.stderr
    assert f"Lake mit Stand {state_of(folder).name}" in done.stdout
