"""Saved views: a screen with its filters under a name, for everyone who uses this workspace."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading
from portalkompass.workspace import SavedView, discard, keep, kept

UNNAMED = "ohne Namen"


def draw(reading: Reading, screen: StreamlitPage, screens: list[StreamlitPage]) -> None:
    """In the side column: save this view, open a saved one, delete it."""
    views = kept(reading.workspace, SavedView)
    with st.sidebar.popover("Gespeicherte Ansichten", key="ansichten", width="stretch"):
        if permissions.may("edit"):
            _save(reading, screen)
        for view in views:
            _one(reading, view, screens)


def _save(reading: Reading, screen: StreamlitPage) -> None:
    with st.form("ansicht-speichern", clear_on_submit=True, border=False):
        name = st.text_input("Diese Ansicht speichern als", max_chars=80, key="ansicht-name")
        if not st.form_submit_button("Speichern"):
            return
    query = urlencode([(key, value) for key in st.query_params for value in st.query_params.get_all(key)])
    with messages.told():
        keep(reading.workspace, SavedView(name.strip(), screen.url_path, query), author.name() or UNNAMED)
        st.rerun()


def _one(reading: Reading, view: SavedView, screens: list[StreamlitPage]) -> None:
    target = next((screen for screen in screens if screen.url_path == view.page), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        if target is not None:
            st.page_link(target, label=plain(view.name), query_params=parse_qsl(view.query), width="stretch")
        if permissions.may("edit") and st.button("Löschen", key=f"ansicht-weg-{view.id}", type="tertiary"):
            with messages.told():
                discard(reading.workspace, view, author.name() or UNNAMED)
                st.rerun()
