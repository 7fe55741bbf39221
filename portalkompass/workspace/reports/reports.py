"""Reports for a committee: what stands at the head of one, its pages in order, its delivery and the next one after it.

A report that was delivered stays as it was: its pages hold their figures, and nothing about it can be changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from portalkompass import german
from portalkompass.workspace.storage.database import Action, Workspace, note, now
from portalkompass.workspace.storage.editing import Record, Records, insert_row, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import report_pages as page_table
from portalkompass.workspace.storage.tables import reports as table

Kind = Literal["standard", "own", "text"]
STANDARD: Kind = "standard"
OWN: Kind = "own"
TEXT: Kind = "text"
UNSAVED = "unsaved"
"""Kind of a row that is no page: what somebody wrote while another wrote differently, till one is chosen."""
MOST_PAGES = 60
"""More slides than this nobody shows."""
HEAD = {
    "name": "Name",
    "committee": "Gremium",
    "session": "Sitzung am",
    "decision": "Ratsbeschluss",
    "as_of": "Stand vom",
    "since": "Letzter Bericht am",
    "since_state": "Damaliger Stand vom",
    "period": "Zeitraum",
    "start": "Erster Tag",
    "end": "Letzter Tag",
    "compare": "Vergleich",
}
"""What a person writes at the head of a report, with the words of forms and audit."""
STANDARD_PAGES = {
    "summary": "Auf einen Blick",
    "ozg_aktuell": "Aktuelle OZG-Leistungen",
    "ozg_anstehend": "Anstehende OZG-Leistungen",
    "go_lives": "Zeitleiste der Go-Lives",
    "service_status": "Abdeckung der OZG-Liste",
    "position_october": "Google-Position von Oktober zu Oktober",
    "top_pages": "Meistgeklickte Seiten",
    "clicks_trend": "Klicks je Monat",
    "service_demand": "Nachfrage je Leistung",
    "council_cases": "Fälle je Leistung und Jahr",
    "ranking_by_lane": "Reihenfolge",
    "rank_ranges": "Belastbarkeit der Reihenfolge",
    "decisions": "Entscheidungen",
    "status_changes": "Veränderungen der OZG-Liste",
    "figures_since": "Zahlen seit dem letzten Bericht",
    "definitions": "Was die Zahlen bedeuten",
    "sources": "Woher die Zahlen stammen",
}
"""Pages that every report may have, by the id of their exhibit, in the usual order."""
EXPLAINING = ("definitions", "sources")
WRITTEN = {
    "headline": "Überschrift",
    "remark": "Bemerkung",
    "highlighted": "Hervorgehoben",
    "note": "Notiz",
    "points": "Punkte",
    "development": "Letzte Entwicklung",
    "responsible": "Verantwortlich",
    "day": "Stand",
}
"""The same of a page."""
CARRIED = (
    "kind",
    "key",
    "shown",
    "title",
    "points",
    "development",
    "responsible",
    "day",
    "highlighted",
    "link",
    "site",
    "snapshot",
    "made",
)
"""What a page takes along into the next report as it is; ``frozen`` is of the last delivery and stays there."""


@dataclass(frozen=True, slots=True)
class Report(Record):
    """A report, without its pages.

    ``period`` and ``compare`` are slugs as in an address; ``start`` and ``end`` count where the period is free. A free
    comparison is two days ("2024-01-01/2024-06-30"): one cell, which two people change together or not at all.
    ``as_of`` is the day that every page is of (None: the newest), ``since`` that of the last report, ``since_state``
    the state that it showed (None: that of its day), ``previous`` the id of the report it continues. ``frozen`` tells
    its cover since the delivery.
    """

    name: str
    site: str = ""
    committee: str = ""
    session: dt.date | None = None
    decision: str = ""
    as_of: dt.date | None = None
    since: dt.date | None = None
    since_state: dt.date | None = None
    period: str = "12-monate"
    start: dt.date | None = None
    end: dt.date | None = None
    compare: str = "vorjahr"
    previous: int | None = None
    frozen: Mapping[str, Any] | None = None
    delivered_by: str = ""
    delivered_at: dt.datetime | None = None

    @property
    def delivered(self) -> bool:
        """Whether it was handed to the committee and stays as it is."""
        return self.delivered_at is not None

    @property
    def compare_days(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of a free comparison; None for one by its slug, or what is no such pair."""
        first, between, last = self.compare.partition("/")
        try:
            days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        except ValueError:
            return None
        return (min(days), max(days)) if between else None

    @property
    def compared_with(self) -> dt.date | None:
        """The day whose state lists and figures are compared with; None: the state of the list before."""
        return self.since_state or self.since


