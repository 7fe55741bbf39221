"""Tolerant reading of CSV, TSV and XLSX into sheets of text, with the line each row stands in.

Everything stays text here: what a cell means is the business of the format that reads it. CSV is
streamed in blocks into Arrow columns, so that a million rows need neither a million lists nor a
decoded copy of the file.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
from openpyxl import load_workbook

from etl.archives import ZIP_MAGIC, SourceFile, check_archive
from etl.errors import LoadError

BLOCK_ROWS = 50_000
MAX_COLUMNS = 500
_HEAD_BYTES = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLE = bytes.fromhex("d0cf11e0")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF8_PAIR = re.compile(rb"[\xc3\xc2][\x80-\xbf]|\xe2\x80[\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row whose cells do not fit the header."""

    line: int
    text: str
    cells: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: ``columns`` has one text column per header, ``lines`` the line (from 1) of each row.

    Blank rows are left out; ragged ones are kept aside with their text, never padded or cut.
    """

    file_name: str
    name: str
    header: tuple[str, ...]
    columns: pa.Table
    lines: pa.ChunkedArray
    ragged: tuple[Ragged, ...]

    @property
    def rows(self) -> int:
        """Well-formed rows."""
        return int(self.columns.num_rows)

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each well-formed row as (line, cells by header); for tables of moderate size."""
        lines = self.lines.to_pylist()
        start = 0
        for batch in self.columns.to_batches():
            for offset, row in enumerate(batch.to_pylist()):
                yield lines[start + offset], row
            start += batch.num_rows


def read_sheets(file: SourceFile) -> list[Sheet]:
    """Every table of the file: one for CSV, one per non-empty worksheet for XLSX.

    Raises:
        LoadError: the file is empty, no text, in an encoding that cannot be told, cut off inside
            quotes, an old .xls, or has an unusable header; names file and line.
    """
    with file.opened() as stream:
        magic = stream.read(4)
        stream.seek(0)
        if not magic:
            raise LoadError(f"{file.name}: Die Datei ist leer.")
        if magic == _OLE:
            raise LoadError(
                f"{file.name}: Das alte Excel-Format (.xls) wird nicht gelesen. "
                "Bitte in Excel als .xlsx oder CSV speichern."
            )
        if magic in ZIP_MAGIC:
            return _read_workbook(file, stream)
        return [_read_csv(file, stream)]


