"""Which rows of a portal file are good, what the others are, and whether the report is one of pages at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from etl.errors import LoadError
from etl.files.distinct import TOTAL, Cells, Mask, distinct, is_total
from etl.files.tabular import Sheet
from etl.reports import Rejection, RejectionKind
from etl.sources.balance import Balance
from etl.sources.portal_files.cells import MISSING_ADDRESS, label
from etl.sources.portal_files.columns import UNITS, label_beside
from etl.sources.portal_files.matomo_rules import is_folder

RAGGED = "Die Zeile hat {cells} statt {columns} Spalten."
_NOT_FLAT = (
    "{name}: Die Bezeichnungen („{some}“ …) sind keine Adressen von Seiten. In Matomo ist das so, wenn der "
    "Bericht nicht flach "
    "exportiert wurde und Ordner statt Seiten enthält, oder wenn es ein anderer Bericht ist. Bitte "
    "„Seiten-URLs“ flach "
    "exportieren (in Matomo unter dem Bericht „Flach darstellen“, in der API flat=1), möglichst mit der "
    "Spalte „Metadaten: url“."
)
_MOST_FOLDERS = 0.2
"""Share of the figures that labels of folders may hold before the report is taken for one that is not flat."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Good rows, the others with their reason, and what is loaded of what the file contains."""

    good: Mask
    rejected: tuple[Rejection, ...]
    balance: Balance


def judge(sheet: Sheet, heading_of: Mapping[str, str], cells: Mapping[str, Cells]) -> Judgement:
    """Tell good rows from faults, sums and remainders.

    Raises:
        LoadError: the report is not flat, or an unknown column splits the rows of a page.
    """
    figures = _figures(cells)
    _refuse_folders(sheet, cells, figures)
    good, rejected, kinds = _rows(sheet, heading_of, cells)
    rejected, kinds = _sum_by_arithmetic(rejected, kinds, good, figures)
    _refuse_unknown_breakdown(sheet, heading_of, cells, good)
    return Judgement(good, tuple(rejected), _balance(sheet, cells, good, kinds, figures))


def _rows(
    sheet: Sheet, heading_of: Mapping[str, str], cells: Mapping[str, Cells]
) -> tuple[Mask, list[Rejection], dict[int, RejectionKind]]:
    """Which rows are good, the faults of the others, and of rows that are none of their own (by number) the kind."""
    good = np.ones(sheet.rows, dtype=np.bool_)
    lines = np.asarray(sheet.lines.to_numpy(), dtype=np.int64) if sheet.rows else np.empty(0, np.int64)
    rejected = _ragged(sheet)
    kinds: dict[int, RejectionKind] = {}
    for name, column in sorted(cells.items(), key=lambda item: not item[1].kinds):
        if not column.reasons:
            continue
        faulty = np.isin(column.codes, list(column.reasons)) & good
        for row in np.flatnonzero(faulty):
            code = int(column.codes[row])
            reason = f"„{column.texts[code].strip()[:80]}“: {column.reasons[code]}."
            kind = column.kinds.get(code, "fault")
            kinds[int(row)] = kind
            rejected.append(
                Rejection(
                    sheet.file_name, int(lines[row]), heading_of[name], column.texts[code], reason, kind
                )
            )
        good &= ~faulty
    for repeated in _repeated(cells, good):
        page = cells["url"].values[int(cells["url"].codes[repeated])]
        reason = "Dieselbe Zeile steht schon weiter oben in der Datei."
        rejected.append(Rejection(sheet.file_name, int(lines[repeated]), heading_of["url"], page, reason))
        good[repeated] = False
        kinds[repeated] = "total"  # its figures are those of the first one
    return good, sorted(rejected, key=lambda fault: fault.line or 0), kinds


def _ragged(sheet: Sheet) -> list[Rejection]:
    """Rows whose cells do not fit the header; a sum that is marked in a cell of its own is called a sum."""
    faults = []
    for row in sheet.ragged:
        total = any(is_total(cell) for cell in row.text.split(";"))
        reason = TOTAL if total else RAGGED.format(cells=row.cells, columns=len(sheet.header))
        kind: RejectionKind = "total" if total else "fault"
        faults.append(Rejection(sheet.file_name, row.line, "", row.text, reason, kind))
    return faults


