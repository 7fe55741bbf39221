"""Dates that only the column as a whole tells: read as they are meant, or refused with how to write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.files.periods import period_in
from etl.operations.imports import import_paths
from portalkompass.settings import Settings
from tests.etl.conftest import SITE

Ask = Callable[[str], list[tuple[Any, ...]]]
HOME = "https://musterstadt.example"
OCTOBER = (dt.date(2025, 10, 1), dt.date(2025, 10, 31))
NOVEMBER = (dt.date(2025, 11, 1), dt.date(2025, 11, 30))
PERIODS = "SELECT period_start, period_end, visits FROM portal_page ORDER BY 1, 3"
METRICS = "Clicks,Impressions,CTR,Position"


def written(folder: Path, text: str, name: str = "Besuche.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def workbook(path: Path, rows: list[list[object]], *merged: str) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("Monat", "2025-10-01", "2025-11-01"),
        ("Monat", "31.10.2025", "30.11.2025"),
        ("Berichtsmonat", "Oktober 2025", "11/2025"),
        ("Month", "10/1/2025", "11/1/2025"),
        ("Jahr;Monat", "2025;10", "2025;11"),
        ("Jahr;Monat", "2025;Oktober", "2025;Nov"),
        ("von;bis", "01.10.2025;31.10.2025", "01.11.2025;30.11.2025"),
        ("Start date;End date", "2025-10-01;2025-10-31", "2025-11-01;2025-11-30"),
    ],
)
def test_months_however_the_columns_tell_them(
    tmp_path: Path, settings: Settings, ask: Ask, head: str, first: str, second: str
) -> None:
    import_paths(
        [written(tmp_path, f"{head};Seite;Besuche\n{first};{SITE}a;3\n{second};{SITE}a;4\n")], settings
    )
    assert ask(PERIODS) == [(*OCTOBER, 3), (*NOVEMBER, 4)]


@pytest.mark.parametrize(
    ("head", "cell", "first", "last"),
    [
        ("Woche", "03.11.2025", dt.date(2025, 11, 3), dt.date(2025, 11, 9)),
        ("Kalenderwoche", "45964", dt.date(2025, 11, 3), dt.date(2025, 11, 9)),
        ("Jahr;KW", "2025;45", dt.date(2025, 11, 3), dt.date(2025, 11, 9)),
        ("Quartal", "01.07.2025", dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
        ("Jahr;Quartal", "2025;Q3", dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
    ],
)
def test_weeks_and_quarters_by_their_first_day_or_number(
    tmp_path: Path, settings: Settings, ask: Ask, head: str, cell: str, first: dt.date, last: dt.date
) -> None:
    import_paths([written(tmp_path, f"{head};Seite;Besuche\n{cell};{SITE}a;3\n")], settings)
    assert ask(PERIODS) == [(first, last, 3)]


@pytest.mark.parametrize(
    ("head", "cells", "sentence"),
    [
        ("Woche", ("02.11.2025",), "„02.11.2025“ ist kein Montag; .* Bitte als „KW 45 2025“"),
        ("Monat", ("15.11.2025",), "ein Tag mitten im Monat. Bitte den Monat als JJJJ-MM schreiben"),
        ("Quartal", ("01.08.2025",), "kein erster Tag eines Quartals. Bitte als „Q3 2025“"),
        (
            "Zeitraum",
            ("01.10.2025", "01.11.2025"),
            "nur erste Tage von Monaten. .* bitte die Spalte „Monat“ nennen",
        ),
        ("Monat", ("10",), "lesbar sind etwa 2025-11-30"),
        ("Monat", ("2025-11", ""), "der Zeitraum fehlt; bitte in jede Zeile schreiben"),
    ],
)
def test_what_stays_doubtful_is_refused_with_how_to_write_it(
    tmp_path: Path, settings: Settings, ask: Ask, head: str, cells: tuple[str, ...], sentence: str
) -> None:
    rows = "".join(f"{cell};{SITE}{number};{number + 3}\n" for number, cell in enumerate(cells))
    with pytest.raises(LoadError, match=sentence):
        import_paths([written(tmp_path, f"{head};Seite;Besuche\n{rows}")], settings)
    assert ask("SELECT 1 FROM portal_page") == []


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("Month", "2025-10-01", "2025-11-01"),
        ("Week", "2025-11-03", "2025-11-10"),
        ("KW", "KW 45 2025", "KW 46 2025"),
    ],
)
def test_months_and_weeks_of_the_search_are_no_days_of_the_property(
    tmp_path: Path, settings: Settings, ask: Ask, head: str, first: str, second: str
) -> None:
    text = f"{head},{METRICS}\n{first},700,7000,10%,3\n{second},720,7200,10%,3\n"
    (report,) = import_paths([written(tmp_path, text, "looker.csv")], settings, site=SITE)
    assert "einzelne Tage lassen sich nicht übernehmen" in " ".join(report.warnings)
    assert ask("SELECT count(*) FROM search_site_day") == [(0,)]
    assert ask("SELECT count(*), sum(clicks) FROM search_window WHERE table_name = 'days'") == [(2, 1420)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("13/11/2025", "14/11/2025"),
        ("11/13/2025", "11/14/2025"),
        ("11/13/25", "11/14/25"),
        ("13-11-2025", "14-11-2025"),
        ("45974", "45975"),
        ("2025-11-13 00:00:00", "2025-11-14 00:00:00"),
    ],
)
def test_days_as_a_spreadsheet_writes_them(
    tmp_path: Path, settings: Settings, ask: Ask, first: str, second: str
) -> None:
    text = f"Date,{METRICS}\n{first},25,250,10%,4\n{second},26,250,10.4%,4\n"
    import_paths([written(tmp_path, text, "Chart.csv")], settings, site=SITE)
    assert ask("SELECT date, clicks FROM search_site_day ORDER BY 1") == [
        (dt.date(2025, 11, 13), 25),
        (dt.date(2025, 11, 14), 26),
    ]
    assert ask("SELECT count(*) FROM search_hour") == [(0,)]


def test_days_that_could_be_months_are_refused(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = f"Date,{METRICS}\n11/1/2025,25,250,10%,4\n11/2/2025,26,250,10.4%,4\n"
    with pytest.raises(LoadError, match="zweideutig, ob zuerst der Tag oder der Monat steht"):
        import_paths([written(tmp_path, text, "Chart.csv")], settings, site=SITE)
    assert ask("SELECT 1 FROM search_site_day") == []


@pytest.mark.parametrize(
    "headings",
    [
        (dt.datetime(2025, 10, 1), dt.datetime(2025, 11, 1)),
        ("Okt 25", "Nov 25"),
        ("01.10.2025", "01.11.2025"),
    ],
)
def test_months_in_headings_that_excel_has_made_days_of(
    tmp_path: Path, settings: Settings, ask: Ask, headings: tuple[object, ...]
) -> None:
    path = workbook(tmp_path / "Besuche.xlsx", [["Seite", *headings], [f"{SITE}a", 3, 4]])
    import_paths([path], settings)
    assert ask(PERIODS) == [(*OCTOBER, 3), (*NOVEMBER, 4)]


def test_a_cell_joined_over_rows_holds_for_each_of_them(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    rows: list[list[object]] = [
        ["Besuche je Seite", None, None],
        ["Seite", "Monat", "Besuche"],
        [f"{SITE}a", "Okt 2025", 3],
        [None, "Nov 2025", 4],
        [f"{SITE}b", "Okt 2025", 5],
        [None, "Nov 2025", 6],
    ]
    path = workbook(tmp_path / "Besuche.xlsx", rows, "A1:C1", "A3:A4", "A5:A6")
    (report,) = import_paths([path], settings)
    assert (report.rows_in, report.rows_loaded) == (4, 4)
    assert ask("SELECT url, sum(visits) FROM portal_page GROUP BY 1 ORDER BY 1") == [
        (f"{HOME}/a", 7),
        (f"{HOME}/b", 11),
    ]


def test_a_period_joined_at_the_end_of_the_rows(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    rows: list[list[object]] = [
        ["Seite", "Besuche", "Monat"],
        [f"{SITE}a", 3, "Okt 2025"],
        [f"{SITE}b", 4, None],
        [f"{SITE}a", 5, "Nov 2025"],
        [f"{SITE}b", 6, None],
    ]
    import_paths([workbook(tmp_path / "Besuche.xlsx", rows, "C2:C3", "C4:C5")], settings)
    assert ask(PERIODS) == [(*OCTOBER, 3), (*OCTOBER, 4), (*NOVEMBER, 5), (*NOVEMBER, 6)]


def test_a_table_turned_as_advised_is_loaded(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    beside = written(tmp_path, f"Monat;{SITE}a;{SITE}b\nOkt 2025;3;4\nNov 2025;5;6\n")
    with pytest.raises(LoadError, match="Transponieren\\) und die erste Spalte „Seite“ nennen"):
        import_paths([beside], settings)
    import_paths([written(tmp_path, f"Seite;Okt 2025;Nov 2025\n{SITE}a;3;5\n{SITE}b;4;6\n")], settings)
    assert ask(PERIODS) == [(*OCTOBER, 3), (*OCTOBER, 4), (*NOVEMBER, 5), (*NOVEMBER, 6)]


def test_underscores_in_names() -> None:
    assert period_in("Report_2025_11") == NOVEMBER
    assert period_in("Report_2025_11_30_Seiten") == (dt.date(2025, 11, 30),) * 2
    for doubtful in (
        "Report_2024_2025_11",
        "Report_2025_11_7",
        "Report_2025_11-12",
        "KW_2025_11",
        "10_2025_11",
    ):
        assert period_in(doubtful) is None, doubtful


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Häufigste Suchanfragen;Klicks;Impressionen;CTR;Position\nhund;1;10;10,0 %;35678\n",
            "so weit hinten gibt es",
        ),
        (
            "date,query,clicks,impressions,ctr,position\n2025-11-01,hund,1,10,0.1,35678\n",
            "so weit hinten gibt es",
        ),
        (
            "date,query,impressions,clicks,ctr,position\n2025-11-01,hund,1,10,0.1,3\n",
            "vermutlich vertauscht. Bitte",
        ),
        ("Top queries,Clicks,Impressions,CTR,Position\nhund,10,1,10%,3\n", "vermutlich vertauscht. Bitte"),
    ],
)
def test_impossible_figures_of_the_search_are_not_loaded(
    tmp_path: Path, settings: Settings, text: str, sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([written(tmp_path, text, "suche.csv")], settings, site=SITE)


def test_figures_that_mostly_cannot_be_read_hold_the_file_back(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    rows = "".join(f"{SITE}gross{n};{n},2K\n" for n in range(1, 7)) + "".join(
        f"{SITE}l{n};{n}\n" for n in range(1, 9)
    )
    with pytest.raises(
        LoadError, match="in 6 von 14 Zeilen ließ sich die Zahl nicht lesen; bitte ganze Zahlen"
    ):
        import_paths([written(tmp_path, f"Seite;Besuche\n{rows}", "Seiten 2025-11.csv")], settings)
    assert ask("SELECT 1 FROM portal_page") == []


def test_counts_with_decimals_of_nothing_and_bars_between(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    text = f"Seite|Besuche\n{SITE}a|2.345,00\n{SITE}b|1,234.0\n"
    import_paths([written(tmp_path, text, "Seiten 2025-11.csv")], settings)
    assert ask("SELECT sum(visits) FROM portal_page") == [(3579,)]


def test_a_sheet_of_sums_lies_beside_those_of_the_months(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, visits in (("Okt 2025", 3), ("Nov 2025", 4), ("Summe", 7)):
        sheet = book.create_sheet(name)
        sheet.append(["Seite", "Besuche"])
        sheet.append([f"{SITE}a", visits])
    book.save(tmp_path / "Besuche.xlsx")
    reports = import_paths([tmp_path / "Besuche.xlsx"], settings)
    assert "Nicht geladen, weil nicht erkannt oder nur Summe: Blatt Summe." in reports[0].warnings
    assert ask(PERIODS) == [(*OCTOBER, 3), (*NOVEMBER, 4)]


def test_faults_that_hold_a_file_back_lead_on(tmp_path: Path, settings: Settings) -> None:
    text = f"Seite;Besuche\n{SITE}a;1.234,50\n"
    with pytest.raises(LoadError, match=r"keine ganze Zahl\. Bitte die genannten Zellen berichtigen"):
        import_paths([written(tmp_path, text, "Seiten 2025-11.csv")], settings)
