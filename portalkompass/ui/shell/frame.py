"""What stands around every screen: navigation, sample banner, data date, faults as sentences."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from portalkompass.screens import SCREENS
from portalkompass.settings import ROOT
from portalkompass.ui import url_state
from portalkompass.ui.auth import permissions
from portalkompass.ui.shell import engines, fault_messages, navigation, own_name, sidebar

PICTURES = Path(__file__).parent / "static"
SIDEBAR = 256  # pixels for the longest entry; every further one would be missing from the tables

st.set_page_config(
    page_title="Portalkompass",
    page_icon=str(PICTURES / "kompass.png"),
    layout="wide",
    initial_sidebar_state=SIDEBAR,
)
st.logo(str(PICTURES / "portalkompass.svg"), size="large")

screens = [
    st.Page(ROOT / "pages" / listed.file, title=listed.title, url_path=listed.slug) for listed in SCREENS
]


def to_the_first_screen() -> None:
    """The bare address leads on, so that every screen has an address of its own to share."""
    st.switch_page(engines.available(screens)[0], query_params=st.query_params.to_dict())


start = st.Page(to_the_first_screen, title="Start", url_path="start", default=True, visibility="hidden")
screen = st.navigation([start, *screens], position="hidden")

if screen is not start:
    url_state.begin(screen.url_path)
    navigation.draw(screen, screens)
with fault_messages.as_sentences():
    permissions.need("read")
    if screen is not start:
        sidebar.draw(screen, screens)
        own_name.begin()
    engines.run(screen, screens)
    own_name.keep()
