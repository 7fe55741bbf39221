"""Parts of a screen that are shown one at a time, so that only one is computed; the choice is in the URL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from portalkompass.screens import SCREENS, Screen, View


def listed(slug: str) -> Screen:
    """The screen of that address, which the list of screens has."""
    return next(screen for screen in SCREENS if screen.slug == slug)


def chosen(slug: str, among: Collection[str] = ()) -> View:
    """The view of that screen to show, the first one unless another was chosen; ``among`` are the slugs of the only
    ones on offer, without any all are.
    """
    screen = listed(slug)
    views = {view.title: view for view in screen.views if not among or view.slug in among}
    first, key = next(iter(views)), screen.parameter
    if st.session_state.get(key) not in (None, *views):
        st.session_state[key] = first
    asked = key in st.session_state or key in st.query_params
    title = st.segmented_control(
        "Ansicht",
        list(views),
        default=None if asked else first,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return views.get(title or first, views[first])


def tabs(slug: str) -> Sequence[TabContainer]:
    """The views of that screen as tabs; which one is open stands in the URL."""
    screen = listed(slug)
    titles = [view.title for view in screen.views]
    return st.tabs(titles, key=screen.parameter, on_change="rerun", bind="query-params")
