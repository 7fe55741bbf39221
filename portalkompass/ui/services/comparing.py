"""The view *Kommunen*: which service to compare, and the comparison."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.base.answer import Filters
from portalkompass.answers.services.municipalities import several
from portalkompass.screens.catalogue import MUNICIPALITIES
from portalkompass.ui import url_state
from portalkompass.ui.components import answer_cache, exhibits, page
from portalkompass.ui.components.pick import pick
from portalkompass.ui.reading import Reading

KEY = "vergleichsleistung"
ONE_ONLY = (
    "Das Datenlager enthält nur eine Kommune. Verglichen wird, sobald die Betreuung der Anwendung Properties "
    "mehrerer Kommunen lädt."
)


def show(reading: Reading, filters: Filters) -> None:
    """The whole view; a sentence where there is nothing to compare with."""
    if not several(reading.warehouse):
        st.info(ONE_ONLY)
        return
    result = answer_cache.ask(MUNICIPALITIES, reading, filters)
    offered = result.exhibit("municipality_services")
    if offered is None:
        page.message(result.answer)
        page.next_steps(result.answer)
        return
    names = dict(zip(offered.frame["service"], offered.frame["name"], strict=True))
    asked = url_state.current().get(KEY)
    st.session_state[KEY] = asked if asked in names else next(iter(names))
    chosen = pick("Leistung", names, KEY, width=420, on_change=url_state.keep_own, args=(KEY,))
    if chosen != next(iter(names)):  # the first one is what is answered without a choice
        result = answer_cache.ask(MUNICIPALITIES, reading, filters, service=chosen)
    page.top(result)
    exhibits.show(result, "municipality_comparison")
