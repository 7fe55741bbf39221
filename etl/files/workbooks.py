"""Excel workbooks (.xlsx) as sheets of text."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import IO

from openpyxl import load_workbook

from etl.errors import LoadError
from etl.files.archives import check_archive
from etl.files.sheets import Sheet, below_titles, build_sheet, no_table


def read_workbook(name: str, stem: str, stream: IO[bytes]) -> list[Sheet]:
    """Every worksheet that is not empty; the only one is named like the file, as a CSV would be.

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
    workbook = load_workbook(stream, read_only=True, data_only=True)
    sheets = []
    try:
        single = len(workbook.worksheets) == 1
        for worksheet in workbook.worksheets:
            worksheet.reset_dimensions()  # the size written in the file can be wrong
            titles, rows = below_titles(_rows(worksheet.iter_rows(values_only=True)))
            first = next(rows, None)
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
