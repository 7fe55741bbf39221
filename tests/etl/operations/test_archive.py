"""An archive in open formats holds everything, says what it holds, and comes back equal; a damaged one does not."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from etl.errors import LoadError
from etl.operations.archive import export, read_back
from portalkompass import schema
from portalkompass.operations.workspace_copy import form_of
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import POINTER, published
from tests.conftest import command
from tests.operations.conftest import clicks, files, filled, rows, write_note
from tests.postgresql import new_database, postgresql_server

__all__ = ["postgresql_server"]


@pytest.fixture
def city(settings: Settings) -> Settings:
    return filled(settings)


@pytest.fixture
def empty(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"data_dir": tmp_path / "neu"})


def figures(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but what each load writes about itself."""
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall()
            for name in schema.TABLES
            if name != "warehouse_info"
        }


def fingerprints(settings: Settings) -> dict[str, tuple[object, ...]]:
    """Rows of every table but what each load writes about itself: how many, and two sums over the hash of each."""
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return {
            name: connection.execute(
                f'SELECT count(*), sum(hash(t)), bit_xor(hash(t)) FROM "{name}" t'
            ).fetchall()[0]
            for name in schema.TABLES
            if name != "warehouse_info"
        }


def test_what_is_read_back_equals_what_was_written(city: Settings, empty: Settings, tmp_path: Path) -> None:
    assert "schema.json" in export(city, tmp_path / "archiv")
    empty.data_dir.mkdir()
    (empty.data_dir / "criteria.toml").write_text("# stand hier\n", encoding="utf-8")
    assert "Eigene Dateien, die hier standen, liegen in" in read_back(empty, tmp_path / "archiv")
    (aside,) = empty.data_dir.glob("vor-rueckspielung-*")
    assert (aside / "criteria.toml").read_text(encoding="utf-8") == "# stand hier\n"
    assert figures(empty) == figures(city)
    assert rows(empty) == rows(city)
    assert (empty.data_dir / "criteria.toml").read_text(encoding="utf-8") == "# eigene Kriterien\n"


def test_the_sample_data_come_back_by_the_commands(demo_data: Path, tmp_path: Path) -> None:
    told = command(demo_data, "etl", "export", str(tmp_path / "archiv"), "--demo")
    assert told.returncode == 0, told.stderr
    (tmp_path / "neu").mkdir()
    back = command(tmp_path / "neu", "etl", "import", str(tmp_path / "archiv"), "--demo")
    assert back.returncode == 0, back.stderr
    one, other = (Settings(data_dir=folder).as_demo() for folder in (demo_data, tmp_path / "neu"))
    assert fingerprints(one) == fingerprints(other)


def test_the_schema_says_what_another_reader_finds(city: Settings, tmp_path: Path) -> None:
    export(city, tmp_path / "archiv")
    told = json.loads((tmp_path / "archiv" / "schema.json").read_text(encoding="utf-8"))
    assert "DuckDB" in told["written_by"]
    for table in told["tables"]:
        read = pq.read_table(tmp_path / "archiv" / "tables" / f"{table['name']}.parquet")
        assert read.num_rows == table["rows"]
        assert read.column_names == [column["name"] for column in table["columns"]]
        assert all(column["type"] and column["description"] for column in table["columns"])


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("cut", "beschädigt"),
        ("gone", "fehlt im Archiv"),
        ("newer", "neueren Version"),
        ("demo", "andere Daten"),
    ],
)
def test_a_damaged_or_foreign_archive_changes_nothing(
    city: Settings, empty: Settings, tmp_path: Path, damage: str, sentence: str
) -> None:
    export(city, tmp_path / "archiv")
    table, told = (
        tmp_path / "archiv" / "tables" / "search_site_day.parquet",
        tmp_path / "archiv" / "schema.json",
    )
    described = json.loads(told.read_text(encoding="utf-8"))
    if damage == "cut":
        table.write_bytes(table.read_bytes()[:-20])
    elif damage == "gone":
        table.unlink()
    else:
        described |= {"format": 2} if damage == "newer" else {"origin": "demo"}
        told.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(LoadError, match=sentence):
        read_back(empty, tmp_path / "archiv")
    assert published(empty.warehouse_dir) is None


