"""A table of a scenario to fill together: each cell is saved as soon as it is entered, merged with what others saved.

What was on the screen when the table was opened stays in the session; the editor's key bears neither version nor
revision, so that nobody's save replaces the table under somebody's hands. What others changed is said, and shown on
request or when the view is opened again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.ui.components.text import plain
from portalkompass.ui.streamlit_internals import ColumnConfig
from portalkompass.workspace import (
    Filled,
    Scenario,
    Sheet,
    Workspace,
    WorkspaceError,
    last_changes,
    read_sheet,
    save_cells,
    settle,
    told,
)

MOST_TOLD = 6
"""Changes of others that are named one by one."""
Cell = tuple[str, str]


@dataclass
class Opened:
    """One person's table: its rows as opened (index: row id), what was last known of each cell, and the last save."""

    rows: pd.DataFrame
    known: dict[Cell, Any]
    number: int = 0
    saved_at: dt.datetime | None = None
    fault: str = ""


@dataclass(frozen=True)
class Place:
    """Where cells go, and who enters them."""

    workspace: Workspace
    scenario: Scenario
    sheet: Sheet
    who: Callable[[], str]

    @property
    def key(self) -> str:
        """Where the session keeps the opened table."""
        return f"{self.sheet.id}-{self.scenario.id}"

    @property
    def editor(self) -> str:
        """Key of the editor; another one only after a new state was asked for."""
        opened: Opened | None = st.session_state.get(f"blatt-{self.key}")
        return f"{self.key}-{opened.number if opened else 0}"


def show(
    place: Place,
    name: str,
    columns: Mapping[str, ColumnConfig],
    facts: pd.DataFrame | None = None,
    **look: Any,  # noqa: ANN401
) -> None:
    """The table with what is to be said of it. ``name`` heads the names of the rows; ``columns`` those to fill.

    ``facts`` (index: row id) stand behind them and cannot be changed; ``look`` goes to ``st.data_editor``.
    """
    now = read_sheet(place.workspace, place.scenario.id, place.sheet)
    opened = _opened(place, now)
    rows = opened.rows if facts is None else opened.rows.join(facts)
    st.data_editor(
        rows.rename_axis("row").reset_index(),
        hide_index=True,
        num_rows="fixed",
        disabled=["name", *(facts.columns if facts is not None else ())],
        column_order=["name", *columns, *(facts.columns if facts is not None else ())],
        column_config={"name": name, **columns},
        key=place.editor,
        on_change=_changed,
        args=(place,),
        **look,
    )
    if _save(place):
        st.rerun(scope="app")
    _told(place, opened, now)


def _opened(place: Place, now: Filled) -> Opened:
    """The table as it was opened; anew where the view was left or a new state was asked for."""
    opened: Opened | None = st.session_state.get(f"blatt-{place.key}")
    if opened is not None and place.editor in st.session_state:
        return opened
    rows = pd.DataFrame.from_dict({row: dict(cells) for row, cells in now.rows.items()}, orient="index")
    rows.insert(0, "name", [now.names.get(str(row), str(row)) for row in rows.index])
    new = Opened(rows, now.cells, 0 if opened is None else opened.number + 1)
    st.session_state[f"blatt-{place.key}"] = new
    return new


def _entered(place: Place, opened: Opened) -> dict[Cell, Any]:
    """Every cell that was filled since the table was opened, whether saved already or not."""
    edits = st.session_state.get(place.editor) or {}
    ids = [str(row) for row in opened.rows.index]
    return {
        (ids[int(position)], column): _plain(value)
        for position, cells in edits.get("edited_rows", {}).items()
        for column, value in cells.items()
        if column in place.sheet.columns
    }


def _plain(value: object) -> object:
    """A value as the workspace keeps it: text without blanks around it, a number, or None."""
    if isinstance(value, str):
        return value.strip()
    return None if german.is_missing(value) else float(str(value))


def _changed(place: Place) -> None:
    """A cell was filled; called before the next run, even where that shows another view."""
    _save(place)


