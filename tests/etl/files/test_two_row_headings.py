"""Headings in two rows, as merged cells leave them: read as one, or refused with the way on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from portalkompass.settings import Settings
from tests.etl.conftest import SITE

Ask = Callable[[str], list[tuple[Any, ...]]]
Row = Sequence[str | int | dt.date | None]
A, B = f"{SITE}leistung/a", f"{SITE}leistung/b"
PAIRS = [[A, 1, 2, 30, 40], [B, 5, 6, 70, 80]]
OCTOBER, NOVEMBER = dt.date(2025, 10, 1), dt.date(2025, 11, 1)


def written(path: Path, rows: Sequence[Row], merged: Sequence[str] = ()) -> Path:
    """A workbook with merged cells, or what Excel makes of it as CSV."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        for cells in merged:
            book.active.merge_cells(cells)
        book.save(path)
    else:
        lines = [";".join("" if cell is None else str(cell) for cell in row) for row in rows]
        path.write_text("\n".join(lines), encoding="cp1252")
    return path


HEADS: list[tuple[list[Row], list[str]]] = [
    (
        [["Seite", "Anträge", None, "Besuche", None], [None, "Okt 2025", "Nov 2025", "Okt 2025", "Nov 2025"]],
        ["A1:A2", "B1:C1", "D1:E1"],
    ),
    (
        [[None, "Anträge", None, "Besuche", None], ["Seite", "Okt 2025", "Nov 2025", "Okt 2025", "Nov 2025"]],
        ["B1:C1", "D1:E1"],
    ),
    (
        [
            ["Kommunalportal, FB 04", None, None, None, None],
            ["Seite", "Anträge", None, "Besuche", None],
            [None, OCTOBER, NOVEMBER, OCTOBER, NOVEMBER],
        ],
        ["A1:E1", "B2:C2", "D2:E2"],
    ),
]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(("head", "merged"), HEADS)
def test_measures_above_months_are_turned(
    tmp_path: Path, settings: Settings, ask: Ask, head: list[Row], merged: list[str], form: str
) -> None:
    (report,) = import_paths([written(tmp_path / f"zahlen.{form}", [*head, *PAIRS], merged)], settings)
    assert (report.rows_in, report.rows_loaded) == (4, 4)
    assert ask("SELECT url, month(period_start), applications, visits FROM portal_page ORDER BY ALL") == [
        ("https://musterstadt.example/leistung/a", 10, 1, 30),
        ("https://musterstadt.example/leistung/a", 11, 2, 40),
        ("https://musterstadt.example/leistung/b", 10, 5, 70),
        ("https://musterstadt.example/leistung/b", 11, 6, 80),
    ]


def test_the_wider_second_row_counts(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    rows: list[Row] = [["Seite", "Besuche", None], [None, "Okt 2025", "Nov 2025"], [A, 1, 2], [B, None, 4]]
    import_paths([written(tmp_path / "a.xlsx", rows, ["A1:A2", "B1:C1"])], settings)
    assert ask("SELECT sum(visits), count(*) FROM portal_page") == [(7, 3)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [
                ["Seite", "Klicks", None, "Impressionen", None],
                [None, "Okt 2025", "Nov 2025", "Okt 2025", "Nov 2025"],
                *PAIRS,
            ],
            "vergleicht zwei Zeiträume. Bitte ohne Vergleich exportieren",
        ),
        (
            [["Klicks aus Google", None, None], ["Seite", "Okt 2025", "Nov 2025"], [A, 1, 2], [B, 3, 4]],
            "„Klicks aus Google“ ist keine Zahl des Portals .* Bericht „Leistung“",
        ),
        (
            [["Seite", "Zahlen", None], [None, "Besuche", "Aufrufe"], [A, 1, 2], [B, 3, 4]],
            "in der App unter „Daten“ zuordnen",
        ),
        (
            [["Seite", None, "Besuche"], [A, "x", 2], [B, "y", 4]],
            "Bitte benennen; eine Überschrift in zwei Zeilen",
        ),
        (
            [["Seite", "Besuche", None], [A, "Okt 2025", "Nov 2025"], [B, 3, 4]],
            "in der App unter „Daten“ zuordnen",
        ),
    ],
)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_two_rows_do_not_tell_is_refused_with_the_way_on(
    tmp_path: Path, settings: Settings, rows: list[Row], sentence: str, form: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([written(tmp_path / f"zahlen.{form}", rows)], settings)


def test_clicks_above_the_table_are_no_views_whatever_the_file_is_called(
    tmp_path: Path, settings: Settings
) -> None:
    rows: list[Row] = [["Klicks aus Google", None], ["Seite", "Okt 2025", "Nov 2025"], [A, 1, 2]]
    with pytest.raises(LoadError, match="keine Zahl des Portals"):
        import_paths([written(tmp_path / "Seitenansichten 2025.csv", rows)], settings)


def test_a_large_file_is_read_alike(tmp_path: Path, settings: Settings) -> None:
    rows = [f"{SITE}leistung/{number:0300d};{number};{number + 1}" for number in range(13_000)]
    path = tmp_path / "zahlen.csv"
    path.write_text("\n".join(["Seite;Besuche;", ";Okt 2025;Nov 2025", *rows]), encoding="utf-8")
    assert path.stat().st_size > 4 * 1024**2
    (report,) = import_paths([path], settings, preview=True)
    assert report.rows_loaded == 26_000