@pytest.mark.parametrize("where", ["file", "server"])
def test_a_workspace_that_will_not_go_in_leaves_nothing_loaded_and_the_next_try_works(
    city: Settings, empty: Settings, tmp_path: Path, where: str, request: pytest.FixtureRequest
) -> None:
    if where == "server":
        url = new_database(request.getfixturevalue("postgresql_server"))
        empty = empty.model_copy(update={"workspace": url})
    export(city, tmp_path / "archiv")
    shutil.copytree(tmp_path / "archiv", tmp_path / "unvollstaendig")
    broken = tmp_path / "unvollstaendig" / "workspace.db"
    with closing(sqlite3.connect(broken)) as connection:
        connection.execute("DROP TABLE saved_views")
        connection.commit()
    told = tmp_path / "unvollstaendig" / "schema.json"
    described = json.loads(told.read_text(encoding="utf-8"))
    described["files"]["workspace.db"] = hashlib.sha256(broken.read_bytes()).hexdigest()
    told.write_text(json.dumps(described), encoding="utf-8")
    empty.data_dir.mkdir()
    own = empty.data_dir / "criteria.toml"
    own.write_text("# stand hier\n", encoding="utf-8")
    with pytest.raises(LoadError, match="nimmt seine Zeilen nicht an"):
        read_back(empty, tmp_path / "unvollstaendig")
    assert published(empty.warehouse_dir) is None
    assert files(empty.data_dir) == ["criteria.toml"]
    assert own.read_text(encoding="utf-8") == "# stand hier\n"
    read_back(empty, tmp_path / "archiv")
    assert (figures(empty), rows(empty)) == (figures(city), rows(city))


@pytest.mark.parametrize("where", ["file", "server"])
@pytest.mark.parametrize("fails", ["workspace", "publishing"])
def test_what_fails_after_the_rehearsal_leaves_nothing_behind_and_the_next_try_works(
    city: Settings, empty: Settings, tmp_path: Path, where: str, fails: str, request: pytest.FixtureRequest
) -> None:
    """A folder stands where a file is to be written, as a full disk would stop it: the log, or the new pointer."""
    if where == "server":
        empty = empty.model_copy(
            update={"workspace": new_database(request.getfixturevalue("postgresql_server"))}
        )
    export(city, tmp_path / "archiv")
    obstacle = empty.warehouse_dir / f"{POINTER}.new"
    if fails == "workspace" and where == "file":
        obstacle = empty.data_dir / "workspace.db-wal"
    elif fails == "workspace":
        obstacle = empty.data_dir / "criteria.toml"  # the last that is written before the rows
    obstacle.mkdir(parents=True)
    with pytest.raises((LoadError, OSError)) as fault:
        read_back(empty, tmp_path / "archiv")
    assert str(fault.value)
    assert published(empty.warehouse_dir) is None
    assert form_of(empty.workspace_url).revision in (None, 0)
    obstacle.rmdir()
    assert set(files(empty.data_dir)) <= {"warehouse"}
    read_back(empty, tmp_path / "archiv")
    assert (figures(empty), rows(empty)) == (figures(city), rows(city))


def test_a_workspace_whose_folder_cannot_be_keeps_the_figures_out(
    city: Settings, empty: Settings, tmp_path: Path
) -> None:
    export(city, tmp_path / "archiv")
    (tmp_path / "datei").write_text("kein Ordner", encoding="utf-8")
    for url, why in (
        (f"sqlite:///{tmp_path / 'datei' / 'workspace.db'}", "nicht beschreibbar"),
        ("unsinn://", "Art der Datenbank|Adresse des Arbeitsbereichs"),
    ):
        with pytest.raises(LoadError, match=why):
            read_back(empty.model_copy(update={"workspace": url}), tmp_path / "archiv")
        assert published(empty.warehouse_dir) is None


def test_an_archive_without_room_is_refused_before_anything_is_written(
    city: Settings, empty: Settings, tmp_path: Path
) -> None:
    export(city, tmp_path / "archiv")
    with (tmp_path / "archiv" / "tables" / "search_site_day.parquet").open("rb+") as table:
        table.truncate(shutil.disk_usage(tmp_path).free + 10**9)  # a hole: it takes no room here
    with pytest.raises(LoadError, match=r"fehlen .* MB freier Platz"):
        read_back(empty, tmp_path / "archiv")
    assert files(empty.data_dir) == []


def test_nothing_is_written_over(city: Settings, empty: Settings, tmp_path: Path) -> None:
    export(city, tmp_path / "archiv")
    with pytest.raises(LoadError, match="nie überschrieben"):
        export(city, tmp_path / "archiv")
    with pytest.raises(LoadError, match="schon etwas geladen"):
        read_back(city, tmp_path / "archiv")
    empty.data_dir.mkdir()
    write_note(empty, "Da")
    with pytest.raises(LoadError, match="schon einen Arbeitsbereich"):
        read_back(empty, tmp_path / "archiv")
    assert clicks(empty) == 0