def _read_csv(file: SourceFile, stream: IO[bytes]) -> Sheet:
    encoding = _encoding(file.name, stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        return _build(file, file.stem, _csv_rows(file.name, text))
    except UnicodeError:
        raise LoadError(f"{file.name}: Der Zeichensatz der Datei ist beschädigt ({encoding}).") from None
    finally:
        text.detach()


def _encoding(name: str, stream: IO[bytes]) -> str:
    """BOM, else UTF-8 if every byte agrees, else Windows-1252."""
    head = stream.read(_HEAD_BYTES)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, pairs, valid = 1, False, True
    block, fault = head, 0
    while block:
        if _CONTROL.search(block):
            raise LoadError(
                f"{name}: Das ist keine Textdatei (oder UTF-16 ohne Kennung). Bitte als CSV UTF-8 speichern."
            )
        pairs = pairs or _UTF8_PAIR.search(block) is not None
        if valid:
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                valid, fault = False, lines + block[: error.start].count(b"\n")
        lines += block.count(b"\n")
        block = stream.read(_HEAD_BYTES * 4)
    try:
        decoder.decode(b"", final=valid)
    except UnicodeDecodeError:
        valid, fault = False, lines
    if valid:
        return "utf-8"
    if pairs:
        # Read as Windows-1252, its intact umlauts would silently turn into "Ã¤".
        raise LoadError(f"{name}, Zeile {fault}: Die Datei ist UTF-8 mit beschädigten Zeichen.")
    return "cp1252"


def _csv_rows(name: str, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    skipped, delimiter = _preamble(text)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for row in reader:
            yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "unexpected end" in reason:
            reason = "ein Anführungszeichen wird bis zum Ende der Datei nicht geschlossen"
        elif "expected after" in reason:
            reason = "nach einem schließenden Anführungszeichen folgt kein Trennzeichen"
        elif "field limit" in reason:
            reason = "ein Feld ist unmöglich lang"
        raise LoadError(f"{name}, Zeile {line}: Die Tabelle ist beschädigt ({reason}).") from None


def _preamble(text: io.TextIOWrapper) -> tuple[int, str]:
    """Skip comment lines, blank lines and Excel's ``sep=``; (lines skipped, delimiter of the header)."""
    skipped, chosen = 0, ""
    while True:
        position = text.tell()
        line = text.readline(_HEAD_BYTES)
        stripped = line.strip()
        if line and (not stripped or stripped.startswith("#")):
            skipped += 1
        elif match := re.fullmatch(r'"?sep=(.)"?', stripped, re.IGNORECASE):
            skipped, chosen = skipped + 1, match[1]
        else:
            text.seek(position)
            return skipped, chosen or _delimiter(line)


def _delimiter(header: str) -> str:
    plain = re.sub(r'"[^"]*"', "", header)
    return max((",", ";", "\t"), key=plain.count)


def _build(file: SourceFile, name: str, rows: Iterator[tuple[int, list[str]]]) -> Sheet:
    header_line, header = next(((line, _header(row)) for line, row in rows if any(row)), (1, ()))
    where = file.name if name == file.stem else f"{file.name}, Blatt {name}"
    if not header:
        raise LoadError(f"{where}: Die Datei ist leer.")
    _check_header(where, header_line, header)
    blocks: list[pa.RecordBatch] = []
    lines: list[pa.Array] = []
    ragged: list[Ragged] = []
    block: list[list[str]] = []
    numbers: list[int] = []
    schema = pa.schema([(column, pa.string()) for column in header])

    def flush() -> None:
        columns = [pa.array(column, pa.string()) for column in zip(*block, strict=True)]
        blocks.append(pa.record_batch(columns, schema=schema))
        lines.append(pa.array(numbers, pa.int64()))
        block.clear()
        numbers.clear()

    width = len(header)
    for line, row in rows:
        if len(row) != width:
            while len(row) > width and not row[-1].strip():
                row.pop()
            if len(row) != width:
                if any(cell.strip() for cell in row):
                    ragged.append(Ragged(line, ";".join(row), len(row)))
                continue
        if not any(row):
            continue
        block.append(row)
        numbers.append(line)
        if len(block) == BLOCK_ROWS:
            flush()
    if block:
        flush()
    table = pa.Table.from_batches(blocks, schema=schema)
    return Sheet(where, name, header, table, pa.chunked_array(lines, pa.int64()), tuple(ragged))


def _header(row: list[str]) -> tuple[str, ...]:
    names = [re.sub(r"\s+", " ", cell.replace("\u00a0", " ").lstrip("\ufeff")).strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _check_header(where: str, line: int, header: tuple[str, ...]) -> None:
    if len(header) > MAX_COLUMNS:
        raise LoadError(f"{where}, Zeile {line}: {len(header)} Spalten sind mehr als {MAX_COLUMNS}.")
    if "" in header:
        number = header.index("") + 1
        raise LoadError(f"{where}, Zeile {line}: Spalte {number} hat keine Überschrift.")
    doubles = sorted({name for name in header if header.count(name) > 1})
    if doubles:
        raise LoadError(f"{where}, Zeile {line}: Die Spalte „{doubles[0]}“ kommt mehrfach vor.")


def _read_workbook(file: SourceFile, stream: IO[bytes]) -> list[Sheet]:
    try:
        with zipfile.ZipFile(stream) as archive:
            check_archive(archive, file.name)
        stream.seek(0)
        workbook = load_workbook(stream, read_only=True, data_only=True)
    except LoadError:
        raise
    except Exception as error:  # openpyxl raises whatever the damaged XML makes it raise
        raise LoadError(f"{file.name}: Die Excel-Datei ist beschädigt ({type(error).__name__}).") from None
    sheets = []
    try:
        for worksheet in workbook.worksheets:
            worksheet.reset_dimensions()  # the size written in the file can be wrong
            rows = (
                (number, _trimmed([_cell_text(value) for value in row]))
                for number, row in enumerate(worksheet.iter_rows(values_only=True), 1)
            )
            name = file.stem if len(workbook.worksheets) == 1 else worksheet.title
            try:
                sheets.append(_build(file, name, _padded(rows)))
            except LoadError as error:
                if "ist leer" not in str(error):
                    raise
    except LoadError:
        raise
    except Exception as error:
        raise LoadError(f"{file.name}: Die Excel-Datei ist beschädigt ({type(error).__name__}).") from None
    finally:
        workbook.close()
    if not sheets:
        raise LoadError(f"{file.name}: Die Datei ist leer.")
    return sheets


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _padded(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """A worksheet has no ragged rows: trailing empty cells are simply not stored."""
    width = 0
    for number, row in rows:
        width = width or len(row)
        yield number, row + [""] * (width - len(row))


def _cell_text(value: object) -> str:
    """A worksheet cell as plain text: days in ISO form, whole numbers without decimals."""
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
