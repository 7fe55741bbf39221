"""Faults reach the reader as a sentence with the next step; the details go to the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from portalkompass.settings import SettingsError
from portalkompass.ui.auth import permissions
from portalkompass.ui.components.messages import in_a_browser
from portalkompass.ui.components.text import plain
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import WorkspaceError

LOG = logging.getLogger(__name__)
UNEXPECTED = (
    "Diese Ansicht konnte nicht berechnet werden. Bitte laden Sie die Seite neu; bleibt der Fehler, "
    "hilft das Protokoll des Servers weiter."
)


@contextmanager
def as_sentences() -> Iterator[None]:
    """Known faults with their own sentence, unknown ones with a general one and a stack trace in the log.

    Of a sentence that names a command or a setting the log keeps the whole, the screen what a browser can do with.

    Streamlit's own control flow (stop, rerun) passes through untouched.
    """
    try:
        yield
    except (SettingsError, WarehouseError, WorkspaceError) as fault:
        told = in_a_browser(str(fault))
        if told != str(fault):
            LOG.warning("a screen failed: %s", fault)
        st.error(plain(told))
        if isinstance(fault, permissions.NotAllowed):
            # Leaving the page asks the middleware again, which leads to the login and back here.
            st.button("Neu anmelden", key="neu-anmelden", on_click=st.logout)
    except Exception:
        LOG.exception("a screen failed")
        st.error(UNEXPECTED)
