"""Shapes of files that were once refused whole, read wrongly or loaded in part: each with the right value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from portalkompass.settings import Settings
from tests.etl.conftest import SITE
from tests.etl.files.export_files import folder

Ask = Callable[[str], list[tuple[Any, ...]]]
HOME = "https://musterstadt.example"
METRICS = "Klicks,Impressionen,CTR,Position"
DAYS = f"Datum,{METRICS}\n2025-11-01,25,250,10%,4\n2025-11-02,25,255,9.8%,4"
FILTER = "Filtern,Wert\nSuchtyp,Web"
NOVEMBER = (dt.date(2025, 11, 1), dt.date(2025, 11, 30))


def write(folder_: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder_ / name
    path.write_bytes(text.encode(encoding))
    return path


def test_an_address_that_google_lists_twice_is_summed(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    pages = (
        f"Die häufigsten Seiten,{METRICS}\n{SITE}leistung/pass,40,400,10%,3.1\n{SITE}leistung/hund,10,100,10%,5\n"
        f"{SITE}leistung/pass,0,6,0%,1"
    )
    path = folder(tmp_path, {"Diagramm.csv": DAYS, "Seiten.csv": pages, "Filter.csv": FILTER})
    (report,) = import_paths([path], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (5, 5, 0)
    assert "1 Zeile nennt dieselbe Adresse" in " ".join(report.warnings)
    pages_loaded = "FROM search_window WHERE table_name = 'pages' ORDER BY 1"
    assert ask(f"SELECT key, clicks, impressions, round(sum_position, 6) {pages_loaded}") == [
        (f"{HOME}/leistung/hund", 10, 100, 400.0),
        (f"{HOME}/leistung/pass", 40, 406, 840.0),
    ]  # fmt: skip
    assert ask("SELECT sum(clicks), sum(impressions) FROM search_site_day") == [(50, 505)]


def test_a_table_pasted_together_twice_is_not_summed(tmp_path: Path, settings: Settings) -> None:
    rows = f"{SITE}a,4,40,10%,3\n{SITE}b,1,10,10%,5\n{SITE}c,1,10,10%,5\n"
    pages = f"Die häufigsten Seiten,{METRICS}\n{rows}{rows}"
    with pytest.raises(LoadError, match="doppelt eingefügt"):
        import_paths([folder(tmp_path, {"Diagramm.csv": DAYS, "Seiten.csv": pages})], settings)


SITE_TABLE = (
    "data_date,site_url,query,is_anonymized_query,country,search_type,device,impressions,clicks,sum_top_position\n"
    "2025-11-01,sc-domain:stadt.example,pass,false,deu,WEB,DESKTOP,10,2,0\n"
    "2025-11-01,sc-domain:stadt.example,,true,deu,WEB,MOBILE,20,3,40\n"
    "2025-11-01,sc-domain:stadt.example,,false,,DISCOVER,,5,1,\n"
)
URL_TABLE = (
    "data_date,site_url,url,query,is_anonymized_query,is_anonymized_discover,country,search_type,device,"
    "is_amp_top_stories,impressions,clicks,sum_position\n"
    "2025-11-01,sc-domain:stadt.example,https://stadt.example/a,pass,false,false,deu,WEB,DESKTOP,false,10,2,0\n"
    "2025-11-01,sc-domain:stadt.example,https://stadt.example/a#:~:text=Kosten,,true,false,deu,WEB,MOBILE,false,20,3,40\n"
    "2025-11-01,sc-domain:stadt.example,,,false,true,,DISCOVER,,false,5,1,\n"
)


def test_an_anonymised_discover_row_counts_in_totals_and_belongs_to_no_page(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    write(tmp_path, "site.csv", SITE_TABLE)
    write(tmp_path, "url.csv", URL_TABLE)
    reports = import_paths([tmp_path / "site.csv", tmp_path / "url.csv"], settings)
    assert [(report.rows_in, report.rows_loaded) for report in reports] == [(3, 3), (3, 3)]
    assert reports[0].contained == "Enthalten: 3 Zeilen mit 6 Klicks; geladen: 3 Zeilen mit 6."
    assert "1 anonymisierte Discover-Zeile nennt keine Seite (1 Klick)" in reports[1].warnings[0]
    assert ask("SELECT search_type, clicks, impressions FROM search_site_day ORDER BY 1") == [
        ("discover", 1, 5),
        ("web", 5, 30),
    ]
    assert ask("SELECT search_type, url, clicks, impressions FROM search_page_day") == [
        ("web", "https://stadt.example/a", 5, 30)
    ]


def test_a_row_of_the_search_without_a_page_is_still_a_fault(tmp_path: Path, settings: Settings) -> None:
    text = URL_TABLE.replace(",https://stadt.example/a,", ",,")
    with pytest.raises(LoadError, match="Zeile 2, Spalte „url“: der Wert fehlt"):
        import_paths([write(tmp_path, "url.csv", text)], settings)


def test_other_tables_beside_a_bulk_export_are_not_passed_over(tmp_path: Path, settings: Settings) -> None:
    write(tmp_path, "site.csv", SITE_TABLE)
    write(tmp_path, "portal.csv", "period;url;visits\n2025-11;https://stadt.example/a;3\n")
    reports = import_paths([tmp_path], settings, preview=True)
    assert [report.kind for report in reports] == ["bulk_export", "portal"]


PVOG = (
    "leika_key;leika_name;ars;ars_name;url;online_status;aktiv;art_flaechendeckung;export_datum\n"
    "99102013104000;Hundesteuer;{city};Leverkusen;https://stadt.example/hund;ok;ja;Gemeinde;20.11.2025\n"
    "99006015001000;Elterngeld;{state};NRW;https://nrw.example/eg;ok;ja;Gemeinde;20.11.2025\n"
    "99089012000000;Führungszeugnis;{bund};Bund;https://bund.example/fz;ok;ja;Gemeinde;20.11.2025\n"
)
WHOLE = PVOG.format(city="053160000000", state="050000000000", bund="000000000000")
SERVICES = "SELECT leika_key, ars FROM online_services ORDER BY 1"


def test_regional_keys_without_their_zero_are_mended(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    import_paths([write(tmp_path, "gut.csv", WHOLE)], settings)
    before = ask(SERVICES)
    excel = PVOG.format(city="53160000000", state="50000000000", bund="0")
    (report,) = import_paths([write(tmp_path, "excel.csv", excel)], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 3, 0)
    assert "Excel hat 2 Zeilen die führende Null des Regionalschlüssels genommen" in report.warnings[0]
    assert ask(SERVICES) == before


@pytest.mark.parametrize("key", ["5,316E+10", "5.316E+10", "5,32E+10"])
def test_regional_keys_cut_to_powers_of_ten_refuse_the_list(
    tmp_path: Path, settings: Settings, ask: Ask, key: str
) -> None:
    import_paths([write(tmp_path, "gut.csv", WHOLE)], settings)
    excel = PVOG.format(city=key, state="5E+10", bund="0")
    with pytest.raises(LoadError, match="Excel hat die Regionalschlüssel gekürzt"):
        import_paths([write(tmp_path, "excel.csv", excel)], settings)
    assert len(ask(SERVICES)) == 3


def test_a_municipal_key_is_the_city_s(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    for key in ("05316000", "5316000"):
        list_ = PVOG.format(city=key, state="05", bund="000000000000")
        import_paths([write(tmp_path, f"{key}.csv", list_)], settings)
        assert ask("SELECT ars FROM online_services WHERE leika_key = '99102013104000'") == [
            ("053160000000",)
        ]


def test_keys_that_excel_has_shortened_refuse_the_list(tmp_path: Path, settings: Settings) -> None:
    excel = WHOLE.replace("99102013104000", "9,9102E+13").replace("99006015001000", "9,9006E+13")
    with pytest.raises(LoadError, match="von Excel gekürzter Schlüssel"):
        import_paths([write(tmp_path, "excel.csv", excel)], settings)


def test_a_list_that_shrinks_or_loses_an_area_asks_first(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    import_paths([write(tmp_path, "gut.csv", WHOLE)], settings)
    short = "\n".join(WHOLE.splitlines()[:2]) + "\n"
    path = write(tmp_path, "kurz.csv", short)
    (preview,) = import_paths([path], settings, preview=True)
    assert "nennt 1 Online-Dienst, geladen sind 3" in preview.questions[0]
    assert "keinen Dienst mehr für 000000000000 (1 Dienst), 050000000000 (1 Dienst)" in preview.questions[1]
    with pytest.raises(LoadError, match="Wenn ja, bitte noch einmal mit --confirm laden"):
        import_paths([path], settings)
    assert len(ask(SERVICES)) == 3
    import_paths([path], settings, confirmed=True)
    assert len(ask(SERVICES)) == 1


ONE_QUERY = "date,query,clicks,impressions,ctr,position\n" + "".join(
    f"2025-11-0{day},pass,{day},{day * 10},0.1,3.5\n" for day in range(1, 6)
)


def test_days_of_one_query_are_not_the_property_s(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    (report,) = import_paths([write(tmp_path, "api.csv", ONE_QUERY)], settings, site=SITE)
    assert (report.kind, report.recognised) == (
        "search_console_rows",
        "Search Console, Tabelle je Tag × Suchanfrage",
    )
    assert "fehlen alle Zeilen ohne Klicks; sie ist abgeschnitten" in report.warnings[0]
    assert ask("SELECT count(*) FROM search_site_day") == [(0,)]
    first = "FROM search_query_day WHERE clicks < 3 ORDER BY 1"
    assert ask(f"SELECT date, query, clicks, impressions, sum_position, origin {first}") == [
        (dt.date(2025, 11, 1), "pass", 1, 10, 25.0, "ui_export"),
        (dt.date(2025, 11, 2), "pass", 2, 20, 50.0, "ui_export"),
    ]  # fmt: skip
    assert ask("SELECT DISTINCT grain, state, capped, origin FROM ingest_ledger") == [
        ("search_query_day", "capped", True, "ui_export")
    ]
    assert ask("SELECT site FROM sites") == [(SITE,)]
    undo(settings, report.run_id)
    assert ask("SELECT count(*) FROM search_query_day") == [(0,)]


def test_finer_dimensions_are_summed_into_the_grain(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = (
        "date;page;query;device;country;clicks;impressions;ctr;position\n"
        f"2025-11-01;{SITE}a;pass;MOBILE;deu;1;10;10 %;3,5\n"
        f"2025-11-01;{SITE}a/;pass;DESKTOP;deu;0;30;0 %;5,5\n"
        f"2025-11-01;{SITE}mitarbeiter/erika;erika;DESKTOP;deu;0;2;0 %;1\n"
    )
    (report,) = import_paths([write(tmp_path, "api.csv", text)], settings)
    assert (report.site, report.rows_in, report.rows_loaded) == (SITE, 3, 3)
    assert ask(
        "SELECT url, query, clicks, impressions, sum_position FROM search_page_query_day ORDER BY 1"
    ) == [
        ("(Mitarbeiterseiten)", "", 0, 2, 0.0),
        (f"{HOME}/a", "pass", 1, 40, 160.0),
    ]
    assert ask("SELECT state, capped FROM ingest_ledger") == [("final", False)]


def test_countries_and_devices_by_day_are_loaded_as_segments(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = (
        "Datum;Land;Gerät;Klicks;Impressionen;CTR;Position\n"
        "01.11.2025;deu;Mobil;3;30;10,0 %;2,5\n01.11.2025;deu;Computer;1;20;5,0 %;4\n02.11.2025;aut;Tablet;0;2;0 %;1\n"
    )
    (report,) = import_paths([write(tmp_path, "api.csv", text)], settings, site=SITE)
    assert report.recognised == "Search Console, Tabelle je Tag × Land × Gerät"
    assert ask(
        "SELECT date, country, device, clicks, impressions, sum_position FROM search_segment_day ORDER BY ALL"
    ) == [
        (dt.date(2025, 11, 1), "deu", "DESKTOP", 1, 20, 60.0),
        (dt.date(2025, 11, 1), "deu", "MOBILE", 3, 30, 45.0),
        (dt.date(2025, 11, 2), "aut", "TABLET", 0, 2, 0.0),
    ]
    assert ask("SELECT count(*) FROM search_site_day") == [(0,)]


@pytest.mark.parametrize(
    ("head", "cells", "sentence"),
    [
        ("query,page", f"pass,{SITE}a", "keinen Tag je Zeile"),
        (
            "date,device",
            "2025-11-01,MOBILE",
            r"fehlt Land \(country\)\. Bitte mit beiden Dimensionen exportieren",
        ),
        (
            "date,country",
            "2025-11-01,deu",
            r"fehlt Gerät \(device\)\. Bitte mit beiden Dimensionen exportieren",
        ),
        ("hour,page", f"2025-11-01T05:00:00-07:00,{SITE}a", "mit dem Tag \\(date\\) statt der Stunde"),
        ("date,appearance,query", "2025-11-01,x,pass", "nur für sich"),
    ],
)
def test_dimensions_without_a_table_say_how_to_export(
    tmp_path: Path, settings: Settings, head: str, cells: str, sentence: str
) -> None:
    text = f"{head},clicks,impressions,ctr,position\n{cells},1,10,0.1,3\n"
    with pytest.raises(LoadError, match=sentence):
        import_paths([write(tmp_path, "api.csv", text)], settings, site=SITE)


def test_a_matomo_table_by_day_is_loaded_by_its_addresses(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = f"date,label,nb_visits,nb_hits,url\n2025-11-01,/a,10,12,{SITE}a\n2025-11-02,/a,11,13,{SITE}a\n"
    import_paths([write(tmp_path, "api.csv", text)], settings)
    assert ask("SELECT period_start, url, unique_page_views, page_views FROM portal_page ORDER BY 1") == [
        (dt.date(2025, 11, 1), f"{HOME}/a", 10, 12),
        (dt.date(2025, 11, 2), f"{HOME}/a", 11, 13),
    ]


@pytest.mark.parametrize(
    ("column", "values"),
    [("segment", ("Mobil", "Mobil")), ("Gerätetyp", ("Desktop", "Smartphone")), ("Variante", ("alt", "neu"))],
)
def test_a_column_that_splits_the_pages_is_a_veto(
    tmp_path: Path, settings: Settings, column: str, values: tuple[str, str]
) -> None:
    text = (
        f"date,url,{column},nb_hits\n2025-11-01,{SITE}a,{values[0]},12\n2025-11-01,{SITE}a,{values[1]},13\n"
    )
    with pytest.raises(LoadError, match=f"nach „{column}“ aufgeteilt .*ohne diese Aufteilung"):
        import_paths([write(tmp_path, "api.csv", text)], settings)


def test_the_day_in_a_file_name_is_read_whole(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    name = "Export _ Stadt _ Seiten-URLs _ 1. November 2025.csv"
    import_paths(
        [write(tmp_path, name, f"Bezeichnung,Seitenansichten,Metadaten: url\n/a,1234,{SITE}a\n")], settings
    )
    assert ask("SELECT period_start, period_end, page_views FROM portal_page") == [
        (dt.date(2025, 11, 1), dt.date(2025, 11, 1), 1234)
    ]


def test_remainder_rows_are_no_pages(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = (
        f"label,nb_visits,nb_hits,url\n/leistung/pass,400,450,{SITE}leistung/pass\n/leistung/andere,100,120,{SITE}leistung/andere\n"
        "/leistung/ - Others,80,90,\nOthers,30,33,\n/leistung/ - Andere,12,14,\nAndere,7,8,\n"
    )
    (report,) = import_paths([write(tmp_path, "Seiten 2025-11.csv", text)], settings)
    assert (report.rows_loaded, report.rows_rejected) == (2, 4)
    assert report.contained == "Enthalten: 6 Zeilen mit 715 Seitenansichten; geladen: 2 Zeilen mit 570."
    assert "145 Seitenansichten (20,3\u00a0% von 715) stehen in Sammelzeilen" in report.warnings[1]
    assert ask("SELECT url, page_views FROM portal_page ORDER BY 1") == [
        (f"{HOME}/leistung/andere", 120),
        (f"{HOME}/leistung/pass", 450),
    ]


def test_a_report_that_is_not_flat_is_refused(tmp_path: Path, settings: Settings) -> None:
    text = "Bezeichnung,Eindeutige Seitenansichten,Seitenansichten\nleistung,500,600\n/index,90,100\nservice,40,50\n"
    with pytest.raises(LoadError, match=r"nicht flach exportiert .* flach exportieren"):
        import_paths([write(tmp_path, "Seiten 2025-11.csv", text)], settings, site=SITE)


def test_flat_labels_without_their_first_slash_are_paths(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = "Bezeichnung,Seitenansichten\nleistung/pass,600\n/index,100\n"
    import_paths([write(tmp_path, "Seiten 2025-11.csv", text)], settings, site=SITE)
    assert ask("SELECT url, page_views FROM portal_page ORDER BY 1") == [
        (f"{HOME}/", 100),
        (f"{HOME}/leistung/pass", 600),
    ]


def test_entities_in_titles_and_addresses_are_decoded(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = (
        "Bezeichnung,Seitentitel,Seitenansichten,Metadaten: url\n"
        f'/abfall,"M&uuml;ll &amp; Abfall &quot;Bio&quot;",450,{SITE}abfall?a=1&amp;b=2\n'
    )
    import_paths([write(tmp_path, "Seiten 2025-11.csv", text)], settings)
    assert ask("SELECT url, title FROM pages") == [(f"{HOME}/abfall?a=1&b=2", 'Müll & Abfall "Bio"')]


def test_google_s_row_limit_counts_the_lines_of_the_file(tmp_path: Path, settings: Settings) -> None:
    rows = [f"{SITE}leistung/l{n},1,10,10%,3" for n in range(700)]
    rows += [f"{SITE}mitarbeiter/m{n},1,10,10%,3" for n in range(300)]
    pages = "\n".join([f"Die häufigsten Seiten,{METRICS}", *rows])
    path = folder(tmp_path, {"Diagramm.csv": DAYS, "Seiten.csv": pages, "Filter.csv": FILTER})
    (report,) = import_paths([path], settings, preview=True)
    assert (
        "Google gibt je Tabelle höchstens 1.000 Zeilen aus; die Listen sind unvollständig." in report.warnings
    )


HOURS = f"Zeit,{METRICS}\n" + "".join(f"2025-11-01T{hour:02d}:00:00-07:00,1,10,10%,3\n" for hour in range(24))


def test_a_chart_of_hours_is_loaded_as_hours(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    pages = f"Die häufigsten Seiten,{METRICS}\n{SITE}a,24,240,10%,3\n"
    path = folder(tmp_path, {"Diagramm.csv": HOURS, "Seiten.csv": pages})
    (report,) = import_paths([path], settings)
    assert "davon 24 Stunden als Stundenwerte" in report.message
    assert (report.period_start, report.period_end) == (NOVEMBER[0], NOVEMBER[0])
    assert ask("SELECT count(*), min(hour), max(hour), sum(clicks), sum(sum_position) FROM search_hour") == [
        (24, dt.datetime(2025, 11, 1), dt.datetime(2025, 11, 1, 23), 24, 480.0)
    ]
    assert ask("SELECT count(*) FROM search_site_day") == [(0,)]
    import_paths([path], settings)
    assert ask("SELECT count(*) FROM search_hour") == [(24,)]
    newest = ask("SELECT run_id FROM ingest_runs ORDER BY started_at DESC LIMIT 1")[0][0]
    undo(settings, newest)
    assert ask("SELECT count(*) FROM search_hour") == [(0,)]


GA4 = (
    "# ----------------------------------------\n# Freies Format 1\n# Portal GA4\n# 20251101-20251130\n"
    "# ----------------------------------------\n\nSeitenpfad und Bildschirmklasse,Aufrufe,Aktive Nutzer\n"
    ",1500,700,Gesamtsumme\n/leistung/pass,900,400\n/leistung/hund,600,300\n"
)


@pytest.mark.parametrize("total", [",1500,700,Gesamtsumme", ",1500,700", "Gesamtsumme,1500,700"])
def test_period_and_grand_total_of_an_exploration(
    tmp_path: Path, settings: Settings, ask: Ask, total: str
) -> None:
    text = GA4.replace(",1500,700,Gesamtsumme", total)
    (report,) = import_paths([write(tmp_path, "ga4.csv", text)], settings, site=SITE)
    assert (report.period_start, report.period_end) == NOVEMBER
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert "Summenzeile, keine Seite" in report.warnings[0]
    assert ask("SELECT sum(page_views) FROM portal_page") == [(1500,)]


def test_a_grand_total_tells_that_rows_are_missing(tmp_path: Path, settings: Settings) -> None:
    text = GA4.replace(",1500,700,Gesamtsumme", "Gesamtsumme,2500,700")
    (report,) = import_paths([write(tmp_path, "ga4.csv", text)], settings, site=SITE, preview=True)
    assert "Die Summenzeile nennt 2.500 Seitenansichten, die Zeilen ergeben 1.500." in " ".join(
        report.warnings
    )


def test_an_error_of_matomo_is_called_so(tmp_path: Path, settings: Settings) -> None:
    text = "Error: An unexpected error occured: SQLSTATE[HY000] [2006] MySQL server has gone away\n"
    with pytest.raises(LoadError, match=r"Matomo .* mit einem Fehler geantwortet"):
        import_paths([write(tmp_path, "Seiten 2025-11.csv", text)], settings)


def test_an_export_whose_pages_sum_to_its_days_is_filtered(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    pages = f"Die häufigsten Seiten,{METRICS}\n{SITE}a,40,400,10%,3\n{SITE}b,10,105,10%,5\n"
    (report,) = import_paths([folder(tmp_path, {"Diagramm.csv": DAYS, "Seiten.csv": pages})], settings)
    assert "Der Export ist gefiltert (Seite, nach den Summen)" in " ".join(report.warnings)
    assert ask("SELECT count(*) FROM search_site_day") == [(0,)]
    with_filters = {"Diagramm.csv": DAYS, "Seiten.csv": pages, "Filter.csv": FILTER}
    import_paths([folder(tmp_path, with_filters, "ganz")], settings)
    assert ask("SELECT sum(clicks) FROM search_site_day") == [(50,)]


def test_no_table_of_filters_is_said_and_not_assumed(tmp_path: Path, settings: Settings) -> None:
    (report,) = import_paths([folder(tmp_path, {"Diagramm.csv": DAYS})], settings, site=SITE, preview=True)
    assert report.warnings[0].startswith(
        "Die Tabelle der Filter fehlt: Der Export sagt nicht, aus welchem Suchtyp"
    )


def test_discover_is_told_by_the_missing_position(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    tables = {
        "Diagramm.csv": "Datum,Klicks,Impressionen,CTR\n2025-11-01,3,10,30%",
        "Seiten.csv": f"Die häufigsten Seiten,Klicks,Impressionen,CTR\n{SITE}a,3,11,27%",
    }
    (report,) = import_paths([folder(tmp_path, tables)], settings)
    assert "gelesen als Discover" in report.warnings[1]
    assert ask("SELECT search_type, clicks, sum_position FROM search_site_day") == [("discover", 3, None)]
    equal = tables | {"Seiten.csv": tables["Seiten.csv"].replace(",3,11,", ",3,10,")}
    (report,) = import_paths([folder(tmp_path, equal, "gleich")], settings, preview=True)
    assert "gefiltert" not in " ".join(report.warnings).replace("ob er gefiltert ist", "")
    with_devices = tables | {"Geräte.csv": "Gerät,Klicks,Impressionen,CTR\nMobil,3,10,30%"}
    (report,) = import_paths([folder(tmp_path, with_devices, "news")], settings)
    assert "(googleNews)" in report.message


def test_months_side_by_side_are_turned(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = f"Seitenansichten je Monat;;;;\n;;;;\nSeite;Titel;Okt 2025;Nov 2025;Summe\n{SITE}a;A;3;4;7\n{SITE}b;B;;5;5\n"
    (report,) = import_paths([write(tmp_path, "auswertung.csv", text)], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 3, 0)
    assert ask("SELECT period_start, period_end, url, page_views FROM portal_page ORDER BY 1, 3") == [
        (dt.date(2025, 10, 1), dt.date(2025, 10, 31), f"{HOME}/a", 3),
        (*NOVEMBER, f"{HOME}/a", 4),
        (*NOVEMBER, f"{HOME}/b", 5),
    ]


def test_months_without_year_take_it_from_the_name_and_without_measure_they_are_refused(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = f"Seite;Januar;Februar\n{SITE}a;3;4\n"
    with pytest.raises(LoadError, match="nennen Monate ohne Jahr"):
        import_paths([write(tmp_path, "Besuche.csv", text)], settings)
    with pytest.raises(LoadError, match="nichts sagt, welche Zahl"):
        import_paths([write(tmp_path, "Auswertung 2025.csv", text)], settings)
    import_paths([write(tmp_path, "Besuche 2025.csv", text)], settings)
    assert ask("SELECT period_end, visits FROM portal_page ORDER BY 1") == [
        (dt.date(2025, 1, 31), 3),
        (dt.date(2025, 2, 28), 4),
    ]


def test_dates_that_excel_keeps_as_numbers_are_days(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = f"Datum;Seite;Besuche\n45962;{SITE}a;3\n45963;{SITE}a;4\n"
    import_paths([write(tmp_path, "portal.csv", text)], settings)
    assert ask("SELECT period_start, visits FROM portal_page ORDER BY 1") == [
        (dt.date(2025, 11, 1), 3),
        (dt.date(2025, 11, 2), 4),
    ]


def test_a_period_that_excel_has_rewritten_is_called_so(tmp_path: Path, settings: Settings) -> None:
    text = f"Zeitraum;Seite;Besuche\nNov 25;{SITE}a;3\n"
    with pytest.raises(LoadError, match="von Excel umgeschrieben und deshalb zweideutig"):
        import_paths([write(tmp_path, "portal.csv", text)], settings)


def test_a_period_can_be_named_by_the_person(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    path = write(tmp_path, "seiten.csv", f"Seite;Besuche\n{SITE}a;3\n")
    with pytest.raises(LoadError, match="oder mit --period angegeben werden"):
        import_paths([path], settings)
    (report,) = import_paths([path], settings, period=NOVEMBER)
    assert "stammt aus der Angabe zum Import" in report.warnings[0]
    assert ask("SELECT period_start, period_end, visits FROM portal_page") == [(*NOVEMBER, 3)]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "a.csv",
            "leistungsschluessel;bezeichnung;leika_typ\n99012001000000;Abbruch;4\n",
            "Leistungskatalog",
        ),
        ("b.csv", "ozg_id;ozg_leistung;themenfeld\n10000;Elterngeld;Familie\n", "Katalog der OZG-Leistungen"),
        ("c.csv", "Date,Not indexed,Indexed,Impressions\n2025-11-01,1,2,3\n", "Seitenindexierung"),
        ("d.csv", "Date,Poor,Need improvement,Good\n2025-11-01,1,2,3\n", "Core Web Vitals"),
        ("f.csv", f"Target page,Incoming links,Linking sites\n{SITE}a,1,2\n", "„Links“"),
    ],
)
def test_what_is_known_but_not_loaded_is_named_with_the_way_on(
    tmp_path: Path, settings: Settings, name: str, text: str, sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence) as refusal:
        import_paths([write(tmp_path, name, text)], settings)
    assert "ebraucht wird" in str(refusal.value) or "OZG-Liste" in str(refusal.value)


def test_too_little_of_a_file_is_not_loaded(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    rows = "".join(f"2025-11;{SITE}l{n};10\n" for n in range(20)) + "".join(
        f"2025-11;https://x.example/{n};10\n" for n in range(15)
    )
    with pytest.raises(LoadError, match=r"nur 57,1\u00a0% der Besuche \(200 von 350\) ließen sich lesen"):
        import_paths([write(tmp_path, "portal.csv", f"period;url;visits\n{rows}")], settings, site=SITE)
    assert ask("SELECT count(*) FROM portal_page") == [(0,)]
    assert ask("SELECT count(*) FROM rejected_rows") == [(15,)]


@pytest.mark.parametrize(
    "spelling",
    ["../daten mit Ü/Seiten 2025-11.csv", "..\\daten mit Ü\\Seiten 2025-11.csv", "../daten mit U\u0308"],
)
def test_paths_are_found_as_people_write_them(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    folder_ = tmp_path / "daten mit Ü"
    folder_.mkdir()
    write(folder_, "Seiten 2025-11.csv", f"Seite;Besuche\n{SITE}a;3\n")
    (tmp_path / "hier").mkdir()
    monkeypatch.chdir(tmp_path / "hier")
    (report,) = import_paths([Path(spelling)], settings, preview=True)
    assert report.rows_loaded == 1
    monkeypatch.chdir(folder_)
    (report,) = import_paths([Path("../daten mit Ü")], settings, preview=True)
    (report,) = import_paths([Path()], settings, preview=True)
    assert report.rows_loaded == 1


def test_facts_above_the_table_in_two_cells_are_no_header(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = (
        f"Website;{SITE};;\nZeitraum;November 2025;;\nErstellt "
        f"am;03.12.2025;;\n;;;\nSeite;Besuche;Seitenaufrufe;Anträge\n"
        f"{SITE}a;3;4;1\n"
    )
    import_paths([write(tmp_path, "auswertung.csv", text)], settings)
    assert ask("SELECT period_start, period_end, visits, applications FROM portal_page") == [
        (*NOVEMBER, 3, 1)
    ]


def test_matomo_s_own_segment_of_a_row_splits_nothing(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = (
        f"label,nb_visits,nb_hits,url,segment\n/a,3,4,{SITE}a,pageUrl==https%3A%2F%2Fx%2Fa\n"
        f"/b,1,2,{SITE}b,pageUrl==https%3A%2F%2Fx%2Fb\n"
    )
    import_paths([write(tmp_path, "Seiten 2025-11.csv", text)], settings)
    assert ask("SELECT sum(page_views) FROM portal_page") == [(6,)]


def test_a_grand_total_is_no_query_and_no_day(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    queries = f"Häufigste Suchanfragen,{METRICS}\nGesamt,30,300,10%,4\npass,20,200,10%,3\nhund,10,100,10%,5"
    days = f"Datum,{METRICS}\n2025-11-01,25,250,10%,4\n2025-11-02,25,255,9.8%,4\nGesamtsumme,50,505,9.9%,4"
    path = folder(tmp_path, {"Suchanfragen.csv": queries, "Diagramm.csv": days, "Filter.csv": FILTER})
    (report,) = import_paths([path], settings, site=SITE)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (6, 4, 2)
    assert ask("SELECT key FROM search_window WHERE table_name = 'queries' ORDER BY 1") == [
        ("hund",),
        ("pass",),
    ]
    assert ask("SELECT sum(clicks) FROM search_site_day") == [(50,)]
    head = "date,query,clicks,impressions,ctr,position\n"
    rows = f"{head}2025-11-01,pass,1,10,0.1,3\n2025-11-01,gesamt,0,9,0,3\nTotal,,1,19,0.1,3\n"
    (report,) = import_paths([write(tmp_path, "api.csv", rows)], settings, site=SITE)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert ask("SELECT sum(impressions) FROM search_query_day") == [(19,)]


def test_single_odd_rows_of_a_long_list_are_kept_aside(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    rows = [f"{SITE}l{n},1,10,10%,3" for n in range(300)]
    pages = "\n".join([f"Die häufigsten Seiten,{METRICS}", *rows, f"{SITE}odd,viele,10,10%,3"])
    path = folder(tmp_path, {"Diagramm.csv": DAYS, "Seiten.csv": pages, "Filter.csv": FILTER})
    (report,) = import_paths([path], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (303, 302, 1)
    assert "„viele“: keine ganze Zahl" in " ".join(report.warnings)
    assert ask("SELECT line, column_name FROM rejected_rows") == [(302, "Klicks")]


def test_hidden_is_what_lies_between_not_where_the_folder_lies(tmp_path: Path, settings: Settings) -> None:
    folder_ = tmp_path / ".abruf" / "daten"
    (folder_ / ".alt").mkdir(parents=True)
    write(folder_, "Seiten 2025-11.csv", f"Seite;Besuche\n{SITE}a;3\n")
    write(folder_ / ".alt", "Seiten 2025-10.csv", f"Seite;Besuche\n{SITE}a;3\n")
    assert len(import_paths([folder_], settings, preview=True)) == 1
