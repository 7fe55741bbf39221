"""A round of a pull: one draft from plan to publication; and what the plans of all sources say in words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.reports import Rejection, counted, german_count, german_day
from etl.sources.pace import Pace
from etl.sources.retries import Stopped
from etl.store.ledger import Outcome, Run, finish_run, keep_aside
from etl.store.publish import draft
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published

_SECONDS_PER_MINUTE = 60
Reason = TypeVar("Reason", bound=str)


@dataclass
class Tally:
    """What one round loaded: ``rows`` are stored, ``rows_in`` were read and ``rows_aside`` of these not used.

    ``idle_message``: German, said where no day was loaded.
    """

    days: list[dt.date] = field(default_factory=list)
    rows: int = 0
    rows_in: int = 0
    rows_aside: int = 0
    capped: int = 0
    rejections: Sequence[Rejection] = ()
    idle_message: str = ""

    def outcome(self, stopped: str, requests: int) -> Outcome:
        """How the round ended; ``stopped`` is why it ended early, or empty."""
        loaded = f"{counted(len(self.days), 'Tag', 'Tage')} geladen."
        return Outcome(
            "partial" if stopped else "done",
            stopped or (not self.days and self.idle_message) or loaded,
            requests=requests,
            rows_in=self.rows_in,
            rows_loaded=self.rows_in - self.rows_aside,
            rows_rejected=self.rows_aside,
            first_date=min(self.days, default=None),
            last_date=max(self.days, default=None),
        )


@contextmanager
def play_round(settings: Settings, run: Run, pace: Pace, tally: Tally) -> Iterator[Connection]:
    """A draft to load into, published with its entry in the list of runs when the block ends.

    Raises:
        LoadError: the block stopped early; what was complete by then is published all the same, unless it is
            nothing at all.
    """
    is_first_load = published(settings.warehouse_dir) is None
    requests_before = pace.requests
    stopped = ""
    with draft(settings) as connection:
        try:
            yield connection
        except (Stopped, LoadError, KeyboardInterrupt) as stop:
            if not tally.days and is_first_load:
                raise LoadError(str(stop) or "Abgebrochen.") from None
            stopped = str(stop) or "Abgebrochen; ein späterer Lauf setzt fort."
        keep_aside(connection, run, tally.rejections)
        finish_run(connection, run, tally.outcome(stopped, pace.requests - requests_before))
    if stopped:
        raise LoadError(stopped)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from first to last, both included."""
    return [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]


def span_words(days: Sequence[dt.date]) -> str:
    """``12 Tage von 09.03.2025 bis 20.03.2025``; at least one day, in any order."""
    count = counted(len(days), "Tag", "Tage")
    return f"{count} von {german_day(min(days))} bis {german_day(max(days))}"


def reason_lines(reasons: Iterable[Reason], labels: Mapping[Reason, str]) -> list[str]:
    """One indented line for each reason that occurs, in the order of its labels: ``  fehlende Tage: 11``."""
    counts = Counter(reasons)
    return [
        f"  {label}: {german_count(counts[reason])}" for reason, label in labels.items() if counts[reason]
    ]


def duration(seconds: float) -> str:
    """``90 Sekunden``, from two minutes on ``2 Minuten``."""
    if seconds < 2 * _SECONDS_PER_MINUTE:
        return f"{seconds:.0f} Sekunden"
    return f"{seconds / _SECONDS_PER_MINUTE:.0f} Minuten"
