from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import LoadError
from etl.files.archives import expand
from etl.files.german_numbers import (
    parse_day,
    parse_decimal,
    parse_integer,
    parse_month,
    parse_percent,
    parse_period,
)
from etl.files.sites import site_in_name
from etl.files.tabular import read_sheets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234", 1234),
        ("1.234", 1234),
        ("1.234.567", 1234567),
        ("1,234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("12,0", 12),
        ("-3", -3),
        ("", None),
        (" - ", None),
        ("0", 0),
    ],
)
def test_counts(text: str, expected: int | None) -> None:
    assert parse_integer(text) == expected


@pytest.mark.parametrize(
    "text", ["1.5", "1,5E+05", "zwölf", "1.23.456", "9" * 30, "12%", "01. Mai", "1.234,567"]
)
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(ValueError, match=r"ganze Zahl|Exponential|unmöglich groß"):
        parse_integer(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("6.55", 6.55), ("6,55", 6.55), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("8", 8.0), ("", None)],
)
def test_decimals(text: str, expected: float | None) -> None:
    assert parse_decimal(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("7.19%", 0.0719), ("66,67\u00a0%", 0.6667), ("100%", 1.0), ("-", None)]
)
def test_percentages(text: str, expected: float | None) -> None:
    assert parse_percent(text) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    "text", ["2025-07-05", "20250705", "05.07.2025", "5. Juli 2025", "2025-07-05 00:00:00"]
)
def test_days(text: str) -> None:
    assert parse_day(text) == dt.date(2025, 7, 5)


@pytest.mark.parametrize(
    "text", ["2025-03", "03/2025", "3.2025", "März 2025", "Mrz 2025", "March 2025", "Mär. 2025"]
)
def test_months(text: str) -> None:
    assert parse_month(text) == dt.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-02", dt.date(2025, 2, 1), dt.date(2025, 2, 28)),
        ("2025-02-03", dt.date(2025, 2, 3), dt.date(2025, 2, 3)),
        ("2026-04-19 - 2026-04-25", dt.date(2026, 4, 19), dt.date(2026, 4, 25)),
        ("01.02.2025 bis 07.02.2025", dt.date(2025, 2, 1), dt.date(2025, 2, 7)),
    ],
)
def test_periods(text: str, first: dt.date, last: dt.date) -> None:
    assert parse_period(text) == (first, last)


@given(st.text(max_size=40))
def test_every_parser_takes_any_text_or_says_why_not(text: str) -> None:
    for parse in (parse_integer, parse_decimal, parse_percent, parse_day, parse_month, parse_period):
        try:
            parse(text)
        except ValueError as error:
            assert str(error)


@given(st.integers(-(10**15), 10**15))
def test_german_thousands_read_back(number: int) -> None:
    assert parse_integer(f"{number:,}".replace(",", ".")) == number


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("https___www.example.de_-Performance-on-Search-2025-12-15", "https://www.example.de/"),
        ("https___example.de_portal_-Performance-on-Search-2025-12-15", "https://example.de/portal/"),
        ("example.de-Performance-on-Search-2025-12-15", "sc-domain:example.de"),
        ("sc-domain_example.de-Performance-on-Search-2025-12-15", "sc-domain:example.de"),
        ("download", ""),
    ],
)
def test_property_in_the_name_of_an_export(name: str, site: str) -> None:
    assert site_in_name(name) == site


def _truncated(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x" * 1000)
    path.write_bytes(path.read_bytes()[:-40])


def _flipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "period;url;visits\n" * 9)
    path.write_bytes(path.read_bytes().replace(b"period", b"Period", 1))


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 20 * 1024**2)


def _without_tables(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lies-mich.pdf", "x")


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("a.zip", _truncated, "beschädigt oder unvollständig"),
        ("a.zip", _flipped, "Das Zip-Archiv ist beschädigt"),
        ("a.zip", _bomb, "auffällig stark gepackt"),
        ("a.zip", _without_tables, "liegt keine CSV- oder XLSX-Datei"),
        ("a.zip", _bytes(b"kein zip"), "kein lesbares Zip-Archiv"),
        ("a.csv", _bytes(b""), "Die Datei ist leer"),
        ("a.csv", _bytes(b"\n\n ;\n"), "Spalte 1 hat keine|Die Datei ist leer"),
        ("a.csv", _bytes(b"a;b\n\x00\x01"), "keine Textdatei"),
        (
            "a.csv",
            _bytes("a;b\nä;ü\n".encode() + b"\xe4;x\n"),
            "Zeile 3: Die Datei ist UTF-8 mit beschädigten",
        ),
        ("a.csv", _bytes("a;b\n".encode("utf-16-le")), "UTF-16 ohne Kennung"),
        ("a.csv", _bytes(b'a;b\n1;"2\n3;4\n'), "Zeile 2: .*nicht geschlossen"),
        ("a.csv", _bytes(b'a;b\n1;2\n3;"4"5\n'), "Zeile 3: .*kein Trennzeichen"),
        ("a.xls", _bytes(bytes.fromhex("d0cf11e0a1b11ae1")), r"alte Excel-Format \(\.xls\)"),
    ],
)
def test_unreadable_files_are_refused_with_a_sentence(
    tmp_path: Path, name: str, make: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(LoadError, match=sentence):
        [sheet for file in expand([path]) for sheet in read_sheets(file)]


def test_a_missing_path_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="gibt es nicht"):
        expand([tmp_path / "fehlt.csv"])
    with pytest.raises(LoadError, match="liegt keine CSV-, XLSX- oder Zip-Datei"):
        expand([tmp_path])


def test_entries_are_never_written_outside_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "inbox" / "a.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../boese.csv", "a;b\n1;2\n")
    (sheet,) = read_sheets(expand([path])[0])
    assert list(sheet.records()) == [(2, {"a": "1", "b": "2"})]
    assert sorted(tmp_path.rglob("*.csv")) == []


def test_excel_s_separator_line_blank_rows_and_empty_columns_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"sep=;\r\na;b;;\r\n\r\n1,5;2;;\r\n;;;\r\n3;4\r\n")
    (sheet,) = read_sheets(expand([path])[0])
    assert sheet.header == ("a", "b")
    assert list(sheet.records()) == [(4, {"a": "1,5", "b": "2"}), (6, {"a": "3", "b": "4"})]
    assert sheet.ragged == ()