def _figures(cells: Mapping[str, Cells]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The main measure of every row, 0 where it is empty or unreadable."""
    column = cells[_main_measure(cells)]
    values = np.array([value or 0 for value in column.values], dtype=np.int64)
    return values[column.codes] if len(values) else np.zeros(0, dtype=np.int64)


def _main_measure(cells: Mapping[str, Cells]) -> str:
    return next(name for name in UNITS if name in cells)


def _balance(
    sheet: Sheet,
    cells: Mapping[str, Cells],
    good: Mask,
    kinds: Mapping[int, RejectionKind],
    figures: np.ndarray[Any, np.dtype[np.int64]],
) -> Balance:
    own = (
        np.array([kinds.get(row) != "total" for row in range(sheet.rows)], dtype=np.bool_) if kinds else True
    )
    remainder = [row for row, kind in kinds.items() if kind == "remainder"]
    totals = [row for row, kind in kinds.items() if kind == "total"]
    stated = [int(figures[row]) for row in totals if figures[row]] if len(totals) == 1 else []
    ragged = [row for row in sheet.ragged if not any(is_total(cell) for cell in row.text.split(";"))]
    return Balance(
        unit=UNITS[_main_measure(cells)],
        rows=int(np.sum(own & np.ones(sheet.rows, dtype=np.bool_))) + len(ragged),
        rows_loaded=int(good.sum()),
        total=int(figures[own].sum() if kinds else figures.sum()),
        loaded=int(figures[good].sum()),
        remainder=int(figures[remainder].sum()) if remainder else 0,
        stated=stated[0] if stated else None,
        unread=_unread(cells[_main_measure(cells)]),
    )


def _unread(column: Cells) -> int:
    return int(np.isin(column.codes, list(column.reasons)).sum()) if column.reasons else 0


def _sum_by_arithmetic(
    rejected: list[Rejection],
    kinds: dict[int, RejectionKind],
    good: Mask,
    figures: np.ndarray[Any, np.dtype[np.int64]],
) -> tuple[list[Rejection], dict[int, RejectionKind]]:
    """A row without an address that holds just what all others hold together is their sum."""
    nameless = [row for row, kind in kinds.items() if kind == "fault"]
    others = int(figures[good].sum()) + sum(
        int(figures[row]) for row, kind in kinds.items() if kind == "remainder"
    )
    if len(nameless) != 1 or not others or int(figures[nameless[0]]) != others or int(good.sum()) < 2:  # noqa: PLR2004 a sum of one row is that row
        return rejected, kinds
    row = nameless[0]
    known = [
        replace(fault, reason=TOTAL, kind="total")
        if fault.kind == "fault" and MISSING_ADDRESS in fault.reason
        else fault
        for fault in rejected
    ]
    return (known, kinds | {row: "total"}) if known != rejected else (rejected, kinds)


def _refuse_folders(
    sheet: Sheet, cells: Mapping[str, Cells], figures: np.ndarray[Any, np.dtype[np.int64]]
) -> None:
    """A report that is not flat holds folders: their pages are missing.

    Raises:
        LoadError: labels of folders hold more of the figures than single odd rows do.
    """
    pages = cells["url"]
    folders = [
        code for code in pages.reasons if code not in pages.kinds and is_folder(label(pages.texts[code]))
    ]
    if not folders or not figures.sum():
        return
    held = int(figures[np.isin(pages.codes, folders)].sum())
    if held > _MOST_FOLDERS * int(figures.sum()):
        raise LoadError(_NOT_FLAT.format(name=sheet.file_name, some=label(pages.texts[folders[0]])[:40]))


def _refuse_unknown_breakdown(
    sheet: Sheet, heading_of: Mapping[str, str], cells: Mapping[str, Cells], good: Mask
) -> None:
    """Where the same page stands there several times and one unknown column of words tells its rows apart.

    Raises:
        LoadError: names that column.
    """
    pair = cells["url"].codes.astype(np.int64) * len(cells["period"].texts) + cells["period"].codes
    double = pd.Series(pair[good]).duplicated(keep=False).to_numpy()
    if double.sum() < _MOST_FOLDERS * max(int(good.sum()), 1):
        return
    for heading in sheet.header:
        if heading in heading_of.values() or heading == label_beside(sheet, heading_of):
            continue
        column = distinct(sheet.columns[heading], str)
        words = [text for text in column.texts if text.strip() and not any(map(str.isdigit, text))]
        own = pair[good] * (len(column.texts) + 1) + column.codes[good]
        apart = not pd.Series(own[double]).duplicated().any()
        if apart and len(words) > 1 and len(words) == len([text for text in column.texts if text.strip()]):
            raise LoadError(
                f"{sheet.file_name}: Die Zeilen einer Seite sind nach „{heading}“ aufgeteilt („{words[0][:40]}“, "
                f"„{words[1][:40]}“ …). Bitte den Bericht ohne diese Aufteilung exportieren, oder die "
                f"Spalte in der App unter "
                "„Daten“ beim Zuordnen ausdrücklich weglassen."
            )


def _repeated(cells: Mapping[str, Cells], good: Mask) -> list[int]:
    """Rows whose cells all stood in an earlier row: a file pasted together twice, not more views."""
    pair = cells["url"].codes.astype(np.int64) * len(cells["period"].texts) + cells["period"].codes
    suspects = np.flatnonzero(pd.Series(pair).duplicated(keep=False).to_numpy() & good)
    seen: set[tuple[int, ...]] = set()
    doubles = []
    columns = [column.codes for column in cells.values()]
    for row in suspects:
        key = tuple(int(codes[row]) for codes in columns)
        if key in seen:
            doubles.append(int(row))
        seen.add(key)
    return doubles
