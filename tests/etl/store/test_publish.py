"""Snapshots: what is published stays as it is until the next load is complete."""

from __future__ import annotations

import errno
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from etl.errors import LoadError
from etl.store.machine_faults import sentence_of
from etl.store.publish import draft, rollback
from portalkompass.schema import SCHEMA_VERSION, TABLES
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.warehouse.reader import open_published
from portalkompass.warehouse.snapshots import history, published


def load_day(settings: Settings, day: int, clicks: int) -> None:
    with draft(settings) as connection:
        connection.execute(
            "INSERT INTO search_site_day VALUES ('sc-domain:a.example', 'web', ?, 100, ?, 50.0, 'api')",
            [f"2025-01-{day:02d}", clicks],
        )


def published_clicks(settings: Settings) -> int:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return int(connection.execute("SELECT sum(clicks) FROM search_site_day").fetchall()[0][0])


def test_a_load_is_seen_only_when_it_is_complete(settings: Settings) -> None:
    load_day(settings, 1, 10)
    with draft(settings) as connection:
        connection.execute("UPDATE search_site_day SET clicks = 99")
        assert published_clicks(settings) == 10
    assert published_clicks(settings) == 99


def test_a_fault_publishes_nothing_and_leaves_no_draft(settings: Settings) -> None:
    load_day(settings, 1, 10)
    with pytest.raises(LoadError, match="Quatsch"), draft(settings) as connection:
        connection.execute("DELETE FROM search_site_day")
        raise LoadError("Quatsch")
    assert published_clicks(settings) == 10
    assert not list(settings.warehouse_dir.glob("draft-*"))


def test_the_last_three_snapshots_stay_and_rollback_points_to_the_one_before(settings: Settings) -> None:
    for day in range(1, 6):
        load_day(settings, day, 1)
    assert [published_clicks(settings), len(history(settings.warehouse_dir))] == [5, 3]
    rollback(settings)
    assert published_clicks(settings) == 4
    rollback(settings)
    assert published_clicks(settings) == 3
    with pytest.raises(LoadError, match="keinen früheren Stand"):
        rollback(settings)


def test_a_load_after_a_rollback_grows_from_the_state_rolled_back_to(settings: Settings) -> None:
    load_day(settings, 1, 10)
    load_day(settings, 2, 500)
    rollback(settings)
    load_day(settings, 3, 1)
    assert published_clicks(settings) == 11


def test_a_fault_of_the_disk_is_told_in_german_whatever_its_kind() -> None:
    for number, why in ((errno.ENOSPC, "Der Datenträger ist voll"), (errno.EIO, "Lese- oder Schreibfehler")):
        assert why in sentence_of(OSError(number, os.strerror(number)))
    assert sentence_of(OSError(errno.EBUSY, "Device or resource busy")) == (
        "Ein Dateizugriff schlug fehl: das Betriebssystem nennt keinen Grund. "
        "Der veröffentlichte Stand ist unverändert."
    )


def test_a_second_writer_leaves_with_a_sentence(settings: Settings) -> None:
    hurried = settings.model_copy(update={"writer_wait_seconds": 0.2})
    with draft(settings), pytest.raises(LoadError, match="Ein anderer Ladevorgang läuft"), draft(hurried):
        pass


