"""Annotations: dated events that explain a trend (Google's anomalies, the relaunch, the city's own)."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, get_args

import sqlalchemy as sa

from portalkompass import german
from portalkompass.settings import SearchType
from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, Records, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import annotations as table
from portalkompass.workspace.storage.tabular import read_rows, row_fault

KINDS = {"google": "Google", "portal": "Portal", "own": "eigene Anmerkung"}
COLUMNS = ("date", "end_date", "label", "sentence", "scope_site", "scope_url", "kind", "source")
"""What a person may write; the shipped file has them after ``key``, which names a row across releases."""
SCOPE = ("measures", "device", "search_type")
"""What an event concerns; in the shipped file behind the others."""
MEASURES = ("clicks", "impressions", "position", "ctr")
DEVICES = ("", "DESKTOP", "MOBILE", "TABLET")
SEARCH_TYPES = ("", *get_args(SearchType))
SWITCH_DAYS = 31
"""Days up to which a change of Google's is a switch, after which all is measured otherwise; what lasts is a state."""


@dataclass(frozen=True, slots=True)
class Annotation(Record):
    """One event.

    ``end_date`` (inclusive) is None for a single day; ``label`` is short, for the chart; ``sentence``
    stands in captions and notes; empty scopes mean every property and every page. ``measures`` (ids, apart by
    spaces), ``device`` and ``search_type`` say what it changed, if not everything: what Google changed for one device
    only can be told from what all devices show, and what it changed on the pages of web results is no event of image
    search. id and version are 0 until saved.
    """

    date: dt.date
    label: str
    end_date: dt.date | None = None
    sentence: str = ""
    scope_site: str = ""
    scope_url: str = ""
    kind: str = "own"
    source: str = ""
    origin: str = "person"
    measures: str = ""
    device: str = ""
    search_type: str = ""

    @property
    def last_day(self) -> dt.date:
        """The last day that it touches."""
        return self.end_date or self.date

    @property
    def is_switch(self) -> bool:
        """Whether Google measures something otherwise since: over within a month, and it names what it changed."""
        days = (self.last_day - self.date).days + 1
        return self.kind == "google" and bool(self.measures) and days <= SWITCH_DAYS

    @property
    def on_change(self) -> str:
        """What is said of a change across it; of a switch that it may be a part of the change."""
        if not self.is_switch:
            return self.sentence
        return (
            f"Ein Teil der Veränderung kann auf Googles Umstellung vom {german.month(self.date)} zurückgehen."
        )

    def concerns(self, measures: Collection[str]) -> bool:
        """Whether one of the measures (ids) is changed by it."""
        return not self.measures or bool(set(self.measures.split()) & set(measures))


_read = partial(record_of, Annotation)
_annotations: Records[Annotation] = Records(table, Action.ANNOTATE, attrgetter("label"), _read)


def annotation_fault(annotation: Annotation) -> str:
    """German sentence on the first thing that keeps an annotation from being saved; "" if nothing."""
    if annotation.kind not in KINDS:
        return f"Art „{annotation.kind}“ ist nicht vorgesehen; erlaubt: {', '.join(KINDS)}."
    if not annotation.label.strip():
        return "Die Anmerkung braucht eine Beschriftung."
    if unknown := sorted(set(annotation.measures.split()) - set(MEASURES)):
        return f"Kennzahl „{unknown[0]}“ ist nicht vorgesehen; erlaubt: {', '.join(MEASURES)}."
    if annotation.device not in DEVICES:
        return f"Gerät „{annotation.device}“ ist nicht vorgesehen; erlaubt: {', '.join(DEVICES[1:])}."
    if annotation.search_type not in SEARCH_TYPES:
        return f"Suchtyp „{annotation.search_type}“ ist nicht vorgesehen; erlaubt: {', '.join(SEARCH_TYPES[1:])}."
    if annotation.end_date and annotation.end_date < annotation.date:
        return "Das Ende liegt vor dem Beginn."
    return ""


def annotations(
    workspace: Workspace,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    site: str | None = None,
    url: str | None = None,
) -> list[Annotation]:
    """Annotations that touch first … last (both inclusive) and apply to the property and page, by date.

    Without ``site`` or ``url`` the scope is not looked at. An annotation of a whole property applies to
    each of its pages; one of a page applies to that page only.
    """
    query = sa.select(table).where(table.c.removed.is_(False)).order_by(table.c.date, table.c.id)
    if last is not None:
        query = query.where(table.c.date <= last)
    if first is not None:
        query = query.where(sa.func.coalesce(table.c.end_date, table.c.date) >= first)
    if site is not None:
        query = query.where(table.c.scope_site.in_(("", site)))
    if url is not None:
        query = query.where(table.c.scope_url.in_(("", url)))
    return [_annotations.read(row) for row in workspace.rows(query)]


def add_annotation(workspace: Workspace, annotation: Annotation, who: str) -> Annotation:
    """Save a new annotation.

    Raises:
        WorkspaceError: it is not allowed (see ``annotation_fault``).
    """
    if fault := annotation_fault(annotation):
        raise WorkspaceError(fault)
    with _annotations.writing(workspace, who, "Anmerkung angelegt", annotation) as connection:
        values = {**values_of(annotation, (*COLUMNS, *SCOPE)), "origin": "person", "removed": False}
        return _annotations.insert(connection, values, who)


def delete_annotation(workspace: Workspace, annotation: Annotation, who: str) -> None:
    """Delete an annotation that was read before; a shipped one is not seeded again.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    with _annotations.writing(workspace, who, "Anmerkung gelöscht", annotation) as connection:
        _annotations.delete(connection, annotation, who)


def shipped_rows(path: Path) -> dict[str, Mapping[str, Any]]:
    """Rows of a shipped file as they are seeded.

    Raises:
        WorkspaceError: names file, line and what is wrong; the first fault only.
    """
    by_key: dict[str, Mapping[str, Any]] = {}
    for line, cells in read_rows(path, ("key", *COLUMNS), SCOPE):
        texts: dict[str, Any] = dict(cells)
        key = texts.pop("key")
        try:
            date = dt.date.fromisoformat(texts.pop("date"))
            end_text = texts.pop("end_date")
            end_date = dt.date.fromisoformat(end_text) if end_text else None
        except ValueError:
            raise row_fault(path, line, "ein Datum ist nicht in der Form JJJJ-MM-TT") from None
        annotation = Annotation(date=date, end_date=end_date, **texts)
        if fault := annotation_fault(annotation):
            raise row_fault(path, line, fault.rstrip("."))
        if not key or key in by_key:
            raise row_fault(path, line, f"der Schlüssel „{key}“ fehlt oder steht schon weiter oben")
        by_key[key] = values_of(annotation, (*COLUMNS, *SCOPE))
    return by_key
