"""Foreign headings: proposed, saved as a profile, loaded by its name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.files.headings import propose
from etl.operations.imports import import_paths
from etl.operations.inspection import inspect
from etl.sources.portal_files.file_names import period_in_name
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.workspace import Profile, keep, workspace_of
from tests.etl.conftest import SITE

Ask = Callable[[str], list[tuple[Any, ...]]]
FOREIGN = (
    "Berichtsmonat;Adresse im Netz;Wie oft angesehen;Eingang online;Bearbeiter\n"
    f"11.2025;{SITE}leistung/hund;1.200;7;x\n"
    f"11.2025;{SITE}leistung/wohngeld;300;;y\n"
    "11.2025;kaputt;300;;y\n"
)
MAPPING = {
    "Berichtsmonat": "period",
    "Adresse im Netz": "url",
    "Wie oft angesehen": "page_views",
    "Eingang online": "applications",
    "Bearbeiter": "",
}


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def save(settings: Settings, name: str, kind: str, mapping: dict[str, str]) -> None:
    keep(workspace_of(settings), Profile(name, kind, mapping), "Test")


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        # Matomo, German and English, old and new
        (["Bezeichnung", "Eindeutige Seitenansichten", "Seitenansichten", "Absprungsrate"],
         ["url", "unique_page_views", "page_views", ""]),
        (["Label", "Einmalige Seitenansichten", "Seitenansichten", "Ausstiegsrate"],
         ["url", "unique_page_views", "page_views", ""]),
        (["Label", "Unique Pageviews", "Pageviews", "Avg. time on page"],
         ["url", "unique_page_views", "page_views", ""]),
        # GA4
        (["Seitenpfad und Bildschirmklasse", "Aufrufe", "Aktive Nutzer"], ["url", "page_views", ""]),
        (["Page path and screen class", "Views", "Active users"], ["url", "page_views", ""]),
        # made by hand
        (["Monat", "Seiten-URL", "Seitenaufrufe (gesamt)", "Online-Anträge", "Fallzahlen"],
         ["period", "url", "page_views", "applications", "cases_total"]),
    ],
)  # fmt: skip
def test_headings_of_known_programs_are_proposed(header: list[str], mapping: list[str]) -> None:
    kind, proposed = propose(header, [])
    assert kind == "portal"
    assert [proposed[heading] for heading in header] == mapping


def test_the_first_cells_tell_page_and_period_where_the_heading_does_not() -> None:
    rows = [["Nov 2025", "/leistung/hund", "12"], ["Okt 2025", "/leistung/pass", "13"]]
    _, proposed = propose(["Wann", "Wo", "Zähler"], rows)
    assert proposed == {"Wann": "period", "Wo": "url", "Zähler": ""}


def test_a_list_of_services_is_told_from_portal_figures() -> None:
    kind, proposed = propose(["OZG-Leistung", "Kategorie", "Umsetzungsstand", "Fachbereich"], [])
    assert kind == "ozg"
    assert list(proposed.values()) == ["name", "list", "status", "departments"]


def test_a_look_into_an_unknown_file_shows_headings_rows_and_a_proposal(
    tmp_path: Path, settings: Settings
) -> None:
    found = inspect(written(tmp_path / "fremd.csv", FOREIGN, "utf-16"), settings)
    assert found["header"] == list(MAPPING)
    assert found["rows"][0] == ["11.2025", f"{SITE}leistung/hund", "1.200", "7", "x"]
    assert (found["kind"], found["row_count"]) == ("portal", 3)
    assert found["mapping"]["Berichtsmonat"] == "period"
    assert {field["name"] for field in found["fields"]["portal"] if field["needed"]} == {"url"}


def test_a_known_file_and_a_letter_need_no_mapping(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(LoadError, match="nicht nötig"):
        inspect(SHIPPED_DATA / "ozg_services.csv", settings)
    # refused for another reason, such as days that overlap a month: mapping would not help
    complete = f"Monat;Seite;Besuche\n11/2025;{SITE}leistung/hund;3\n"
    with pytest.raises(LoadError, match="nicht nötig"):
        inspect(written(tmp_path / "portal.csv", complete), settings)
    with pytest.raises(LoadError, match="mindestens zwei Spalten"):
        inspect(written(tmp_path / "brief.csv", "Sehr geehrte Damen und Herren\n"), settings)


def test_a_profile_loads_what_is_refused_without_it(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    path = written(tmp_path / "fremd.csv", FOREIGN)
    with pytest.raises(LoadError, match="nicht erkannt"):
        import_paths([path], settings)
    save(settings, "Fachverfahren", "portal", MAPPING)
    (report,) = import_paths([path], settings, profile="Fachverfahren", site=SITE)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert ask("SELECT period_start, page_views, applications FROM portal_page ORDER BY url") == [
        (dt.date(2025, 11, 1), 1200, 7),
        (dt.date(2025, 11, 1), 300, None),
    ]


def test_unknown_damaged_and_unfit_profiles_are_refused_with_a_sentence(
    tmp_path: Path, settings: Settings
) -> None:
    path = written(tmp_path / "fremd.csv", FOREIGN)
    save(settings, "anders", "portal", {"Spalte A": "url"})
    save(settings, "falsch", "portal", {"Berichtsmonat": "umsatz"})
    with pytest.raises(LoadError, match=r"Profil „neu“ gibt es nicht\. Gespeichert sind: anders, falsch"):
        import_paths([path], settings, profile="neu")
    with pytest.raises(LoadError, match="passt nicht zu dieser Datei"):
        import_paths([path], settings, profile="anders")
    with pytest.raises(LoadError, match="nennt „umsatz“"):
        import_paths([path], settings, profile="falsch")


def test_an_ozg_workbook_of_another_form_is_loaded_by_profile(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Leistung", "Gruppe", "Stand der Dinge", "Sachbearbeitung"])
    book.active.append(["Hundesteuer – Anmeldung", "aktuell", "Go-Live März 2025", "x"])
    book.active.append(["Gewerbe ändern", "anstehend", "In Vorbereitung", "y"])
    path = tmp_path / "liste.xlsx"
    book.save(path)
    save(settings, "OZG alt", "ozg", {"Leistung": "name", "Gruppe": "list", "Stand der Dinge": "status"})
    with pytest.raises(LoadError, match="Der Stand der Liste fehlt"):
        import_paths([path], settings, profile="OZG alt")
    import_paths([path], settings, profile="OZG alt", as_of=dt.date(2025, 11, 30))
    assert ask("SELECT service, status_group, go_live_month, departments FROM services ORDER BY 1") == [
        ("gewerbe-aendern", "In Vorbereitung", None, None),
        ("hundesteuer-anmeldung", "Go-Live", dt.date(2025, 3, 1), None),
    ]


def test_words_of_a_mapped_list_may_differ_in_case_and_form_but_are_never_guessed(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    header = "Leistung;Gruppe;Stand der Dinge;Monat\n"
    good = (
        f"{header}Hund;Aktuell;go-live 03/2025;\nWohngeld;ANSTEHEND;in umsetzung;\n"
        "Pass;aktuell;Go-Live Mai 2025;05.2025\n"
    )
    mapping = {"Leistung": "name", "Gruppe": "list", "Stand der Dinge": "status", "Monat": "go_live_month"}
    save(settings, "OZG", "ozg", mapping)
    day = dt.date(2025, 11, 30)
    import_paths([written(tmp_path / "liste.csv", good)], settings, profile="OZG", as_of=day)
    assert ask("SELECT service, list, status, go_live_month FROM services ORDER BY 1") == [
        ("hund", "aktuell", "Go-Live März 2025", dt.date(2025, 3, 1)),
        ("pass", "aktuell", "Go-Live Mai 2025", dt.date(2025, 5, 1)),
        ("wohngeld", "anstehend", "In Umsetzung", None),
    ]
    other = written(tmp_path / "liste2.csv", f"{header}Hund;aktuell;in Bearbeitung;\n")
    with pytest.raises(LoadError, match="„in Bearbeitung“ ist nicht erlaubt; erlaubt sind „Go-Live"):
        import_paths([other], settings, profile="OZG", as_of=day)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Export - Page URLs - 2025-11.csv", "2025-11-01", "2025-11-30"),
        ("Seiten-URLs _ November 2025.csv", "2025-11-01", "2025-11-30"),
        ("archiv-2024.zip/seiten_2025-10-01_2025-10-31.tsv", "2025-10-01", "2025-10-31"),
        ("seiten 2025-10-07.csv", "2025-10-07", "2025-10-07"),
    ],
)
def test_the_name_of_an_export_tells_its_period(name: str, first: str, last: str) -> None:
    assert period_in_name(name) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "name", ["seiten.csv", "bericht 2025.csv", "2025-13.csv", "2025-10-31_2025-10-01.csv"]
)
def test_a_name_without_a_clear_period_tells_none(name: str) -> None:
    assert period_in_name(name) is None


def test_a_matomo_export_without_dates_takes_the_period_of_its_name(
    tmp_path: Path, city_settings: Settings, ask: Ask
) -> None:
    text = "Bezeichnung\tEindeutige Seitenansichten\tSeitenansichten\tAbsprungsrate\n" + (
        "/leistung/hund\t1.200\t2.400\t66,67\u00a0%\n'=SUMME(A1)\t1\t1\t0\u00a0%\nAndere\t5\t6\t1\u00a0%\n"
    )
    path = written(tmp_path / "Seiten-URLs November 2025.tsv", text, "utf-16")
    (report,) = import_paths([path], city_settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 1, 2)
    assert "Der Zeitraum 01.11.2025 bis 30.11.2025 stammt aus dem Dateinamen." in report.warnings
    assert ask("SELECT period_start, period_end, unique_page_views, page_views FROM portal_page") == [
        (dt.date(2025, 11, 1), dt.date(2025, 11, 30), 1200, 2400)
    ]
    unnamed = written(tmp_path / "seiten.tsv", text, "utf-16")
    with pytest.raises(LoadError, match="fehlt die Spalte period"):
        import_paths([unnamed], city_settings)


def test_a_sheet_of_notes_beside_the_table_is_passed_over_with_a_word(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Zahlen"
    for row in (["period", "url", "visits"], ["2025-11", f"{SITE}leistung/hund", 12]):
        book.active.append(row)
    book.create_sheet("Hinweise").append(["Stand", None, "Dezember"])
    book.create_sheet("Leer")
    path = tmp_path / "portal.xlsx"
    book.save(path)
    (report,) = import_paths([path], settings)
    assert report.warnings == ("Nicht geladen, weil nicht erkannt oder nur Summe: Blatt Hinweise.",)
    assert ask("SELECT visits FROM portal_page") == [(12,)]


def test_a_sheet_of_sums_beside_the_pages_is_passed_over(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Übersicht"
    for row in (["Monat", "Besuche"], ["2025-11", 12]):
        book.active.append(row)
    pages = book.create_sheet("Seiten")
    for row in (["Monat", "Seite", "Besuche"], ["2025-11", f"{SITE}leistung/hund", 12]):
        pages.append(row)
    path = tmp_path / "portal.xlsx"
    book.save(path)
    (report,) = import_paths([path], settings)
    assert report.warnings == ("Nicht geladen, weil nicht erkannt oder nur Summe: Blatt Übersicht.",)
    assert ask("SELECT visits FROM portal_page") == [(12,)]


def test_a_hidden_sheet_is_not_loaded_and_is_named(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    """Last year's figures that someone has hidden have the same months: they would take the place of those seen."""
    book = openpyxl.Workbook()
    book.active.title = "Zahlen"
    for name, visits in (("Zahlen", 12), ("Alt", 99), ("Ganz alt", 77)):
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        sheet.append(["period", "url", "visits"])
        sheet.append(["2025-11", f"{SITE}leistung/hund", visits])
    book["Alt"].sheet_state, book["Ganz alt"].sheet_state = "hidden", "veryHidden"
    path = tmp_path / "portal.xlsx"
    book.save(path)
    (report,) = import_paths([path], settings)
    assert report.warnings == ("Nicht geladen, weil ausgeblendet: Blatt Alt, Ganz alt.",)
    assert ask("SELECT visits FROM portal_page") == [(12,)]