def test_a_second_writer_waits_for_the_first(settings: Settings) -> None:
    code = (
        "import time\nfrom pathlib import Path\nfrom etl.store.publish import draft\n"
        "from portalkompass.settings import Settings\n"
        f"with draft(Settings(data_dir=Path({str(settings.data_dir)!r}))) as c:\n"
        "    print('open', flush=True)\n    time.sleep(1)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        patient = settings.model_copy(update={"writer_wait_seconds": 30})
        load_day(patient, 1, 7)
    assert published_clicks(settings) == 7


def test_demo_data_are_refused_in_a_folder_of_live_data(settings: Settings) -> None:
    load_day(settings, 1, 10)
    demo = settings.model_copy(update={"demo": True})
    with pytest.raises(LoadError, match="liegen echte Daten; Beispieldaten werden dort nicht geladen"):
        load_day(demo, 2, 1)
    assert published_clicks(settings) == 10


def test_a_warehouse_of_a_newer_version_is_refused(settings: Settings) -> None:
    load_day(settings, 1, 10)
    with draft(settings) as connection:
        connection.execute(
            "UPDATE warehouse_info SET value = ? WHERE name = 'schema_version'", [str(SCHEMA_VERSION + 1)]
        )
    with pytest.raises(LoadError, match="neueren Version"):
        load_day(settings, 2, 1)


def test_a_snapshot_says_in_which_form_of_file_and_with_what_it_was_written(settings: Settings) -> None:
    load_day(settings, 1, 10)
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
    assert info["written_with"] == f"DuckDB {duckdb.__version__}"
    oldest = duckdb.__version__.rpartition(".")[0]
    assert info["storage_version"] == f"v{oldest}.0+"


def test_a_file_of_a_newer_duckdb_is_not_called_damaged(settings: Settings) -> None:
    load_day(settings, 1, 10)
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    data = bytearray(snapshot.path.read_bytes())
    struct.pack_into("<Q", data, 12, 1039)  # the form of the file, in its first block
    checksum = 5381  # that of DuckDB, over the block behind it
    for (word,) in struct.iter_unpack("<Q", data[8:4096]):
        checksum ^= word * 0xBF58476D1CE4E5B9 & (2**64 - 1)
    struct.pack_into("<Q", data, 0, checksum)
    snapshot.path.write_bytes(data)
    with pytest.raises(LoadError, match="neueren Version von DuckDB"):
        load_day(settings, 2, 1)
    with pytest.raises(WarehouseError, match="neueren Version von DuckDB"):
        open_published(settings)


def test_a_column_added_to_the_contract_appears_in_an_older_warehouse(settings: Settings) -> None:
    load_day(settings, 1, 10)
    older = published(settings.warehouse_dir)
    assert older
    with duckdb.connect(older.path) as connection:
        connection.execute("ALTER TABLE pages DROP COLUMN host")
    load_day(settings, 2, 10)
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        columns = tuple(row[0] for row in connection.execute("DESCRIBE pages").fetchall())
    assert sorted(columns) == sorted(TABLES["pages"].names)


def test_a_reader_keeps_its_snapshot_while_a_load_publishes(settings: Settings) -> None:
    load_day(settings, 1, 10)
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as reader:
        load_day(settings, 2, 5)
        assert reader.execute("SELECT sum(clicks) FROM search_site_day").fetchall() == [(10,)]
    assert published_clicks(settings) == 15


def test_a_pointer_to_a_missing_file_falls_back_to_the_newest_snapshot(settings: Settings) -> None:
    load_day(settings, 1, 10)
    load_day(settings, 2, 5)
    newest = published(settings.warehouse_dir)
    assert newest
    newest.path.unlink()
    assert published_clicks(settings) == 10


KILLED_LOAD = """
import sys, time
from pathlib import Path
from etl.store.load import transaction
from etl.store.publish import draft
from portalkompass.settings import Settings
with draft(Settings(data_dir=Path(sys.argv[1]))) as connection:
    for day in range(2, 28):
        with transaction(connection):
            connection.execute(
                "INSERT INTO search_site_day VALUES ('sc-domain:a.example', 'web', ?, 1, 1, 0.0, 'api')",
                [f"2025-01-{day:02d}"])
            connection.execute(
                "INSERT INTO ingest_ledger BY NAME SELECT 'search_console' AS source, 'sc-domain:a.example' AS site, "
                "'web' AS search_type, 'search_site_day' AS grain, ?::DATE AS date, 'final' AS state",
                [f"2025-01-{day:02d}"])
        print(day, flush=True)
        time.sleep(0.01)
"""


@pytest.mark.parametrize("day", [2, 4, 7, 9, 11, 13, 16, 18, 21, 24])
def test_a_killed_load_changes_nothing_and_its_whole_slices_are_not_lost(
    settings: Settings, day: int
) -> None:
    load_day(settings, 1, 10)
    before = published(settings.warehouse_dir)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_LOAD, str(settings.data_dir)], stdout=subprocess.PIPE, text=True
    ) as load:
        assert load.stdout
        while load.stdout.readline().strip() != str(day):
            pass
        os.kill(load.pid, signal.SIGKILL)
    assert published(settings.warehouse_dir) == before
    assert published_clicks(settings) == 10
    with draft(settings) as connection:
        facts, noted = connection.execute(
            "SELECT (SELECT count(*) FROM search_site_day) - 1, (SELECT count(*) FROM ingest_ledger)"
        ).fetchall()[0]
    assert facts == noted
    assert facts >= day - 1


def test_a_cut_off_copy_is_never_taken_for_a_draft(settings: Settings) -> None:
    load_day(settings, 1, 10)
    base = published(settings.warehouse_dir)
    assert base
    half = settings.warehouse_dir / f"draft-{base.name}.duckdb"
    half.write_bytes(base.path.read_bytes()[:5000])
    part = settings.warehouse_dir / f"draft-{base.name}.part"
    part.write_bytes(b"half a copy")
    load_day(settings, 2, 5)
    assert published_clicks(settings) == 15
    assert not part.exists()


def test_stamps_grow_even_when_the_clock_is_set_back(settings: Settings) -> None:
    load_day(settings, 1, 10)
    only = published(settings.warehouse_dir)
    assert only
    future = only.path.with_name("29991231T000000000000Z.duckdb")
    only.path.rename(future)
    Path(settings.warehouse_dir / "current").write_text(future.name + "\n", encoding="utf-8")
    time.sleep(0.001)
    load_day(settings, 2, 5)
    assert published_clicks(settings) == 15
