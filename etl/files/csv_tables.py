"""CSV and TSV as sheets: delimiter, comment lines, quoting, newlines inside quotes.

The csv module reads everything. Large well-formed files take Arrow's reader instead, which is
several times faster; whatever it does not read as exactly one row per line goes back to the csv module.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv

from etl.errors import LoadError
from etl.files.encodings import BLOCK_BYTES, encoding_of
from etl.files.sheets import TEXT, TITLE_LINES, Sheet, below_titles, build_sheet, header_of, named_index

LARGE_BYTES = 4 * 1024**2
"""From this size on the fast reader is worth its second look at the lines."""
_HEAD_CHARACTERS = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_DAMAGES = {
    "unexpected end": "ein Anführungszeichen wird bis zum Ende der Datei nicht geschlossen",
    "expected after": "nach einem schließenden Anführungszeichen folgt kein Trennzeichen",
    "field limit": "ein Feld ist unmöglich lang",
}
"""What stands in the csv module's messages, and what it means."""
_LISTS = ("data", "items", "results")
"""Where JSON may hold its records."""


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the table begins: lines before it, its delimiter, what the comment lines say."""

    skipped: int
    delimiter: str
    comments: tuple[str, ...]


def read_csv(name: str, stem: str, stream: IO[bytes]) -> Sheet:
    """The table in a text file.

    Raises:
        LoadError: no text, unknown encoding, unusable header or damaged quoting; names the line.
    """
    encoding = encoding_of(name, stream)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        start = _start(text)
        titles, rows = below_titles(_rows(name, text, start))
        above = (*start.comments, *titles)
        if size < LARGE_BYTES or not encoding.startswith("utf-8"):
            return build_sheet(name, stem, rows, above)
        line, first = next(((line, row) for line, row in rows if any(row)), (1, []))
        if not all(cell.strip() for cell in first[1:]):  # gaps: perhaps a heading of two rows
            return build_sheet(name, stem, chain([(line, first)], rows), above)
        named_index(first, rows)  # the fast reader begins anew
        header = header_of(name, line, first)
        fast = _read_fast(name, stem, stream, start, header, line) if len(header) == len(first) else None
        if fast is not None:
            return replace(fast, above=above)
        text.seek(0)
        return build_sheet(name, stem, below_titles(_rows(name, text, _start(text)))[1], above)
    except UnicodeError:
        raise LoadError(
            f"{name}: Der Zeichensatz der Datei ist beschädigt ({encoding}). Bitte neu exportieren."
        ) from None
    finally:
        text.detach()


def _rows(name: str, text: io.TextIOWrapper, start: _Start) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=start.delimiter, strict=True)
    line = start.skipped + 1
    try:
        for row in reader:
            yield line, row
            line = start.skipped + reader.line_num + 1
    except csv.Error as error:
        reason = next((words for mark, words in _DAMAGES.items() if mark in str(error)), str(error))
        raise LoadError(
            f"{name}, Zeile {line}: Die Tabelle ist beschädigt ({reason}). Bitte neu exportieren."
        ) from None


def _start(text: io.TextIOWrapper) -> _Start:
    """Skip comment lines, blank lines and Excel's ``sep=``."""
    chosen = ""
    before: list[str] = []
    while True:
        position = text.tell()
        line = text.readline(_HEAD_CHARACTERS)
        stripped = line.strip()
        if match := re.fullmatch(r'"?sep=(.)"?', stripped, re.IGNORECASE):
            chosen = match[1]
        elif not line or (stripped and not stripped.startswith("#")):
            break
        before.append(stripped)
    head = [line, *(text.readline(_HEAD_CHARACTERS) for _ in range(TITLE_LINES - 1))]
    text.seek(position)
    comments = tuple(words for line in before if (words := line.strip("#- ")) and line.startswith("#"))
    return _Start(len(before), chosen or _delimiter(head), comments)


def _delimiter(head: Sequence[str]) -> str:
    """That of the first line which it splits like the line below; lines above are titles, which hold commas too."""
    lines = [plain for line in head if (plain := re.sub(r'"[^"]*"', "x", line).strip())] or [""]
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        best = max(_DELIMITERS, key=line.count)
        if _parts(line, best) > 1 and (not below or _parts(below, best) > 1):
            return best
    return max(_DELIMITERS, key=lines[0].count)


def _parts(line: str, mark: str) -> int:
    return sum(bool(cell.strip()) for cell in line.split(mark))


def _read_fast(
    name: str, stem: str, stream: IO[bytes], start: _Start, header: tuple[str, ...], header_line: int
) -> Sheet | None:
    """The sheet by Arrow's reader; None unless every line after the header is one row of full width."""
    expected = _lines(stream) - header_line
    stream.seek(0)
    try:
        table = pa_csv.read_csv(
            stream,
            pa_csv.ReadOptions(column_names=list(header), skip_rows=header_line, block_size=4 * BLOCK_BYTES),
            pa_csv.ParseOptions(delimiter=start.delimiter, newlines_in_values=False),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(header, TEXT), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != expected:
        return None
    lines = pa.chunked_array([pa.array(range(header_line + 1, header_line + 1 + expected), pa.int64())])
    return Sheet(name, stem, header, table, lines, ())


def _lines(stream: IO[bytes]) -> int:
    stream.seek(0)
    count, last = 0, b""
    while block := stream.read(BLOCK_BYTES):
        count += block.count(b"\n")
        last = block
    return count + (0 if last.endswith(b"\n") else 1)


def csv_of_json(text: bytes) -> bytes | None:
    """A JSON list of records, alone or under a usual name, as CSV; None for any other JSON.

    Raises:
        ValueError: no JSON, or one that is cut off.
    """
    found = json.loads(text.decode("utf-8-sig"))
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list) or not found or not all(isinstance(row, dict) for row in found):
        return None
    heads = list(dict.fromkeys(str(name) for row in found for name in row))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([_json_cell(row.get(head)) for head in heads] for row in found)
    return written.getvalue().encode()


def _json_cell(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return "" if value is None else " ".join(str(value).split())