@dataclass(frozen=True, slots=True)
class ReportPage(Record):
    """One page of a report.

    ``key`` is the id of a standard page, or of the exhibit of an own one; ``link`` the screen that an own page was
    taken from, ``site`` its property, ``snapshot`` the data it was made of, ``title`` what it shows. ``headline`` and
    ``note`` are a person's own, of a page with figures also ``remark``, which stands at the chart, and ``highlighted``,
    the series that are to be seen, a line each; ``points`` (a line each), ``development``, ``responsible`` and ``day``
    are those of a text page. ``before`` is what a person had written in the last report, by column (``WRITTEN``, days
    as ISO text): empty for a page that the last report had not, None where there was none.
    """

    kind: Kind
    key: str
    report_id: int = 0
    place: int = 0
    shown: bool = True
    title: str = ""
    headline: str = ""
    note: str = ""
    points: str = ""
    development: str = ""
    responsible: str = ""
    day: dt.date | None = None
    remark: str = ""
    highlighted: str = ""
    link: str = ""
    site: str = ""
    snapshot: str = ""
    before: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """What a list of pages calls it."""
        return self.headline or self.title or STANDARD_PAGES.get(self.key, self.key)

    @property
    def bullets(self) -> tuple[str, ...]:
        """Its points one by one."""
        return tuple(line for line in self.points.split("\n") if line)

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its highlighted series one by one."""
        return tuple(name for name in self.highlighted.split("\n") if name)


_read = partial(record_of, Report)
_reports: Records[Report] = Records(table, Action.EDIT_REPORT, attrgetter("name"), _read)
read_page = partial(record_of, ReportPage)


def report_list(workspace: Workspace) -> list[Report]:
    """All reports, the one changed last first."""
    return [
        _read(row)
        for row in workspace.rows(sa.select(table).order_by(table.c.updated_at.desc(), table.c.id.desc()))
    ]


def pages_of(workspace: Workspace, report_id: int) -> list[ReportPage]:
    """The pages of a report in order."""
    with workspace.reading() as connection:
        return pages_in(connection, report_id)


def made_pages(workspace: Workspace, report: Report) -> dict[int, str]:
    """The packed pages with their figures, by page: own ones as collected, of a delivered report all as delivered."""
    packed = page_table.c.frozen if report.delivered else page_table.c.made
    query = sa.select(page_table.c.id, packed.label("packed")).where(page_table.c.report_id == report.id)
    return {int(row["id"]): str(row["packed"]) for row in workspace.rows(query) if row["packed"]}


def create_report(
    workspace: Workspace,
    report: Report,
    standard: Sequence[str],
    who: str,
    texts: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """Save a new report with these standard pages, and text pages in front of those that only explain.

    Raises:
        WorkspaceError: its name is empty or taken.
    """
    first = [key for key in standard if key not in EXPLAINING]
    last = [key for key in standard if key in EXPLAINING]
    pages: list[Mapping[str, Any]] = [
        *({"kind": STANDARD, "key": key} for key in first),
        *({"kind": TEXT, "key": TEXT, **text} for text in texts),
        *({"kind": STANDARD, "key": key} for key in last),
    ]
    with _naming(report), _reports.writing(workspace, who, "Bericht angelegt", report) as connection:
        return _insert(connection, report, pages, who)


def next_report(workspace: Workspace, old: Report, new: Report, who: str) -> Report:
    """The report after ``old``: head as in ``new``, its pages carried along with what they said before.

    An own headline, remark or note of a page with figures is not carried where it holds a figure itself, which would be
    that of last time; it stays in ``before``. Hidden pages stay hidden.

    Raises:
        WorkspaceError: its name is empty or taken, or the old one was deleted.
    """
    what = f"{new.name}, nach „{old.name}“"
    with _naming(new), workspace.writing(Action.EDIT_REPORT, who, "Bericht fortgeführt", what) as connection:
        report_in(connection, old.id)
        rows = connection.execute(_in_order(old.id)).mappings().all()
        pages = [_carried(row) for row in rows]
        return _insert(
            connection,
            replace(new, previous=old.id, frozen=None, delivered_at=None, delivered_by=""),
            pages,
            who,
        )


def deliver_report(
    workspace: Workspace, report: Report, made: Mapping[int, str], frozen: Mapping[str, Any], who: str
) -> Report:
    """Freeze the report with its pages as they were made; what was collected stays beside it for the next report.

    Raises:
        StaleEdit: somebody changed it or one of its pages since it was read.
        WorkspaceError: it was delivered already.
    """
    must_be_open(report)
    with _reports.writing(workspace, who, "Bericht übergeben", report) as connection:
        values = {"frozen": dict(frozen), "delivered_at": now(), "delivered_by": who}
        stored = _reports.update(connection, report, values, who)
        for page, packed in made.items():
            own = sa.update(page_table).where(page_table.c.report_id == report.id, page_table.c.id == page)
            connection.execute(own.values(frozen=packed))
        return stored


def delete_report(workspace: Workspace, report: Report, who: str) -> None:
    """Delete a report with all its pages.

    Raises:
        StaleEdit: somebody changed or deleted it since it was read.
    """
    with _reports.writing(workspace, who, "Bericht gelöscht", report) as connection:
        _reports.delete(connection, report, who)


def must_be_open(report: Report) -> None:
    """Let pass a report that can still be changed.

    Raises:
        WorkspaceError: it was delivered.
    """
    if report.delivered_at is not None:
        raise WorkspaceError(
            f"„{report.name}“ wurde am {german.date(report.delivered_at.date())} übergeben und bleibt, wie er ist. "
            "Für den nächsten Bericht gibt es „Wie letztes Mal, neue Daten“."
        )


def report_in(connection: Connection, report_id: int) -> Report:
    """The report within the caller's transaction.

    Raises:
        WorkspaceError: it was deleted.
    """
    row = connection.execute(sa.select(table).where(table.c.id == report_id)).mappings().first()
    if row is None:
        raise WorkspaceError("Der Bericht wurde inzwischen gelöscht. Es wurde nichts gespeichert.")
    return _read(row)


def pages_in(connection: Connection, report_id: int) -> list[ReportPage]:
    """Its pages in order, within the caller's transaction."""
    return [read_page(row) for row in connection.execute(_in_order(report_id)).mappings()]


