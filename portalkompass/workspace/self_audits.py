"""What a team says of a service by the points of the service standard: one row a service and point, changed by anyone
who may edit, refused where somebody was faster.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from portalkompass import german
from portalkompass.workspace.storage.database import Action, Workspace, note, now
from portalkompass.workspace.storage.editing import Record, Records, StaleEdit, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.shipped import mark_seeded
from portalkompass.workspace.storage.tables import self_audits as table

RESULTS = {
    "met": "erfüllt",
    "partly": "teilweise",
    "not": "nicht",
    "exempt": "nicht zutreffend",
    "": "unbekannt",
}
"""Result → its German word; what was not looked at is unknown."""
SAVED = "Selbstprüfung gespeichert"
LONGEST = 500
SAMPLE = "Beispieldaten"
"""Who has looked at the points of the sample data."""
_COLUMNS = ("service_id", "point", "result", "remark", "as_of")


@dataclass(frozen=True, slots=True)
class AuditedPoint(Record):
    """One point of one service. ``as_of``: the day that it was looked at; ``updated_by`` says by whom."""

    service_id: str
    point: str
    result: str = ""
    remark: str = ""
    as_of: dt.date | None = None


_points: Records[AuditedPoint] = Records(
    table, Action.SELF_AUDIT, lambda one: f"{one.service_id}: {one.point}", partial(record_of, AuditedPoint)
)


def self_audits(workspace: Workspace, service: str | None = None) -> list[AuditedPoint]:
    """All answers of a service (None: of all), by service and point."""
    query = sa.select(table).order_by(table.c.service_id, table.c.point)
    if service is not None:
        query = query.where(table.c.service_id == service)
    return [_points.read(row) for row in workspace.rows(query)]


def save_self_audit(
    workspace: Workspace, service: str, changed: Sequence[AuditedPoint], who: str
) -> list[AuditedPoint]:
    """Save changed points of a service together, with a line of the audit for each: old → new; returns them as stored.

    Raises:
        StaleEdit: somebody saved one of them in between; nothing is saved then.
        WorkspaceError: a result is none, or a remark too long.
    """
    _check(service, changed)
    try:
        with workspace.writing(Action.SELF_AUDIT, who, SAVED, None) as connection:
            query = sa.select(table).where(table.c.service_id == service)
            before = {row["point"]: _points.read(row) for row in connection.execute(query).mappings()}
            saved = [_stored(connection, one, who) for one in changed]
            for one in saved:
                if told := _change(before.get(one.point, AuditedPoint(service, one.point)), one):
                    note(connection, who, SAVED, told)
            return saved
    except IntegrityError:
        stored = {one.point: one for one in self_audits(workspace, service)}
        first = next(one for one in changed if not one.id and one.point in stored)
        raise StaleEdit(f"{service}: {first.point}", first, stored[first.point]) from None


def _check(service: str, changed: Sequence[AuditedPoint]) -> None:
    """That each is an answer to a point of this service, as `save_self_audit` says."""
    for one in changed:
        if one.result not in RESULTS or one.service_id != service:
            raise WorkspaceError(f"„{one.result}“ ist kein Ergebnis; erlaubt: {', '.join(RESULTS.values())}.")
        if len(one.remark) > LONGEST:
            raise WorkspaceError(f"Eine Bemerkung hat mehr als {german.number(LONGEST)} Zeichen.")


def _stored(connection: sa.Connection, one: AuditedPoint, who: str) -> AuditedPoint:
    """The point written anew, or for the first time, as it then stands."""
    values = values_of(one, _COLUMNS)
    if one.id:
        return _points.update(connection, one, values, who)
    return _points.insert(connection, values, who)


def _change(before: AuditedPoint, after: AuditedPoint) -> str:
    """Such as ``hundesteuer: erprobt · teilweise → erfüllt; Bemerkung „alt“ → „neu“``; "" where nothing changed."""
    changes = []
    if before.result != after.result:
        changes.append(f"{RESULTS[before.result]} → {RESULTS[after.result]}")
    if before.remark != after.remark:
        changes.append(f"Bemerkung „{before.remark}“ → „{after.remark}“")
    if not changes and before.as_of != after.as_of:
        changes.append(f"Stand {german.date(before.as_of)} → {german.date(after.as_of)}")
    return f"{after.service_id}: {after.point} · {'; '.join(changes)}" if changes else ""


def take_over_audits(connection: Connection, path: Path) -> int:
    """Insert the answers of a file (columns ``_COLUMNS``) where there are none yet; how many these were.

    Raises:
        WorkspaceError: the file has another form.
    """
    try:
        text = path.read_text(encoding="utf-8")
        rows = [
            {**{name: row[name] for name in _COLUMNS}, "as_of": dt.date.fromisoformat(row["as_of"])}
            for row in csv.DictReader(text.splitlines(), delimiter=";")
        ]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise WorkspaceError(f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}.") from None
    there = {tuple(row) for row in connection.execute(sa.select(table.c.service_id, table.c.point))}
    new = [row for row in rows if (row["service_id"], row["point"]) not in there]
    if new:
        stamp = {"updated_by": SAMPLE, "updated_at": now(), "version": 1}
        connection.execute(sa.insert(table), [{**row, **stamp} for row in new])
    mark_seeded(connection, table, hashlib.sha256(text.encode()).hexdigest())
    return len(new)


def with_answer(one: AuditedPoint, result: str, remark: str, as_of: dt.date) -> AuditedPoint:
    """The point with another answer of that day."""
    return replace(one, result=result, remark=remark.strip(), as_of=as_of)
