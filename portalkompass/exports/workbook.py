"""Several tables in one Excel file, a sheet each, and a sheet with what a reader needs to judge them."""

from __future__ import annotations

import io
from collections.abc import Mapping

from portalkompass.exhibit import Exhibit
from portalkompass.exports import tables
from portalkompass.exports.disclosure_control import outgoing

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def to_workbook(sheets: Mapping[str, Exhibit]) -> bytes:
    """An .xlsx with one sheet per exhibit (name as given) and their notes on the last sheet."""
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False}) as book:
        for name, exhibit in sheets.items():
            tables.write_rows(book, outgoing(exhibit), name)
        for name, exhibit in sheets.items():
            tables.write_notes(book, outgoing(exhibit), f"Hinweise {name}")
    return file.getvalue()
