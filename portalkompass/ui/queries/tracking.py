"""The watch list as a control: which queries are tracked, and a button for the one that is shown in full."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers import Filters
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading, current
from portalkompass.workspace import WorkspaceError, as_listed, track, tracked_queries, untrack

UNNAMED = "ohne Namen"
CHOICE, FAULT = "beobachtete-suchanfragen", "beobachten-fehler"
SHOWN = "beobachtet-gezeigt"
"""The list as the chips showed it: what others put on it since is not theirs to take off."""


def control(reading: Reading, shown: Filters, result: Answered) -> None:
    """All tracked queries as chips: × takes one off; what is typed, or proposed by the answer, is put on."""
    if not permissions.may("edit"):
        return
    own = [one.query for one in tracked_queries(reading.workspace, shown.site)]
    proposals = result.exhibit("tracking_proposals")
    further = [] if proposals is None else proposals.frame["query"].tolist()
    st.session_state[CHOICE] = own
    st.session_state[SHOWN] = set(own)
    st.multiselect(
        "Beobachtete Suchanfragen",
        [*own, *(query for query in further if query not in own)],
        key=CHOICE,
        placeholder="Suchanfrage eintippen oder Vorschlag wählen",
        accept_new_options=True,
        on_change=_changed,
        args=(shown.site,),
    )
    _faults()


def button(reading: Reading, shown: Filters, query: str) -> None:
    """Puts the query that is shown in full on the list, or takes it off."""
    if not permissions.may("edit"):
        return
    tracked = as_listed(query) in {one.query for one in tracked_queries(reading.workspace, shown.site)}
    st.button(
        "Nicht mehr beobachten" if tracked else "Beobachten",
        key="beobachten",
        icon=":material/visibility_off:" if tracked else ":material/visibility:",
        help="Die beobachteten Suchanfragen stehen unter Rankings → Beobachtet und im Wochenbericht.",
        on_click=_toggle,
        args=(shown.site, as_listed(query), not tracked),
    )
    _faults()


def _changed(site: str) -> None:
    """What the chips say now, against what they showed: only what this person changed is written."""
    own = {one.query for one in tracked_queries(current().workspace, site)}
    shown: set[str] = st.session_state.get(SHOWN, own)
    wanted = {as_listed(query) for query in st.session_state[CHOICE]}
    for query in sorted(wanted - shown - own):
        _toggle(site, query, True)
    for query in sorted((shown - wanted) & own):
        _toggle(site, query, False)


def _toggle(site: str, query: str, on: bool) -> None:
    try:
        (track if on else untrack)(current().workspace, site, query, author.name() or UNNAMED)
    except WorkspaceError as fault:
        st.session_state[FAULT] = str(fault)


def _faults() -> None:
    if fault := st.session_state.pop(FAULT, ""):
        st.error(plain(fault))
