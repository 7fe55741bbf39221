"""A table of text, whatever file it came from: header, columns, and the line each row stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import pyarrow as pa

from etl.errors import LoadError

BLOCK_ROWS = 50_000
MAX_COLUMNS = 500
TITLE_LINES = 15
"""So many lines may stand above the header: the report's name, the authority, the period."""
_NOTES = frozenset(
    {"zeitraum", "berichtszeitraum", "auswertungszeitraum", "period", "date range", "stand", "erstellt", "erstellt am",
     "exportiert", "exportiert am", "website", "property", "bericht", "report", "quelle", "source", "segment",
     "mandant", "kommune", "portal", "monat", "von", "bis", "startdatum", "enddatum", "start date", "end date"}
)  # fmt: skip
"""What lines above a table name, in two cells or three."""
_VALUE = re.compile(r"\d|\.|://")
_FIGURE = re.compile(r"(?!20\d\d$)[-+−]?\s?\d[\d.,\s]*%?")
"""A count or share; a year alone is a name."""
ROW_NUMBER = "#"
TEXT = pa.dictionary(pa.int32(), pa.string())
"""Columns are dictionary-encoded: exports repeat addresses, titles and months by the thousand."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row whose cells do not fit the header."""

    line: int
    text: str
    cells: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: ``columns`` has one text column per header, ``lines`` the line (from 1) of each row.

    Blank rows are left out; ragged ones are kept aside with their text, never padded or cut. ``fault``
    says why a worksheet among others is no table at all (it has no column then). ``above`` are the comment
    and title lines before the header, which often tell the period.
    """

    file_name: str
    name: str
    header: tuple[str, ...]
    columns: pa.Table
    lines: pa.ChunkedArray
    ragged: tuple[Ragged, ...]
    fault: str = ""
    above: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Well-formed rows."""
        return int(self.columns.num_rows)

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each well-formed row as (line, cells by header); for tables of moderate size."""
        columns = [column.to_pylist() for column in self.columns.columns]
        for line, *cells in zip(self.lines.to_pylist(), *columns, strict=True):
            yield line, dict(zip(self.header, cells, strict=True))


def no_table(where: str, name: str, fault: str) -> Sheet:
    """A worksheet that could not be read as a table, beside others that can."""
    return Sheet(where, name, (), pa.table({}), pa.chunked_array([pa.array([], pa.int64())]), (), fault)


def below_titles(
    rows: Iterator[tuple[int, list[str]]],
) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    """Title lines above a table, and the rows from its header on.

    A line with a single cell is a title only where a wider one follows soon: a table of one column keeps its
    header.
    """
    head = list(islice(rows, TITLE_LINES))
    widest = max((_filled(row) for _, row in head), default=0)
    start = next(
        (place for place, (_, row) in enumerate(head) if _filled(row) > 1 and not _is_note(row, widest)), None
    )
    if start is None:
        return (), chain(head, rows)
    titles = tuple(" ".join(filter(None, map(str.strip, row))) for _, row in head[:start] if _filled(row))
    return titles, chain(head[start:], rows)


def _is_note(row: Sequence[str], widest: int) -> bool:
    """``Zeitraum; November 2025`` above a wider table: the name of a fact, and its value."""
    filled = [cell.strip() for cell in row if cell.strip()]
    named = filled[0].rstrip(": ").lower() in _NOTES or filled[0].endswith(":")
    return named and len(filled) < max(widest, 3) and all(_VALUE.search(cell) for cell in filled[1:])


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def build_sheet(
    where: str, name: str, rows: Iterator[tuple[int, list[str]]], above: tuple[str, ...] = ()
) -> Sheet:
    """Turn (line, cells) into a sheet, block by block; the first row that is not blank is the header.

    Raises:
        LoadError: there is no header, it has gaps or repeats a name.
    """
    line, first = next(((line, row) for line, row in rows if any(row)), (1, []))
    first, rows = joined_heading(first, rows)
    rows = named_index(first, rows)
    header = header_of(where, line, first)
    schema = pa.schema([(column, TEXT) for column in header])
    blocks: list[pa.RecordBatch] = []
    lines: list[int] = []
    ragged: list[Ragged] = []
    block: list[list[str]] = []
    for line, row in rows:
        cells = _fitted(row, len(header))
        if len(cells) != len(header):
            if any(cell.strip() for cell in cells):
                ragged.append(Ragged(line, ";".join(row), len(row)))
        elif any(cells):
            block.append(cells)
            lines.append(line)
        if len(block) == BLOCK_ROWS:
            blocks.append(_encoded(block, schema))
            block.clear()
    if block:
        blocks.append(_encoded(block, schema))
    table = pa.Table.from_batches(blocks, schema=schema)
    numbers = pa.chunked_array([pa.array(lines, pa.int64())])
    return Sheet(where, name, header, table, numbers, tuple(ragged), above=above)


def joined_heading(
    upper: list[str], rows: Iterator[tuple[int, list[str]]]
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """A heading of two rows as one, and the rows below it: ``Besuche`` merged above ``Okt`` is ``Besuche Okt``.

    The second row is part of the heading only if it names columns that the first leaves open, holds no figure and no
    address, and the row below it has figures where it has names.
    """
    following = list(islice(rows, 2))
    rest = chain(following, rows)
    if len(following) < 2 or not _is_heading_below(upper, *(row for _, row in following)):  # noqa: PLR2004 two rows
        return upper, rest
    names, group = [], ""
    for above, below in zip_longest(map(str.strip, upper), map(str.strip, following[0][1]), fillvalue=""):
        group = above or group
        names.append(f"{group} {below}".strip() if below else above)
        group = group if below else ""
    return names, chain(following[1:], rows)


def _is_heading_below(upper: Sequence[str], lower: Sequence[str], data: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in lower if cell.strip()]
    if any(_FIGURE.fullmatch(cell) or "/" in cell for cell in filled):
        return False
    return any(
        _FIGURE.fullmatch(figure.strip()) and below.strip() and not above.strip()
        for above, below, figure in zip_longest(upper, lower, data, fillvalue="")
    )


def named_index(header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows again; a first column without a name that only numbers them gets the name ``#`` in ``header``."""
    following = next(rows, None)
    if following is None:
        return iter(())
    numbered = bool(following[1]) and re.fullmatch(r"\d+\.?", following[1][0].strip()) is not None
    if len(header) > 1 and not header[0].strip("\ufeff ") and header[1].strip() and numbered:
        header[0] = ROW_NUMBER
    return chain([following], rows)


