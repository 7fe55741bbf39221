"""Google's report on generative AI: impressions only, a table of its own, nothing of it anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.status import holdings
from etl.operations.undo import undo
from portalkompass.settings import Settings
from tests.etl.files.export_files import GERMAN, SITE, folder, zipped

Ask = Callable[[str], list[tuple[Any, ...]]]
REPORT = {
    "Diagramm.csv": "Datum,Impressionen\n2025-11-01,12\n2025-11-02,0\n2025-11-03,30",
    "Seiten.csv": f"Die häufigsten Seiten,Impressionen\n{SITE}leistung/hund,20\n{SITE}leistung/hund/?utm_source=x,2\n"
    f"{SITE}mitarbeiter/erika-muster,3",
    "Länder.csv": "Land,Impressionen\nDeutschland,40",
    "Geräte.csv": "Gerät,Impressionen\nMobil,30\nComputer,12",
    "Filter.csv": "Filtern,Wert\nDatum,Letzte 28 Tage",
}
ROWS = "SELECT table_name, key, impressions FROM search_ai ORDER BY ALL"
OTHERS = "SELECT (SELECT count(*) FROM search_window), (SELECT count(*) FROM search_site_day)"


def test_all_tables_of_the_report_become_rows_of_its_own_table(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    (report,) = import_paths([zipped(tmp_path, REPORT, "generative-ki.zip")], settings, site=SITE)
    assert report.message == (
        f"Bericht zu generativer KI für {SITE} vom 01.11.2025 bis 03.11.2025: 9 Zeilen."
    )
    page = SITE.replace("www.", "") + "leistung/hund"
    assert ask(ROWS) == [
        ("countries", "Deutschland", 40),
        ("days", "2025-11-01", 12),
        ("days", "2025-11-02", 0),
        ("days", "2025-11-03", 30),
        ("devices", "DESKTOP", 12),
        ("devices", "MOBILE", 30),
        ("pages", "(Mitarbeiterseiten)", 3),
        ("pages", page, 22),
    ]
    assert ask(OTHERS) == [(0, 0)]
    (held,) = holdings(settings)
    assert (held.grain, str(held.first), str(held.last), held.rows) == (
        "search_ai",
        "2025-11-01",
        "2025-11-03",
        8,
    )


def test_a_table_that_does_not_say_where_it_is_from_asks_first(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    file = tmp_path / "Diagramm.csv"
    file.write_text(REPORT["Diagramm.csv"], encoding="utf-8")
    with pytest.raises(LoadError, match=r"nennt nur Impressionen.*Stammen die Zahlen daraus"):
        import_paths([file], settings, site=SITE)
    import_paths([file], settings, site=SITE, confirmed=True)
    assert len(ask(ROWS)) == 3


def test_a_day_counts_once_whichever_exports_name_it(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    later = {"Diagramm.csv": "Datum,Impressionen\n2025-11-03,31\n2025-11-04,5"}
    import_paths([zipped(tmp_path, REPORT, "KI.zip")], settings, site=SITE)
    (second,) = import_paths([zipped(tmp_path, later, "KI (2).zip")], settings, site=SITE)
    days = "SELECT key, impressions FROM search_ai WHERE table_name = 'days' ORDER BY key"
    assert ask(days) == [("2025-11-01", 12), ("2025-11-02", 0), ("2025-11-03", 31), ("2025-11-04", 5)]
    undo(settings, second.run_id)
    assert ask(days) == [("2025-11-01", 12), ("2025-11-02", 0)]


def test_taken_back_nothing_is_left(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    (report,) = import_paths([zipped(tmp_path, REPORT, "KI.zip")], settings, site=SITE)
    undo(settings, report.run_id)
    assert ask("SELECT (SELECT count(*) FROM search_ai), (SELECT count(*) FROM sites)") == [(0, 0)]


def test_a_filtered_report_is_kept_apart(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    filtered = REPORT | {"Filter.csv": "Filtern,Wert\nSeite,+leistung\nDatum,Letzte 28 Tage"}
    (report,) = import_paths([zipped(tmp_path, filtered, "KI.zip")], settings, site=SITE)
    assert "Gefiltert (Seite: +leistung); zählt nicht für die ganze Property." in report.warnings
    assert ask("SELECT DISTINCT filters FROM search_ai") == [("Seite: +leistung",)]


def test_the_performance_report_beside_it_stays_what_it_is(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    own, other = folder(tmp_path, GERMAN), folder(tmp_path, REPORT, "ki")
    import_paths([own, other], settings, site=SITE)
    assert ask("SELECT count(*) FROM search_ai") == [(8,)]
    assert ask("SELECT sum(impressions) FROM search_window WHERE table_name = 'days'") == [(40,)]


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"Diagramm.csv": "Datum,Impressionen\n2025-11-01,12\n2025-11-01,12"}, "der Tag steht schon da"),
        ({"Diagramm.csv": "Datum,Impressionen\n2025-11-01,zwölf"}, "keine ganze Zahl"),
        ({"Seiten.csv": "Die häufigsten Seiten,Impressionen\nhttps://andere.example/a,12"}, "andere"),
    ],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, settings: Settings, tables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([zipped(tmp_path, tables, "KI.zip")], settings, site=SITE)
