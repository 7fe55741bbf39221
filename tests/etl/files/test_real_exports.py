"""Exports as tools and offices really write them; every file is made here, in the shape of the genuine ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.sources.portal_files.file_names import period_above
from portalkompass.settings import Portal, Settings
from tests.etl.conftest import SITE

Ask = Callable[[str], list[tuple[Any, ...]]]
NOVEMBER = (dt.date(2025, 11, 1), dt.date(2025, 11, 30))
HOME = "https://musterstadt.example"
MATOMO = (
    "Bezeichnung\tEindeutige Seitenansichten\tSeitenansichten\tAbsprungsrate\tDurchschnittszeit pro Seite"
    "\tMetadaten: url\n"
    f"/leistung/hund\t1.234\t1.500\t66,67\u00a0%\t00:01:23\t{SITE}leistung/hund\n"
    f"/leistung/wohnsitz/index\t20\t30\t40\u00a0%\t00:00:10\t{SITE}leistung/wohnsitz/\n"
    "Andere\t5\t6\t10\u00a0%\t00:00:10\t\n"
)
GA4 = (
    "# ----------------------------------------\n# Seiten und Bildschirme\n# Konto: Stadt\n#\n"
    "# Startdatum: 20251101\n# Enddatum: 20251130\n"
    "Seitenpfad und Bildschirmklasse,Aufrufe,Aktive Nutzer\n/leistung/hund,1500,1000\n/index,20,10\n(other),7,3\n"
)
PAGES = "SELECT period_start, period_end, url, unique_page_views, page_views FROM portal_page ORDER BY url"


def without_addresses(text: str) -> str:
    return "\n".join(line.rpartition("\t")[0] for line in text.splitlines())


def test_matomo_with_metadata_is_loaded_by_its_addresses(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = tmp_path / "Seiten 2025-11.csv"
    path.write_bytes(MATOMO.encode("utf-16"))
    (report,) = import_paths([path], settings)
    assert (report.site, report.rows_in, report.rows_loaded, report.rows_rejected) == (SITE, 3, 2, 1)
    assert "„Andere“: Sammelzeile ohne Adresse" in report.warnings[0]
    assert ask(PAGES) == [
        (*NOVEMBER, f"{HOME}/leistung/hund", 1234, 1500),
        (*NOVEMBER, f"{HOME}/leistung/wohnsitz", 20, 30),
    ]


def test_matomo_with_paths_only_is_loaded_for_the_property_named(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = tmp_path / "Seiten 2025-11.csv"
    path.write_bytes(without_addresses(MATOMO).encode("utf-16"))
    with pytest.raises(LoadError, match="nennt keine Webadressen, nur Pfade oder gar keine Seiten"):
        import_paths([path], settings)
    import_paths([path], settings, site=SITE)
    assert [row[2] for row in ask(PAGES)] == [f"{HOME}/leistung/hund", f"{HOME}/leistung/wohnsitz"]


def test_paths_of_a_domain_property_need_a_host(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    path = tmp_path / "Seiten 2025-11.csv"
    path.write_bytes(without_addresses(MATOMO).encode("utf-16"))
    domain = "sc-domain:musterstadt.example"
    with pytest.raises(LoadError, match=r"nur Pfade .* sagt die Einstellung portal\.host\."):
        import_paths([path], settings, site=domain)
    named = settings.model_copy(update={"portal": Portal(host="service.musterstadt.example")})
    import_paths([path], named, site=domain)
    assert [row[2] for row in ask(PAGES)] == [
        "https://service.musterstadt.example/leistung/hund",
        "https://service.musterstadt.example/leistung/wohnsitz",
    ]


def test_the_host_of_paths_is_that_of_the_pages_known_so_far(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    domain = "sc-domain:musterstadt.example"
    known = tmp_path / "oktober.csv"
    known.write_text(f"period;url;visits\n2025-10;{SITE}a;1\n", encoding="utf-8")
    import_paths([known], settings, site=domain)
    path = tmp_path / "Seiten 2025-11.csv"
    path.write_bytes(without_addresses(MATOMO).encode("utf-16"))
    import_paths([path], settings, site=domain)
    assert [row[2] for row in ask(PAGES)] == [
        f"{HOME}/a",
        f"{HOME}/leistung/hund",
        f"{HOME}/leistung/wohnsitz",
    ]


def test_ga4_tells_its_period_above_the_table(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    path = tmp_path / "Seiten_und_Bildschirme.csv"
    path.write_text(GA4, encoding="utf-8")
    (report,) = import_paths([path], settings, site=SITE)
    assert "Der Zeitraum 01.11.2025 bis 30.11.2025 stammt aus den Zeilen über der Tabelle." in report.warnings
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert ask(PAGES) == [
        (*NOVEMBER, f"{HOME}/", None, 20),
        (*NOVEMBER, f"{HOME}/leistung/hund", None, 1500),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_titles_above_the_header_are_no_header(
    tmp_path: Path, settings: Settings, ask: Ask, encoding: str
) -> None:
    text = (
        "Kommunalportal Musterstadt, FB 04;;\r\nÜbersicht November 2025;;\r\n;;\r\nSeite;Besuche;Seitenaufrufe\r\n"
        f"{SITE}leistung/hund;12;20\r\n"
    )
    path = tmp_path / "auswertung.csv"
    path.write_bytes(text.encode(encoding))
    (report,) = import_paths([path], settings)
    assert (report.period_start, report.period_end) == NOVEMBER
    assert (report.rows_in, report.rows_loaded) == (1, 1)
    assert ask("SELECT url, visits, page_views FROM portal_page") == [(f"{HOME}/leistung/hund", 12, 20)]


def test_a_title_with_a_comma_does_not_choose_the_delimiter(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = f"Musterstadt, Fachbereich 04\nZeitraum: 01.11.2025 - 30.11.2025\nSeite;Besuche\n{SITE}a;12\n"
    path = tmp_path / "auswertung.csv"
    path.write_text(text, encoding="utf-8")
    import_paths([path], settings)
    assert ask("SELECT period_start, period_end, visits FROM portal_page") == [(*NOVEMBER, 12)]


def test_months_of_a_workbook_are_months_and_its_sum_is_no_page(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Kommunalportal – Auswertung"])
    sheet.append([])
    sheet.append(["Monat", "Seite", "Besuche"])
    sheet.append([dt.datetime(2025, 11, 1), f"{SITE}a", 12])
    sheet.append(["Okt 25", f"{SITE}a", 5])
    sheet.append(["Gesamt", None, 17])
    path = tmp_path / "auswertung.xlsx"
    book.save(path)
    (report,) = import_paths([path], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (3, 2, 1)
    assert "Zeile 6, Spalte „Monat“: „Gesamt“: Summenzeile, keine Seite" in report.warnings[0]
    assert ask("SELECT period_start, period_end, visits FROM portal_page ORDER BY 1") == [
        (dt.date(2025, 10, 1), dt.date(2025, 10, 31), 5),
        (*NOVEMBER, 12),
    ]


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (("Start date: 20251101", "End date: 20251130"), NOVEMBER),
        (("Zeitraum: 01.11.2025 - 30.11.2025",), NOVEMBER),
        (("Auswertung November 2025",), NOVEMBER),
        (("Stand: 15.12.2025",), None),
        (("Erstellt im November 2025",), None),
        (("Start date: 20251130", "End date: 20251101"), None),
        (("Zeitraum: alle Tage",), None),
        ((), None),
    ],
)
def test_the_day_of_a_report_is_no_period(
    lines: tuple[str, ...], period: tuple[dt.date, dt.date] | None
) -> None:
    assert period_above(lines) == period


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE html><html><body>Bitte anmelden</body></html>", "eine Webseite \\(HTML\\)"),
        (b"\xef\xbb\xbf\n<html>Bitte, anmelden", "eine Webseite \\(HTML\\)"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "ein PDF"),
        (b'{"result":"error","message":"x"}', "eine JSON-Antwort"),
    ],
)
def test_what_is_no_table_at_all_is_named(
    tmp_path: Path, settings: Settings, content: bytes, sentence: str
) -> None:
    path = tmp_path / "bericht.csv"
    path.write_bytes(content)
    with pytest.raises(LoadError, match=rf"bericht\.csv: Das ist keine Tabelle, sondern {sentence}"):
        import_paths([path], settings)


def test_faults_of_excel_are_called_by_their_name(tmp_path: Path, settings: Settings) -> None:
    text = f"Datum;Seite;Besuche\n01.11.2025;{SITE}a;12\n02.11.2025;{SITE}a;#NV\n03.11.2025;{SITE}a;12.Apr\n"
    path = tmp_path / "portal.csv"
    path.write_text(text, encoding="utf-8")
    (report,) = import_paths([path], settings)
    assert "Zeile 3, Spalte „Besuche“: „#NV“: Fehlerwert von Excel statt einer Zahl" in report.warnings[0]
    assert "„12.Apr“: keine ganze Zahl; Excel hat sie in ein Datum verwandelt" in report.warnings[0]


def test_days_without_pages_are_told_what_is_needed(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "Besuche.csv"
    path.write_text("Datum;Besuche;Seitenansichten\n2025-11-01;5;6\n", encoding="utf-8")
    with pytest.raises(LoadError, match="mit einer Zeile je Seite, keine Summe je Tag"):
        import_paths([path], settings)


def test_a_preview_says_what_it_replaces_and_an_overlap_names_the_file(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    first, second, days = tmp_path / "vorläufig.csv", tmp_path / "endgültig.csv", tmp_path / "tage.csv"
    first.write_text(f"period;url;visits\n2025-11;{SITE}a;3\n2025-11;{SITE}b;4\n", encoding="utf-8")
    second.write_text(f"period;url;visits\n2025-11;{SITE}a;5\n", encoding="utf-8")
    days.write_text(f"period;url;visits\n2025-11-05;{SITE}a;5\n", encoding="utf-8")
    import_paths([first], settings)
    (preview,) = import_paths([second], settings, preview=True)
    assert preview.warnings == ("Ersetzt 2 Zeilen desselben Zeitraums aus vorläufig.csv.",)
    assert ask("SELECT count(*) FROM portal_page") == [(2,)]
    with pytest.raises(LoadError, match=r"01\.11\.2025 bis 30\.11\.2025 \(vorläufig\.csv\); .* zurücknehmen"):
        import_paths([days], settings)
