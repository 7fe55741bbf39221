"""Tolerant reading of CSV, TSV and XLSX into sheets of text.

Everything stays text here: what a cell means is the business of the format that reads it, but for dates, which the
column as a whole tells.
"""

from __future__ import annotations

import io
from pathlib import PurePosixPath

from etl.errors import LoadError
from etl.files.archives import ZIP_MAGIC, SourceFile
from etl.files.csv_tables import csv_of_json, read_csv
from etl.files.kinds.date_columns import settled
from etl.files.sheets import Sheet
from etl.files.workbooks import read_workbook

__all__ = ["Sheet", "read_sheets"]

_OLE = bytes.fromhex("d0cf11e0")
_HEAD_BYTES = 64
_NO_TABLE = (
    (
        ("<!doctype html", "<html"),
        "eine Webseite (HTML). Vermutlich war die Anmeldung abgelaufen, oder ein Proxy hat die Anfrage "
        "abgewiesen; bitte neu "
        "exportieren",
    ),
    (("%pdf-",), "ein PDF. Bitte als CSV oder Excel exportieren"),
    (("<?xml", "<result"), "eine XML-Antwort. Bitte als CSV oder Excel exportieren"),
    (('{"', "[{"), "eine JSON-Antwort. Bitte als CSV oder Excel exportieren"),
)
"""How files begin that people take for a table, and what they are."""


def read_sheets(file: SourceFile) -> list[Sheet]:
    """Every table of the file: one for CSV, one per non-empty worksheet for XLSX.

    Raises:
        LoadError: the file is empty, no text, in an encoding that cannot be told, cut off inside
            quotes, an old .xls, or has an unusable header; names file and line.
    """
    with file.opened() as stream:
        head = stream.read(_HEAD_BYTES)
        magic = head[:4]
        stream.seek(0)
        if not magic:
            raise LoadError(f"{file.name}: Die Datei ist leer. Bitte neu exportieren.")
        if magic == _OLE:
            raise LoadError(
                f"{file.name}: Das alte Excel-Format (.xls) wird nicht gelesen. "
                "Bitte in Excel als .xlsx oder CSV speichern."
            )
        if PurePosixPath(file.name).suffix.lower() == ".json":
            return [settled(_json_table(file, stream.read(), head))]
        _reject_other_kinds(file.name, head)
        if magic in ZIP_MAGIC:
            return [settled(sheet) for sheet in read_workbook(file.name, file.stem, stream)]
        return [settled(read_csv(file.name, file.stem, stream))]


def _json_table(file: SourceFile, text: bytes, head: bytes) -> Sheet:
    try:
        table = csv_of_json(text)
    except ValueError:
        raise LoadError(f"{file.name}: Das JSON ist beschädigt. Bitte neu herunterladen.") from None
    if table is None:
        _reject_other_kinds(file.name, head)
        raise LoadError(f"{file.name}: Das JSON enthält keine Liste von Datensätzen.")
    return read_csv(file.name, file.stem, io.BytesIO(table))


def _reject_other_kinds(name: str, head: bytes) -> None:
    begin = head.decode("utf-8-sig", errors="replace").lstrip().lower()
    for marks, words in _NO_TABLE:
        if begin.startswith(marks):
            raise LoadError(f"{name}: Das ist keine Tabelle, sondern {words}.")
