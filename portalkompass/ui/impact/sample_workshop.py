"""On sample data without any promise: a button that holds a workshop on a day of their past, so that some are due."""

from __future__ import annotations

import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.impact.sample_workshop import held_on, hold
from portalkompass.prioritisation import PrioritisationError
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages
from portalkompass.ui.reading import Reading, current
from portalkompass.workspace import WorkspaceError, promises

SAID = "beispiel-workshop-gesagt"
UNNAMED = "ohne Namen"


def offer(reading: Reading, shown: Filters) -> None:
    """The button, where there is nothing to show yet and the visitor may moderate."""
    messages.said(SAID)
    day = held_on(reading.question(shown)) if reading.warehouse.sample else None
    if day is None or promises(reading.workspace) or not permissions.may("moderate"):
        return
    st.button(
        f"Beispiel-Workshop vom {german.date(day)} anlegen",
        key="beispiel-workshop",
        help="Entscheidet mit dem Datenstand dieses Tages; Aufwand, Kosten und Fälle sind erfunden.",
        on_click=_hold,
        args=(shown,),
    )


def _hold(shown: Filters) -> None:
    with messages.told(PrioritisationError, WorkspaceError):
        saved = hold(current().question(shown), author.name() or UNNAMED)
        if saved is not None:
            messages.say(SAID, f"„{saved.name}“ ist angelegt.")
