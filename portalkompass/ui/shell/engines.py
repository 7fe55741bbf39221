"""Which screens the data behind the app can answer: all of them on a snapshot, some on a lake."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from portalkompass.screens import SCREENS
from portalkompass.settings import load_settings
from portalkompass.ui.components import page
from portalkompass.warehouse import snapshots

UNAVAILABLE = "Diese Ansicht ist auf dieser Datenbasis nicht verfügbar."


def first(screens: list[StreamlitPage]) -> StreamlitPage:
    """The screen that the bare address leads to.

    Raises:
        SettingsError: the settings cannot be read.
    """
    return _shown(screens)[0]


def run(screen: StreamlitPage, screens: list[StreamlitPage]) -> None:
    """The screen, or a sentence and the way to those that there are.

    Raises:
        SettingsError: the settings cannot be read.
    """
    shown = _shown(screens)
    if screen in shown or screen not in screens:
        screen.run()
        return
    page.head(screen.title, UNAVAILABLE)
    st.info("Die Zahlen liegen in einem Lake, den Apache Spark auswertet. Dafür gibt es:")
    for one in shown:
        st.page_link(one, label=one.title)


def _shown(screens: list[StreamlitPage]) -> list[StreamlitPage]:
    if not snapshots.in_use(load_settings()).distributed:
        return screens
    on_a_lake = {screen.slug for screen in SCREENS if screen.on_a_lake}
    return [one for one in screens if one.url_path in on_a_lake]
