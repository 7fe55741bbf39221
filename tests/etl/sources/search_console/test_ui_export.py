from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.store.ledger import start_run
from etl.store.load import append
from etl.store.publish import draft
from portalkompass.schema import INGEST_LEDGER, SEARCH_SITE_DAY
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots
from tests.etl.files.export_files import ENGLISH, FRENCH, GERMAN, SITE, folder, zipped

Ask = Callable[[str], list[tuple[Any, ...]]]
DAYS = "SELECT date, clicks, impressions, sum_position, origin FROM search_site_day ORDER BY date"
WINDOW = "SELECT table_name, key, clicks, impressions, sum_position FROM search_window ORDER BY ALL"
FIRST, SECOND, THIRD = dt.date(2025, 11, 1), dt.date(2025, 11, 2), dt.date(2025, 11, 3)


def test_german_zip_fills_days_and_keeps_totals_apart(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    (report,) = import_paths([zipped(tmp_path, GERMAN)], settings, site=SITE)

    assert (report.kind, report.site, report.file_name) == ("search_console_export", SITE, "export.zip")
    assert (report.period_start, report.period_end) == (FIRST, THIRD)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (13, 13, 0)
    assert report.warnings == ()
    assert ask(DAYS) == [
        (FIRST, 3, 10, 40.0, "ui_export"),
        (SECOND, 1, 30, 240.0, "ui_export"),
        (THIRD, 0, 0, 0.0, "ui_export"),
    ]
    assert ask(WINDOW) == [
        ("countries", "Deutschland", 4, 40, 280.0),
        ("days", "2025-11-01", 3, 10, 40.0),
        ("days", "2025-11-02", 1, 30, 240.0),
        ("days", "2025-11-03", 0, 0, 0.0),
        ("devices", "DESKTOP", 1, 10, 100.0),
        ("devices", "MOBILE", 3, 30, 180.0),
        ("pages", "(Mitarbeiterseiten)", 1, 10, 40.0),
        ("pages", "https://musterstadt.example/leistung/hundesteuer", 3, 25, 95.0),
        ("queries", "hund anmelden", 2, 20, 70.0),
        ("queries", "hunde\nsteuer", 1, 10, 50.0),
        ("queries", 'was kostet, "genau", ein hund', 0, 3, 33.0),
    ]
    assert ask("SELECT grain, date, state, clicks, origin FROM ingest_ledger ORDER BY date") == [
        ("search_site_day", FIRST, "final", 3, "ui_export"),
        ("search_site_day", SECOND, "final", 1, "ui_export"),
        ("search_site_day", THIRD, "final", 0, "ui_export"),
    ]


@pytest.mark.parametrize(
    ("tables", "search_type", "queries"), [(ENGLISH, "image", "dog tax"), (FRENCH, "web", "taxe chien")]
)
def test_other_languages_load_the_same_way(
    tmp_path: Path, settings: Settings, ask: Ask, tables: dict[str, str], search_type: str, queries: str
) -> None:
    import_paths([folder(tmp_path, tables)], settings, site=SITE)
    assert ask("SELECT search_type, sum(clicks), sum(impressions) FROM search_site_day GROUP BY 1") == [
        (search_type, 4, 40)
    ]
    assert ask("SELECT key FROM search_window WHERE table_name = 'queries'") == [(queries,)]


def test_loading_twice_changes_nothing(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    path = zipped(tmp_path, GERMAN)
    import_paths([path], settings, site=SITE)
    before = (ask(DAYS), ask(WINDOW))
    import_paths([path], settings, site=SITE)
    assert (ask(DAYS), ask(WINDOW)) == before


def test_preview_writes_nothing_at_all(tmp_path: Path, settings: Settings) -> None:
    (report,) = import_paths([zipped(tmp_path, GERMAN)], settings, site=SITE, preview=True)
    assert report.run_id == ""
    assert report.as_json()["sample"][0] == {
        "table": "days",
        "key": "2025-11-01",
        "clicks": 3,
        "impressions": 10,
    }
    assert not settings.warehouse_dir.exists()


def test_days_of_the_api_are_never_overwritten(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    import pyarrow as pa

    run = start_run("search_console", site=SITE)
    with draft(settings) as connection:
        day = {"site": SITE, "search_type": "web", "date": SECOND, "impressions": 99, "clicks": 9}
        append(
            connection, SEARCH_SITE_DAY, pa.Table.from_pylist([day | {"sum_position": 1.0, "origin": "api"}])
        )
        known = {"source": "search_console", "site": SITE, "search_type": "web", "grain": "search_site_day"}
        empty = known | {"date": THIRD, "state": "empty", "origin": "api", "run_id": run.run_id}
        append(connection, INGEST_LEDGER, pa.Table.from_pylist([empty]))

    (report,) = import_paths([zipped(tmp_path, GERMAN)], settings, site=SITE)

    assert "1 Tag in die Tageswerte übernommen (2 Tage lagen schon" in report.message
    assert ask(DAYS) == [(FIRST, 3, 10, 40.0, "ui_export"), (SECOND, 9, 99, 1.0, "api")]
    assert ask("SELECT date, state, origin FROM ingest_ledger ORDER BY date") == [
        (FIRST, "final", "ui_export"),
        (THIRD, "empty", "api"),
    ]


def test_a_newer_export_replaces_the_days_of_an_older_one(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    import_paths([zipped(tmp_path, GERMAN)], settings, site=SITE)
    newer = {
        "Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2025-11-01,5,10,50%,2\n2025-11-03,2,2,100%,1"
    }
    import_paths([folder(tmp_path, newer, "neuer")], settings, site=SITE)
    assert ask(DAYS) == [(FIRST, 5, 10, 10.0, "ui_export"), (THIRD, 2, 2, 0.0, "ui_export")]


def test_a_filtered_chart_is_a_window_only(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    filtered = GERMAN | {"Filter.csv": "Filtern,Wert\nSuchtyp,Web\nSeite,+leistung\nDatum,Letzte 28 Tage"}
    (report,) = import_paths([zipped(tmp_path, filtered)], settings, site=SITE)
    assert "gefiltert (Seite: +leistung)" in report.warnings[0]
    assert ask(DAYS) == []
    assert ask("SELECT DISTINCT filters FROM search_window") == [("Seite: +leistung",)]
    import_paths([zipped(tmp_path, GERMAN, "offen.zip")], settings, site=SITE)
    assert ask("SELECT filters, count(*) FROM search_window GROUP BY 1 ORDER BY 1") == [
        ("", 11),
        ("Seite: +leistung", 11),
    ]


def test_a_weekly_chart_gives_the_period_but_no_days(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    weekly = {
        "Diagramm.csv": "Zeitraum,Klicks,Impressionen,CTR,Position\n"
        "2025-10-30 - 2025-11-01,3,10,30%,5\n2025-11-02 - 2025-11-08,1,30,3.33%,9"
    }
    (report,) = import_paths([folder(tmp_path, weekly)], settings, site=SITE)
    assert (report.period_start, report.period_end) == (dt.date(2025, 10, 30), dt.date(2025, 11, 8))
    assert "einzelne Tage lassen sich nicht übernehmen" in " ".join(report.warnings)
    assert ask(DAYS) == []
    assert [row[1] for row in ask(WINDOW)] == ["2025-10-30 - 2025-11-01", "2025-11-02 - 2025-11-08"]


def test_position_zero_means_no_value(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    tables = {"Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2025-11-01,0,7,0%,0"}
    import_paths([folder(tmp_path, tables)], settings, site=SITE)
    assert ask(DAYS) == [(FIRST, 0, 7, None, "ui_export")]


def test_discover_has_no_position(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    tables = {
        "Diagramm.csv": "Datum,Klicks,Impressionen,CTR\n2025-11-01,3,10,30%",
        "Filter.csv": "Filtern,Wert\nSuchtyp,Discover",
    }
    import_paths([folder(tmp_path, tables)], settings, site=SITE)
    assert ask("SELECT search_type, sum_position FROM search_site_day") == [("discover", None)]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_resaved_in_german_excel(tmp_path: Path, settings: Settings, ask: Ask, encoding: str) -> None:
    text = "Datum;Klicks;Impressionen;CTR;Position\r\n01.11.2025;1.234;12.345;10,0\u00a0%;6,5\r\n"
    pages = f"Die häufigsten Seiten;Klicks;Impressionen;CTR;Position\r\n{SITE}a;1;2;50 %;3,5\r\n"
    path = tmp_path / "export"
    path.mkdir()
    (path / "Diagramm.csv").write_bytes(text.encode(encoding))
    (path / "Seiten.csv").write_bytes(pages.encode(encoding))
    import_paths([path], settings, site=SITE)
    assert ask(DAYS) == [(FIRST, 1234, 12345, 67897.5, "ui_export")]


def test_workbook_with_the_same_sheets(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    book = openpyxl.Workbook()
    chart = book.active
    chart.title = "Diagramm"
    chart.append(["Datum", "Klicks", "Impressionen", "CTR", "Position"])
    chart.append([dt.datetime(2025, 11, 1), 3, 10, 0.3, 5.5])
    pages = book.create_sheet("Seiten")
    pages.append(["Die häufigsten Seiten", "Klicks", "Impressionen", "CTR", "Position"])
    pages.append([f"{SITE}leistung/hundesteuer", 3, 25, "12 %", "4"])
    book.create_sheet("Darstellung in der Suche")
    path = tmp_path / "export.xlsx"
    book.save(path)
    (report,) = import_paths([path], settings, site=SITE)
    assert report.rows_in == 2
    assert ask(DAYS) == [(FIRST, 3, 10, 45.0, "ui_export")]


def test_decomposed_names_nested_folders_and_mac_leftovers(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    tables: dict[str, str | bytes] = {
        unicodedata.normalize("NFD", f"Export 2025/{name}"): text for name, text in GERMAN.items()
    }
    tables["__MACOSX/Export 2025/._Seiten.csv"] = b"\x00\x05\x16\x07"
    import_paths([zipped(tmp_path, tables)], settings, site=SITE)
    assert ask("SELECT DISTINCT table_name FROM search_window ORDER BY 1") == [
        ("countries",),
        ("days",),
        ("devices",),
        ("pages",),
        ("queries",),
    ]


def test_loose_tables_of_one_folder_are_one_export(tmp_path: Path, settings: Settings) -> None:
    path = folder(tmp_path, GERMAN)
    reports = import_paths([path / "Seiten.csv", path / "Diagramm.csv"], settings, site=SITE)
    assert [(report.rows_in, report.period_start) for report in reports] == [(7, FIRST)]


def test_tables_that_disagree_are_loaded_with_a_warning(tmp_path: Path, settings: Settings) -> None:
    odd = GERMAN | {"Geräte.csv": "Gerät,Klicks,Impressionen,CTR,Position\nMobil,3,40,7.5%,8.06"}
    (report,) = import_paths([zipped(tmp_path, odd)], settings, site=SITE)
    assert report.warnings == (
        "Geräte ergeben 3 Klicks, die Tage 4.",
        "Geräte ergeben Position 8,06, die Tage 8,00.",
    )


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("https___www.musterstadt.example_-Performance-on-Search-2025-12-15.zip", SITE),
        ("musterstadt.example-Performance-on-Search-2025-12-15.zip", "sc-domain:musterstadt.example"),
        ("download.zip", SITE),
    ],
)
def test_property_from_file_name_else_from_the_pages(
    tmp_path: Path, settings: Settings, name: str, site: str
) -> None:
    (report,) = import_paths([zipped(tmp_path, GERMAN, name)], settings)
    assert report.site == site


def test_configured_property_is_used_where_the_pages_belong_to_it(
    tmp_path: Path, city_settings: Settings
) -> None:
    (report,) = import_paths([zipped(tmp_path, GERMAN, "download.zip")], city_settings)
    assert report.site == SITE


FOREIGN = {
    name: text.replace("www.musterstadt.example", "www.anderswo.example") for name, text in GERMAN.items()
}


@pytest.mark.parametrize("site", [None, SITE, "sc-domain:musterstadt.example"])
def test_another_property_is_refused(tmp_path: Path, city_settings: Settings, site: str | None) -> None:
    with pytest.raises(LoadError, match=r"gehört zu einer anderen Property.*anderswo\.example"):
        import_paths([zipped(tmp_path, FOREIGN)], city_settings, site=site)
    assert not snapshots.history(city_settings.warehouse_dir)


def test_another_property_loads_under_its_own_name(tmp_path: Path, city_settings: Settings) -> None:
    (report,) = import_paths([zipped(tmp_path, FOREIGN)], city_settings, site="sc-domain:anderswo.example")
    assert report.site == "sc-domain:anderswo.example"


def test_the_property_already_loaded_counts_as_the_city_s(tmp_path: Path, settings: Settings) -> None:
    import_paths([zipped(tmp_path, GERMAN)], settings)
    with pytest.raises(LoadError, match="gehört zu einer anderen Property"):
        import_paths([zipped(tmp_path, FOREIGN, "fremd.zip")], settings)


HEADER = "Datum,Klicks,Impressionen,CTR,Position\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEADER + "2025-11-01,-3,10,30%,5", "Zeile 2, Spalte „Klicks“: „-3“: eine Anzahl kann nicht negativ"),
        (
            HEADER + "2025-11-01,3,10,30%,0.4",
            "Zeile 2, Spalte „Position“: „0.4“: eine Position ist mindestens 1",
        ),
        (HEADER + "2025-12-24,3,10,30%,5", "Spalte „Datum“: „2025-12-24“ liegt in der Zukunft"),
        (
            HEADER + "2025-11-01,3,10,30%,5\n2025-11-01,3,10,30%,5",
            "Zeile 3, Spalte „Datum“: „2025-11-01“ steht schon in Zeile 2",
        ),
        (HEADER + "2025-11-31,3,10,30%,5", "diesen Tag gibt es nicht"),
        (HEADER + "2025-11-01,3,zehn,30%,5", "Spalte „Impressionen“: „zehn“: keine ganze Zahl"),
        (HEADER + "2025-11-01,3,10,30%", "Zeile 2: 4 statt 5 Spalten"),
    ],
)
def test_a_faulty_row_refuses_the_file_and_is_kept(
    tmp_path: Path, settings: Settings, ask: Ask, text: str, sentence: str
) -> None:
    import_paths([zipped(tmp_path, GERMAN)], settings, site=SITE)
    before = (ask(DAYS), ask(WINDOW))
    with pytest.raises(LoadError) as refusal:
        import_paths([folder(tmp_path, {"Diagramm.csv": text})], settings, site=SITE)
    assert sentence in str(refusal.value)
    assert (ask(DAYS), ask(WINDOW)) == before
    assert ask("SELECT state, rows_loaded, rows_rejected FROM ingest_runs WHERE state = 'failed'") == [
        ("failed", 0, 1)
    ]
    assert ask(
        "SELECT count(*) FROM rejected_rows JOIN ingest_runs USING (run_id) WHERE state = 'failed'"
    ) == [(1,)]


def test_a_fault_in_a_zip_names_its_table(tmp_path: Path, settings: Settings) -> None:
    faulty = GERMAN | {"Länder.csv": "Land,Klicks,Impressionen,CTR,Position\nDeutschland,-4,40,10%,8"}
    with pytest.raises(LoadError) as refusal:
        import_paths([zipped(tmp_path, faulty)], settings, site=SITE)
    assert str(refusal.value) == (
        "export.zip wurde nicht geladen: export.zip/Länder.csv, Zeile 2, Spalte „Klicks“: "
        "„-4“: eine Anzahl kann nicht negativ sein. Bitte die genannten Zellen berichtigen, oder die Datei laden, wie "
        "sie ausgegeben wurde."
    )


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"Diagramm.csv": "Datum,Klicks,CTR,Position\n2025-11-01,3,30%,5"}, "fehlt die Spalte Impressionen"),
        ({"Diagramm.csv": ""}, "Diagramm.csv: Die Datei ist leer"),
        ({"Diagramm.csv": HEADER}, "enthält keine Zeilen"),
        ({"Seiten.csv": "Seite,Klicks,Impressionen\nx,1,2"}, "Es fehlt die Spalte Position"),
        ({"Seiten.csv": f"Die häufigsten Seiten,Impressionen\n{SITE}a,2"}, "Bericht zu generativer KI"),
        (
            {"Chart.csv": "Date,Last 3 months Clicks,Previous 3 months Clicks\n2025-11-01,1,2"},
            "vergleicht zwei Zeiträume",
        ),
        ({"Filter.csv": "Filtern,Wert\nSuchtyp,Hörbuch", "Diagramm.csv": HEADER}, "Suchtyp „Hörbuch“"),
        ({"Diagramm.csv": HEADER + '2025-11-01,"3,10,30%,5'}, "Zeile 2: Die Tabelle ist beschädigt"),
        ({"Seiten.csv": GERMAN["Seiten.csv"], "Seiten (1).csv": GERMAN["Seiten.csv"]}, "dieselbe Tabelle"),
    ],
)
def test_a_file_of_the_wrong_kind_leaves_no_trace(
    tmp_path: Path, settings: Settings, tables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(LoadError) as refusal:
        import_paths([folder(tmp_path, tables)], settings, site=SITE)
    assert sentence in str(refusal.value)
    assert not snapshots.history(settings.warehouse_dir)