def header_of(where: str, line: int, row: list[str]) -> tuple[str, ...]:
    """The header's names, tidied: inner blanks single, empty columns at the end dropped.

    Raises:
        LoadError: there is no header, a column has no name, a name stands twice, or far too many.
    """
    names = [re.sub(r"\s+", " ", cell.replace("\u00a0", " ").lstrip("\ufeff")).strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise LoadError(f"{where}: Die Datei ist leer. Bitte neu exportieren.")
    if len(names) > MAX_COLUMNS:
        raise LoadError(
            f"{where}, Zeile {line}: {len(names)} Spalten sind mehr als {MAX_COLUMNS}. Bitte kürzen."
        )
    if "" in names:
        raise LoadError(
            f"{where}, Zeile {line}: Spalte {names.index('') + 1} hat keine Überschrift. Bitte benennen; eine "
            "Überschrift in zwei Zeilen bitte zu einer zusammenfassen."
        )
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise LoadError(
            f"{where}, Zeile {line}: Die Spalte „{doubles[0]}“ kommt mehrfach vor. Bitte eine "
            f"davon umbenennen."
        )
    return tuple(names)


def _fitted(row: list[str], width: int) -> list[str]:
    """The row without empty cells beyond the header; Excel writes those for columns once used."""
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row


def _encoded(block: list[list[str]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()).dictionary_encode() for column in zip(*block, strict=True)]
    return pa.record_batch(columns, schema=schema)