def touch(connection: Connection, report: Report, who: str, values: Mapping[str, Any] | None = None) -> None:
    """Write the head's ``values`` and raise the report's version: whoever read it before does not deliver it."""
    with _naming(replace(report, **(values or {}))):
        _reports.update(connection, report, values or {}, who)


def insert_page(
    connection: Connection, report_id: int, place: int, values: Mapping[str, Any], who: str
) -> ReportPage:
    """A new page at that place; what ``values`` do not say is empty."""
    empty: dict[str, Any] = {column.name: "" for column in page_table.c if isinstance(column.type, sa.Text)}
    rest = {"shown": True, "day": None, "before": None}
    del empty["updated_by"]
    row = insert_row(
        connection, page_table, {**empty, **rest, **values, "report_id": report_id, "place": place}, who
    )
    return read_page(row)


def told_change(connection: Connection, who: str, begin: str, old: object, new: object) -> None:
    """One line of the audit: what was there, and what stands there now."""
    note(connection, who, "Bericht geändert", f"{begin}: {told(old)} → {told(new)}")


def free_comparison(first: dt.date, last: dt.date) -> str:
    """A free comparison as ``Report.compare``."""
    return f"{min(first, last).isoformat()}/{max(first, last).isoformat()}"


def told(value: object) -> str:
    """A value in a sentence."""
    if isinstance(value, dt.date):
        return german.date(value)
    if isinstance(value, str) and (days := Report("", compare=value).compare_days):
        return german.period(*days)
    return "leer" if value in (None, "") else " / ".join(str(value).split("\n"))


def _insert(connection: Connection, report: Report, pages: Iterable[Mapping[str, Any]], who: str) -> Report:
    values = values_of(report, (*HEAD, "site", "previous", "frozen", "delivered_by", "delivered_at"))
    stored = _reports.insert(connection, values, who)
    for place, page in enumerate(pages):
        insert_page(connection, stored.id, place, page, who)
    return stored


def _carried(row: Mapping[Any, Any]) -> dict[str, Any]:
    page = read_page(row)
    before = {name: _plain(getattr(page, name)) for name in WRITTEN if getattr(page, name)}
    keep = {
        name: text
        for name in ("headline", "remark", "note")
        if (text := getattr(page, name)) and (page.kind == TEXT or not any(map(str.isdigit, text)))
    }
    return {**{name: row[name] for name in CARRIED}, **keep, "before": before}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _in_order(report_id: int) -> sa.Select[Any]:
    return (
        sa.select(page_table)
        .where(page_table.c.report_id == report_id, page_table.c.kind != UNSAVED)
        .order_by(page_table.c.place, page_table.c.id)
    )


@contextmanager
def _naming(report: Report) -> Iterator[None]:
    """Faults of a report's name as sentences."""
    if not report.name.strip():
        raise WorkspaceError("Der Bericht braucht einen Namen.")
    try:
        yield
    except IntegrityError:
        raise WorkspaceError(f"Einen Bericht „{report.name}“ gibt es schon.") from None
