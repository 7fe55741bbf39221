"""What a source over a network must do for the commands, and what a pull tells in the end.

A source is a module of these functions beside its own code; it loads the rest of its folder only when it is called, so
that commands start fast. Adding a source: its own folder and one line in `registry.SOURCES`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from etl.console import Step
from etl.reports import counted
from portalkompass.schema import Table
from portalkompass.settings import Settings

Day: TypeAlias = dt.date | None
"""An end of the span that is asked for; None: as the source's plan has it."""


@dataclass(frozen=True, slots=True)
class DayTable:
    """A table that the source fills day by day, with the column that holds the day."""

    table: Table
    day: str = "date"


@dataclass(frozen=True, slots=True)
class Feed:
    """What must arrive every day: rows of one table, of one property or (``site`` empty) of any."""

    label: str
    grain: str
    site: str = ""


@dataclass
class PullReport:
    """What a pull did. Rows are those stored; ``hidden`` has one sentence for each month that the pull touched."""

    days: int = 0
    rows: int = 0
    requests: int = 0
    capped_days: int = 0
    warnings: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """German: what was loaded (``3 Tage mit 1.200 Zeilen geladen, 16 Anfragen.``), then what to know about it."""
        loaded = (
            f"{counted(self.days, 'Tag', 'Tage')} mit {counted(self.rows, 'Zeile', 'Zeilen')} geladen, "
            f"{counted(self.requests, 'Anfrage', 'Anfragen')}."
        )
        return [loaded, *self.hidden, *(f"Hinweis: {warning}" for warning in self.warnings)]


class Source(Protocol):
    """A source that is asked over a network; its texts are German."""

    name: str
    """How ledger, runs and tables call it."""
    label: str
    command: str
    """Its command in `python -m etl`."""
    summary: str
    """What its command does, for `--help`."""
    needed_settings: str
    day_tables: tuple[DayTable, ...]

    def configured(self, settings: Settings) -> bool:
        """Whether the settings name this source."""

    def check(self, settings: Settings, progress: Step | None = None) -> list[str]:
        """Sentences on what works, in order; ``progress`` says what it waits for.

        Raises:
            LoadError: the first thing that is missing, with what to do about it.
        """

    def describe(self, settings: Settings, since: Day, until: Day, progress: Step | None = None) -> list[str]:
        """What a pull would fetch, without fetching it; ``progress`` says what it waits for.

        Raises:
            LoadError: not configured, refused or not reachable.
        """

    def pull(self, settings: Settings, since: Day, until: Day, progress: Step | None) -> PullReport:
        """Bring the warehouse up to date.

        Raises:
            LoadError: not configured, refused or not reachable; what was complete before is published.
        """

    def feeds(self, settings: Settings) -> list[Feed]:
        """What `status --check` expects of the configured source."""
