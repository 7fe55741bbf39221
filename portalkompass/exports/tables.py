"""Exhibits as spreadsheets: CSV for German Excel, XLSX with real numbers and sheets of notes.

Both hold the exhibit's fields in order and nothing else of its frame. Text that a spreadsheet would run
as a formula is defused: search queries and page titles are written by strangers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from portalkompass import german
from portalkompass.exhibit import REMARK, Field
from portalkompass.exports.disclosure_control import Outgoing

if TYPE_CHECKING:
    import xlsxwriter

MAKER = "Portalkompass"
"""Who made the file, as its properties say."""
A4 = 9
"""Number of the paper in Excel."""
ROWS_SHEET, SAMPLE_SHEET, NOTES_SHEET = "Daten", "Beispieldaten", "Hinweise"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters with which a spreadsheet may take text for a formula."""
PERCENT = ("percent", "percent_change")
OFFICE_FORMATS = {
    "integer": "#,##0",
    "decimal1": "#,##0.0",
    "decimal2": "#,##0.00",
    "signed": '+#,##0.0;"−"#,##0.0;0.0',
    "signed_integer": '+#,##0;"−"#,##0;0',
    "percent": "0.0%",
    "percent_change": '+0.0%;"−"0.0%;0.0%',
}
"""How Excel and the charts of PowerPoint write figures; separators follow the reader's Office."""
DATES = {"date": "dd.mm.yyyy", "month": "[$-407]mmmm yyyy"}
WIDEST, NARROWEST = 60, 9
"""Bounds of a column's width, in letters."""


def to_csv(exhibit: Outgoing, *, notes: bool = False) -> bytes:
    """``;``, decimal comma, UTF-8 with BOM, CRLF; percentages as percent figures, missing values empty.

    A head and rows, nothing else, so that programs read it; with ``notes`` what a reader needs to judge them stands
    in front, before an empty line. Sample data say so in a column of their own, since a file outlives its name.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    if notes:
        writer.writerows([safe_text(label), safe_text(told)] for label, told in _notes(exhibit))
        writer.writerow([])
    columns = [[cell(value, field) for value in exhibit.frame[field.name]] for field in exhibit.fields]
    sample = [SAMPLE_SHEET] if exhibit.sample else []
    writer.writerow([*heads(exhibit), *sample])
    writer.writerows([*row, *(["ja"] * len(sample))] for row in zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(exhibit: Outgoing) -> bytes:
    """A workbook with the rows (sheet Daten, or Beispieldaten) and the sheet Hinweise."""
    rows_sheet = SAMPLE_SHEET if exhibit.sample else ROWS_SHEET
    properties = {"title": exhibit.headline, "comments": exhibit.footer}
    return _workbook({rows_sheet: exhibit}, {NOTES_SHEET: exhibit}, properties)


def to_workbook(sheets: Mapping[str, Outgoing]) -> bytes:
    """A workbook with a sheet per exhibit (name as given), and behind them a sheet of notes for each."""
    return _workbook(sheets, {f"{NOTES_SHEET} {name}": exhibit for name, exhibit in sheets.items()}, {})


def _workbook(
    rows: Mapping[str, Outgoing], notes: Mapping[str, Outgoing], properties: dict[str, str]
) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(file, as_text | {"in_memory": True}) as book:
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"author": MAKER, "created": now} | properties)
        for name, exhibit in rows.items():
            _write_rows(book, exhibit, name)
        for name, exhibit in notes.items():
            _write_notes(book, exhibit, name)
    return file.getvalue()


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet might run it.

    What is not seen, spaces in front and the wide forms of East Asian writing count as a spreadsheet may count them.
    """
    begins = _first_seen(text)
    return f"'{text}" if text.startswith(RISKY) or begins.startswith(RISKY) else text


def _first_seen(text: str) -> str:
    """The first character that shows, in its plain form; empty if none does."""
    for one in text:
        if unicodedata.category(one) not in ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me"):
            return unicodedata.normalize("NFKC", one)
    return ""


def heads(exhibit: Outgoing) -> list[str]:
    """The heads of a CSV file's columns, without that of sample data."""
    return [safe_text(_head(field)) for field in exhibit.fields]


def _head(field: Field, *, percent: bool = True) -> str:
    unit = "%" if percent and field.format in PERCENT else field.unit
    return field.label if not unit or unit == field.label else f"{field.label} ({unit})"


def cell(value: object, field: Field) -> str:
    """A cell of a CSV file."""
    if german.is_missing(value):
        return ""
    if isinstance(value, dt.date):
        return german.date(value)
    if field.format in ("bool", "course"):
        return german.value(value, field.format)
    figure = number(value, field)
    if figure is None:
        return safe_text(str(value))
    figure = figure * 100 if field.format in PERCENT else figure
    return f"{round(figure, 6):.6f}".rstrip("0").rstrip(".").replace(".", ",")


def number(value: object, field: Field) -> float | None:
    """The value as a number, if its field is one; an infinite one is text, not a figure."""
    if not field.numeric or isinstance(value, str) or german.is_missing(value):
        return None
    figure = float(str(value))
    return figure if math.isfinite(figure) else None


def _write_rows(book: xlsxwriter.Workbook, exhibit: Outgoing, name: str) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for column, field in enumerate(exhibit.fields):
        number_format = (OFFICE_FORMATS | DATES).get(field.format, "@")
        form = book.add_format({"num_format": number_format, "valign": "top"})
        sheet.write_string(0, column, _head(field, percent=False), bold)
        widest = len(field.label)
        for row, value in enumerate(exhibit.frame[field.name], start=1):
            text, figure = german.value(value, field.format), number(value, field)
            widest = max(widest, len(text))
            if isinstance(value, dt.date) and field.format in DATES and not german.is_missing(value):
                sheet.write_datetime(row, column, value, form)
            elif figure is not None:
                sheet.write_number(row, column, figure, form)
            elif not german.is_missing(value):
                sheet.write_string(row, column, text, form)  # which Excel never runs
        sheet.set_column(column, column, min(max(widest + 2, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _for_printing(sheet)
    sheet.set_landscape()
    if len(exhibit.frame):
        sheet.autofilter(0, 0, len(exhibit.frame), len(exhibit.fields) - 1)
    sheet.set_footer(f"&L{exhibit.footer.replace('&', '&&')[:200]}&R&P/&N")


def _for_printing(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """A4, as wide as one page and as long as it needs."""
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)


def _write_notes(book: xlsxwriter.Workbook, exhibit: Outgoing, name: str) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    _for_printing(sheet)
    for row, (label, text) in enumerate(_notes(exhibit)):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text, wrapped)


def _notes(exhibit: Outgoing) -> list[tuple[str, str]]:
    """Everything a reader needs to judge the rows, label and text."""
    rows = [("Hinweis", "Beispieldaten: keine echten Zahlen.")] if exhibit.sample else []
    rows += [("Aussage", exhibit.headline), ("Inhalt", exhibit.subtitle), ("Quelle", exhibit.source)]
    rows += [("Datenstand", german.date(exhibit.data_date))]
    rows += [(REMARK, exhibit.remark)] if exhibit.remark else []
    rows += [("Anmerkung", note) for note in exhibit.notes]
    rows += [(f"Ereignis {german.date(mark.date)}", mark.sentence) for mark in exhibit.marks]
    rows += [(field.label, field.help) for field in exhibit.fields if field.help]
    return rows
