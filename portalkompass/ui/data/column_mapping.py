"""Mapping the columns of an unknown file: first rows, a proposal, saved as a profile under a name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.settings import load_settings
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.data.import_process import ImportFault, run_columns
from portalkompass.ui.drafts import forms
from portalkompass.workspace import Profile, Workspace, keep, kept, workspace_of

TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".zip"})
KINDS = {
    "portal": "Portalzahlen",
    "ozg": "OZG-Liste",
    "service_directory": "Leistungsverzeichnis der Stadt",
    "search_console_rows": "Suchzahlen je Tag (Google)",
}
DATED = frozenset({"ozg", "service_directory"})
"""Kinds that are lists of one day."""
LOOK = "upload-look"
SEEN, INSIST = "zuordnung-gesehen", "zuordnung-trotzdem"
"""Number and version of the saved mapping that was shown beside this one, and that this one shall replace it."""
UNUSED = ""
COUNTS = frozenset(
    {"visits", "unique_page_views", "page_views", "service_starts", "applications", "cases_total"}
)


def names() -> list[str]:
    """Names of the profiles saved so far; those of the workspace that imports read."""
    return [profile.name for profile in kept(_workspace(), Profile)]


def offer(path: Path) -> bool:
    """Look into a file that the loader refused; False where there is nothing to map."""
    if path.suffix.lower() not in TABLES:
        return False
    try:
        st.session_state[LOOK] = run_columns(path)
    except ImportFault:
        return False
    return True


def draw(reason: str, give_up: Callable[[], None]) -> dict[str, Any]:
    """The form; once the mapping is saved what the import needs to know of it, before that nothing.

    ``reason``: why the loader refused the file; ``give_up`` forgets the file.
    """
    look = st.session_state[LOOK]
    st.markdown(f"**Spalten zuordnen: {plain(look['file_name'])}**")
    st.info(
        "Diese Datei sagt noch nicht alles, was gebraucht wird. Bitte sagen, welche Spalte was enthält; was "
        "erkannt wurde, ist schon ausgewählt. Die Zuordnung wird gespeichert und gilt auch für spätere Dateien."
    )
    with st.expander("Warum die Datei so nicht geladen wird"):
        st.markdown(plain(reason))
    rows = plain(german.count(look["row_count"], "Zeile", "Zeilen"))
    st.caption(f"Die ersten Zeilen der Datei, wie sie dort stehen ({rows} insgesamt)")
    st.dataframe(
        pd.DataFrame(look["rows"], columns=look["header"]),
        hide_index=True,
        alt=f"Die ersten Zeilen von {look['file_name']}",
    )
    form = _draft(look)
    blank = {"zuordnung-art": look["kind"], "zuordnung-name": Path(look["file_name"]).stem[:60]}
    blank |= {"zuordnung-zeitraum": "", "zuordnung-stand": load_settings().current_day()}
    forms.begin(form, blank, {"zuordnung-art": KINDS})
    kind = pick("Art der Datei", KINDS, "zuordnung-art", width=380, filter_mode=None)
    mapping = _choices(look, kind)
    with st.container(horizontal=True, vertical_alignment="bottom", key="entwurf-zuordnung"):
        as_of = _as_of(kind, mapping)
        period = _period(look, kind, mapping)
        author.ask()
        name = st.text_input(
            "Name der Zuordnung",
            key="zuordnung-name",
            max_chars=100,
            width=380,
            help="Unter diesem Namen steht die Zuordnung beim nächsten Mal zur Wahl, auch mit --profile.",
        ).strip()
    forms.keep(form)
    with st.container(horizontal=True):
        save = st.button("Zuordnung speichern und prüfen", type="primary")
        st.button("Verwerfen", on_click=give_up)
    if not save and not st.session_state.pop(INSIST, False):
        return {}
    fault = _fault(look, kind, mapping) or ("" if name else "Bitte der Zuordnung einen Namen geben.")
    fault = fault or ("" if author.name() else author.MISSING)
    if fault:
        st.error(plain(fault))
        return {}
    saved = next((profile for profile in kept(_workspace(), Profile) if profile.name == name), None)
    if saved is not None and _differs(saved, kind, mapping) and st.session_state.get(SEEN) != _state(saved):
        _both(saved, kind, mapping)
        return {}
    made: dict[str, Any] = {}
    with messages.told():
        _save(saved or Profile(name, kind), kind, mapping)
        made = {"profile": name, "as_of": as_of, "period": period}
        forms.saved(form)
        forms.saved(f"{form} {kind}")
    return made


def _differs(saved: Profile, kind: str, mapping: Mapping[str, str]) -> bool:
    return (saved.kind, dict(saved.mapping)) != (kind, dict(mapping))


def _state(saved: Profile) -> tuple[int, int]:
    return saved.id, saved.version


def _both(saved: Profile, kind: str, mapping: Mapping[str, str]) -> None:
    """The mapping of that name that somebody saved beside this one; it is replaced only by whoever has seen both."""
    by = f" von {saved.updated_by}" if saved.updated_by else ""
    st.warning(
        plain(
            f"Unter dem Namen „{saved.name}“ ist schon eine andere Zuordnung gespeichert{by}. Ihre ist nicht "
            "gespeichert: Bitte einen anderen Namen wählen oder die gespeicherte ersetzen."
        )
    )
    fields = _labels()
    rows = [("Art der Datei", KINDS.get(kind, kind), KINDS.get(saved.kind, saved.kind))]
    rows += [
        (
            f"„{heading}“",
            fields.get(mapping.get(heading, ""), ""),
            fields.get(str(saved.mapping.get(heading, "")), ""),
        )
        for heading in dict.fromkeys((*mapping, *saved.mapping))
        if mapping.get(heading, UNUSED) != saved.mapping.get(heading, UNUSED)
    ]
    shown = [tuple(plain(text or "nicht verwendet") for text in row) for row in rows if row[1] != row[2]]
    st.table(pd.DataFrame(shown, columns=["Spalte", "Ihre Zuordnung", "Gespeichert ist"]).set_index("Spalte"))
    st.button("Gespeicherte ersetzen", key="zuordnung-ersetzen", on_click=_insist, args=(_state(saved),))


def _insist(seen: tuple[int, int]) -> None:
    """Save over the mapping that was shown; a still newer one is shown again."""
    st.session_state[SEEN] = seen
    st.session_state[INSIST] = True


def _labels() -> dict[str, str]:
    """Field → its German label, of all kinds of the file in sight."""
    return {
        field["name"]: field["label"]
        for fields in st.session_state[LOOK]["fields"].values()
        for field in fields
    }


def _as_of(kind: str, mapping: Mapping[str, str]) -> dt.date | None:
    """The day of a list, asked for where no column tells it."""
    if kind not in DATED or "as_of" in mapping.values():
        return None
    today = load_settings().current_day()
    chosen = st.date_input(
        "Stand der Liste", max_value=today, format="DD.MM.YYYY", width=230, key="zuordnung-stand"
    )
    return chosen if isinstance(chosen, dt.date) else None


def _period(look: Mapping[str, Any], kind: str, mapping: Mapping[str, str]) -> str:
    """The period of the figures, asked for where neither a column nor the file tells it."""
    told = "period" in mapping.values() or look["months"] or look["period"]
    if kind != "portal" or told:
        return ""
    return st.text_input(
        "Zeitraum der Zahlen",
        key="zuordnung-zeitraum",
        max_chars=60,
        width=380,
        placeholder="2025-11",
        help="Die Datei nennt keinen: ein Monat (2025-11), eine Woche (KW 45 2025), ein Quartal (Q4 2025) oder zwei "
        "Tage (01.11.2025 - 15.11.2025).",
    ).strip()


def _choices(look: Mapping[str, Any], kind: str) -> dict[str, str]:
    """One select box a column, three beside each other, with the proposal chosen."""
    fields = look["fields"][kind]
    labels = {UNUSED: "– nicht verwenden –"} | {field["name"]: field["label"] for field in fields}
    proposed = look["mapping"] if kind == look["kind"] else {}
    form, chosen = f"{_draft(look)} {kind}", {}
    keys = [f"spalte-{kind}-{place}" for place in range(len(look["header"]))]
    first = [proposed.get(heading, UNUSED) for heading in look["header"]]
    blank = {key: one if one in labels else UNUSED for key, one in zip(keys, first, strict=True)}
    forms.begin(form, blank, dict.fromkeys(keys, labels))
    boxes = st.columns(3)
    for place, heading in enumerate(look["header"]):
        chosen[heading] = pick(
            f"„{plain(heading)}“ ist",
            labels,
            keys[place],
            at=boxes[place % 3],
        )
    forms.keep(form)
    return chosen


def _draft(look: Mapping[str, Any]) -> str:
    """What was chosen for such a file is there again when the browser forgot it and it is uploaded once more."""
    told = json.dumps([look["file_name"], look["header"], look["kind"]])
    return f"zuordnung {hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _fault(look: Mapping[str, Any], kind: str, mapping: Mapping[str, str]) -> str:
    """Why the mapping cannot do; empty if it can."""
    labels = {field["name"]: field["label"] for field in look["fields"][kind]}
    used = [name for name in mapping.values() if name]
    single = [name for heading, name in mapping.items() if name and heading not in look["months"]]
    double = next((name for name in single if single.count(name) > 1), "")
    if double:
        return f"„{labels[double]}“ ist zwei Spalten zugeordnet; erlaubt ist eine."
    missing = [f["label"] for f in look["fields"][kind] if f["needed"] and f["name"] not in used]
    if missing:
        return f"Es fehlt noch die Spalte für {', '.join(missing)}."
    if kind == "portal" and not COUNTS & set(used):
        return "Es ist noch keine Spalte mit Zahlen zugeordnet."
    return ""


def _save(saved: Profile, kind: str, mapping: Mapping[str, str]) -> None:
    """A new profile, or the changed one that was shown.

    Raises:
        WorkspaceError: someone else changed it meanwhile.
    """
    if saved.id == 0 or _differs(saved, kind, mapping):
        keep(_workspace(), dataclasses.replace(saved, kind=kind, mapping=dict(mapping)), author.name())


def _workspace() -> Workspace:
    """The workspace that the loader reads: never that of the sample data."""
    return permissions.guarded(workspace_of(load_settings()))
