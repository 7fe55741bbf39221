"""*Liste bearbeiten*: the OZG list as a table; a saved edit is a new dated state through the importer."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.services import list_state
from portalkompass.answers.services.list_state import COLUMNS, ListState
from portalkompass.settings import load_settings
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page
from portalkompass.ui.components.list_columns import LABELS
from portalkompass.ui.components.text import plain
from portalkompass.ui.data import inbox, upload
from portalkompass.ui.data.import_process import Edit, ImportFault, run_import
from portalkompass.ui.drafts import drafts
from portalkompass.ui.reading import Reading
from portalkompass.ui.streamlit_internals import ColumnConfig

BASE, DRAFT, DONE = "liste-grundlage", "liste-entwurf", "liste-fertig"
START, EDITS = "liste-anfang", "liste-eingaben"
"""The rows that the table began with, and what was entered since."""
TYPED = "liste bearbeiten"
"""Name of the draft."""
TAKEN = "liste-uebernommen"
DIRECTORY = ("name", "leistungsschluessel", "departments", "ozg_id")
"""Columns that the city's directory knows."""
NO_LANE = "–"
"""A choice for services without a lane: an empty cell of a pick list reads „None“."""
IN_FRONT = ("name", "list", "status", "go_live_month", "lane", "next_step")
WIDTHS = {"name": 250, "next_step": 250, "latest_development": 300, "note": 250}
HELP = {
    "status": "Go-Live <Monat> <Jahr>, In Umsetzung, In Vorbereitung oder offen",
    "go_live_month": "JJJJ-MM, passend zum Status",
    "leistungsschluessel": "14 Ziffern, mehrere durch | getrennt",
}


def show(reading: Reading) -> None:
    """The editor, or what an edit would change once it was checked."""
    if not permissions.allowed("edit"):
        return
    messages.said(DONE)
    stored = list_state.newest(reading.warehouse, reading.settings)
    if DRAFT in st.session_state:
        _confirm(reading, stored)
        return
    base = _opened(stored)
    page.section("Liste bearbeiten")
    if stored.as_of is None:
        st.info("Noch ist keine OZG-Liste geladen. Die erste Liste wird unter „Daten“ hochgeladen.")
        st.session_state.pop(BASE, None)
        return
    st.caption(
        plain(
            f"Stand vom {german.date(base.as_of)}. {base.message} Ihre Fassung wird ein neuer Stand; der "
            "bisherige bleibt im Verlauf."
        )
    )
    edited = st.data_editor(
        _start(base),
        hide_index=True,
        num_rows="dynamic",
        column_order=[*IN_FRONT, *(name for name in COLUMNS[:-1] if name not in IN_FRONT)],
        column_config={name: _column(name) for name in COLUMNS[:-1]},
        height="content",
        key=f"liste-{base.run_id}",
        on_change=_keep,
        args=(f"liste-{base.run_id}",),
    )
    _further(reading, base, edited)
    edited = edited.assign(lane=edited["lane"].replace(NO_LANE, ""))
    _keep_typed(base, edited)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        author.ask()
        as_of = _day(reading, stored.as_of)
        check = st.button("Änderungen prüfen", type="primary")
        st.download_button(
            "Liste als CSV",
            data=functools.partial(_shipped, permissions.visitor(), stored, stored.as_of),
            file_name=f"ozg_services_{stored.as_of.isoformat()}.csv",
            mime="text/csv",
            on_click="ignore",
            help="Der gespeicherte Stand in der Form, in der die Liste auch hochgeladen wird.",
        )
        st.button("Eingaben verwerfen", on_click=_restart)
    if base.run_id != stored.run_id:
        _too_late(base, edited, stored)
    elif check:
        _check(reading, base, edited, as_of)


def _opened(stored: ListState) -> ListState:
    """The state that the table stands on: the newest when it was opened, also where the browser forgot the table."""
    state = st.session_state
    if BASE in state:
        known: ListState = state[BASE]
        return known
    draft = drafts.read(TYPED)
    base = state[BASE] = stored
    if not draft or stored.as_of is None:
        return base
    if draft["run_id"] != stored.run_id:
        rows = _replaced(stored.rows, draft["rows"], draft["was"])
        base = state[BASE] = ListState(draft["run_id"], draft["as_of"], draft["message"], rows)
    rows = _replaced(base.rows, draft["was"], draft["rows"])
    state[START] = rows.assign(lane=rows["lane"].replace("", NO_LANE))
    return base


