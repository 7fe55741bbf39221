"""What makes a scenario a workshop: its day, who takes part, the minutes of each step, the clock, and what is noted.

It stands beside the scenario, because a decided scenario is frozen, and the minutes are written after the decisions.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from portalkompass.workspace.storage.database import Action, Workspace, note, now
from portalkompass.workspace.storage.editing import Record, Records, insert_row, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import agendas as table
from portalkompass.workspace.storage.tables import remarks as remark_table
from portalkompass.workspace.storage.tables import scenarios
from portalkompass.workspace.workshop.scenarios import Scenario, insert_scenario, scenario_of

Kind = Literal["offen", "abweichend"]
"""An open question, or what somebody wants to have noted against a decision."""
FIELDS = {
    "day": "Tag",
    "departments": "Fachbereiche",
    "people": "Teilnehmende",
    "minutes": "Minuten je Schritt",
}
"""What people enter, with the words for the audit."""
REMARK_FIELDS = {"text": "Text", "owner": "Wer", "due": "Bis"}
MOST_REMARKS = 200


@dataclass(frozen=True, eq=False)
class Agenda(Record):
    """The workshop of a scenario; id and version are 0 where nobody entered anything.

    ``departments``: who was invited; ``people``: who was there, as text; ``minutes`` by step; ``step``: the one whose
    time runs since ``began_at``, "" while none does.
    """

    scenario_id: int
    day: dt.date | None = None
    departments: tuple[str, ...] = ()
    people: str = ""
    minutes: Mapping[str, int] = field(default_factory=dict)
    step: str = ""
    began_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Remark(Record):
    """An open question with its owner and day, or a dissent with whose it is."""

    scenario_id: int
    kind: Kind
    text: str
    owner: str = ""
    due: dt.date | None = None


_WRITTEN = ("day", "departments", "people", "minutes")
_REMARK = ("scenario_id", "kind", "text", "owner", "due")
_remarks = Records(remark_table, Action.DECIDE, attrgetter("text"), partial(record_of, Remark))


def begin_workshop(workspace: Workspace, scenario: Scenario, agenda: Agenda, who: str) -> Scenario:
    """A new scenario with its agenda, both or neither; the agenda's scenario_id is that of the new one.

    Raises:
        WorkspaceError: the name is empty or taken, or a number is not finite.
    """
    try:
        with workspace.writing(Action.EDIT_SCENARIO, who, "Workshop angelegt", scenario.name) as connection:
            saved = insert_scenario(connection, scenario, who)
            insert_row(connection, table, _stored(dataclasses.replace(agenda, scenario_id=saved.id)), who)
            return saved
    except IntegrityError:
        raise WorkspaceError(f"Ein Szenario „{scenario.name}“ gibt es schon.") from None


def agenda_of(workspace: Workspace, scenario_id: int) -> Agenda:
    """The agenda of a scenario; an empty one for a scenario that was saved without."""
    with workspace.reading() as connection:
        return _agenda(connection, scenario_id)


def change_agenda(
    workspace: Workspace, scenario_id: int, name: str, seen: object, value: object, who: str, part: str = ""
) -> None:
    """Write one of ``FIELDS`` where ``seen`` is still stored; two people who fill different fields both stay.

    ``part``: of ``minutes`` the step that ``seen`` (None: not entered) and ``value`` are of.

    Raises:
        WorkspaceError: something else is stored by now (with both values), or the scenario is gone.
    """
    what = f"Workshop: {FIELDS[name]} geändert"
    with workspace.writing(Action.EDIT_SCENARIO, who, what, None) as connection:
        scenario = scenario_of(connection, scenario_id)
        before = _agenda(connection, scenario_id)
        whole = getattr(before, name)
        stored = whole.get(part) if part else whole
        label = f"{FIELDS[name]}, {part}" if part else FIELDS[name]
        if _changed(label, stored, seen, value, before.updated_by):
            begin = f"{scenario.name}: {part} " if part else f"{scenario.name}: "
            note(connection, who, what, f"{begin}{_told(stored)} → {_told(value)}")
            _write(connection, before, {name: _plain({**whole, part: value} if part else value)}, who)


def turn_clock(workspace: Workspace, scenario_id: int, step: str, who: str) -> None:
    """Let the time of this step run from now on; "" stops the clock. No cached answer depends on it.

    Raises:
        WorkspaceError: the scenario is gone, or it may not be written.
    """
    with workspace.drafting(Action.EDIT_SCENARIO) as connection:
        # The row stays locked, so that of two who start a clock first one makes the agenda and the other finds it.
        connection.execute(sa.select(scenarios.c.id).where(scenarios.c.id == scenario_id).with_for_update())
        scenario_of(connection, scenario_id)
        values = {"step": step, "began_at": now() if step else None}
        _write(connection, _agenda(connection, scenario_id), values, who)


def remarks(workspace: Workspace, scenario_id: int) -> list[Remark]:
    """Open questions and dissent, in the order in which they were noted."""
    query = sa.select(remark_table).where(remark_table.c.scenario_id == scenario_id)
    return [_remarks.read(row) for row in workspace.rows(query.order_by(remark_table.c.id))]


def add_remarks(workspace: Workspace, new: list[Remark], who: str) -> int:
    """Note these and return how many; what stands there already in the same words is passed over.

    A dissent is the same only where it is the same person's.

    Raises:
        WorkspaceError: a text is empty, or there are too many.
    """
    for remark in new:
        if not remark.text.strip():
            raise WorkspaceError("Bitte einen Text eingeben.")
    added = 0
    with workspace.writing(Action.DECIDE, who, "Ins Protokoll aufgenommen", None) as connection:
        for remark in new:
            here = sa.select(remark_table).where(remark_table.c.scenario_id == remark.scenario_id)
            kept = {_identity(_remarks.read(row)) for row in connection.execute(here).mappings()}
            if _identity(remark) in kept:
                continue
            if len(kept) >= MOST_REMARKS:
                raise WorkspaceError(f"Ein Protokoll hat höchstens {MOST_REMARKS} Einträge.")
            note(connection, who, "Ins Protokoll aufgenommen", remark.text.strip())
            values = {**values_of(remark, _REMARK), "text": remark.text.strip()}
            _remarks.insert(connection, values, who)
            added += 1
    return added


def _identity(remark: Remark) -> tuple[str, str, str]:
    """Two remarks with the same one are one: the owner of a question may change, that of a dissent is the point."""
    return remark.kind, remark.text.strip(), remark.owner.strip() if remark.kind == "abweichend" else ""


def change_remark(
    workspace: Workspace, remark_id: int, name: str, seen: object, value: object, who: str
) -> None:
    """Write one of ``REMARK_FIELDS`` where ``seen`` is still stored.

    Raises:
        WorkspaceError: something else is stored by now (with both values), the text is empty, or it was deleted.
    """
    if name == "text" and not str(value).strip():
        raise WorkspaceError("Bitte einen Text eingeben.")
    what = f"Protokoll: {REMARK_FIELDS[name]} geändert"
    with workspace.writing(Action.DECIDE, who, what, None) as connection:
        here = sa.select(remark_table).where(remark_table.c.id == remark_id)
        row = connection.execute(here).mappings().first()
        if row is None:
            raise WorkspaceError("Der Eintrag wurde inzwischen gelöscht.")
        before = _remarks.read(row)
        if _changed(REMARK_FIELDS[name], getattr(before, name), seen, value, before.updated_by):
            told = f"{before.text}: {_told(getattr(before, name))} → {_told(value)}"
            note(connection, who, what, told)
            _remarks.update(connection, before, {name: value}, who)


def delete_remark(workspace: Workspace, remark: Remark, who: str) -> None:
    """Take one out that was read before.

    Raises:
        StaleEdit: someone changed or deleted it in between.
    """
    with _remarks.writing(workspace, who, "Aus dem Protokoll genommen", remark) as connection:
        _remarks.delete(connection, remark, who)


def _changed(label: str, stored: object, seen: object, value: object, by: str) -> bool:
    """Whether there is anything to write.

    Raises:
        WorkspaceError: neither what was seen nor what was entered is stored; says both values.
    """
    if stored not in (seen, value):
        raise WorkspaceError(
            f"{label}: Gespeichert ist inzwischen „{_told(stored)}“ (von {by}). "
            f"Ihre Eingabe „{_told(value)}“ ist nicht gespeichert."
        )
    return stored != value


def _agenda(connection: Connection, scenario_id: int) -> Agenda:
    row = connection.execute(sa.select(table).where(table.c.scenario_id == scenario_id)).mappings().first()
    return Agenda(scenario_id) if row is None else _read(row)


def _read(row: RowMapping) -> Agenda:
    agenda = record_of(Agenda, row)
    return dataclasses.replace(agenda, departments=tuple(agenda.departments), minutes=dict(agenda.minutes))


def _stored(agenda: Agenda) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in values_of(agenda, _WRITTEN).items()}
    return {**values, "scenario_id": agenda.scenario_id, "step": agenda.step, "began_at": agenda.began_at}


def _write(connection: Connection, before: Agenda, values: Mapping[str, Any], who: str) -> None:
    """Into the row there is, or a first one; the caller's transaction keeps others out meanwhile."""
    if not before.id:
        insert_row(connection, table, {**_stored(before), **values}, who)
        return
    stamp = {"updated_by": who, "updated_at": now(), "version": before.version + 1}
    connection.execute(sa.update(table).where(table.c.id == before.id).values(**values, **stamp))


def _plain(value: object) -> object:
    """A value as JSON and the database take it."""
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _told(value: object) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "leer"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {minutes}" for name, minutes in value.items()) or "leer"
    return str(value or "leer")
