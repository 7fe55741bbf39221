"""The one place where the app reads what the address asks, and writes what was chosen back into it.

Every run reads the state from the address; widgets only show it. Their callbacks, which Streamlit calls before the run,
write the changed state, so that the run that follows reads what was chosen. All parameters go to the browser in one
message, which makes one entry of its history for each change (widgets bound to the address replace the entry, so that
"back" would leave the screen). While the reader goes back or forward Streamlit replaces the entry instead.

Links to other screens carry the whole state (`elsewhere`): following one makes one entry as well. Of ``st.switch_page``
with other parameters Streamlit makes two, one for the parameters and one for the screen; ``own/shell.js`` joins them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from portalkompass.metrics.selection import Period
from portalkompass.screens import address
from portalkompass.screens.address import State

STAGE = "beamer"
"""The parameter of the projector."""
SHOWN, DAYS = "gezeigte-ansicht", "gezeigte-tage"
"""Where the session keeps the slug of the screen of this run, which callbacks of the next one need, and its period."""


def current() -> State:
    """What the address asks."""
    return address.read(st.query_params.to_dict())


def on_stage() -> bool:
    """Whether the address asks for the projector."""
    return current().get(STAGE).lower() == "true"


def begin(slug: str) -> None:
    """Note which screen this run shows."""
    st.session_state[SHOWN] = slug
    st.session_state[DAYS] = None


def shown() -> str:
    """Slug of the screen that is shown; empty where a page runs without the frame."""
    return str(st.session_state.get(SHOWN, ""))


def show_period(period: Period) -> None:
    """Note that the screen of this run shows these days, and others where the address asks for others."""
    st.session_state[DAYS] = period


def period_shown() -> Period | None:
    """The days that the screen shows; None where it has no choice of them."""
    period: Period | None = st.session_state.get(DAYS)
    return period


def put(state: State) -> None:
    """Let the address ask this, with one entry of the browser's history; none where it asks it already."""
    new, old = address.write(state), st.query_params.to_dict()
    if new == old:
        return
    if set(old) <= set(new):
        st.query_params.update({name: value for name, value in new.items() if old.get(name) != value})
        return
    st.query_params.from_dict(new)


def change(**parts: Any) -> None:  # noqa: ANN401
    """Let the address ask something else in these parts of the state; names are those of `State`."""
    put(replace(current(), **parts))


def keep_own(name: str) -> None:
    """Callback of a widget of that key: what it says is a parameter of the screen's own."""
    value = st.session_state[name]
    put(current().with_own(**{name: "" if value is None else str(value)}))


def elsewhere() -> dict[str, str]:
    """Parameters of a link to another screen: period, comparison and filters go along, view and details do not."""
    return address.write(current().elsewhere())


def link_query(site: str = "") -> dict[str, str]:
    """Parameters of a link to what is shown; with ``site`` that property is named, whatever is the main one later."""
    state = current()
    return address.write(replace(state, site=state.site or site))
