"""What the rows of a city's own list are: proposed, and changed by a person before anything is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import drafts
from portalkompass.ui.reading import Reading

TABLE, TURN, BEGUN = "verzeichnis-auswahl", "verzeichnis-runde", "verzeichnis-anfang"
OWN = "– eigene Leistung –"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person changed since the file was checked: name in the list → id of its service, "" for one of its own."""

    decisions: Mapping[str, str]

    @property
    def changed(self) -> bool:
        """Whether what is shown is no longer what was checked."""
        return bool(self.decisions)


def draw(reading: Reading, reports: Iterable[Mapping[str, Any]]) -> Choice | None:
    """The rows with what they are taken for; None where the file is no directory."""
    rows = [row for report in reports for row in report.get("proposals", ())]
    if not rows:
        return None
    names = _names(reading, rows)
    frame = _frame(rows, names)
    open_ = sum(bool(row["offers"]) for row in rows)
    st.markdown("**Welche Leistung jede Zeile ist**")
    told = (
        f"{german.count(open_, 'Zeile ist', 'Zeilen sind')} noch offen und stehen oben. " if open_ > 1 else ""
    )
    told = "Eine Zeile ist noch offen und steht oben. " if open_ == 1 else told
    st.caption(
        plain(
            f"{told}Was sicher ist (Nummer, gleicher Name, Leistungsschlüssel), ist schon zugeordnet; was nur ähnlich "
            "ist, wird eine eigene Leistung, bis Sie eine andere wählen."
        )
    )
    turn = st.session_state.setdefault(TURN, 0)
    ids = {OWN: ""} | names
    begun = _begun(f"{TABLE}-{turn}", frame, ids)
    edited = st.data_editor(
        begun,
        hide_index=True,
        height=min(35 * (len(frame) + 1) + 3, 430),
        disabled=["Zeile", "Name in der Liste", "Grund"],
        column_config={
            "Zeile": st.column_config.NumberColumn(width=60),
            "Name in der Liste": st.column_config.TextColumn(width=330),
            "Leistung": st.column_config.SelectboxColumn(options=[OWN, *names], required=True, width=330),
            "Grund": st.column_config.TextColumn(width=420),
        },
        key=f"{TABLE}-{turn}",
    )
    _keep(frame, edited, ids)
    other = edited["Leistung"] != frame["Leistung"]
    chosen = zip(edited.loc[other, "Name in der Liste"], edited.loc[other, "Leistung"], strict=True)
    return Choice({str(name): ids[str(service)] for name, service in chosen})


def forget(reports: Iterable[Mapping[str, Any]]) -> None:
    """The file is loaded or given up: what was chosen for its rows is kept no longer."""
    names = [str(row["name"]) for report in reports for row in report.get("proposals", ())]
    if names:
        drafts.forget(_draft(names))
    begin_anew()


def begin_anew() -> None:
    """Begin with the proposals of the next check."""
    st.session_state.pop(f"{TABLE}-{st.session_state.get(TURN, 0)}", None)
    st.session_state.pop(BEGUN, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _begun(key: str, frame: pd.DataFrame, ids: Mapping[str, str]) -> pd.DataFrame:
    """The rows that the editor begins with: with what was chosen before another view was open or the page loaded."""
    state = st.session_state
    if key not in state or BEGUN not in state:
        labels = {service: label for label, service in ids.items()}
        kept = drafts.read(_draft(frame["Name in der Liste"]))
        rows = zip(frame["Name in der Liste"], frame["Leistung"], strict=True)
        state[BEGUN] = frame.assign(
            Leistung=[labels.get(str(kept.get(str(name))), proposed) for name, proposed in rows]
        )
    begun: pd.DataFrame = state[BEGUN]
    return begun


def _keep(frame: pd.DataFrame, edited: pd.DataFrame, ids: Mapping[str, str]) -> None:
    """Keep the choices of a person, also those that a second check took over as proposals."""
    form = _draft(frame["Name in der Liste"])
    before = drafts.read(form)
    rows = zip(edited["Name in der Liste"], edited["Leistung"], frame["Leistung"], strict=True)
    now = {str(name): (ids[str(chosen)], chosen != proposed) for name, chosen, proposed in rows}
    drafts.keep(
        form,
        {
            name: service
            for name, (service, other) in now.items()
            if other or (name in before and before[name] == service)
        },
    )


def _draft(names: Iterable[str]) -> str:
    """One draft a list: the same one is known by its names."""
    told = "\n".join(sorted(map(str, names)))
    return f"{TABLE} {hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _names(reading: Reading, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Label → id of every service that can be chosen: the known ones of the file, and those of the OZG list."""
    found: dict[str, str] = {}
    for row in rows:
        if not row["own"]:
            found[row["service"]] = row["service_name"]
        found |= {offer["service"]: offer["name"] for offer in row["offers"]}
    if not reading.settings.demo:
        listed = service_list.services(reading.warehouse, reading.settings)
        listed = listed[listed["list"] != service_list.WITHOUT_STATUS]
        found |= dict(zip(listed["service"], listed["name"], strict=True))
    named: dict[str, str] = {}
    for service, name in sorted(found.items(), key=lambda pair: pair[1].casefold()):
        named[name if name not in named else f"{name} ({service})"] = service
    return named


def _frame(rows: list[dict[str, Any]], names: Mapping[str, str]) -> pd.DataFrame:
    """Zeile, Name in der Liste, Leistung, Grund: rows that a person should look at first."""
    labels = {service: label for label, service in names.items()}
    ordered = sorted(rows, key=lambda row: (not row["offers"], row["own"], row["line"]))
    return pd.DataFrame(
        {
            "Zeile": [row["line"] for row in ordered],
            "Name in der Liste": [row["name"] for row in ordered],
            "Leistung": [OWN if row["own"] else labels[row["service"]] for row in ordered],
            "Grund": [_reason(row) for row in ordered],
        }
    )


def _reason(row: Mapping[str, Any]) -> str:
    if not row["offers"]:
        return str(row["reason"])
    told = ", ".join(f"„{offer['name']}“ ({offer['reason']})" for offer in row["offers"])
    return f"vielleicht {told}"
