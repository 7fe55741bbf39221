"""Tables of a scenario that several people fill at once: each cell is saved by itself, merged with what others saved.

What cannot be saved stays in the workspace, for everyone to see: a *draft* is a row that lacks something (a changed
lane without its reason), a *claim* a value for a cell that someone else has filled differently in the meantime. So
neither a change of view nor a reload loses what was entered, whoever is signed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.database import Action, Workspace, note, now
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.merging import Cell, Cells, merged
from portalkompass.workspace.storage.tables import audit
from portalkompass.workspace.storage.tables import sheet_drafts as table
from portalkompass.workspace.workshop.scenarios import (
    Scenario,
    must_be_changeable,
    scenario_of,
    store_scenario,
)

MOST_OF_A_NAME = 100
"""Letters of a person's name that tell drafts of one row apart."""
Rows = Mapping[str, Mapping[str, Any]]
"""row → column → value as text, number or None"""


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a scenario: what stands in it, and how a changed row gets into the scenario.

    ``what`` are the audit's words for a changed cell, ``columns`` the headings by id. ``with_row`` takes row id and
    all its cells; it raises WorkspaceError where the row is not complete or not allowed.
    """

    id: str
    what: str
    columns: Mapping[str, str]
    names: Callable[[Scenario], Mapping[str, str]]
    rows: Callable[[Scenario], Rows]
    with_row: Callable[[Scenario, str, Mapping[str, Any]], Scenario]


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that is not stored, who entered it and when.

    Of the draft of a row ``value`` is what it lacks, in a sentence; of that of a form what was entered, by field.
    """

    value: Any
    who: str
    at: dt.datetime


@dataclass(frozen=True)
class Filled:
    """A sheet as it is now: names and cells by row, drafts laid over what is stored; drafts by row, claims by cell."""

    names: Mapping[str, str]
    rows: Rows
    drafts: Mapping[str, Entry]
    claims: Mapping[Cell, tuple[Entry, ...]]

    @property
    def cells(self) -> dict[Cell, Any]:
        """All cells."""
        return {(row, column): value for row, own in self.rows.items() for column, value in own.items()}


def read_sheet(workspace: Workspace, scenario_id: int, sheet: Sheet) -> Filled:
    """The sheet as it is in this moment.

    Raises:
        WorkspaceError: the scenario was deleted, or the workspace cannot be read.
    """
    with workspace.reading() as connection:
        return _filled(connection, scenario_of(connection, scenario_id), sheet)


def save_cells(
    workspace: Workspace, scenario_id: int, sheet: Sheet, opened: Cells, mine: Cells, who: str
) -> None:
    """Save changed cells, read and written in one transaction; one line of the audit for each.

    ``opened`` is what was on the screen before (see ``merged``). Rows that cannot be saved become drafts, clashes
    become claims.

    Raises:
        WorkspaceError: the scenario is locked, decided upon or gone; nothing was written.
    """
    with workspace.writing(Action.EDIT_SCENARIO, who, sheet.what, None) as connection:
        scenario = scenario_of(connection, scenario_id)
        must_be_changeable(connection, scenario)
        before = _filled(connection, scenario, sheet)
        outcome = merged(opened, mine, before.cells)
        _write(connection, scenario, sheet, before, outcome.written, who)
        for cell, value in outcome.clashes.items():
            _claim(connection, scenario, sheet, cell, Entry(value, who, now()), before)


def settle(
    workspace: Workspace, scenario_id: int, sheet: Sheet, cell: Cell, value: object, seen: object, who: str
) -> None:
    """Choose between the stored value of a cell and its claims; all claims of the cell are gone then.

    ``seen`` is what was shown as stored.

    Raises:
        WorkspaceError: something else is stored by now, or as ``save_cells``.
    """
    with workspace.writing(Action.EDIT_SCENARIO, who, sheet.what, None) as connection:
        scenario = scenario_of(connection, scenario_id)
        must_be_changeable(connection, scenario)
        before = _filled(connection, scenario, sheet)
        if before.cells.get(cell) != seen:
            raise WorkspaceError("Die Zelle wurde eben noch einmal geändert; bitte neu wählen.")
        _forget(connection, scenario_id, sheet.id, *cell)
        _write(connection, scenario, sheet, before, {cell: value}, who)


def last_changes(
    workspace: Workspace, scenario: str, sheet: Sheet, filled: Filled, cells: Collection[Cell]
) -> dict[Cell, tuple[str, dt.datetime]]:
    """Who changed these cells last, and when, as far as the audit goes back."""
    changes = {}
    for row, column in cells:
        begin = _beginning(scenario, filled.names.get(row, row), sheet.columns[column])
        query = sa.select(audit.c.who, audit.c.at).order_by(audit.c.id.desc()).limit(1)
        query = query.where(audit.c.what == sheet.what, audit.c.detail.startswith(begin, autoescape=True))
        for line in workspace.rows(query):
            changes[row, column] = (str(line["who"]), line["at"])
    return changes


