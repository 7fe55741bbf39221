from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.sources.portal_files.titles import without_suffix
from portalkompass.settings import Portal, Settings
from portalkompass.warehouse import snapshots
from tests.etl.conftest import SITE

Ask = Callable[[str], list[tuple[Any, ...]]]
HEADER = (
    "period;url;title;leistungsschluessel;visits;unique_page_views;page_views;service_starts;applications\n"
)
OCTOBER, LAST_OF_OCTOBER = dt.date(2025, 10, 1), dt.date(2025, 10, 31)
HOME = "https://musterstadt.example"
PAGE = "https://musterstadt.example/leistung"
ROWS = "SELECT period_start, period_end, url, visits, page_views FROM portal_page ORDER BY ALL"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_spellings_are_summed_staff_is_folded_and_missing_stays_null(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = (
        HEADER
        + f"2025-10;{SITE}leistung/hund;Hund – Portal Musterstadt;99102013002000;1.200;;2.400;30;4\n"
        + f"2025-10;{SITE}leistung/hund/?utm_source=brief;Hund – Portal Musterstadt;;10;;20;;\n"
        + f"2025-10;{SITE}mitarbeiter/erika-muster;Erika Muster – Portal Musterstadt;;5;;6;;\n"
        + f"2025-10;{SITE}mitarbeiter/max-muster;Max Muster – Portal Musterstadt;;7;;8;;\n"
        + f"Oktober 2025;{SITE}leistung/wohngeld;Wohngeld – Portal Musterstadt;-;3;;3;;\n"
        + f"2025-10;{SITE}suche;Suche – Portal Musterstadt;;0;;0;;\n"
    )
    (report,) = import_paths([write(tmp_path / "portal.csv", text)], settings)
    assert (report.kind, report.source, report.site) == ("portal", "portal", SITE)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (6, 6, 0)
    assert ask(
        "SELECT source, site, period_start, period_end, url, visits, unique_page_views, page_views, "
        "service_starts, applications, cases_total, leistungsschluessel FROM portal_page ORDER BY url"
    ) == [
        ("portal", SITE, OCTOBER, LAST_OF_OCTOBER, "(Mitarbeiterseiten)", 12, None, 14, *[None] * 4),
        (
            "portal",
            SITE,
            OCTOBER,
            LAST_OF_OCTOBER,
            f"{PAGE}/hund",
            1210,
            None,
            2420,
            30,
            4,
            None,
            "99102013002000",
        ),
        ("portal", SITE, OCTOBER, LAST_OF_OCTOBER, f"{PAGE}/wohngeld", 3, None, 3, *[None] * 4),
        ("portal", SITE, OCTOBER, LAST_OF_OCTOBER, f"{HOME}/suche", 0, None, 0, *[None] * 4),
    ]
    assert ask("SELECT url, title, title_source FROM pages WHERE title_source = 'portal' ORDER BY 1") == [
        (f"{PAGE}/hund", "Hund", "portal"),
        (f"{PAGE}/wohngeld", "Wohngeld", "portal"),
        (f"{HOME}/suche", "Suche", "portal"),
    ]
    assert ask("SELECT source, site, grain, date, state, rows FROM ingest_ledger") == [
        ("portal", SITE, "portal_page", OCTOBER, "final", 4)
    ]


def test_whole_periods_are_replaced(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    first = f"period;url;visits\n2025-09;{SITE}a;1\n2025-10;{SITE}a;2\n2025-10;{SITE}b;3\n"
    second = f"period;url;visits\n2025-10;{SITE}a;5\n2025-11;{SITE}a;6\n"
    import_paths([write(tmp_path / "a.csv", first)], settings)
    import_paths([write(tmp_path / "b.csv", second)], settings)
    import_paths([write(tmp_path / "b.csv", second)], settings)
    assert ask("SELECT period_start, url, visits FROM portal_page ORDER BY ALL") == [
        (dt.date(2025, 9, 1), "https://musterstadt.example/a", 1),
        (OCTOBER, "https://musterstadt.example/a", 5),
        (dt.date(2025, 11, 1), "https://musterstadt.example/a", 6),
    ]


def test_good_rows_load_and_bad_rows_are_kept_with_their_reason(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = (
        "period;url;visits;leistungsschluessel\n"
        f"2025-10;{SITE}gut;100;\n"
        f"2025-10;{SITE}minus;-1;\n"
        f"2026-05;{SITE}morgen;1;\n"
        "2025-10;https://fremd.example/a;1;\n"
        "2025-10;Andere;1;\n"
        f"2025-10;{SITE}excel;1;9,9102E+13\n"
        f"2025-10;{SITE}wort;viele;\n" + f"2025-10;{SITE}kurz\n"
        f"2025-10;{SITE}gut;100;\n"
    )
    (report,) = import_paths([write(tmp_path / "portal.csv", text)], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (9, 1, 8)
    assert ask("SELECT url, visits FROM portal_page") == [("https://musterstadt.example/gut", 100)]
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (3, "visits", "„-1“: eine Anzahl kann nicht negativ sein."),
        (4, "period", "„2026-05“: liegt in der Zukunft."),
        (5, "url", f"„https://fremd.example/a“: die Seite gehört nicht zu {SITE}."),
        (6, "url", "„Andere“: Sammelzeile ohne Adresse; bitte alle Zeilen exportieren."),
        (
            7,
            "leistungsschluessel",
            "„9,9102E+13“: von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren.",
        ),
        (8, "visits", "„viele“: keine ganze Zahl."),
        (9, "", "Die Zeile hat 2 statt 4 Spalten."),
        (10, "url", "Dieselbe Zeile steht schon weiter oben in der Datei."),
    ]
    assert ask("SELECT state, rows_in, rows_loaded, rows_rejected FROM ingest_runs") == [("partial", 9, 1, 8)]


def test_lines_are_counted_across_newlines_inside_quotes(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = f'period,url,title,visits\n2025-10,{SITE}a,"zwei\nZeilen",1\n2025-10,{SITE}b,"x;y",viele\n'
    import_paths([write(tmp_path / "portal.csv", text)], settings)
    assert ask("SELECT line, value FROM rejected_rows") == [(4, "viele")]


def test_a_file_without_one_good_row_is_refused(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    path = write(tmp_path / "portal.csv", f"period;url;visits\n2025-10;{SITE}a;x\n2025-10;{SITE}b;y\n")
    with pytest.raises(LoadError, match=r"portal\.csv wurde nicht geladen: Zeile 2, Spalte „visits“"):
        import_paths([path], settings)
    assert ask("SELECT count(*) FROM portal_page") == [(0,)]
    assert ask("SELECT line FROM rejected_rows ORDER BY 1") == [(2,), (3,)]
    assert ask("SELECT state, rows_in, rows_rejected FROM ingest_runs") == [("failed", 2, 2)]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ";"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")]
)
def test_encodings_delimiters_and_german_headings(
    tmp_path: Path, settings: Settings, ask: Ask, encoding: str, delimiter: str
) -> None:
    cells = [
        ["Monat", "Seite", "Titel", "Eindeutige Seitenansichten", "Absprungrate"],
        ["10/2025", f"{SITE}leistung/gebühr", "'=Gebühr", "1.234", "66,67\u00a0%"],
    ]
    text = "# Bericht\n\n" + "".join(delimiter.join(row) + "\r\n" for row in cells)
    import_paths([write(tmp_path / "portal.csv", text, encoding)], settings)
    assert ask("SELECT url, unique_page_views, visits FROM portal_page") == [
        (f"{PAGE}/geb%C3%BChr", 1234, None)
    ]
    assert ask("SELECT title FROM pages") == [("=Gebühr",)]


def test_columns_named_in_the_settings(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    own = settings.model_copy(
        update={"portal": Portal(source="kommunalportal", columns={"Abrufe": "page_views", "Link": "url"})}
    )
    (report,) = import_paths([write(tmp_path / "p.csv", f"Tag;Link;Abrufe\n31.10.2025;{SITE}a;7\n")], own)
    assert report.recognised == "Portalzahlen je Seite"
    assert ask("SELECT source, period_start, period_end, page_views FROM portal_page") == [
        ("kommunalportal", LAST_OF_OCTOBER, LAST_OF_OCTOBER, 7)
    ]


def test_workbook(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    book = openpyxl.Workbook()
    book.active.append(["period", "url", "visits", "leistungsschluessel"])
    book.active.append([dt.datetime(2025, 10, 31), f"{SITE}a", 12, 99102013002000])
    book.active.append([dt.datetime(2025, 10, 31), f"{SITE}b", 3.5, None])
    book.save(tmp_path / "p.xlsx")
    (report,) = import_paths([tmp_path / "p.xlsx"], settings)
    assert ask("SELECT period_start, visits, leistungsschluessel FROM portal_page") == [
        (LAST_OF_OCTOBER, 12, "99102013002000")
    ]
    assert ask("SELECT line, value FROM rejected_rows") == [(3, "3.5")]
    assert report.rows_in == 2


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("2025-10-05", "2025-10", "überschneidet sich mit dem schon geladenen 05.10.2025"),
        ("2025-10", "2025-10-05", "überschneidet sich mit dem schon geladenen 01.10.2025 bis 31.10.2025"),
    ],
)
def test_days_and_months_are_not_mixed(
    tmp_path: Path, settings: Settings, ask: Ask, first: str, second: str, sentence: str
) -> None:
    import_paths([write(tmp_path / "a.csv", f"period;url;visits\n{first};{SITE}a;1\n")], settings)
    before = ask(ROWS)
    with pytest.raises(LoadError, match=sentence):
        import_paths([write(tmp_path / "b.csv", f"period;url;visits\n{second};{SITE}a;1\n")], settings)
    assert ask(ROWS) == before


def test_days_and_months_in_one_file(tmp_path: Path, settings: Settings) -> None:
    text = f"period;url;visits\n2025-10;{SITE}a;1\n2025-10-31;{SITE}a;1\n"
    with pytest.raises(LoadError, match="überschneiden sich"):
        import_paths([write(tmp_path / "a.csv", text)], settings)


def test_one_source_counts_per_day(tmp_path: Path, settings: Settings) -> None:
    path = write(tmp_path / "a.csv", f"period;url;visits\n2025-10;{SITE}a;1\n")
    import_paths([path], settings)
    other = settings.model_copy(update={"portal": Portal(source="matomo")})
    with pytest.raises(LoadError, match="schon Daten der Quelle „portal“ vor"):
        import_paths([path], other)


def test_the_running_month_is_called_incomplete(tmp_path: Path, settings: Settings) -> None:
    path = write(tmp_path / "a.csv", f"period;url;visits\n2025-12;{SITE}a;1\n")
    (report,) = import_paths([path], settings, preview=True)
    assert report.warnings == (
        "Der letzte Zeitraum läuft noch bis 31.12.2025; seine Zahlen sind unvollständig.",
    )


def test_pages_of_another_property_are_refused(tmp_path: Path, city_settings: Settings) -> None:
    path = write(tmp_path / "a.csv", "period;url;visits\n2025-10;https://www.anderswo.example/a;1\n")
    with pytest.raises(LoadError, match=r"gehört zu einer anderen Property \(anderswo.example\)"):
        import_paths([path], city_settings)


def test_bare_paths_belong_to_the_configured_property(
    tmp_path: Path, city_settings: Settings, ask: Ask
) -> None:
    import_paths([write(tmp_path / "a.csv", "period;url;visits\n2025-10;/leistung/hund;1\n")], city_settings)
    assert ask("SELECT site, url FROM portal_page") == [(SITE, f"{PAGE}/hund")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("url;visits\nhttps://a.example/;1\n", "Es fehlt die Spalte period"),
        ("period;url\n2025-10;https://a.example/\n", "Es fehlt die Spalte unique_page_views oder"),
        ("period;url;visits\n", "enthält keine Zeilen"),
        ("Farbe;Form\nrot;rund\n", "Die Datei wird nicht erkannt"),
        ("No data available\n", "Der Bericht enthält keine Daten"),
        ("period;url;visits;visits\n", "Die Spalte „visits“ kommt mehrfach vor"),
        ("period;url;visits;besuche\n", "bedeuten beide visits"),
        ("period;;visits\n", "Spalte 2 hat keine Überschrift"),
        ("", "Die Datei ist leer"),
    ],
)
def test_a_file_of_the_wrong_kind_leaves_no_trace(
    tmp_path: Path, settings: Settings, text: str, sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([write(tmp_path / "datei.csv", text)], settings)
    assert not snapshots.history(settings.warehouse_dir)


def test_files_of_one_call_load_together_or_not_at_all(tmp_path: Path, settings: Settings) -> None:
    good = write(tmp_path / "gut.csv", f"period;url;visits\n2025-10;{SITE}a;1\n")
    bad = write(tmp_path / "schlecht.csv", f"period;url;visits\n2025-10-03;{SITE}a;1\n")
    with pytest.raises(LoadError, match="überschneidet sich"):
        import_paths([good, bad], settings)
    assert not snapshots.history(settings.warehouse_dir)


def test_a_large_file_reads_like_a_small_one(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    rows = "".join(
        f"2025-{month:02d};{SITE}leistung/thema-{page};Thema {page}, {'ausführlich ' * 25}beschrieben;{page % 9}\n"
        for month in (9, 10, 11)
        for page in range(4_500)
    )
    text = f"period;url;title;visits\n{rows}2025-11;{SITE}letzte;Letzte;viele\n"
    path = write(tmp_path / "gross.csv", text)
    assert path.stat().st_size > 4 * 1024**2
    (report,) = import_paths([path], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (13_501, 13_500, 1)
    assert ask("SELECT count(*), count(DISTINCT url), sum(visits) FROM portal_page") == [
        (13_500, 4_500, 3 * 500 * 36)
    ]
    assert ask("SELECT line, column_name, value FROM rejected_rows") == [(13_502, "visits", "viele")]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["A – Portal", "B – Portal", "C – D – Portal"], ["A", "B", "C – D"]),
        (["A | Portal", "B | Portal", "C | Portal", "D | Portal", "E"], ["A", "B", "C", "D", "E"]),
        (["A - X", "B - X", "C - Y"], ["A - X", "B - X", "C - Y"]),
        (["A – Portal", "B – Portal"], ["A – Portal", "B – Portal"]),
    ],
)
def test_the_common_ending_of_titles_goes(titles: list[str], expected: list[str]) -> None:
    pages = {str(number): title for number, title in enumerate(titles)}
    assert list(without_suffix(pages).values()) == expected


def test_a_file_whose_rows_all_miss_the_header_is_refused(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = write(tmp_path / "p.csv", f"period,url,visits\n2025-10,{SITE}a,1,5\n")
    with pytest.raises(LoadError, match="Zeile 2: Die Zeile hat 4 statt 3 Spalten"):
        import_paths([path], settings)
    assert ask("SELECT line, value FROM rejected_rows") == [(2, f"2025-10;{SITE}a;1;5")]


def test_without_any_property_the_hosts_must_agree(tmp_path: Path, settings: Settings) -> None:
    text = f"period;url;visits\n2025-10;{SITE}a;1\n2025-10;https://anderswo.example/a;1\n"
    with pytest.raises(LoadError, match="unter mehreren Adressen"):
        import_paths([write(tmp_path / "p.csv", text)], settings)
