"""Annotations: dated events that explain a trend (Google's anomalies, the relaunch, the city's own)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.editing import delete_row, insert_row, update_row
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.shipped import Difference, row_differences
from portalkompass.workspace.storage.tables import annotations as table
from portalkompass.workspace.storage.tabular import read_rows, row_fault

KINDS = {"google": "Google", "portal": "Portal", "own": "eigene Anmerkung"}
COLUMNS = ("key", "date", "end_date", "label", "sentence", "scope_site", "scope_url", "kind", "source")
"""Header of the shipped file; ``key`` names a row across releases."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One event.

    ``end_date`` (inclusive) is None for a single day; ``label`` is short, for the chart; ``sentence``
    stands in captions and notes; empty scopes mean every property and every page. id and version are
    0 until saved.
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
    updated_by: str = ""
    updated_at: dt.datetime | None = None
    id: int = 0
    version: int = 0


def annotation_fault(annotation: Annotation) -> str:
    """German sentence on the first thing that keeps an annotation from being saved; "" if nothing."""
    if annotation.kind not in KINDS:
        return f"Art „{annotation.kind}“ ist nicht vorgesehen; erlaubt: {', '.join(KINDS)}."
    if not annotation.label.strip():
        return "Die Anmerkung braucht eine Beschriftung."
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
    with workspace.reading() as connection:
        return [_read(row) for row in connection.execute(query).mappings()]


def annotation_frame(rows: list[Annotation]) -> pd.DataFrame:
    """The annotations as a table: date and end_date (dates, None for a single day) and the texts."""
    columns = ["id", "date", "end_date", "label", "sentence", "scope_site", "scope_url", "kind", "source"]
    return pd.DataFrame([asdict(row) for row in rows], columns=columns)


def add_annotation(workspace: Workspace, annotation: Annotation, who: str) -> Annotation:
    """Save a new annotation.

    Raises:
        WorkspaceError: it is not allowed (see ``annotation_fault``).
    """
    _check(annotation)
    with workspace.writing(Action.ANNOTATE, who, "Anmerkung angelegt", annotation.label) as connection:
        values = {**_values(annotation), "origin": "person", "removed": False}
        return _one(connection, insert_row(connection, table, values, who))


def update_annotation(workspace: Workspace, annotation: Annotation, who: str) -> Annotation:
    """Save an annotation that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: it is not allowed.
    """
    _check(annotation)
    with workspace.writing(Action.ANNOTATE, who, "Anmerkung geändert", annotation.label) as connection:
        values = {**_values(annotation), "origin": "person"}
        update_row(connection, table, annotation, values, who, label=annotation.label, read=_read)
        return _one(connection, annotation.id)


def delete_annotation(workspace: Workspace, annotation: Annotation, who: str) -> None:
    """Delete an annotation that was read before; a shipped one is not seeded again.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    with workspace.writing(Action.ANNOTATE, who, "Anmerkung gelöscht", annotation.label) as connection:
        key = sa.select(table.c.shipped_key).where(table.c.id == annotation.id)
        if connection.execute(key).scalar() is None:
            delete_row(connection, table, annotation, label=annotation.label, read=_read)
        else:
            values = {"removed": True, "origin": "person"}
            update_row(connection, table, annotation, values, who, label=annotation.label, read=_read)


def shipped_rows(path: Path) -> dict[str, Mapping[str, Any]]:
    """Rows of a shipped file as they are seeded.

    Raises:
        WorkspaceError: names file, line and what is wrong; the first fault only.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for line, cells in read_rows(path, COLUMNS):
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
        if not key or key in found:
            raise row_fault(path, line, f"der Schlüssel „{key}“ fehlt oder steht schon weiter oben")
        found[key] = _values(annotation)
    return found


def annotation_differences(workspace: Workspace, path: Path) -> list[Difference]:
    """What the workspace holds otherwise than the shipped file; errors as ``shipped_rows``."""
    rows = shipped_rows(path)
    with workspace.reading() as connection:
        return row_differences(connection, table, rows)


def _check(annotation: Annotation) -> None:
    if fault := annotation_fault(annotation):
        raise WorkspaceError(fault)


def _values(annotation: Annotation) -> dict[str, Any]:
    return {name: value for name, value in asdict(annotation).items() if name in COLUMNS}


def _read(row: RowMapping) -> Annotation:
    return Annotation(**{name: row[name] for name in Annotation.__dataclass_fields__})


def _one(connection: Connection, key: int) -> Annotation:
    return _read(connection.execute(sa.select(table).where(table.c.id == key)).mappings().one())
