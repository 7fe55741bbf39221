"""The city's own list: rows become services, changes are proposed, one import is taken back."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.files.csv_tables import read_csv
from etl.operations.imports import import_paths
from etl.operations.inspection import inspect
from etl.operations.reread import reread
from etl.operations.undo import undo
from etl.reports import RowFaults
from etl.sources.directory.decisions import proposed, read_decisions
from etl.sources.directory.directory_rows import parse
from portalkompass.answers.base import service_list
from portalkompass.settings import SHIPPED_DATA, SearchConsole, Settings
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import Profile, keep, workspace_of
from tests.etl.conftest import TODAY

Ask = Callable[[str], list[tuple[Any, ...]]]
HEAD = ("Was wir anbieten", "LSK", "Nr.", "zuständiges Amt", "Telefon")
MAPPING = {
    "Was wir anbieten": "name",
    "LSK": "leistungsschluessel",
    "Nr.": "own_id",
    "zuständiges Amt": "departments",
    "Telefon": "",
}
CITY = (
    ("Hundesteuer und -Marke", "99102013104000", "1", "FB 20", "0"),
    ("Immissionsschutz", "99063009006000", "2", "FB 32", "0"),
    ("KFZ-Zulassung", "", "3", "", "0"),
    ("Wunschkennzeichen", "", "4", "", "0"),
    ("Marktstand beantragen", "99 050 01 200 0000", "5", "FB 30", "0"),
)
SERVICES = (
    "SELECT service, list FROM services WHERE service IN ('hundesteuer', 'marktstand-beantragen') ORDER BY 1"
)


def book(path: Path, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
    workbook = openpyxl.Workbook()
    for row in (head, *rows):
        workbook.active.append(list(row))
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
def with_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of data with the shipped OZG list and the mapping of the city's list, loaded once."""
    folder = tmp_path_factory.mktemp("directory") / "data"
    settings = Settings(data_dir=folder, today=TODAY, search_console=SearchConsole(site=""))
    keep(workspace_of(settings), Profile("Verzeichnis", "service_directory", MAPPING), "Test")
    import_paths([SHIPPED_DATA / "ozg_services.csv"], settings)
    return folder


@pytest.fixture
def city(settings: Settings, with_list: Path) -> Settings:
    """A copy of its own."""
    shutil.copytree(with_list, settings.data_dir)
    return settings


def load(path: Path, settings: Settings, **said: Any) -> Any:
    return import_paths([path], settings, profile="Verzeichnis", **said)[0]


def test_rows_become_services_by_name_key_or_as_their_own(tmp_path: Path, city: Settings, ask: Ask) -> None:
    path = book(tmp_path / "liste.xlsx", CITY)
    report = load(path, city, preview=True)
    ways = {row["name"]: (row["service"], row["own"], row["reason"]) for row in report.proposals}
    assert ways["Hundesteuer und -Marke"] == ("hundesteuer", False, "gleicher Name")
    assert ways["Wunschkennzeichen"] == ("wunschkennzeichen", False, "gleicher Name")
    assert ways["Immissionsschutz"] == (
        "anlagengenehmigung",
        False,
        "gleicher Leistungsschlüssel 99063009006000",
    )
    assert ways["Marktstand beantragen"] == ("marktstand-beantragen", True, "eigene Leistung")
    # "Kfz-Zulassung" is a synonym of "Fahrzeugzulassung (i-Kfz)": offered, and taken by nobody but a person
    offered = next(row for row in report.proposals if row["name"] == "KFZ-Zulassung")
    assert (offered["own"], offered["offers"][0]["service"]) == (True, "fahrzeugzulassung")
    assert "Synonym" in offered["offers"][0]["reason"]
    assert any("Zeile 4 „KFZ-Zulassung“" in one for one in proposed(report))
    with pytest.raises(
        LoadError, match=r"Zeile 4 „KFZ-Zulassung“: vielleicht „Fahrzeugzulassung .*--confirm"
    ):
        load(path, city)
    loaded = load(path, city, decisions={"KFZ-Zulassung": "fahrzeugzulassung"})
    assert loaded.message == (
        "Leistungsverzeichnis mit Stand 17.12.2025: 5 Leistungen, davon 4 schon bekannt (2 nach dem Namen, 1 nach dem "
        "Leistungsschlüssel, 1 von Hand) und 1 eigene Leistung."
    )
    assert ask(SERVICES) == [("hundesteuer", "anstehend"), ("marktstand-beantragen", "ohne Status")]
    assert ask("SELECT leistungsschluessel FROM services WHERE service = 'marktstand-beantragen'") == [
        (["99050012000000"],)
    ]
    assert ask("SELECT way FROM service_directory WHERE service = 'fahrzeugzulassung'") == [("chosen",)]
    # 5 of the list, and 14 of the 17 with a status that it does not name
    counted = service_list.responsible(open_published(city), city)
    assert (counted.count, counted.source) == (
        19,
        "Leistungsverzeichnis der Stadt, Stand 17.12.2025, und 14 mit Status, die dort fehlen",
    )
    assert "14 Leistungen mit Status stehen nicht in dieser Liste" in loaded.warnings[-1]