def _save(place: Place) -> bool:
    """Save what was entered and is not known as saved; whether there was anything."""
    opened: Opened | None = st.session_state.get(f"blatt-{place.key}")
    if opened is None:
        return False
    entered = _entered(place, opened)
    texts = {cell for cell, value in opened.known.items() if isinstance(value, str)}
    entered = {cell: "" if value is None and cell in texts else value for cell, value in entered.items()}
    new = {cell: value for cell, value in entered.items() if value != opened.known.get(cell)}
    if not new:
        return False
    try:
        save_cells(place.workspace, place.scenario.id, place.sheet, opened.known, new, place.who())
    except WorkspaceError as fault:
        opened.fault = f"{fault} Nicht gespeichert: {_listing(place, opened, new)}."
        return False
    opened.known |= new
    opened.saved_at, opened.fault = dt.datetime.now(dt.UTC), ""
    return True


def _told(place: Place, opened: Opened, now: Filled) -> None:
    """When it was saved, what is not saved yet, what others changed and where two disagree."""
    if opened.fault:
        st.error(plain(opened.fault))
    elif opened.saved_at:
        st.caption(f"Gespeichert um {_time(opened.saved_at)}.")
    else:
        st.caption("Jede Eingabe wird sofort gespeichert.")
    for row, draft in now.drafts.items():
        st.warning(
            plain(f"{draft.value} Bis dahin ein Entwurf ({_by(draft.who, draft.at)}): {now.names[row]}.")
        )
    changed = {
        cell: value
        for cell, value in now.cells.items()
        if cell not in now.claims and value != opened.known.get(cell)
    }
    asked = {*changed, *now.claims}
    last = last_changes(place.workspace, place.scenario.name, place.sheet, now, asked) if asked else {}
    for cell in now.claims:
        _clash(place, now, cell, last)
    if changed:
        parts = [
            f"{_cell(place, now.names, cell)} jetzt „{told(value)}“"
            + (f" ({_by(*last[cell])})" if cell in last else "")
            for cell, value in list(changed.items())[:MOST_TOLD]
        ]
        more = len(changed) - len(parts)
        further = f" und {german.count(more, 'weitere Zelle', 'weitere Zellen')}" if more > 0 else ""
        st.info(plain(f"Inzwischen von anderen geändert: {'; '.join(parts)}{further}."))
        st.button("Neuen Stand zeigen", key=f"neuer-stand-{place.key}", on_click=_renew, args=(place,))


def _clash(place: Place, now: Filled, cell: Cell, last: Mapping[Cell, tuple[str, dt.datetime]]) -> None:
    """Both values of a cell with names and times, and the choice; until then the stored one counts."""
    kept = now.cells[cell]
    by = f" ({_by(*last[cell])})" if cell in last else ""
    claims = now.claims[cell]
    others = " und ".join(f"„{told(claim.value)}“ ({_by(claim.who, claim.at)})" for claim in claims)
    with st.container(border=True, key=f"widerspruch-{place.key}-{cell[0]}-{cell[1]}"):
        st.markdown(
            f"**{plain(_cell(place, now.names, cell))}**: "
            + plain(f"gespeichert ist „{told(kept)}“{by}; eingetragen wurde auch {others}.")
        )
        with st.container(horizontal=True):
            for number, value in enumerate([kept, *(claim.value for claim in claims)]):
                st.button(
                    plain(f"„{told(value)}“ {'übernehmen' if number else 'behalten'}"),
                    key=f"wahl-{place.key}-{cell[0]}-{cell[1]}-{number}",
                    on_click=_settle,
                    args=(place, cell, value, kept),
                )


def _settle(place: Place, cell: Cell, value: object, seen: object) -> None:
    try:
        settle(place.workspace, place.scenario.id, place.sheet, cell, value, seen, place.who())
    except WorkspaceError as fault:
        st.session_state[f"blatt-{place.key}"].fault = str(fault)
    else:
        _renew(place)


def _renew(place: Place) -> None:
    """Let the next run open the table anew."""
    st.session_state.pop(place.editor, None)


def _cell(place: Place, names: Mapping[str, str], cell: Cell) -> str:
    return f"{names.get(cell[0], cell[0])}, {place.sheet.columns[cell[1]]}"


def _listing(place: Place, opened: Opened, cells: Mapping[Cell, Any]) -> str:
    names = {str(row): str(name) for row, name in opened.rows["name"].items()}
    return german.listing([f"{_cell(place, names, cell)} „{told(value)}“" for cell, value in cells.items()])


def _by(who: str, at: dt.datetime) -> str:
    return f"{who}, {_time(at)}"


def _time(moment: dt.datetime) -> str:
    """14:32 by this machine's clock."""
    return f"{moment.astimezone():%H:%M}"
