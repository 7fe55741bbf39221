"""Parts of a screen that are shown one at a time, so that only one is computed; the choice is in the URL."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from portalkompass.screens import SCREENS, Screen, View


def listed(slug: str) -> Screen:
    """The screen of that address, which the list of screens has."""
    return next(screen for screen in SCREENS if screen.slug == slug)


def chosen(slug: str) -> View:
    """The view of that screen to show; the first one unless another was chosen."""
    screen = listed(slug)
    titles, key = [view.title for view in screen.views], screen.parameter
    if st.session_state.get(key) not in (None, *titles):
        del st.session_state[key]
    title = st.segmented_control(
        "Ansicht",
        titles,
        default=titles[0] if key not in st.session_state and key not in st.query_params else None,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return next((view for view in screen.views if view.title == title), screen.views[0])


def tabs(slug: str) -> Sequence[TabContainer]:
    """The views of that screen as tabs; which one is open stands in the URL."""
    screen = listed(slug)
    titles = [view.title for view in screen.views]
    return st.tabs(titles, key=screen.parameter, on_change="rerun", bind="query-params")
