"""Saved views: a screen with its filters under a name, for everyone who uses this workspace."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from portalkompass.screens import address
from portalkompass.ui import url_state
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking
from portalkompass.ui.reading import Reading
from portalkompass.workspace import SavedView, discard, keep, kept

UNNAMED = "ohne Namen"


def draw(reading: Reading, screen: st.Page, screens: list[st.Page]) -> None:
    """In the side column: save this view, open a saved one, delete it."""
    views = kept(reading.workspace, SavedView)
    with st.sidebar.popover("Gespeicherte Ansichten", key="ansichten", width="stretch"):
        if permissions.may("edit"):
            _save(reading, screen)
        for view in views:
            _one(reading, view, screen, screens)


def _save(reading: Reading, screen: st.Page) -> None:
    with forms.fields("ansicht-speichern", {"ansicht-name": ""}):
        name = st.text_input("Diese Ansicht speichern als", max_chars=80, key="ansicht-name")
        st.caption(_kept_period())
    if not st.button("Speichern", key="ansicht-speichern"):
        return
    query = urlencode(url_state.link_query())
    with messages.told():
        keep(reading.workspace, SavedView(name.strip(), screen.url_path, query), author.name() or UNNAMED)
        forms.saved("ansicht-speichern")
        st.rerun()


def _kept_period() -> str:
    """Whether the period moves on with the data or stays."""
    state = url_state.current()
    if state.relative:
        return f"Der Zeitraum „{address.PERIODS[state.period]}“ wandert mit dem Datenstand."
    return "Der Zeitraum bleibt auf diesen Tagen stehen."


def _link(target: st.Page, view: SavedView, *, here: bool) -> None:
    """The way to a saved view. A link to the screen in sight would leave the browser's address as it is."""
    state = address.read(dict(parse_qsl(view.query)))
    if here:
        st.button(
            plain(view.name),
            key=f"ansicht-{view.id}",
            type="tertiary",
            width="stretch",
            on_click=url_state.put,
            args=(state,),
        )
    else:
        st.page_link(target, label=plain(view.name), query_params=address.write(state), width="stretch")


def _one(reading: Reading, view: SavedView, screen: st.Page, screens: list[st.Page]) -> None:
    target = next((screen for screen in screens if screen.url_path == view.page), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        if target is not None:
            _link(target, view, here=view.page == screen.url_path)
        if permissions.may("edit"):
            asking.delete(
                f"Ansicht „{view.name}“ für alle löschen?",
                f"ansicht-weg-{view.id}",
                _discard,
                (reading, view),
            )


def _discard(reading: Reading, view: SavedView) -> None:
    """Delete what was in sight; where someone saved another under its name, that stays."""
    with messages.told():
        discard(reading.workspace, view, author.name() or UNNAMED)
