"""Beside every screen: whose figures these are, how old they are, and whether newer ones lie ready."""

from __future__ import annotations

import streamlit as st

from portalkompass import german
from portalkompass.answers.base.periods import main_site
from portalkompass.ui import url_state
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import clipboard
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading, current, published_name
from portalkompass.ui.shell import glossary, saved_views

SECONDS_BETWEEN_LOOKS = 15


def draw(screen: st.Page, screens: list[st.Page]) -> None:
    """The side column.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: nothing can be read.
    """
    reading = current()
    with st.sidebar:
        st.markdown(_facts(reading))
        _watch(reading.warehouse.snapshot if reading.warehouse.sites() else "")
        _signed_in()
    _copy_link(reading)
    saved_views.draw(reading, screen, screens)
    glossary.draw()


def _facts(reading: Reading) -> str:
    sites, main = reading.warehouse.sites(), reading.settings.search_console.site
    data_date = reading.warehouse.data_date(main if main in sites else next(iter(sites), ""))
    age = f"Datenstand: {german.date(data_date)}" if data_date else "Noch keine Suchdaten geladen"
    return f":gray[{plain(reading.settings.city.name)}]  \n:gray[{age}]"


def _copy_link(reading: Reading) -> None:
    """The address of what is in sight; of several properties the one in sight is named."""
    sites = reading.warehouse.sites()
    main = main_site(reading.warehouse, reading.settings) if len(sites) > 1 else ""
    with st.sidebar:
        clipboard.copy_link_button("Link kopieren", url_state.link_query(main), key="link-kopieren")


def _signed_in() -> None:
    """Who is signed in, as what, and the way out; nothing where there is no login."""
    person = permissions.person()
    if not person.key:
        return
    st.caption(f"Angemeldet als {plain(person.name)} ({person.highest})")
    if st.button("Abmelden", key="abmelden", type="tertiary"):
        st.logout()


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _watch(shown: str) -> None:
    """A load may publish while the screen is open; the reader decides when the figures change.

    A login that has ended takes the whole screen away.
    """
    if not permissions.may("read"):
        st.rerun(scope="app")
    published = published_name()
    if published and shown and published != shown:
        st.info("Ein neuer Datenstand liegt vor.")
        if st.button("Neue Zahlen anzeigen", key="neuer-datenstand", width="stretch"):
            st.rerun(scope="app")
