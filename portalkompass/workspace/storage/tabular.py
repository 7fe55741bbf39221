"""Reading the shipped CSV files (``;``, UTF-8): every fault is named with file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from portalkompass import german
from portalkompass.workspace.storage.errors import WorkspaceError


def read_rows(
    path: Path, columns: Sequence[str], later: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number (of the row's last line, from 1) and values of every row; blank lines are passed over.

    ``later`` are columns that a later release added at the end: files without them are read as ever, with "" there.

    Raises:
        WorkspaceError: the file is missing, not UTF-8, or its header or a row is not as expected.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=";", strict=True)
            header = next(reader, [])
            whole = [*columns, *later]
            if header not in (whole, list(columns)):
                raise row_fault(path, 1, f"die Kopfzeile muss lauten: {';'.join(whole)}")
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    expected = f"{len(header)} Felder erwartet, {len(cells)} gefunden"
                    raise row_fault(path, reader.line_num, expected)
                values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
                yield reader.line_num, dict.fromkeys(whole, "") | values
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WorkspaceError(f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}.") from None


def row_fault(path: Path, line: int, reason: str) -> WorkspaceError:
    """The error that names file and line."""
    return WorkspaceError(f"{path.name}, Zeile {line}: {reason}.")
