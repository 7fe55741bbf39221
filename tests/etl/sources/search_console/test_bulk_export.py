"""Bulk exports (BigQuery) as files: same tables, summed keys, hidden share, zero-based positions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.etl.sources.search_console.small_world import (
    LAST_FINAL,
    SITE,
    full_truth,
    loaded,
    search_console,
    small_world,
)

DAY = dt.date(2025, 3, 1)
SITE_ROWS = """
    SELECT * FROM (VALUES
      (DATE '2025-03-01', 'sc-domain:stadt.example', 'wohngeld', false, 'deu', 'WEB', 'MOBILE', 10, 4, 5),
      (DATE '2025-03-01', 'sc-domain:stadt.example', 'wohngeld', false, 'deu', 'WEB', 'MOBILE', 6, 1, 3),
      (DATE '2025-03-01', 'sc-domain:stadt.example', 'wohngeld', false, 'aut', 'WEB', 'DESKTOP', 4, 0, 40),
      (DATE '2025-03-01', 'sc-domain:stadt.example', NULL, true, 'deu', 'WEB', 'MOBILE', 20, 5, 100)
    ) t(data_date, site_url, query, is_anonymized_query, country, search_type, device, impressions, clicks,
        sum_top_position)
"""
URL_ROWS = """
    SELECT * FROM (VALUES
      (DATE '2025-03-01', 'sc-domain:stadt.example', 'https://www.stadt.example/leistung/wohngeld/', 'wohngeld', false,
       'deu', 'WEB', 'MOBILE', 20, 5, 8),
      (DATE '2025-03-01', 'sc-domain:stadt.example', 'https://stadt.example/leistung/wohngeld', '', true,
       'deu', 'WEB', 'MOBILE', 20, 4, 60),
      (DATE '2025-03-01', 'sc-domain:stadt.example', 'https://stadt.example/mitarbeiter/erika', 'erika', false,
       'deu', 'WEB', 'MOBILE', 3, 1, 2)
    ) t(data_date, site_url, url, query, is_anonymized_query, country, search_type, device, impressions, clicks,
        sum_position)