def test_a_workbook_of_hidden_sheets_only_is_refused(tmp_path: Path, settings: Settings) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Alt").append(["period", "url", "visits"])
    book["Alt"].append(["2025-11", f"{SITE}leistung/hund", 12])
    book["Alt"].sheet_state = "hidden"
    path = tmp_path / "portal.xlsx"
    book.save(path)
    with pytest.raises(
        LoadError, match=r"Blatt Alt \(ausgeblendet\): Ausgeblendete Blätter werden nicht gelesen"
    ):
        import_paths([path], settings)


def test_a_workbook_of_notes_only_is_refused(tmp_path: Path, settings: Settings) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Notiz"])
    book.create_sheet("Mehr").append(["Noch eine", None, "x"])
    path = tmp_path / "notizen.xlsx"
    book.save(path)
    with pytest.raises(LoadError, match=r"notizen\.xlsx, Blatt Sheet: Die Datei wird nicht erkannt"):
        import_paths([path], settings)


def test_clicks_of_the_search_are_never_proposed_for_views() -> None:
    for header in (
        ["Seite", "Klicks"],
        ["Page", "Clicks", "Month"],
        ["Seite", "Klicks Okt 2025", "Klicks Nov 2025"],
    ):
        _, proposed = propose(header, [])
        assert "page_views" not in {proposed[heading] for heading in header if "lick" in heading}


