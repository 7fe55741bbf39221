"""The service that is shown in full: searched by name, or clicked in the table. Its name is in the URL."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers import Filters, service_detail
from portalkompass.exhibit import Exhibit
from portalkompass.ui import filters
from portalkompass.ui.reading import Reading

KEY = "leistung"
CLICKED = "leistung-geklickt"


def picker(reading: Reading, shown: Filters) -> str:
    """The search field; the id of the service chosen, empty while none is."""
    rows = service_detail.names(reading.warehouse, reading.workspace, shown, reading.settings)
    by_name = dict(zip(rows["name"], rows["service"], strict=True))
    clicked = st.session_state.pop(CLICKED, None)
    if clicked is not None:
        st.session_state[KEY] = next((name for name, service in by_name.items() if service == clicked), None)
    filters.recall(KEY)
    name = st.selectbox(
        "Leistung im Einzelnen",
        list(by_name),
        index=None,
        placeholder="Namen suchen oder unten eine Zeile anklicken",
        key=KEY,
        bind="query-params",
        width=480,
    )
    st.session_state[f"{KEY}-zuletzt"] = name
    return by_name.get(name, "") if name else ""


def back() -> None:
    """The way back to the list."""
    st.button("Zurück zur Liste", key="leistung-zurueck", icon=":material/arrow_back:", on_click=_leave)


def _leave() -> None:
    st.session_state[KEY] = st.session_state[f"{KEY}-zuletzt"] = None


def click(exhibit: Exhibit, key: str) -> None:
    """What a click on a row of the table of services does: it is shown in full with the next run."""
    rows = st.session_state[key].selection.rows
    service = exhibit.frame["service"].iloc[rows[0]] if rows else None
    if isinstance(service, str) and service:
        st.session_state[CLICKED] = service
