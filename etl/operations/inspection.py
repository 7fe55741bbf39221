"""A look into an unknown file for the person who maps its columns: headings, first rows, a proposal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from etl.errors import LoadError
from etl.files.archives import expand
from etl.files.headings import KINDS, propose
from etl.files.kinds.portal_kinds import months_of
from etl.files.kinds.registry import recognise
from etl.files.tabular import Sheet, read_sheets
from etl.operations.file_kinds import TABLE_KINDS
from etl.reports import german_day
from etl.sources.portal_files.file_names import period_above, period_in_name
from portalkompass.settings import Settings

SHOWN = 8


def inspect(path: Path, settings: Settings) -> dict[str, Any]:
    """The largest table of a CSV, Excel or zip file that has to be mapped, as JSON values.

    file_name; header; rows (the first few, texts); row_count; kind (proposed); mapping (heading → field, ""
    for none); fields (per kind: name, label, needed); months (headings of months side by side, which may share a
    field); period (the one that the file tells outside its rows, in words; "" for none).

    Raises:
        LoadError: the file is no table, or of a kind that needs no mapping.
    """
    tables = [
        sheet
        for file in expand([path])
        for sheet in read_sheets(file)
        if not sheet.fault and len(sheet.header) > 1 and sheet.rows
    ]
    if not tables:
        raise LoadError(f"{path.name}: Die Datei enthält keine Tabelle mit mindestens zwei Spalten.")
    # Beside a table that needs no mapping another one may.
    sheet = max(tables, key=lambda table: (not _needs_none(table, settings), table.rows))
    if refusal := _needs_none(sheet, settings):
        raise LoadError(f"{sheet.file_name}: {refusal}")
    head = [
        [str(cell or "") for cell in row]
        for row in zip(*(column.slice(0, SHOWN).to_pylist() for column in sheet.columns.columns), strict=True)
    ]
    found = recognise(sheet, settings.portal.columns).kind
    kind, mapping = propose(sheet.header, head, found.may_be if found else "")
    return {
        "file_name": sheet.file_name,
        "header": list(sheet.header),
        "rows": head,
        "row_count": sheet.rows,
        "kind": kind,
        "mapping": mapping,
        "months": months_of(sheet.header),
        "period": _period(sheet),
        "fields": {
            name: [{"name": f.name, "label": f.label, "needed": f.needed} for f in fields]
            for name, fields in KINDS.items()
        },
    }


def _needs_none(sheet: Sheet, settings: Settings) -> str:
    """Why a mapping would not help; "" if it would."""
    found = recognise(sheet, settings.portal.columns).kind
    if found is not None and not found.reader:
        return "" if found.may_be else found.advice
    reader = next((kind for kind in TABLE_KINDS if found is not None and kind.name == found.reader), None)
    if reader is not None and (reader.is_complete is None or reader.is_complete(sheet, settings)):
        return "Die Spalten dieser Datei sind bekannt; eine Zuordnung ist nicht nötig."
    return ""


def _period(sheet: Sheet) -> str:
    period = period_above(sheet.above) or period_in_name(sheet.file_name)
    return f"{german_day(period[0])} bis {german_day(period[1])}" if period else ""
