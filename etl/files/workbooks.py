"""Excel workbooks (.xlsx) as sheets of text."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from openpyxl import load_workbook
from openpyxl.worksheet.cell_range import CellRange

from etl.errors import LoadError
from etl.files.archives import check_archive
from etl.files.sheets import Sheet, below_titles, build_sheet, no_table

MERGED_BYTES = 50 * 1024**2
"""Worksheets with joined cells are read whole into memory up to this size; in larger ones the gaps stay."""
HIDDEN = " (ausgeblendet)"
"""Stands behind the name of a worksheet that its workbook hides."""
_HIDDEN_FAULT = (
    "Ausgeblendete Blätter werden nicht gelesen. Gehört es dazu, bitte in Excel einblenden und neu speichern."
)
_VISIBLE = "visible"
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def read_workbook(name: str, stem: str, stream: IO[bytes]) -> list[Sheet]:
    """Every worksheet that is not empty; the only one is named like the file, as a CSV would be.

    A hidden one is no table: whoever hides last year's figures does not hand them in.

    Raises:
        LoadError: the file is damaged, suspiciously packed or empty.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            check_archive(archive, name)
        stream.seek(0)
        sheets = _worksheets(name, stem, stream)
    except LoadError:
        raise
    except Exception:  # openpyxl lets through whatever the damaged XML makes it raise
        raise LoadError(
            f"{name}: Die Excel-Datei ist beschädigt. Bitte in Excel öffnen und neu speichern, oder neu exportieren."
        ) from None
    if not sheets:
        raise LoadError(f"{name}: Die Datei ist leer. Bitte neu exportieren.")
    return sheets


def _worksheets(name: str, stem: str, stream: IO[bytes]) -> list[Sheet]:
    merged = _has_merged_cells(stream)
    # The quick way to read a workbook does not know of merged cells.
    workbook = load_workbook(stream, read_only=not merged, data_only=True)
    sheets = []
    try:
        single = len(workbook.worksheets) == 1
        for worksheet in workbook.worksheets:
            if not merged:
                worksheet.reset_dimensions()  # the size written in the file can be wrong
            rows = _rows(worksheet.iter_rows(values_only=True))
            if worksheet.sheet_state != _VISIBLE:
                if next(rows, None) is not None:  # an empty one is not worth a word
                    where = f"{name}, Blatt {worksheet.title}{HIDDEN}"
                    sheets.append(no_table(where, worksheet.title, f"{where}: {_HIDDEN_FAULT}"))
                continue
            titles, rows = below_titles(rows)
            first = next(rows, None)
            if first is not None and merged:
                rows = _filled_down(rows, first[0], worksheet.merged_cells.ranges)
            if first is not None:
                where = name if single else f"{name}, Blatt {worksheet.title}"
                name_of = stem if single else worksheet.title
                try:
                    sheets.append(build_sheet(where, name_of, _padded(first, rows), titles))
                except LoadError as fault:
                    if single:
                        raise
                    sheets.append(no_table(where, name_of, str(fault)))
    finally:
        workbook.close()
    return sheets


def _has_merged_cells(stream: IO[bytes]) -> bool:
    """Whether a worksheet joins cells, and is small enough to be read whole."""
    with zipfile.ZipFile(stream) as archive:
        parts = [part for part in archive.infolist() if _WORKSHEET.fullmatch(part.filename)]
        small = sum(part.file_size for part in parts) < MERGED_BYTES
        found = small and any(b"<mergeCell " in archive.read(part) for part in parts)
    stream.seek(0)
    return found


def _filled_down(
    rows: Iterator[tuple[int, list[str]]], header_line: int, ranges: Iterable[CellRange]
) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header; a value in cells joined over several rows is the value of each of them."""
    down = [span for span in ranges if span.max_row > span.min_row > header_line]
    starts = {(span.min_row, span.min_col): span for span in down}
    open_: dict[int, tuple[int, str]] = {}
    for line, cells in rows:
        for column, (last, text) in list(open_.items()):
            if line > last:
                del open_[column]
                continue
            cells.extend([""] * (column - len(cells)))
            cells[column - 1] = cells[column - 1] or text
        for column, text in enumerate(cells, 1):
            if span := starts.get((line, column)):
                open_[column] = (span.max_row, text)
        yield line, cells


def _rows(values: Iterator[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with at least one value, as text, without empty cells at the end."""
    for number, row in enumerate(values, 1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells


def _padded(
    first: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    """A worksheet has no short rows: empty cells at the end are simply not stored.

    The second row can be the wider one: the lower half of a heading below merged cells.
    """
    second = next(rows, None)
    width = max(len(first[1]), len(second[1]) if second else 0)
    yield first
    for number, cells in chain([second] if second else [], rows):
        yield number, cells + [""] * (width - len(cells))


def _text(value: object) -> str:
    """A cell as plain text: days in ISO form, whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
