"""Parts of a screen that are shown one at a time, so that only one is computed; the choice is in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import streamlit as st

from portalkompass.screens import SCREENS, Screen, View, address
from portalkompass.settings import ROOT
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
    if not screen.parts:
        _offered(screen, views, shown)
        return _with_grain(views[shown])
    with st.container(horizontal=True, key="ansichtszeile"):
        _part(screen, views, shown)
        _offered(
            screen, {name: view for name, view in views.items() if view.part == views[shown].part}, shown
        )
    return _with_grain(views[shown])


def _offered(screen: Screen, views: Mapping[str, View], shown: str) -> None:
    """The choice between these views; none where there is only one."""
    if len(views) == 1 and screen.parts:
        return
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


def _part(screen: Screen, views: Mapping[str, View], shown: str) -> None:
    """The choice between the parts that have any of these views; the address bears the view alone."""
    firsts = {view.part: name for name, view in reversed(list(views.items()))}
    parts = [part for part in screen.parts if part in firsts]
    key = f"{screen.parameter}-teil"
    st.session_state[key] = views[shown].part
    st.segmented_control(
        "Schritt",
        parts,
        required=True,
        key=key,
        on_change=_choose_part,
        args=(screen.parameter, key, firsts),
        label_visibility="collapsed",
    )


def _choose_part(parameter: str, key: str, firsts: Mapping[str, str]) -> None:
    show(parameter, firsts[st.session_state[key]])


def show(parameter: str, view: str) -> None:
    """Callback: another view of the screen whose parameter that is; what was shown in full is closed."""
    state = replace(url_state.current(), page="", service="", query="")
    url_state.put(state.with_own(**{parameter: view}))


def way_to(slug: str, view: str, label: str) -> None:
    """A button that leads to a view of another screen; period, comparison and filters go along."""
    st.button(
        label,
        key=f"weg-{slug}-{view}",
        type="tertiary",
        icon=":material/arrow_forward:",
        on_click=_go,
        args=(slug, view),
    )


def _go(slug: str, view: str) -> None:
    screen = listed(slug)
    there = url_state.current().elsewhere().with_own(**{screen.parameter: view})
    st.switch_page(ROOT / "pages" / screen.file, query_params=address.write(there))


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
    show(parameter, st.session_state[parameter])