def keep_draft(
    workspace: Workspace, scenario_id: int, sheet: str, row: str, content: Mapping[str, Any], who: str
) -> None:
    """Keep what one person entered in a form of a scenario and did not save yet; nothing (empty) forgets it.

    Raises:
        WorkspaceError: the workspace cannot be written.
    """
    with workspace.drafting(Action.DECIDE) as connection:
        here = (table.c.scenario_id == scenario_id, table.c.sheet == sheet, table.c.row == row)
        # by name, not by cell: a draft of an earlier version has none
        connection.execute(sa.delete(table).where(*here, table.c.updated_by == who))
        if content:
            _keep(connection, scenario_id, sheet, (row, who[:MOST_OF_A_NAME]), content, who)


def drafts_of(workspace: Workspace, scenario_id: int, sheet: str) -> dict[str, dict[str, Entry]]:
    """What ``keep_draft`` kept: by row, then by who entered it."""
    here = (table.c.scenario_id == scenario_id, table.c.sheet == sheet)
    drafts: dict[str, dict[str, Entry]] = {}
    for line in workspace.rows(sa.select(table).where(*here).order_by(table.c.id)):
        entry = Entry(dict(line["content"]), line["updated_by"], line["updated_at"])
        drafts.setdefault(str(line["row"]), {})[entry.who] = entry
    return drafts


def _filled(connection: Connection, scenario: Scenario, sheet: Sheet) -> Filled:
    rows = {row: dict(own) for row, own in sheet.rows(scenario).items()}
    drafts: dict[str, Entry] = {}
    claims: dict[Cell, tuple[Entry, ...]] = {}
    query = sa.select(table).where(table.c.scenario_id == scenario.id, table.c.sheet == sheet.id)
    for line in connection.execute(query.order_by(table.c.id)).mappings():
        row, column, content = line["row"], line["cell"], line["content"]
        if row not in rows:
            continue
        if column:
            claims[row, column] = tuple(
                Entry(claim["value"], claim["who"], dt.datetime.fromisoformat(claim["at"]))
                for claim in content["claims"]
            )
        else:
            rows[row] |= content["cells"]
            drafts[row] = Entry(content["fault"], line["updated_by"], line["updated_at"])
    return Filled(sheet.names(scenario), rows, drafts, claims)


def _write(
    connection: Connection, scenario: Scenario, sheet: Sheet, before: Filled, written: Cells, who: str
) -> None:
    """Bring the cells into the scenario, row by row; what a row lacks is said in its draft."""
    changed = scenario
    for row in dict.fromkeys(row for row, _ in written):
        entered = {column: value for (own, column), value in written.items() if own == row}
        complete = {**before.rows[row], **entered}
        try:
            changed = sheet.with_row(changed, row, complete)
        except WorkspaceError as fault:
            stored = sheet.rows(scenario)[row]
            differing = {column: value for column, value in complete.items() if value != stored.get(column)}
            content = {"cells": differing, "fault": str(fault)}
            _keep(connection, scenario.id, sheet.id, (row, ""), content, who)
        else:
            _forget(connection, scenario.id, sheet.id, row)
    old, new = sheet.rows(scenario), sheet.rows(changed)
    for row, cells in new.items():
        for column, value in cells.items():
            if value != old[row][column]:
                begin = _beginning(scenario.name, before.names[row], sheet.columns[column])
                note(connection, who, sheet.what, f"{begin}{told(old[row][column])} → {told(value)}")
    if changed is not scenario:
        store_scenario(connection, changed, who)


def told(value: object) -> str:
    """A cell's value in a sentence."""
    if value is None or value == "":
        return "leer"
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)


def _beginning(scenario: str, row: str, column: str) -> str:
    return f"{scenario} · {row} · {column}: "


def _claim(
    connection: Connection, scenario: Scenario, sheet: Sheet, cell: Cell, entry: Entry, before: Filled
) -> None:
    claims = [known for known in before.claims.get(cell, ()) if known.value != entry.value]
    content = [{"value": one.value, "who": one.who, "at": one.at.isoformat()} for one in (*claims, entry)]
    _keep(connection, scenario.id, sheet.id, cell, {"claims": content}, entry.who)


def _keep(
    connection: Connection, scenario_id: int, sheet: str, cell: Cell, content: Mapping[str, Any], who: str
) -> None:
    _forget(connection, scenario_id, sheet, *cell)
    values = {
        "scenario_id": scenario_id,
        "sheet": sheet,
        "row": cell[0],
        "cell": cell[1],
        "content": dict(content),
        "updated_by": who,
        "updated_at": now(),
    }
    connection.execute(sa.insert(table).values(values))


def _forget(connection: Connection, scenario_id: int, sheet: str, row: str, column: str = "") -> None:
    here = (table.c.scenario_id == scenario_id, table.c.sheet == sheet, table.c.row == row)
    connection.execute(sa.delete(table).where(*here, table.c.cell == column))