def test_a_changed_list_proposes_and_undo_brings_the_one_before(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    decided = {"KFZ-Zulassung": "fahrzeugzulassung"}
    first = load(book(tmp_path / "alt.xlsx", CITY), city, decisions=decided)
    before = ask("SELECT service, name FROM services ORDER BY 1")
    changed = book(
        tmp_path / "neu.xlsx",
        [
            *CITY[:3],
            ("Marktstände und Wochenmarkt", "99050012000000", "", "FB 30", ""),
            ("Neu erdacht", "", "9", "", ""),
        ],
    )
    with pytest.raises(LoadError, match="sind 1 neu, 1 entfallen, 1 umbenannt"):
        load(changed, city)
    assert ask("SELECT service, name FROM services ORDER BY 1") == before
    second = load(changed, city, confirmed=True)
    told = {(one["service"], one["field"]): (one["before"], one["after"]) for one in second.differences}
    assert told == {
        ("marktstand-beantragen", "name"): ("Marktstand beantragen", "Marktstände und Wochenmarkt"),
        ("neu-erdacht", "service"): (None, "Neu erdacht"),
        ("wunschkennzeichen", "service"): ("Wunschkennzeichen", None),
    }
    assert ("marktstand-beantragen", "Marktstände und Wochenmarkt") in ask(
        "SELECT service, name FROM services"
    )
    sentence = undo(city, second.run_id)
    assert "5 Zeilen entfernt. Es gilt wieder das Leistungsverzeichnis davor" in sentence
    assert ask("SELECT service, name FROM services ORDER BY 1") == before
    assert ask("SELECT run_id, rows FROM ingest_ledger WHERE source = 'directory'") == [(first.run_id, 5)]
    undo(city, first.run_id)
    assert ask("SELECT count(*) FROM services") == [(17,)]
    counted = service_list.responsible(open_published(city), city)
    assert (counted.count, counted.source) == (189, city.city.services_responsible_source)


def test_a_new_ozg_list_keeps_the_services_of_the_directory_and_lends_them_no_place(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    load(book(tmp_path / "liste.xlsx", CITY), city, confirmed=True)
    text = (SHIPPED_DATA / "ozg_services.csv").read_text(encoding="utf-8").replace("2025-12-15", "2025-12-16")
    newer = tmp_path / "ozg.csv"
    newer.write_text(text, encoding="utf-8")
    import_paths([newer], city)
    assert ask("SELECT list, as_of FROM services WHERE service = 'marktstand-beantragen'") == [
        ("ohne Status", dt.date(2025, 12, 16))
    ]
    assert ask("SELECT count(*), count(DISTINCT service) FROM services") == [(20, 20)]


def test_bad_rows_are_named_with_line_and_column_and_the_others_load(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    good = [(f"Leistung Nummer {word}", "", "", "", "") for word in ("eins", "zwei", "drei", "vier", "fünf")]
    good += [
        (f"Angebot {word}", "", "", "", "")
        for word in ("rot", "grün", "blau", "gelb", "grau", "weiß", "braun")
    ]
    bad = [
        ("Hundesteuer", 9.91020131e13, "", "", ""),
        ("", "99050012000000", "", "", ""),
        ("leistung nummer EINS", "", "", "", ""),
        ("Summe", "", "", "", ""),
    ]
    rows = [*good, ("Gesamt", "", "", "", ""), *bad]
    rows[-4] = ("Parkausweis", "9,9102E+13", "", "", "")
    report = load(book(tmp_path / "liste.xlsx", rows), city, confirmed=True)
    assert (report.rows_loaded, report.rows_rejected) == (12, 3)
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (15, "LSK", "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
        (16, "Was wir anbieten", "der Name der Leistung fehlt."),
        (17, "Was wir anbieten", "„leistung nummer EINS“ steht schon in Zeile 2."),
    ]
    with pytest.raises(RowFaults, match="nur ein Teil der Zeilen"):
        load(book(tmp_path / "kaputt.xlsx", [*good, *([("", "1", "", "", "")] * 9)]), city, confirmed=True)
    with pytest.raises(LoadError, match="keine Leistung"):
        load(book(tmp_path / "leer.xlsx", [("Summe", "", "", "", "")]), city)


def test_two_rows_are_two_services_though_they_share_a_key(tmp_path: Path, city: Settings) -> None:
    rows = [
        ("Hundesteuer anmelden", "99102013104000", "", "", ""),
        ("Hunde abmelden", "99102013104000", "", "", ""),
    ]
    report = load(book(tmp_path / "liste.xlsx", rows), city, preview=True)
    assert len({row["service"] for row in report.proposals}) == 2
    assert any("99102013104000 steht in den Zeilen 2, 3" in one for one in report.warnings)


def test_decisions_are_read_from_a_file_kept_for_reading_again_and_refused_where_they_cannot_be(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    path = book(tmp_path / "liste.xlsx", CITY)
    chosen = tmp_path / "auswahl.csv"
    chosen.write_text(
        "name;service_id\nKFZ-Zulassung;fahrzeugzulassung\nWunschkennzeichen;\n", encoding="utf-8"
    )
    decisions = read_decisions(chosen)
    assert decisions == {"KFZ-Zulassung": "fahrzeugzulassung", "Wunschkennzeichen": ""}
    report = load(path, city, decisions=decisions, confirmed=True)
    own = "SELECT service FROM service_directory WHERE name = 'Wunschkennzeichen'"
    assert ask(own) == [("wunschkennzeichen-2",)]
    reread(city, report.run_id, confirmed=True)
    assert ask(own) == [("wunschkennzeichen-2",)]
    assert ask("SELECT way FROM service_directory WHERE service = 'fahrzeugzulassung'") == [("chosen",)]
    again = load(path, city, decisions=decisions, preview=True)
    assert again.differences == ()
    with pytest.raises(LoadError, match="die gibt es nicht"):
        load(path, city, decisions={"KFZ-Zulassung": "gibt-es-nicht"})
    with pytest.raises(LoadError, match="Die Zeilen 2 und 4 wurden beide"):
        load(path, city, decisions={"KFZ-Zulassung": "bauportal", "Hundesteuer und -Marke": "bauportal"})
    chosen.write_text("name,service_id\n", encoding="utf-8")
    with pytest.raises(LoadError, match="erwartet werden die Spalten name, service_id"):
        read_decisions(chosen)


def test_any_headings_are_proposed_and_a_catalogue_of_services_can_be_mapped(
    tmp_path: Path, settings: Settings
) -> None:
    found = inspect(book(tmp_path / "a.xlsx", CITY), settings)
    assert found["kind"] == "service_directory"
    assert found["mapping"] == {
        "Was wir anbieten": "name",
        "LSK": "leistungsschluessel",
        "Nr.": "own_id",
        "zuständiges Amt": "departments",
        "Telefon": "",
    }
    plain = book(
        tmp_path / "b.xlsx",
        [("Hundesteuer", "99102013104000")],
        ("Leistungsbezeichnung", "Leistungsschlüssel"),
    )
    assert inspect(plain, settings)["kind"] == "service_directory"
    with pytest.raises(LoadError, match="mit einer Spaltenzuordnung als Leistungsverzeichnis"):
        import_paths([plain], settings)


OZG_HEAD = (*HEAD[:4], "OZG-Nr.")
BAD_CELLS = (
    ({"name": "x" * 301}, HEAD[0], "länger als 300 Zeichen."),
    ({"name": "12345"}, HEAD[0], "der Name enthält keinen Buchstaben."),
    ({"name": "31.12.2025"}, HEAD[0], "der Name enthält keinen Buchstaben."),
    ({"name": "Hund\u202eesteuer"}, HEAD[0], "enthält unsichtbare Zeichen."),
    ({"departments": "y" * 10_000}, HEAD[3], "länger als 300 Zeichen."),
    ({"key": "9.91E+13"}, "LSK", "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
    ({"key": "-99102013002000"}, "LSK", "kein Leistungsschlüssel (99 und 12 weitere Ziffern)."),
    ({"number": "1,2E+11"}, "Nr.", "von Excel gekürzte Nummer; bitte die Spalte als Text formatieren."),
    ({"ozg": "10.502"}, "OZG-Nr.", "keine OZG-Nummer (3 bis 6 Ziffern)."),
    ({"ozg": "01.02.2026"}, "OZG-Nr.", "keine OZG-Nummer (3 bis 6 Ziffern)."),
    ({"ozg": "1,05E+04"}, "OZG-Nr.", "keine OZG-Nummer (3 bis 6 Ziffern)."),
    ({"ozg": "-10502"}, "OZG-Nr.", "keine OZG-Nummer (3 bis 6 Ziffern)."),
)


def test_cells_that_no_service_can_have_are_named_and_the_others_count() -> None:
    def row(name: str, key: str = "", number: str = "", departments: str = "", ozg: str = "") -> str:
        return ";".join((name, key, number, departments, ozg)) + "\n"

    bad = "".join(
        row(**{"name": f"Schlecht {place}", **cells}) for place, (cells, *_) in enumerate(BAD_CELLS)
    )
    good = row("Marktstand", ozg="OZG-10502 | 103 Märkte")
    head = ";".join(OZG_HEAD) + "\n"
    sheet = read_csv("liste.csv", "liste", io.BytesIO((head + head + bad + good).encode()))
    entries = parse(sheet, {**MAPPING, "OZG-Nr.": "ozg_id"})
    assert [(one.name, one.ozg_id) for one in entries.rows] == [("Marktstand", "10502|103")]
    assert [(one.line, one.column, one.reason) for one in entries.rejected] == [
        (2, HEAD[0], "die Überschriften stehen hier noch einmal."),
        *((line, column, reason) for line, (_, column, reason) in enumerate(BAD_CELLS, start=3)),
    ]