def _keep_typed(base: ListState, edited: pd.DataFrame) -> None:
    """Rows that became others outlive a reload, with what stood there when the table was opened."""
    before, after = (rows.fillna("").astype(str).to_dict("records") for rows in (base.rows, edited))
    content = {
        "run_id": base.run_id,
        "as_of": base.as_of,
        "message": base.message,
        "was": [row for row in before if row not in after],
        "rows": [row for row in after if row not in before],
    }
    drafts.keep(TYPED, content if content["was"] or content["rows"] else {})


def _replaced(rows: pd.DataFrame, gone: list[dict[str, str]], new: list[dict[str, str]]) -> pd.DataFrame:
    """The rows with ``new`` in the places of their services, the others of them at the end; ``gone`` are not there."""
    by_service = {row["service_id"]: row for row in new if row["service_id"]}
    unnamed = [row for row in new if not row["service_id"]]
    out = {row["service_id"] for row in gone} - by_service.keys()
    kept = [
        by_service.pop(row["service_id"], row)
        for row in rows.to_dict("records")
        if row["service_id"] not in out
    ]
    return pd.DataFrame([*kept, *by_service.values(), *unnamed], columns=list(rows.columns))


def _further(reading: Reading, base: ListState, edited: pd.DataFrame) -> None:
    """Services that the city's directory alone names: to be seen, and to be taken into the list."""
    rows = list_state.only_in_directory(reading.warehouse, reading.settings, edited)
    if rows.empty:
        return
    words = german.count(len(rows), "weitere Leistung", "weitere Leistungen")
    with st.expander(plain(f"{words} nennt nur das Leistungsverzeichnis der Stadt"), key="liste-weitere"):
        st.dataframe(
            rows[list(DIRECTORY)].rename(columns=LABELS),
            hide_index=True,
            height=min(35 * (len(rows) + 1) + 3, 430),
            alt="Leistungen, die nur das Leistungsverzeichnis nennt",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            labels = dict(zip(rows["service_id"], rows["name"], strict=True))
            st.multiselect(
                "Leistungen für die Liste",
                list(labels),
                format_func=labels.__getitem__,
                placeholder="Leistungen wählen",
                key=TAKEN,
            )
            st.button("In die Liste übernehmen", on_click=_take, args=(base, rows))


def _take(base: ListState, rows: pd.DataFrame) -> None:
    """The chosen services below the rows of the table, with all that was entered so far."""
    state, key = st.session_state, f"liste-{base.run_id}"
    chosen = rows[rows["service_id"].isin(state.get(TAKEN, []))]
    entered = _with_edits(state[START], state.pop(EDITS, {}))
    state[START] = pd.concat([entered, chosen.assign(lane=NO_LANE)], ignore_index=True)
    for name in (key, TAKEN):
        state.pop(name, None)


def _start(base: ListState) -> pd.DataFrame:
    """What the table begins with: the state as opened, or what was entered before the view was left."""
    state = st.session_state
    if START not in state:
        state[START] = base.rows.assign(lane=base.rows["lane"].replace("", NO_LANE))
    if f"liste-{base.run_id}" not in state and EDITS in state:
        state[START] = _with_edits(state[START], state.pop(EDITS))
    start: pd.DataFrame = state[START]
    return start


def _keep(key: str) -> None:
    """A cell was filled: what was entered so far outlives the editor, which another view forgets."""
    st.session_state[EDITS] = dict(st.session_state[key])


def _with_edits(rows: pd.DataFrame, edits: Mapping[str, Any]) -> pd.DataFrame:
    """The rows with cells filled, rows deleted and added as the editor notes them."""
    records = rows.to_dict("index")
    for place, cells in edits.get("edited_rows", {}).items():
        records[int(place)] |= cells
    kept = [row for place, row in records.items() if place not in edits.get("deleted_rows", [])]
    return pd.DataFrame([*kept, *edits.get("added_rows", [])], columns=list(rows.columns))


def _shipped(visitor: permissions.Visitor, stored: ListState, as_of: dt.date) -> bytes:
    visitor.need("read")
    made = list_state.shipped_csv(stored.rows, as_of)
    visitor.done("export", what="ozg_services", format="csv")
    return made


def _column(name: str) -> ColumnConfig:
    if name in ("list", "lane"):
        lists = ("aktuell", "anstehend", "ohne Status")
        options = lists if name == "list" else (NO_LANE, *service_list.LANES)
        return st.column_config.SelectboxColumn(LABELS[name], options=options, width=140)
    return st.column_config.TextColumn(LABELS[name], help=HELP.get(name), width=WIDTHS.get(name))


def _day(reading: Reading, stored: dt.date) -> dt.date:
    today = max(reading.settings.current_day(), stored)
    day = st.date_input(
        "Stand", today, min_value=stored, max_value=today, format="DD.MM.YYYY", width=150, key="liste-stand"
    )
    return day if isinstance(day, dt.date) else today


def _check(reading: Reading, base: ListState, edited: pd.DataFrame, as_of: dt.date) -> None:
    """Write the edit as a list of the shipped form and let the importer judge it."""
    if not author.name():
        st.error(author.MISSING)
        return
    name = f"ozg_services_{as_of.isoformat()}.csv"
    path = inbox.keep(load_settings().data_dir / "inbox", name, list_state.shipped_csv(edited, as_of))
    edit = Edit(author.name(), base.run_id, reading.settings.demo)
    with messages.told(ImportFault):
        with st.spinner("Die Änderungen werden geprüft …"):
            reports = run_import(path, edit=edit, preview=True)
        if reports[0]["differences"]:
            st.session_state[DRAFT] = {"path": str(path), "edit": edit, "rows": edited, "reports": reports}
            st.rerun()
        st.info("Es ist nichts geändert.")
    inbox.discard(path)


def _confirm(reading: Reading, stored: ListState) -> None:
    """What would change, then the new state or back to the table."""
    draft: dict[str, Any] = st.session_state[DRAFT]
    for report in draft["reports"]:
        upload.preview(report, _names(st.session_state[BASE], draft["rows"]))
    with st.container(horizontal=True):
        save = st.button("Als neuen Stand speichern", type="primary")
        st.button("Verwerfen", on_click=_restart)
    if draft["edit"].base != stored.run_id:
        _too_late(st.session_state[BASE], draft["rows"], stored)
        return
    if not save:
        return
    # Someone may have been faster by a moment: after the fault the newest state is read again, so both can be shown.
    with messages.told(ImportFault):
        with st.spinner("Der neue Stand wird gespeichert …"):
            reports = run_import(Path(draft["path"]), edit=draft["edit"], preview=False)
        messages.say(DONE, reports[0]["message"])
        _restart()
        st.rerun()


def _names(base: ListState, edited: pd.DataFrame) -> dict[str, str]:
    """What the services are called, by id; of a renamed one the new name."""
    both = pd.concat([base.rows, edited])[["service_id", "name"]].dropna().astype(str)
    return dict(zip(both["service_id"], both["name"], strict=True))


def _too_late(base: ListState, edited: pd.DataFrame, stored: ListState) -> None:
    """Both versions beside each other; nothing was saved."""
    st.error(
        plain(
            "Die Liste wurde inzwischen geändert; Ihre Fassung wurde nicht gespeichert. "
            f"Gespeichert ist der Stand {german.date(stored.as_of)}: {stored.message}"
        )
    )
    rows = list_state.differences(base.rows, edited, stored.rows)
    names = _names(stored, base.rows)
    shown = pd.DataFrame(
        {
            "Leistung": [names.get(service, service) for service in rows["service"]],
            "Feld": [LABELS.get(name, "Leistung") for name in rows["field"]],
            "Als Sie begannen": rows["before"],
            "Ihre Fassung": rows["yours"],
            "Gespeichert": rows["theirs"],
        }
    )
    st.dataframe(shown, hide_index=True, alt="Ihre Fassung und die gespeicherte")
    with st.container(horizontal=True):
        st.button(
            "Meine Änderungen auf den neuen Stand übertragen", on_click=_rebase, args=(base, edited, stored)
        )
        st.button("Mit dem gespeicherten Stand neu beginnen", on_click=_restart)


def _rebase(base: ListState, edited: pd.DataFrame, stored: ListState) -> None:
    """Begin from the stored state with what was changed; checked and saved it is as any other edit."""
    rows = list_state.rebased(base.rows, edited, stored.rows)
    _restart()
    st.session_state[BASE] = stored
    st.session_state[START] = rows.assign(lane=rows["lane"].replace("", NO_LANE))


def _restart() -> None:
    draft = st.session_state.pop(DRAFT, None)
    if draft:
        inbox.discard(Path(draft["path"]))
    drafts.forget(TYPED)
    for name in (START, EDITS):
        st.session_state.pop(name, None)
    base = st.session_state.pop(BASE, None)
    if base is not None:
        st.session_state.pop(f"liste-{base.run_id}", None)