def test_a_search_table_with_foreign_headings_is_loaded_by_profile(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    header = ["Wann", "Suchwort", "Google-Klicks", "Einblendungen", "Platz bei Google"]
    path = written(
        tmp_path / "fremd.csv", ";".join(header) + "\n01.11.2025;hund;1;10;3,5\n01.11.2025;pass;0;5;9\n"
    )
    with pytest.raises(LoadError, match="nicht erkannt"):
        import_paths([path], settings, site=SITE)
    found = inspect(path, settings)
    assert (found["kind"], found["mapping"]["Google-Klicks"]) == ("search_console_rows", "clicks")
    mapping = dict(zip(header, ("date", "query", "clicks", "impressions", "position"), strict=True))
    save(settings, "Suche", "search_console_rows", mapping)
    (report,) = import_paths([path], settings, profile="Suche", site=SITE)
    assert (report.rows_in, report.rows_loaded) == (2, 2)
    assert ask("SELECT query, clicks, sum_position FROM search_query_day ORDER BY 1") == [
        ("hund", 1, 25.0),
        ("pass", 0, 40.0),
    ]


def test_months_side_by_side_can_be_mapped_to_one_figure(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = written(tmp_path / "monate.csv", f"Seite;Okt 2025;Nov 2025\n{SITE}a;3;4\n")
    found = inspect(path, settings)
    assert found["months"] == ["Okt 2025", "Nov 2025"]
    assert found["mapping"] == {"Seite": "url", "Okt 2025": "page_views", "Nov 2025": "page_views"}
    save(settings, "Monate", "portal", found["mapping"])
    import_paths([path], settings, profile="Monate")
    assert ask("SELECT period_start, page_views FROM portal_page ORDER BY 1") == [
        (dt.date(2025, 10, 1), 3),
        (dt.date(2025, 11, 1), 4),
    ]
