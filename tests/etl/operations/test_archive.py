"""An archive in open formats holds everything, says what it holds, and comes back equal; a damaged one does not."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from etl.errors import LoadError
from etl.operations.archive import export, read_back
from portalkompass import schema
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.conftest import command
from tests.operations.conftest import clicks, filled, rows, write_note


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


def test_what_is_read_back_equals_what_was_written(city: Settings, empty: Settings, tmp_path: Path) -> None:
    assert "schema.json" in export(city, tmp_path / "archiv")
    assert "zurückgelesen" in read_back(empty, tmp_path / "archiv")
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
    assert figures(one) == figures(other)


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
