"""The filter bar that all screens share: what it shows stands in the address, and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters, default_filters
from portalkompass.answers.base.periods import comparable
from portalkompass.answers.base.scope import WHOLE
from portalkompass.metrics.selection import Period
from portalkompass.screens import View, address, obeyed
from portalkompass.ui import url_state
from portalkompass.ui.components.text import plain
from portalkompass.ui.filters import chips, period_box, scope_box
from portalkompass.ui.reading import Reading
from portalkompass.ui.streamlit_internals import DeltaGenerator

FEW_SITES = 10
NARROW, TOLD, SILENT = 150, 290, 400
"""Pixels of a day's field, of the period in words beside the controls, and of what has no effect here."""


def usual(reading: Reading) -> Filters:
    """The default period of the main property, for screens without filters."""
    return default_filters(reading.warehouse, reading.settings)


def chosen(reading: Reading, view: View) -> Filters:
    """Draw the filter bar of a view and return what it is asked; what the view cannot obey is left out.

    No control stands there without effect: comparison and grain are shown where the view obeys them.
    """
    state = url_state.current()
    asked = address.filters(state, reading.warehouse, reading.settings)
    loaded = reading.question(replace(asked, scope=WHOLE)).has_rows
    refused = obeyed.refused(loaded, asked, view)
    days = address.days(state, reading.warehouse, reading.settings)
    with row("filter"):
        _site(reading, asked.site)
        if "from" in view.filters:
            url_state.show_period(days.period)
            period_box.period(reading, state, asked.site, days.period, compared="compare" in view.filters)
        if "compare" in view.filters:
            period_box.compared(reading, state, asked.site, days.period)
        if "grain" in view.filters:
            period_box.grain(state, days.period)
        scope_box.draw(reading, state, refused)
        # In the same row while there is room: a second one would push the first chart down on every screen.
        silent = chips.draw(reading, state, refused)
        if "from" in view.filters:
            st.caption(plain(_told(reading, asked, compared="compare" in view.filters)), width=TOLD)
        if silent:
            st.caption(plain(silent), width=SILENT)
    if doubts := " ".join((*state.doubts, *([days.said] if days.said else []))):
        st.warning(plain(doubts))
    return obeyed.heard(asked, view, refused)


def row(key: str) -> DeltaGenerator:
    """A row for controls, one beside the other; it breaks where the window is too narrow."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key=key)


def search(label: str, by_name: Mapping[str, str], key: str, placeholder: str) -> str:
    """A search field over names; what stands behind the name chosen, empty while none is.

    ``key`` is the parameter, which holds the id. Older addresses hold the name.
    """
    asked = url_state.current().get(key)
    id_ = by_name.get(asked, asked)
    widget = f"{key}-name"
    st.session_state[widget] = name = (
        next((one for one, own in by_name.items() if own == id_), None) if id_ else None
    )
    st.selectbox(
        label,
        list(by_name),
        index=None,
        placeholder=placeholder,
        key=widget,
        on_change=_found,
        args=(key, by_name),
        width=480,
    )
    return id_ if name else ""


def _found(key: str, by_name: Mapping[str, str]) -> None:
    name = st.session_state[f"{key}-name"]
    url_state.put(url_state.current().with_own(**{key: by_name.get(name, "") if name else ""}))


def day(label: str, key: str, first: dt.date, last: dt.date, **look: Any) -> dt.date | None:  # noqa: ANN401
    """The day chosen, None while none is; ``key`` is the parameter, ``look`` goes to ``st.date_input``."""
    asked = _day(url_state.current().get(key))
    st.session_state[key] = asked if asked and first <= asked <= last else None
    picked = st.date_input(
        label,
        None,
        key=key,
        format="DD.MM.YYYY",
        min_value=first,
        max_value=last,
        on_change=url_state.keep_own,
        args=(key,),
        **{"width": NARROW} | look,
    )
    return picked if isinstance(picked, dt.date) else None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _site(reading: Reading, shown: str) -> None:
    sites = reading.warehouse.sites()
    if len(sites) < 2:  # noqa: PLR2004
        return
    st.session_state["property"] = shown
    st.selectbox(
        "Property",
        sites,
        key="property",
        # A state has hundreds: these are found by typing, a few are picked from the list.
        filter_mode=None if len(sites) <= FEW_SITES else "contains",
        label_visibility="collapsed",
        on_change=_choose_site,
        width=250,
    )


def _choose_site() -> None:
    url_state.change(site=st.session_state["property"])


def _told(reading: Reading, asked: Filters, *, compared: bool) -> str:
    """The days of period and comparison in words, on one line."""
    shown = Period(asked.start, asked.end)
    words = german.period_short(shown.start, shown.end)
    if not compared or asked.compare == "none":
        return words
    final = reading.warehouse.first_day(asked.site), reading.warehouse.data_date(asked.site)
    pair = comparable(shown, asked.compare, *final, asked.compare_from, asked.compare_to)
    if pair is None:
        return f"{words}; für den Vergleich fehlen Daten"
    like, before = pair
    part = "" if like == shown else f" wird {german.period_short(like.start, like.end)}"
    return f"{words}, verglichen{part} mit {german.period_short(before.start, before.end)}"
