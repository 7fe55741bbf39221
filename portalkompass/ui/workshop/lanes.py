"""The ranking of each lane, the lanes as tabs: only services that could start now compete with each other."""

from __future__ import annotations

import streamlit as st

from portalkompass.exhibit import Exhibit
from portalkompass.ui.components import exhibits
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.text import plain

ALL = "ranking_overall"


def show(answered: Answered) -> None:
    """One tab a lane in the answer's order, the list over all lanes last.

    Only the open tab's table is made: a moved slider has to answer at once, and each table costs a tenth of that.
    """
    rankings = [exhibit for exhibit in answered.exhibits("ranking_") if exhibit.id != ALL]
    overall = answered.exhibit(ALL)
    shown = [*rankings, *([overall] if overall else [])]
    if not shown:
        return
    labels = [_label(exhibit) for exhibit in shown]
    for tab, exhibit in zip(st.tabs(labels, key="bahnen", on_change="rerun"), shown, strict=True):
        if tab.open:
            with tab:
                exhibits.draw(answered, exhibit)


def _label(exhibit: Exhibit) -> str:
    """The lane's name as the answer gives it, else what the list is."""
    name = exhibit.lane or ""
    label = "Alle in einer Liste" if exhibit.id == ALL else name or exhibit.id.removeprefix("ranking_")
    return f"{plain(label[:1].upper() + label[1:])} ({len(exhibit.frame)})"
