"""Hours are kept by UTC: the night that summer time ends is whole, the night that it begins has 23."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from etl.errors import LoadError
from etl.files.hours import hours_of_day, parse_hour
from etl.operations.archive import export, read_back
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from etl.store.publish import draft
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.etl.sources.search_console.small_world import SITE, search_console, small_world

END, BEGIN = dt.date(2025, 11, 2), dt.date(2025, 3, 9)
METRICS = "Klicks,Impressionen,CTR,Position"
FILE_SITE = "https://www.musterstadt.example/"


def hours(settings: Settings, day: dt.date) -> list[tuple[dt.datetime, dt.datetime, int, int]]:
    """UTC, local, clicks and impressions of every hour of a local day."""
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(
            "SELECT hour_utc, hour, clicks, impressions FROM search_hour WHERE hour::DATE = ? ORDER BY 1",
            [day],
        ).fetchall()


def of_the_day(settings: Settings, day: dt.date) -> list[tuple[int, int]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(
            "SELECT clicks, impressions FROM search_site_day WHERE date = ?", [day]
        ).fetchall()


@pytest.mark.parametrize(("night", "number"), [(END, 25), (BEGIN, 23)])
def test_the_api_s_night_is_whole(tmp_path: Path, night: dt.date, number: int) -> None:
    today = night + dt.timedelta(days=4)
    world = small_world(last=today - dt.timedelta(days=1))
    with search_console(world, tmp_path, today=today, hourly=True) as (_, settings):
        pull(settings)
        pull(settings)
    found = hours(settings, night)
    assert [(utc, local) for utc, local, _, _ in found] == [(h.utc, h.local) for h in hours_of_day(night)]
    assert len(found) == number
    assert [(sum(row[2] for row in found), sum(row[3] for row in found))] == of_the_day(settings, night)
    assert verify(settings).faults == ()


def chart(tmp_path: Path, lines: Sequence[str]) -> Path:
    """An export of 24 hours; the nth hour has n clicks."""
    folder = tmp_path / "https___www.musterstadt.example_-Performance-on-Search-2025-11-03"
    folder.mkdir(exist_ok=True)
    rows = [f"{line},{n},{10 * n},10%,3" for n, line in enumerate(lines, 1)]
    (folder / "Diagramm.csv").write_text("\n".join([f"Zeit,{METRICS}", *rows]), encoding="utf-8")
    pages = f"Die häufigsten Seiten,{METRICS}\n{FILE_SITE}a,24,240,10%,3\n"
    (folder / "Seiten.csv").write_text(pages, encoding="utf-8")
    return folder


def written(night: dt.date, *, zone: bool) -> list[str]:
    """All hours of the day as a file has them, with their offset or without."""
    texts = []
    for hour in hours_of_day(night):
        offset = int((hour.local - hour.utc).total_seconds() // 3600)
        texts.append(hour.local.isoformat() + (f"-{-offset:02d}:00" if zone else ""))
    return texts


@pytest.mark.parametrize("zone", [True, False])
@pytest.mark.parametrize(("night", "number"), [(END, 25), (BEGIN, 23)])
def test_the_file_s_night_is_whole(
    tmp_path: Path, settings: Settings, night: dt.date, number: int, zone: bool
) -> None:
    path = chart(tmp_path, written(night, zone=zone))
    (report,) = import_paths([path], settings)
    found = hours(settings, night)
    assert [row[:3] for row in found] == [
        (hour.utc, hour.local, n) for n, hour in enumerate(hours_of_day(night), 1)
    ]
    assert len(found) == number
    assert verify(settings).faults == ()
    import_paths([path], settings)
    assert hours(settings, night) == found
    undo(settings, import_paths([path], settings)[0].run_id)
    assert hours(settings, night) == []
    assert f"davon {number} Stunden" in report.message


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["2025-11-02T00:00:00", "2025-11-02T01:00:00", "2025-11-02T02:00:00"], "gab es zweimal"),
        (["2025-11-02T01:00:00"] * 3, "steht schon in Zeile 2"),
        (["2025-03-09T01:00:00", "2025-03-09T02:00:00"], "gab es nicht"),
        (["2025-11-02T01:00:00-07:00", "2025-11-02T08:00:00Z"], "steht schon da, anders geschrieben"),
        (["2025-11-02T01:00:00+05:30", "2025-11-02T08:00:00Z"], "keine volle Stunde"),
    ],
)
def test_hours_that_cannot_be_told_apart_refuse_the_file(
    tmp_path: Path, settings: Settings, lines: list[str], sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([chart(tmp_path, lines)], settings)


def test_hours_of_the_api_stay_where_a_file_has_the_same_night(tmp_path: Path) -> None:
    today = END + dt.timedelta(days=2)
    world = small_world(last=today - dt.timedelta(days=1))
    with search_console(world, tmp_path, today=today, hourly=True) as (_, settings):
        pull(settings)
        before = hours(settings, END)
        folder = chart(tmp_path, written(END, zone=True))
        (folder / "Seiten.csv").write_text(
            f"Die häufigsten Seiten,{METRICS}\nhttps://portal.stadt.example/a,24,240,10%,3\n",
            encoding="utf-8",
        )
        renamed = folder.rename(tmp_path / "stadt.example-Performance-on-Search-2025-11-03")
        import_paths([renamed], settings, site=SITE)
    assert hours(settings, END) == before


def old_rows(settings: Settings, rows: Sequence[tuple[str, int]]) -> None:
    """The table as an older version had it, with these local hours."""
    with draft(settings):
        pass
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path) as connection:
        connection.execute(
            "CREATE OR REPLACE TABLE search_hour (site VARCHAR NOT NULL, search_type VARCHAR NOT NULL, "
            "hour TIMESTAMP NOT NULL, impressions BIGINT, clicks BIGINT, sum_position DOUBLE, origin VARCHAR)"
        )
        for hour, clicks in rows:
            connection.execute(
                "INSERT INTO search_hour VALUES (?, 'web', ?, ?, ?, ?, 'api')",
                [SITE, hour, 10 * clicks, clicks, 2.0 * clicks],
            )


OLD = [
    ("2025-11-02 00:00:00", 1),
    ("2025-11-02 01:00:00", 2),
    ("2025-11-02 01:00:00", 4),
    ("2025-11-02 02:00:00", 8),
    ("2025-03-09 02:00:00", 16),
    ("2025-03-09 03:00:00", 32),
]
NEW = [
    (dt.datetime(2025, 3, 9, 10), dt.datetime(2025, 3, 9, 3), 48, 480),
    (dt.datetime(2025, 11, 2, 7), dt.datetime(2025, 11, 2), 1, 10),
    (dt.datetime(2025, 11, 2, 8), dt.datetime(2025, 11, 2, 1), 2, 20),
    (dt.datetime(2025, 11, 2, 9), dt.datetime(2025, 11, 2, 1), 4, 40),
    (dt.datetime(2025, 11, 2, 10), dt.datetime(2025, 11, 2, 2), 8, 80),
]


def test_hours_of_an_older_version_get_their_utc_with_the_next_load(settings: Settings) -> None:
    old_rows(settings, OLD)
    assert verify(settings).faults == ()
    with draft(settings):
        pass
    with draft(settings):
        pass
    assert [*hours(settings, BEGIN), *hours(settings, END)] == NEW
    assert verify(settings).faults == ()


def test_an_archive_of_an_older_version_is_read_back(settings: Settings, tmp_path: Path) -> None:
    old_rows(settings, OLD)
    export(settings, tmp_path / "archiv")
    described = json.loads((tmp_path / "archiv" / "schema.json").read_text(encoding="utf-8"))
    told = next(table for table in described["tables"] if table["name"] == "search_hour")
    assert "hour_utc" not in [column["name"] for column in told["columns"]]
    empty = settings.model_copy(update={"data_dir": tmp_path / "neu"})
    read_back(empty, tmp_path / "archiv")
    assert [*hours(empty, BEGIN), *hours(empty, END)] == NEW


def test_verify_names_an_hour_of_another_clock(settings: Settings) -> None:
    old_rows(settings, OLD)
    with draft(settings) as connection:
        connection.execute("UPDATE search_hour SET hour = hour + INTERVAL 9 HOUR WHERE clicks = 8")
    (fault,) = verify(settings).faults
    assert fault == "search_hour: 1 Stunde passt nicht zur Weltzeit, zuerst 02.11.2025 11:00."


def test_an_hour_names_its_moment_whatever_its_zone() -> None:
    assert parse_hour("2025-11-02T01:00:00-08:00") == parse_hour("2025-11-02 09:00Z")
    assert parse_hour("2025-11-02 01:00", place=1) == parse_hour("2025-11-02T01:00:00-08:00")
