"""What stands around every screen: navigation, sample banner, data date, faults as sentences."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from portalkompass.settings import ROOT
from portalkompass.ui import engines, faults, permit, sidebar

PAGES = (
    ("traffic/overview.py", "Überblick", "ueberblick"),
    ("traffic/rankings.py", "Rankings", "rankings"),
    ("traffic/pages.py", "Seiten", "seiten"),
    ("traffic/queries.py", "Suchanfragen", "suchanfragen"),
    ("services/services.py", "Leistungen", "leistungen"),
    ("impact/impact.py", "Wirkung", "wirkung"),
    ("services/prioritisation.py", "Priorisierung", "priorisierung"),
    ("report/report.py", "Bericht", "bericht"),
    ("data/data.py", "Daten", "daten"),
)
PICTURES = Path(__file__).parent / "static"
SIDEBAR = 256  # pixels for the longest entry; every further one would be missing from the tables

st.set_page_config(
    page_title="Portalkompass",
    page_icon=str(PICTURES / "kompass.png"),
    layout="wide",
    initial_sidebar_state=SIDEBAR,
)
st.logo(str(PICTURES / "portalkompass.svg"), size="large")

screens = [st.Page(ROOT / "pages" / path, title=title, url_path=slug) for path, title, slug in PAGES]


def to_the_first_screen() -> None:
    """The bare address leads on, so that every screen has an address of its own to share."""
    st.switch_page(engines.first(screens))


start = st.Page(to_the_first_screen, title="Start", url_path="start", default=True, visibility="hidden")
screen = st.navigation([start, *screens])

with faults.as_sentences():
    permit.need("read")
    if screen is not start:
        sidebar.draw(screen, screens)
    engines.run(screen, screens)
