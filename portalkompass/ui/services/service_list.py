"""The table of services with its own filters: list, status, and a search in the name."""

from __future__ import annotations

import dataclasses
import functools

import streamlit as st

from portalkompass.exhibit import Exhibit
from portalkompass.ui import url_state
from portalkompass.ui.components import exhibits
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.tables import list_tools

EVERY = "Alle"
COLUMNS = (("list", "Liste", "liste"), ("progress", "Status", "status"), ("lane", "Bahn", "bahn"))


def show(answered: Answered) -> None:
    """The rows that fit the filters; downloads hold exactly these."""
    exhibit = answered.exhibit("service_table")
    if exhibit is not None and not exhibit.frame.empty:
        exhibits.draw(answered, exhibit, tools=_tools)


def _tools(exhibit: Exhibit) -> Exhibit:
    """List, status and lane beside the search, in one row."""
    row = list_tools.row(exhibit)
    rows = exhibit.frame
    with row:
        for column, label, key in COLUMNS:
            if column not in exhibit.frame:
                continue
            values = [str(value) for value in exhibit.frame[column].dropna().drop_duplicates() if str(value)]
            asked = url_state.current().get(key)
            st.session_state[key] = asked if asked in values else EVERY
            value = st.selectbox(
                label,
                [EVERY, *values],
                key=key,
                on_change=_narrow,
                args=(key,),
                width=180,
                filter_mode=None,
                label_visibility="collapsed",
                format_func=functools.partial(_told, label),
            )
            if value != EVERY:
                rows = rows[rows[column] == value]
    return list_tools.narrowed(dataclasses.replace(exhibit, frame=rows), row)


def _told(label: str, value: str) -> str:
    return f"{label}: alle" if value == EVERY else value


def _narrow(key: str) -> None:
    value = st.session_state[key]
    url_state.put(url_state.current().with_own(**{key: "" if value == EVERY else value}))