"""


@pytest.fixture
def city(settings: Settings) -> Settings:
    console = settings.search_console.model_copy(update={"site": SITE})
    return settings.model_copy(update={"search_console": console})


def write(folder: Path, name: str, rows: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    kind = "PARQUET" if name.endswith(".parquet") else "CSV, HEADER"
    duckdb.sql(f"COPY ({rows}) TO '{path}' (FORMAT {kind})")
    return path


def rows_of(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("name", ["site.parquet", "site.csv", "site.csv.gz"])
def test_site_impressions_fill_totals_segments_and_listed_queries(
    city: Settings, tmp_path: Path, name: str
) -> None:
    import_paths([write(tmp_path / "bulk", name, SITE_ROWS)], city)
    tables = loaded(city)
    assert tables["search_site_day"] == [(DAY, 10, 40, 148.0)]
    assert tables["search_segment_day"] == [
        (DAY, "aut", "DESKTOP", 0, 4, 40.0),
        (DAY, "deu", "MOBILE", 10, 36, 108.0),
    ]
    assert tables["search_query_day"] == [(DAY, "wohngeld", 5, 20, 48.0)]
    assert rows_of(city, "SELECT DISTINCT origin FROM search_site_day") == [("bulk_export",)]


def test_url_impressions_fill_pages_with_folded_urls_and_staff(city: Settings, tmp_path: Path) -> None:
    import_paths([write(tmp_path / "bulk", "url.parquet", URL_ROWS)], city)
    tables = loaded(city)
    page = "https://stadt.example/leistung/wohngeld"
    assert tables["search_page_day"] == [(DAY, STAFF_PAGES, 1, 3, 2.0), (DAY, page, 9, 40, 68.0)]
    assert tables["search_page_query_day"] == [
        (DAY, STAFF_PAGES, "", 1, 3, 2.0),
        (DAY, page, "wohngeld", 5, 20, 8.0),
    ]


def test_a_folder_loads_both_tables_at_once_and_twice_is_the_same(city: Settings, tmp_path: Path) -> None:
    write(tmp_path / "bulk", "site.parquet", SITE_ROWS)
    write(tmp_path / "bulk", "url.parquet", URL_ROWS)
    first = import_paths([tmp_path / "bulk"], city)
    once = loaded(city)
    import_paths([tmp_path / "bulk"], city)
    assert loaded(city) == once
    assert [report.warnings for report in first] == [(), ()]
    assert sorted((r.kind, r.rows_in, r.rows_loaded) for r in first) == [
        ("bulk_export", 3, 3),
        ("bulk_export", 4, 4),
    ]
    assert verify(city).faults == ()


def test_a_bulk_export_is_taken_back_whole_and_its_days_are_due_again(city: Settings, tmp_path: Path) -> None:
    (pages,) = import_paths([write(tmp_path / "a", "url.parquet", URL_ROWS)], city)
    before = loaded(city)
    (totals,) = import_paths([write(tmp_path / "b", "site.parquet", SITE_ROWS)], city)
    sentence = undo(city, totals.run_id)
    assert "site.parquet wurde zurückgenommen: 4 Zeilen entfernt. Für diese Tage ist jetzt nichts" in sentence
    assert loaded(city) == before
    assert rows_of(city, "SELECT DISTINCT grain FROM ingest_ledger ORDER BY 1") == [
        ("search_page_day",), ("search_page_query_day",)
    ]  # fmt: skip
    assert verify(city).faults == ()
    undo(city, pages.run_id)
    assert rows_of(city, "SELECT count(*) FROM ingest_ledger") == [(0,)]
    assert rows_of(city, "SELECT count(*) FROM sites") == [(0,)]
    with pytest.raises(LoadError, match="schon zurückgenommen"):
        undo(city, pages.run_id)


def test_days_that_a_later_load_took_over_stay_when_the_bulk_export_is_taken_back(
    city: Settings, tmp_path: Path
) -> None:
    second_day = SITE_ROWS.replace("2025-03-01", "2025-03-02")
    both = f"({SITE_ROWS}) UNION ALL ({second_day})"
    (older,) = import_paths([write(tmp_path / "a", "both.parquet", both)], city)
    import_paths([write(tmp_path / "b", "newer.parquet", second_day)], city)
    undo(city, older.run_id)
    assert loaded(city)["search_site_day"] == [(dt.date(2025, 3, 2), 10, 40, 148.0)]
    assert verify(city).faults == ()


def test_a_part_loaded_alone_says_that_it_replaces(city: Settings, tmp_path: Path) -> None:
    import_paths([write(tmp_path / "bulk", "a.parquet", SITE_ROWS)], city)
    part = write(tmp_path / "bulk", "b.parquet", f"SELECT * FROM ({SITE_ROWS}) LIMIT 1")
    for preview in (True, False):
        (report,) = import_paths([part], city, preview=preview)
        assert report.warnings == (
            "1 Tag lag schon aus einem Bulk-Export vor und wird ersetzt. Die Teile eines Exports bitte zusammen "
            "laden (als Ordner).",
        )


def test_a_preview_writes_nothing(city: Settings, tmp_path: Path) -> None:
    reports = import_paths([write(tmp_path / "bulk", "site.parquet", SITE_ROWS)], city, preview=True)
    assert reports[0].rows_in == 4
    assert published(city.warehouse_dir) is None


def test_a_file_of_another_property_is_refused(city: Settings, tmp_path: Path) -> None:
    other = SITE_ROWS.replace("stadt.example", "andere.example")
    with pytest.raises(LoadError, match="gehört zu einer anderen Property"):
        import_paths([write(tmp_path / "bulk", "site.parquet", other)], city)
    assert published(city.warehouse_dir) is None


def test_files_that_share_the_rows_of_a_day_are_one_whole(city: Settings, tmp_path: Path) -> None:
    parts = [f"SELECT * FROM ({SITE_ROWS}) LIMIT 1 OFFSET {number}" for number in range(4)]
    for number, rows in enumerate(parts[:3]):
        write(tmp_path / "bulk", f"site-00000000000{number}.parquet", rows)
    write(tmp_path / "bulk", "site-000000000003.csv", parts[3])
    write(tmp_path / "bulk", "url-000000000000.parquet", URL_ROWS)
    totals, pages = import_paths([tmp_path / "bulk"], city)
    assert loaded(city)["search_site_day"] == [(DAY, 10, 40, 148.0)]
    assert loaded(city)["search_query_day"] == [(DAY, "wohngeld", 5, 20, 48.0)]
    assert (totals.file_name, totals.rows_in) == ("site-000000000000.parquet und 3 weitere Dateien", 4)
    assert (pages.file_name, pages.rows_in) == ("url-000000000000.parquet", 3)
    assert verify(city).faults == ()
    assert "4 Zeilen entfernt" in undo(city, totals.run_id)
    assert loaded(city)["search_site_day"] == []


@pytest.mark.parametrize(
    ("rows", "sentence", "kept"),
    [
        (
            SITE_ROWS.replace(", 10, 4, 5)", ", 10, -4, 5)"),
            "site.parquet wurde nicht geladen: Zeile 1, Spalte „clicks“: „-4“: eine Anzahl kann nicht negativ sein",
            1,
        ),
        (
            SITE_ROWS.replace("2025-03-01", "2125-03-01"),
            "Zeile 1, Spalte „data_date“: „2125-03-01“: liegt in der Zukunft",
            4,
        ),
    ],
)
def test_a_file_with_rows_that_cannot_be_changes_no_figure_and_its_rows_are_kept(
    city: Settings, tmp_path: Path, rows: str, sentence: str, kept: int
) -> None:
    import_paths([write(tmp_path / "good", "site.parquet", SITE_ROWS)], city)
    before = loaded(city)
    with pytest.raises(LoadError, match=sentence):
        import_paths([write(tmp_path / "bulk", "site.parquet", rows)], city)
    assert loaded(city) == before
    assert rows_of(city, "SELECT count(*) FROM rejected_rows") == [(kept,)]


def test_every_unusable_value_of_a_file_is_named_and_kept(city: Settings, tmp_path: Path) -> None:
    header = "data_date,site_url,query,is_anonymized_query,country,search_type,device,impressions,clicks"
    path = tmp_path / "site.csv"
    path.write_text(
        f"{header},sum_top_position\n"
        "2025-03-01,sc-domain:stadt.example,wohngeld,false,deu,WEB,MOBILE,10,4,5\n"
        "01.03.25,sc-domain:stadt.example,wohngeld,vielleicht,deu,WEB,MOBILE,viele,1.5,5\n"
        "2025-03-01,,wohngeld,false,deu,WEB,MOBILE,-10,,-5\n",
        encoding="utf-8",
    )
    with pytest.raises(LoadError, match=r"Zeile 3, Spalte „clicks“: „1[.]5“: keine ganze Zahl"):
        import_paths([path], city)
    assert rows_of(city, "SELECT line, column_name, value FROM rejected_rows ORDER BY ALL") == [
        (3, "clicks", "1.5"),
        (3, "data_date", "01.03.25"),
        (3, "impressions", "viele"),
        (3, "is_anonymized_query", "vielleicht"),
        (4, "clicks", ""),
        (4, "impressions", "-10"),
        (4, "site_url", ""),
        (4, "sum_top_position", "-5"),
    ]
    assert rows_of(city, "SELECT state, rows_in, rows_loaded FROM ingest_runs") == [("failed", 3, 0)]
    assert loaded(city)["search_site_day"] == []


def test_a_line_with_too_many_columns_is_named(city: Settings, tmp_path: Path) -> None:
    path = write(tmp_path / "bulk", "site.csv", SITE_ROWS)
    path.write_text(path.read_text(encoding="utf-8") + "2025-03-01,a,b,c,d,e,f,g,h,i,j,k\n", encoding="utf-8")
    with pytest.raises(LoadError, match=r"site.csv: Zeile 6 hat nicht so viele Spalten"):
        import_paths([path], city)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("SELECT 1 AS a, 2 AS b", "kein Bulk-Export"),
        (SITE_ROWS + " WHERE false", "keine Zeilen"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    city: Settings, tmp_path: Path, rows: str, sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([write(tmp_path / "bulk", "site.parquet", rows)], city)
    assert published(city.warehouse_dir) is None


def test_a_cut_parquet_file_is_refused(city: Settings, tmp_path: Path) -> None:
    path = write(tmp_path / "bulk", "site.parquet", SITE_ROWS)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(LoadError, match="lässt sich nicht lesen"):
        import_paths([path], city)


def test_discover_has_no_position(city: Settings, tmp_path: Path) -> None:
    import_paths([write(tmp_path / "bulk", "site.parquet", SITE_ROWS.replace("'WEB'", "'DISCOVER'"))], city)
    assert rows_of(city, "SELECT search_type, clicks, sum_position FROM search_site_day") == [
        ("discover", 10, None)
    ]
    # Discover has no queries: an empty one would be listed, and nothing would look hidden.
    assert loaded(city)["search_query_day"] == []
    assert rows_of(city, "SELECT grain FROM ingest_ledger ORDER BY 1") == [
        ("search_segment_day",), ("search_site_day",)
    ]  # fmt: skip
    assert verify(city).hidden == ()


def test_the_api_fills_the_days_that_the_bulk_export_lacks_and_leaves_its_days(tmp_path: Path) -> None:
    world = small_world(count=20)
    with search_console(world, tmp_path, rolling_days=3) as (_, settings):
        write(tmp_path / "bulk", "site.parquet", SITE_ROWS)
        write(tmp_path / "bulk", "url.parquet", URL_ROWS)
        import_paths([tmp_path / "bulk"], settings)
        pull(settings)
        tables = loaded(settings)
        expected = [row for row in full_truth(world)["search_site_day"] if row[0] != DAY]
        assert tables["search_site_day"] == sorted([*expected, (DAY, 10, 40, 148.0)])
        assert tables["search_site_day"][-1][0] == LAST_FINAL
        assert verify(settings).faults == ()
