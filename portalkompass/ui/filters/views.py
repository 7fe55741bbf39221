"""Parts of a screen that are shown one at a time, so that only one is computed; the choice is in the address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from portalkompass.screens import SCREENS, Screen, View
from portalkompass.ui import url_state


def listed(slug: str) -> Screen:
    """The screen of that address, which the list of screens has."""
    return next(screen for screen in SCREENS if screen.slug == slug)


def chosen(slug: str, among: Collection[str] = ()) -> View:
    """The view of that screen to show, the first one unless another was chosen; ``among`` are the slugs of the only
    ones on offer, without any all are.
    """
    screen = listed(slug)
    views = {view.slug: view for view in screen.views if not among or view.slug in among}
    asked = url_state.current().view(screen).slug
    shown = asked if asked in views else next(iter(views))
    st.session_state[screen.parameter] = shown
    st.segmented_control(
        "Ansicht",
        list(views),
        format_func=lambda one: views[one].title if one in views else one,
        required=True,
        key=screen.parameter,
        on_change=_choose,
        args=(screen.parameter,),
        label_visibility="collapsed",
    )
    return _with_grain(views[shown])


def _with_grain(view: View) -> View:
    """A page, query or service that is shown in full has a course, whose days, weeks or months can be chosen."""
    state = url_state.current()
    in_full = any(getattr(state, name) and name in view.filters for name in ("page", "query", "service"))
    return replace(view, filters=view.filters | {"grain"}) if in_full else view


def parts(label: str, names: Collection[str], key: str) -> str:
    """One of the parts of a view, the first one unless another was chosen; ``key`` is its parameter."""
    asked = url_state.current().get(key)
    st.session_state[key] = shown = asked if asked in names else next(iter(names))
    st.segmented_control(
        label,
        list(names),
        required=True,
        key=key,
        on_change=url_state.keep_own,
        args=(key,),
        label_visibility="collapsed",
    )
    return shown


def _choose(parameter: str) -> None:
    """Another view is shown; what was shown in full is closed."""
    state = replace(url_state.current(), page="", service="", query="")
    url_state.put(state.with_own(**{parameter: st.session_state[parameter]}))
