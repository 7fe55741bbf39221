"""Which screens the data behind the app can answer: all of them on a snapshot, some on a lake."""

from __future__ import annotations

import streamlit as st

from portalkompass.screens import SCREENS
from portalkompass.settings import load_settings
from portalkompass.ui.components import page
from portalkompass.warehouse import snapshots

UNAVAILABLE = "Diese Ansicht ist auf dieser Datenbasis nicht verfügbar."


def run(screen: st.Page, screens: list[st.Page]) -> None:
    """The screen, or a sentence and the way to those that there are.

    Raises:
        SettingsError: the settings cannot be read.
    """
    shown = available(screens)
    if screen in shown or screen not in screens:
        screen.run()
        return
    page.head(screen.title, UNAVAILABLE)
    st.info("Die Zahlen liegen in einem Lake, den Apache Spark auswertet. Dafür gibt es:")
    for other in shown:
        st.page_link(other, label=other.title)


def available(screens: list[st.Page]) -> list[st.Page]:
    """The screens that can be shown; the bare address leads to the first.

    Raises:
        SettingsError: the settings cannot be read.
    """
    if not snapshots.in_use(load_settings()).distributed:
        return screens
    on_a_lake = {screen.slug for screen in SCREENS if screen.on_a_lake}
    return [screen for screen in screens if screen.url_path in on_a_lake]
