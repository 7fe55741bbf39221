"""What is told of a file that replaces months of services: the same report for cases, feedback and the dashboard."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from duckdb import DuckDBPyConnection as Connection

from etl.reports import ImportReport, Rejection, RowFaults
from etl.sources.balance import Balance, balance_warnings, contained, too_little
from etl.sources.file_kind import rejected_warning
from etl.sources.service_tables.service_months import months_question, sample_of
from portalkompass.schema import Table
from portalkompass.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFile:
    """A parsed file: ``rows`` take the place of what ``table`` holds of their services' months.

    ``what`` these hold, in German; ``loaded``: rows of the file that could be used; ``balance``: in its main figure, or
    None for one that counts rows only.
    """

    kind: str
    source: str
    file_name: str
    table: Table
    what: str
    rows: pd.DataFrame
    loaded: int
    rejected: tuple[Rejection, ...]
    balance: Balance | None = None

    @property
    def faults(self) -> int:
        """Rows with a fault of their own."""
        return sum(fault.kind == "fault" for fault in self.rejected)

    @property
    def balanced(self) -> Balance:
        """What it contains against what is loaded of it."""
        return self.balance or Balance("", self.loaded + self.faults, self.loaded, 0, 0)

    def refuse_too_little(self) -> None:
        """Nothing is loaded where too much would be missing.

        Raises:
            RowFaults: no row can be used, or too few.
        """
        because = too_little(self.balanced) if self.loaded else ""
        if not self.loaded or because:
            rows = self.balanced.rows
            raise RowFaults(self.source, self.file_name, rows, self.rejected, because=because)

    def report(
        self,
        connection: Connection,
        settings: Settings,
        message: str,
        period: tuple[dt.date, dt.date],
        warnings: tuple[str, ...] = (),
    ) -> ImportReport:
        """The report of its ``period``, with the question whether loaded months are to be replaced."""
        shown = rejected_warning(self.rejected, self.file_name) if self.faults else ()
        return ImportReport(
            kind=self.kind,
            file_name=self.file_name,
            source=self.source,
            site="",
            period_start=period[0],
            period_end=period[1],
            rows_in=self.loaded + len(self.rejected),
            rows_loaded=self.loaded,
            rows_rejected=len(self.rejected),
            message=message,
            warnings=(*shown, *warnings, *balance_warnings(self.balanced)),
            questions=months_question(
                connection, self.table, self.rows, settings, file_name=self.file_name, what=self.what
            ),
            sample=tuple(sample_of(self.rows)),
            contained=contained(self.balanced),
        )
