"""*Chancen*: the work list first, then what it is made of, by the kind of task; only the open part is drawn."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.queries.work_list import CONTENT, LOSS, RIVALS, SNIPPET
from portalkompass.ui.components import exhibits
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.filters import views

PARTS = {
    "Arbeitsliste": ("work_list",),
    CONTENT: ("striking_distance", "potential_pages", "potential_queries"),
    SNIPPET: ("ctr_outliers", "ctr_curve"),
    LOSS: ("decay",),
    RIVALS: ("cannibalisation",),
}
"""Exhibits of the answer by tab."""


def show(result: Answered) -> None:
    """The part that is chosen; the choice stands in the address."""
    names = PARTS[views.parts("Aufgabe", PARTS, "aufgabe")]
    if not any(result.exhibit(name) for name in names):
        st.info("In diesem Zeitraum findet sich hier nichts zu tun.")
    exhibits.show(result, *names)
