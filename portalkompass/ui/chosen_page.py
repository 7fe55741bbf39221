"""The page of the portal that is shown in full: searched by title, or clicked in a table. Its title is in the URL."""

from __future__ import annotations

from dataclasses import astuple

import streamlit as st

from portalkompass.answers import Filters, page_detail
from portalkompass.exhibit import Exhibit
from portalkompass.settings import ROOT
from portalkompass.ui import filters
from portalkompass.ui.reading import Reading

KEPT = 50
"""Lists of titles kept, one a snapshot and filter."""
KEY = "seite"
CLICKED = "seite-geklickt"
SCREEN = ROOT / "pages" / "traffic" / "pages.py"


def picker(reading: Reading, shown: Filters, label: str = "Seite im Einzelnen") -> str:
    """The search field; the address of the page chosen, empty while none is."""
    key = (reading.settings.origin, reading.warehouse.name, reading.revision, *astuple(shown))
    by_title = _by_title(key, reading, shown)
    clicked = st.session_state.pop(CLICKED, None)
    if clicked is not None:
        st.session_state[KEY] = next((title for title, url in by_title.items() if url == clicked), None)
    filters.recall(KEY)
    title = st.selectbox(
        label,
        list(by_title),
        index=None,
        placeholder="Titel suchen oder unten eine Zeile anklicken",
        key=KEY,
        bind="query-params",
        width=480,
    )
    st.session_state[f"{KEY}-zuletzt"] = title
    return by_title.get(title, "") if title else ""


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _by_title(key: tuple[object, ...], _reading: Reading, _shown: Filters) -> dict[str, str]:
    """Address of every page by its title; thousands on a large portal, the same for every run."""
    titles = page_detail.titles(_reading.warehouse, _reading.workspace, _shown, _reading.settings)
    return dict(zip(titles["label"], titles["url"], strict=True))


def back() -> None:
    """The way back to the list."""
    st.button("Zurück zur Liste", key="seite-zurueck", icon=":material/arrow_back:", on_click=_leave)


def _leave() -> None:
    st.session_state[KEY] = st.session_state[f"{KEY}-zuletzt"] = None


def click(exhibit: Exhibit, key: str) -> None:
    """What a click on a row of a table of pages does: its page is shown with the next run."""
    rows = st.session_state[key].selection.rows
    url = exhibit.frame["url"].iloc[rows[0]] if rows else None
    if isinstance(url, str) and url:
        st.session_state[CLICKED] = url


def follow() -> None:
    """Lead from another screen to the page that was clicked there."""
    if CLICKED in st.session_state:
        st.switch_page(SCREEN)
