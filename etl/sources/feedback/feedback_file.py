"""Import of feedback: stars that people gave a service, and what they wrote, masked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from etl.files.excel import excel_day
from etl.files.german_numbers import parse_count, parse_period, refuse_excel_fault
from etl.files.kinds.case_kinds import SERVICE_FEEDBACK as READER
from etl.files.periods import end_of_month
from etl.files.tabular import Sheet
from etl.reports import Rejection, counted, german_day
from etl.sources.feedback.masking import masked
from etl.sources.file_kind import (
    Checked,
    ImportRequest,
    TableKind,
    Tables,
    delete_import,
    ragged_faults,
)
from etl.sources.service_tables.known_services import KnownServices, listed_services, service_parsers
from etl.sources.service_tables.month_report import MonthFile
from etl.sources.service_tables.service_months import replace_months
from etl.sources.service_tables.service_rows import ServiceTable, read_table
from etl.store.ledger import Run, keep_aside
from etl.store.load import append
from portalkompass.schema import SERVICE_COMMENTS, SERVICE_FEEDBACK, STARS
from portalkompass.settings import Settings

SOURCE = "feedback"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "day": ("feedback_date", "period"),
    "stars": ("stars",),
    "answers": ("answers",),
    "comment": ("feedback_text",),
}
_NEEDED = {"Datum": ("day",), "Sterne": ("stars",)}
_OUT_OF = re.compile(rf"\s*(?:/|von)\s*{STARS}$|\s*sterne?n?$", re.IGNORECASE)
_DRAWN = re.compile(r"(?:★|⭐|\*)+(?:☆)*")
_TIME = re.compile(r"[T ,]+(?=\d{1,2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Feedback:
    """``stars``: service, month, stars, answers. ``comments``: service, month, number, stars, comment (masked)."""

    file_name: str
    stars: pd.DataFrame
    comments: pd.DataFrame
    rows: int
    rejected: tuple[Rejection, ...]
    first: dt.date | None
    last: dt.date | None


def parse(sheet: Sheet, services: KnownServices, settings: Settings) -> Feedback:
    """Parse every row; one person, or with a column of counts several who gave the same stars.

    Raises:
        LoadError: a needed column is missing, two columns mean the same, or all rows are of another city.
    """
    parsers: dict[str, Callable[[str], Any]] = {
        **service_parsers(services),
        "day": lambda text: _day(text, settings.current_day()),
        "stars": _stars,
        "answers": _answers,
        "comment": masked,
    }
    table = read_table(sheet, _FIELDS, _NEEDED, parsers, settings)
    _note_doubles(sheet, table)
    frame = table.frame[table.faults.good].assign(
        month=lambda rows: [day.replace(day=1) for day in rows["day"]]
    )
    if "answers" not in frame:
        frame["answers"] = 1
    key = ["service", "month", "stars"]
    stars = pd.DataFrame(frame.groupby(key)["answers"].sum()).reset_index()
    said = frame[frame["comment"] != ""] if "comment" in frame else frame.head(0).assign(comment="")
    said = said.assign(number=said.groupby(["service", "month"]).cumcount() + 1)
    rejected = tuple(
        replace(fault, value=masked(fault.value))
        for fault in (*ragged_faults(sheet), *table.faults.rejections())
    )
    days = frame["day"]
    return Feedback(
        sheet.file_name,
        stars.astype({"stars": "int64", "answers": "int64"}),
        said[["service", "month", "number", "stars", "comment"]].astype({"stars": "int64"}),
        len(frame),
        rejected,
        None if frame.empty else days.min(),
        None if frame.empty else days.max(),
    )


def _note_doubles(sheet: Sheet, table: ServiceTable) -> None:
    """A row of a counted table that differs from an earlier one in its count at most is told twice, not said twice.

    Single answers may well be alike: two people give four stars on one day.
    """
    if "answers" not in table.columns:
        return
    counts = table.columns["answers"]
    others = pd.DataFrame({name: sheet.columns[name].to_pandas() for name in sheet.header if name != counts})
    double = others[table.faults.good].duplicated()
    rows = np.zeros(sheet.rows, dtype=bool)
    rows[double.index[double]] = True
    table.faults.note(rows, counts, "zu diesen Sternen steht schon weiter oben eine Anzahl")


def _day(text: str, today: dt.date) -> dt.date:
    """A day, with or without the time behind it; of a month its first day."""
    cell = text.strip()
    if not cell:
        raise ValueError("das Datum fehlt")
    day = excel_day(cell)
    if day is None:
        first, last = parse_period(_TIME.split(cell)[0])
        if first != last and (first.day != 1 or last != end_of_month(first)):
            raise ValueError("weder Tag noch Monat")
        day = first
    if day > today:
        raise ValueError("liegt in der Zukunft")
    return day


def _stars(text: str) -> int:
    """1 to 5: ``4``, ``4,0``, ``4/5``, ``4 von 5``, ``4 Sterne``, ``★★★★☆``."""
    refuse_excel_fault(text)
    cell = text.strip()
    if not cell:
        raise ValueError("die Sterne fehlen")
    if _DRAWN.fullmatch(cell):
        number = len(cell.replace("☆", "").replace("\ufe0f", ""))
    else:
        digits = re.fullmatch(r"(-?\d+)(?:[.,]00?)?", _OUT_OF.sub("", cell))
        if digits is None:
            raise ValueError(f"keine ganze Zahl von 1 bis {STARS} Sternen")
        number = int(digits[1])
    if not 1 <= number <= STARS:
        raise ValueError(f"liegt außerhalb der Skala von 1 bis {STARS} Sternen")
    return number


def _answers(text: str) -> int:
    number = parse_count(text)
    if not number:
        raise ValueError("keine Anzahl von Rückmeldungen" if number is None else "keine Rückmeldung")
    return number


def _check(connection: Connection, tables: Tables, _beside: Sequence[str], request: ImportRequest) -> Checked:
    ((_, sheet),) = tables
    settings = request.settings
    services = listed_services(connection, settings, sheet.file_name, "die Rückmeldungen")
    feedback = parse(sheet, services, settings)
    file = MonthFile(
        kind=FEEDBACK_FILE.name,
        source=SOURCE,
        file_name=sheet.file_name,
        table=SERVICE_FEEDBACK,
        what="Rückmeldungen",
        rows=feedback.stars,
        loaded=feedback.rows,
        rejected=feedback.rejected,
    )
    file.refuse_too_little()
    answers = int(feedback.stars["answers"].sum())
    first, last = feedback.first, feedback.last
    assert first and last
    texts = counted(len(feedback.comments), "Freitext", "Freitexten")
    message = (
        f"{counted(answers, 'Rückmeldung', 'Rückmeldungen')} vom {german_day(first)} bis {german_day(last)} zu "
        f"{counted(feedback.stars['service'].nunique(), 'Leistung', 'Leistungen')}, mit {texts}; darin sind "
        "Adressen, Nummern und Namen nach einer Anrede ersetzt."
    )
    report = file.report(connection, settings, message, (first, last))
    return Checked(report, lambda connection, run: _store(connection, feedback, settings, run))


def _store(connection: Connection, feedback: Feedback, settings: Settings, run: Run) -> None:
    """Words of the months that the stars replace go with these, whether or not the file has words of its own."""
    months = feedback.stars[["service", "month"]].drop_duplicates()
    connection.register("feedback_months", pa.Table.from_pandas(months, preserve_index=False))
    connection.execute(
        "DELETE FROM service_comments AS d USING feedback_months n "
        "WHERE d.service = n.service AND d.month = n.month AND d.municipality = ?",
        [settings.city.municipality],
    )
    connection.unregister("feedback_months")
    replace_months(connection, SERVICE_FEEDBACK, feedback.stars, settings, run)
    own = feedback.comments.assign(municipality=settings.city.municipality, import_id=run.run_id)
    append(connection, SERVICE_COMMENTS, pa.Table.from_pandas(own, preserve_index=False))
    keep_aside(connection, run, feedback.rejected)


def _take_back(connection: Connection, run_id: str, _settings: Settings) -> int:
    delete_import(connection, SERVICE_COMMENTS, run_id)
    return delete_import(connection, SERVICE_FEEDBACK, run_id)


FEEDBACK_FILE = TableKind(name=READER, check=_check, take_back=_take_back, private=True)
